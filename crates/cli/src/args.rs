//! The command line. Flags that stand for a field of a configuration are in `args/overrides.rs`.

mod overrides;

use clap::{Args, Parser, Subcommand, ValueEnum};
use encoding_rs::Encoding;
pub use overrides::*;
use std::path::PathBuf;
use tadpole_session::{
    CLAIMS, MeasureCase, Mix, PRESETS, SHAPES, Task, TokenizerConfig, TokenizerKind, WorldRequest,
    named_pattern,
};

/// Raise a small GPT and look inside.
#[derive(Parser)]
#[command(name = "tadpole", version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// Print JSON, one value per line, instead of text and progress bars.
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum Command {
    /// Turn text into tokens, or train a tokenizer.
    Tokenize(TokenizeArgs),
    /// Train a model on a text file, or continue the training of a checkpoint.
    Train(Box<TrainArgs>),
    /// Generate text with a checkpoint.
    Generate(GenerateArgs),
    /// Measure the loss of a checkpoint on its whole validation text, or grade its answers about the made world.
    Eval(EvalArgs),
    /// Save a checkpoint in the GPT-2 layout of Hugging Face, or only its weights.
    Export(ExportArgs),
    /// Measure how fast this device trains and decodes.
    Bench(BenchArgs),
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DeviceKind {
    /// The processor.
    Cpu,
    /// The best GPU that wgpu finds.
    Gpu,
}

#[derive(Args)]
pub struct DeviceArgs {
    /// Where to compute.
    #[arg(long, value_enum, default_value = "cpu")]
    pub device: DeviceKind,
    /// Most memory for a model and its training, in GiB [default: what is free].
    #[arg(long)]
    pub memory_gib: Option<f64>,
}

#[derive(Args)]
pub struct TokenizerArgs {
    /// Make every character a token, instead of byte-level BPE.
    #[arg(long)]
    pub char: bool,
    /// Size of the vocabulary that BPE learns.
    #[arg(long)]
    pub vocab_size: Option<usize>,
    /// Make every digit a token of its own.
    #[arg(long)]
    pub split_digits: bool,
    /// How text is cut before merging: gpt2, cl100k, o200k, or a regular expression [default: gpt2; a .tiktoken file of an unknown
    /// vocabulary has none].
    #[arg(long, allow_hyphen_values = true)]
    pub pattern: Option<String>,
    /// A special token; may be given several times.
    #[arg(long = "special-token")]
    pub special_tokens: Vec<String>,
}

impl TokenizerArgs {
    pub fn config(&self) -> TokenizerConfig {
        let default = TokenizerConfig::default();
        TokenizerConfig {
            kind: if self.char { TokenizerKind::Char } else { TokenizerKind::Bpe },
            vocab_size: self.vocab_size.unwrap_or(default.vocab_size),
            split_digits: self.split_digits,
            pattern: self.pattern.as_deref().map(|pattern| named_pattern(pattern).to_string()),
            special_tokens: self.special_tokens.clone(),
        }
    }
}

#[derive(Args)]
pub struct EncodingArgs {
    /// Encoding of the text file, by its name on the web, such as gb18030, shift_jis, windows-1252 or utf-16le [default: UTF-8, or what
    /// the file's byte order mark says].
    #[arg(long, value_parser = encoding)]
    pub encoding: Option<&'static Encoding>,
}

/// An encoding by its label (WHATWG Encoding Standard).
fn encoding(label: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(label.as_bytes()).ok_or_else(|| {
        "no encoding of that name; try utf-16le, gb18030, big5, shift_jis, euc-kr or windows-1252".into()
    })
}

#[derive(Args)]
pub struct TokenizeArgs {
    /// Text to encode [default: what comes on standard input].
    #[arg(allow_hyphen_values = true)]
    pub text: Option<String>,
    /// A tokenizer.json, a .tiktoken file or a checkpoint.
    #[arg(long, conflicts_with_all = ["train", "char", "vocab_size", "split_digits", "special_tokens"])]
    pub tokenizer: Option<PathBuf>,
    /// Train a tokenizer on this text file first.
    #[arg(long)]
    pub train: Option<PathBuf>,
    #[command(flatten)]
    pub encoding: EncodingArgs,
    #[command(flatten)]
    pub config: TokenizerArgs,
    /// Save the tokenizer as tokenizer.json.
    #[arg(long)]
    pub out: Option<PathBuf>,
}

#[derive(Args)]
pub struct TrainArgs {
    /// Text file to learn from.
    pub corpus: Option<PathBuf>,
    #[command(flatten)]
    pub encoding: EncodingArgs,
    #[command(flatten)]
    pub world: WorldArgs,
    /// Checkpoint to write, every half minute and at the end.
    #[arg(long, default_value = "tadpole.safetensors")]
    pub out: PathBuf,
    /// Continue the training of this checkpoint; only --steps and --learning-rate can change.
    #[arg(long, conflicts_with_all = ["preset", "TokenizerArgs", "ModelArgs", "TrainingArgs"])]
    pub resume: Option<PathBuf>,
    /// Also write the weights at this step, as 16-bit numbers, to a file of its own beside --out; may be given several times.
    #[arg(long)]
    pub keep: Vec<usize>,
    /// Leave the corpus out of the checkpoint; --resume then needs the same file again.
    #[arg(long)]
    pub without_corpus: bool,
    /// Size of the model; the options below change parts of it.
    #[arg(long, default_value = "micro", value_parser = clap::builder::PossibleValuesParser::new(PRESETS))]
    pub preset: String,
    #[command(flatten)]
    pub tokenizer: TokenizerArgs,
    #[command(flatten)]
    pub model: ModelArgs,
    #[command(flatten)]
    pub pace: PaceArgs,
    #[command(flatten)]
    pub training: TrainingArgs,
    #[command(flatten)]
    pub device: DeviceArgs,
}

/// The made world in place of a text file.
#[derive(Args)]
pub struct WorldArgs {
    /// Learn from the made world instead of a text file.
    #[arg(long, conflicts_with = "corpus")]
    pub world: bool,
    /// Size of its text, in MiB.
    #[arg(long, requires = "world", default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub world_mib: u32,
    /// Seed of its documents.
    #[arg(long, requires = "world", default_value_t = 1)]
    pub world_seed: u64,
    #[command(flatten)]
    pub mix: MixArgs,
    /// Only the documents of one task: labels, dictionary, frame, item, letters, sum, columns, wordProblem, facts,
    /// people, things or passage.
    #[arg(long, requires = "world", value_parser = named::<Task>)]
    pub only: Option<Task>,
}

impl WorldArgs {
    pub fn request(&self) -> WorldRequest {
        let mut mix = Mix::default();
        self.mix.apply(&mut mix);
        mix.only = self.only;
        WorldRequest { mix, seed: self.world_seed, bytes: (self.world_mib as usize) << 20 }
    }
}

#[derive(Args)]
pub struct GenerateArgs {
    /// A checkpoint, or a folder in Hugging Face's GPT-2 layout.
    pub checkpoint: PathBuf,
    /// Text to continue [default: a line break, or another token if the model has none].
    #[arg(long, allow_hyphen_values = true)]
    pub prompt: Option<String>,
    /// Most tokens to write.
    #[arg(long, default_value_t = 200)]
    pub max_new_tokens: usize,
    /// Text at which the generation ends; may be given up to four times.
    #[arg(long, allow_hyphen_values = true)]
    pub stop: Vec<String>,
    /// Read \n, \t, \r, \\ and \u{...} in --prompt and --stop as escapes.
    #[arg(long, short)]
    pub escapes: bool,
    /// With --json: likeliest alternatives printed with each token.
    #[arg(long, default_value_t = 0)]
    pub top_logprobs: usize,
    /// Keep only the end of a prompt that is longer than the context.
    #[arg(long)]
    pub truncate_prompt: bool,
    #[command(flatten)]
    pub sampling: SamplingArgs,
    #[command(flatten)]
    pub device: DeviceArgs,
}

#[derive(Args)]
pub struct EvalArgs {
    /// A checkpoint.
    pub checkpoint: PathBuf,
    /// Text that the checkpoint was trained on, if the checkpoint does not hold it.
    #[arg(long, conflicts_with = "world")]
    pub corpus: Option<PathBuf>,
    #[command(flatten)]
    pub encoding: EncodingArgs,
    /// Ask it held-out questions about the made world instead, and grade its answers.
    #[arg(long)]
    pub world: bool,
    /// Which claim to test, such as fewShot; may be given several times [default: all].
    #[arg(long, requires = "world", value_parser = clap::builder::PossibleValuesParser::new(claims()))]
    pub claim: Vec<String>,
    /// Questions for each claim and condition.
    #[arg(long, requires = "world", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..))]
    pub cases: u32,
    /// Seed of the questions.
    #[arg(long, requires = "world", default_value_t = 1)]
    pub seed: u64,
    /// Print each question with its answer.
    #[arg(long, requires = "world")]
    pub answers: bool,
    #[command(flatten)]
    pub device: DeviceArgs,
}

/// The names of all claims.
fn claims() -> Vec<&'static str> {
    let mut names: Vec<_> = CLAIMS.iter().map(|claim| claim.claim).collect();
    names.dedup();
    names
}

