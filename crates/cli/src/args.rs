//! The command line. Flags have the names of the configurations' fields; omitted ones keep their defaults.

use clap::{Args, Parser, Subcommand, ValueEnum};
use encoding_rs::Encoding;
use std::path::PathBuf;
use tadpole_session::{
    CLAIMS, MeasureCase, Mix, MlpKind, ModelConfig, NormKind, PRESETS, PositionKind, SHAPES, SamplingConfig,
    Task, TokenizerConfig, TokenizerKind, TrainConfig, WorldRequest, named_pattern,
};

/// Raise a small GPT and look inside.
#[derive(Parser)]
#[command(name = "tadpole", version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// Print JSON, one value a line, instead of text and progress bars.
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum Command {
    /// Turn text into tokens, or train a tokenizer.
    Tokenize(TokenizeArgs),
    /// Train a model on a text file, or go on with a checkpoint.
    Train(Box<TrainArgs>),
    /// Write text with a checkpoint.
    Generate(GenerateArgs),
    /// Measure a checkpoint's loss over its whole validation part, or grade its answers about the world.
    Eval(EvalArgs),
    /// Save a checkpoint in Hugging Face's GPT-2 layout, or its weights alone.
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
    /// Gibibytes that a model and its training may take [default: what is free].
    #[arg(long)]
    pub memory_gib: Option<f64>,
}