#[derive(Args)]
pub struct ExportArgs {
    /// A checkpoint.
    pub checkpoint: PathBuf,
    /// Folder for config.json, model.safetensors and tokenizer.json; with --half, the checkpoint to write.
    #[arg(long)]
    pub out: PathBuf,
    /// Write a Tadpole checkpoint that holds only the weights, as 16-bit numbers.
    #[arg(long)]
    pub half: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BenchCase {
    /// One optimizer step.
    Train,
    /// One token with the KV cache.
    Decode,
}

#[derive(Args)]
pub struct BenchArgs {
    /// What to measure [default: both].
    #[arg(long, value_enum)]
    pub case: Option<BenchCase>,
    /// Model shape; may be given several times [default: S, M and L].
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(SHAPES.iter().map(|shape| shape.name)))]
    pub shape: Vec<String>,
    /// Blocks of about half a second; the median is printed.
    #[arg(long, default_value_t = 5)]
    pub blocks: usize,
    /// A shape of one's own: the first shape with these changes.
    #[command(flatten)]
    pub model: ModelArgs,
    /// Size of the vocabulary.
    #[arg(long)]
    pub vocab_size: Option<usize>,
    /// Sequences in a batch.
    #[arg(long)]
    pub batch_size: Option<usize>,
    #[command(flatten)]
    pub device: DeviceArgs,
}

impl BenchArgs {
    pub fn cases(&self, decode_only: bool) -> Vec<MeasureCase> {
        let wanted = |case| self.case.is_none_or(|only| only == case);
        let train = (wanted(BenchCase::Train) && !decode_only).then_some(MeasureCase::Train);
        train.into_iter().chain(wanted(BenchCase::Decode).then_some(MeasureCase::Decode)).collect()
    }
}