#[derive(Args)]
pub struct TokenizerArgs {
    /// One token a character instead of byte-level BPE.
    #[arg(long)]
    pub char: bool,
    /// Tokens to learn, for BPE.
    #[arg(long)]
    pub vocab_size: Option<usize>,
    /// Every digit is a token of its own.
    #[arg(long)]
    pub split_digits: bool,
    /// A regular expression in place of GPT-2's pre-split, or one of the names gpt2, cl100k, o200k; also for a .tiktoken file of an
    /// unknown vocabulary.
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
    /// In which encoding the text file is, by its name on the web (gb18030, shift_jis, windows-1252, utf-16le) [default: UTF-8, or what
    /// a mark at its start says].
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
    /// Text to encode; standard input when it is missing.
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
    /// Text to learn from.
    pub corpus: Option<PathBuf>,
    #[command(flatten)]
    pub encoding: EncodingArgs,
    #[command(flatten)]
    pub world: WorldArgs,
    /// The checkpoint to write, every half minute and at the end.
    #[arg(long, default_value = "tadpole.safetensors")]
    pub out: PathBuf,
    /// Go on with this checkpoint; of its configuration only the steps and the learning rate can change.
    #[arg(long, conflicts_with_all = ["preset", "TokenizerArgs", "ModelArgs", "TrainingArgs"])]
    pub resume: Option<PathBuf>,
    /// Also write the weights at this step, in 16 bits, to a file of its own beside `--out`; may be given several times.
    #[arg(long)]
    pub keep: Vec<usize>,
    /// Leave the corpus out of the checkpoint; going on then takes the same file again.
    #[arg(long)]
    pub without_corpus: bool,
    /// Size of the model to begin from.
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
    /// How much of it, in mebibytes.
    #[arg(long, requires = "world", default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub world_mib: u32,
    /// Draws its documents.
    #[arg(long, requires = "world", default_value_t = 1)]
    pub world_seed: u64,
    #[command(flatten)]
    pub mix: MixArgs,
    /// Documents of one task and no other: labels, dictionary, frame, item, letters, sum, columns, wordProblem, facts,
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

/// Defines a struct of optional flags that override the fields of a configuration.
macro_rules! overrides {
    ($name:ident for $config:ty { $($(#[$doc:meta])* $field:ident: $kind:ty),* $(,)? }) => {
        #[derive(Args, Default)]
        pub struct $name {
            $($(#[$doc])* #[arg(long, allow_hyphen_values = true)] pub $field: Option<$kind>,)*
        }
        impl $name {
            pub fn apply(&self, config: &mut $config) {
                $(if let Some(value) = &self.$field { config.$field = value.clone(); })*
            }
        }
    };
}

overrides!(MixArgs for Mix {
    /// Weight of stories in the world.
    stories: f64,
    /// Weight of facts.
    facts: f64,
    /// Weight of arithmetic.
    arithmetic: f64,
    /// Weight of tasks to be learnt from examples.
    tasks: f64,
    /// Weight of passages with questions.
    passages: f64,
    /// Weight of conversations.
    chat: f64,
    /// Share of documents in Chinese.
    chinese: f64,
});

overrides!(ModelArgs for ModelConfig {
    /// Tokens that the model sees at once.
    context_length: usize,
    /// Blocks.
    n_layer: usize,
    /// Attention heads.
    n_head: usize,
    /// Key/value heads [default: n_head].
    n_kv_head: usize,
    /// Width.
    d_model: usize,
    /// Width within the MLP [default: 4 d_model].
    d_ff: usize,
    /// Share of activations dropped while training.
    dropout: f64,
    /// learned, sinusoidal, rotary or none.
    #[arg(value_parser = named::<PositionKind>)]
    position: PositionKind,
    /// layerNorm or rmsNorm.
    #[arg(value_parser = named::<NormKind>)]
    norm: NormKind,
    /// gelu or swiglu.
    #[arg(value_parser = named::<MlpKind>)]
    mlp: MlpKind,
});

/// Parses a value by its name in checkpoints.
fn named<T: serde::de::DeserializeOwned>(name: &str) -> Result<T, serde_json::Error> {
    serde_json::from_value(name.into())
}

overrides!(PaceArgs for TrainConfig {
    /// Updates in all.
    steps: usize,
    /// Peak learning rate; from here on, with --resume.
    learning_rate: f64,
});

overrides!(TrainingArgs for TrainConfig {
    /// Sequences a batch.
    batch_size: usize,
    /// Batches an update averages over.
    grad_accumulation: usize,
    /// Learning rate at the end.
    min_learning_rate: f64,
    /// Updates of warm-up.
    warmup_steps: usize,
    /// Decay of matrices.
    weight_decay: f64,
    /// Decay of the first moment.
    beta1: f64,
    /// Decay of the second moment.
    beta2: f64,
    /// Largest gradient norm; 0 for any.
    grad_clip: f64,
    /// Share of the corpus for validation.
    validation_fraction: f64,
    /// Updates between evaluations; 0 for none.
    eval_interval: usize,
    /// Batches an evaluation averages over.
    eval_batches: usize,
    /// Updates between samples; 0 for none.
    sample_interval: usize,
    /// A prompt to sample from; may be given several times.
    sample_prompts: Vec<String>,
    /// Tokens a sample is long.
    sample_tokens: usize,
    /// Seed of everything random.
    seed: u64,
});

overrides!(SamplingArgs for SamplingConfig {
    /// 0 takes the likeliest token always.
    temperature: f64,
    /// Likeliest tokens kept; 0 for all.
    top_k: usize,
    /// Probability kept; 1 for all.
    top_p: f64,
    /// Least probability, as a share of the largest.
    min_p: f64,
    /// Makes tokens seen lately less likely; 1 for none.
    repetition_penalty: f64,
    /// Taken from a token's logit for each time it was written.
    frequency_penalty: f64,
    /// Taken from a token's logit once it was written.
    presence_penalty: f64,
    /// Seed of the draws.
    seed: u64,
});

#[derive(Args)]
pub struct GenerateArgs {
    /// A checkpoint, or a folder in Hugging Face's GPT-2 layout.
    pub checkpoint: PathBuf,
    /// Text to go on from [default: a line break, or a token that the model has].
    #[arg(long, allow_hyphen_values = true)]
    pub prompt: Option<String>,
    /// Tokens at most.
    #[arg(long, default_value_t = 200)]
    pub max_new_tokens: usize,
    /// A text that ends the generation; may be given up to four times.
    #[arg(long, allow_hyphen_values = true)]
    pub stop: Vec<String>,
    /// Read \n, \t, \r, \\ and \u{...} in --prompt and --stop as a program's text does.
    #[arg(long, short)]
    pub escapes: bool,
    /// Alternatives shown with each token, with --json.
    #[arg(long, default_value_t = 0)]
    pub top_logprobs: usize,
    /// Cut a prompt that is too long to its end.
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
    /// The corpus, when the checkpoint came without it.
    #[arg(long, conflicts_with = "world")]
    pub corpus: Option<PathBuf>,
    #[command(flatten)]
    pub encoding: EncodingArgs,
    /// Put held-out cases of the world to it instead, and grade its answers.
    #[arg(long)]
    pub world: bool,
    /// A claim, such as fewShot; may be given several times [default: all].
    #[arg(long, requires = "world", value_parser = clap::builder::PossibleValuesParser::new(claims()))]
    pub claim: Vec<String>,
    /// Cases of each claim and condition.
    #[arg(long, requires = "world", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..))]
    pub cases: u32,
    /// Draws the cases.
    #[arg(long, requires = "world", default_value_t = 1)]
    pub seed: u64,
    /// Print each case with its answer.
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
    /// The folder to write config.json, model.safetensors and tokenizer.json to; or, with --half, the checkpoint to write.
    #[arg(long)]
    pub out: PathBuf,
    /// A checkpoint of ours, of nothing but the weights in 16 bits.
    #[arg(long)]
    pub half: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BenchCase {
    /// An optimizer update.
    Train,
    /// A token through the cache.
    Decode,
}

#[derive(Args)]
pub struct BenchArgs {
    /// What to measure [default: both].
    #[arg(long, value_enum)]
    pub case: Option<BenchCase>,
    /// A shape; may be given several times [default: S, M and L].
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(SHAPES.iter().map(|shape| shape.name)))]
    pub shape: Vec<String>,
    /// Blocks of about half a second to take the median of.
    #[arg(long, default_value_t = 5)]
    pub blocks: usize,
    /// Any other shape, by what differs from the first one asked for.
    #[command(flatten)]
    pub model: ModelArgs,
    /// Tokens in the vocabulary.
    #[arg(long)]
    pub vocab_size: Option<usize>,
    /// Sequences a batch.
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
