//! Checkpoints as one file (safetensors with strings beside the tensors), and files in Hugging Face's layout.
//! A file is checked completely before it replaces the live model.

use crate::devices::{ReadyDevice, Work};
use crate::live::{Live, RunRecord};
use crate::memory::{Opening, tensor_bytes};
use crate::run::fits;
use crate::{CorpusInfo, DeviceKind, Error, ModelInfo, NamedFile, Result, SaveOptions, Session};
use serde::{Deserialize, Serialize};
use tadpole_gpt::adamw::AdamW;
use tadpole_gpt::checkpoint::{Contents, File, header_len};
use tadpole_gpt::hugging_face::{self, Weights};
use tadpole_gpt::layout::Layout;
use tadpole_gpt::params::{self, ParamInfo};
use tadpole_gpt::{Error as GptError, Gpt, ModelConfig};
use tadpole_tokenizer::Tokenizer;
use tadpole_workbench::{Corpus, Error as WorkbenchError, foreign, read_tokenizer};

const FORMAT: &str = "tadpole";
const VERSION: &str = "1";
const FIRST: &str = "adamw.first.";
const SECOND: &str = "adamw.second.";
const CORPUS: &str = "corpus";
/// The offset of a safetensors file's header, after its length.
const HEADER_AT: usize = 8;
/// Usual names of the token that ends a text.
const END_TOKENS: [&str; 4] = ["<|endoftext|>", "<|im_end|>", "<eos>", "</s>"];

impl RunRecord {
    /// Refuses what no run of ours writes: a record is no more trustworthy than any other part of a file.
    fn check(&self, config: &ModelConfig) -> Result<()> {
        if let Some(request) = &self.request {
            request.train.validate()?;
            if request.model != *config {
                return Err(corrupt("its run is of another model".into()));
            }
        }
        if !self.learning_rate.is_none_or(|rate| (0.0..=10.0).contains(&rate)) || !self.history.is_sound() {
            return Err(corrupt("its run is out of bounds".into()));
        }
        Ok(())
    }
}

impl Session {
    /// The live model as one file; waits for the device.
    ///
    /// # Errors
    /// [`Error::NoModel`], a device that fails, or strings (a tokenizer, samples) beyond what a file's header holds.
    pub async fn save(&self, options: SaveOptions) -> Result<Vec<u8>> {
        let live = self.live()?;
        let mut infos = params::infos(&live.model);
        let mut tensors = params::flat(&live.model);
        if let (true, Some(optimizer)) = (options.training, &live.optimizer) {
            for (prefix, moments) in [(FIRST, optimizer.first()), (SECOND, optimizer.second())] {
                let named = params::infos(&live.model).into_iter();
                infos.extend(named.map(|info| ParamInfo { name: format!("{prefix}{}", info.name), ..info }));
                tensors.extend(moments);
            }
        }
        let mut file = File { tensors: params::read(infos, tensors).await?, ..File::default() };
        if let (true, Some(corpus)) = (options.corpus, &live.corpus) {
            file.blobs.insert(CORPUS.into(), corpus.text.as_bytes().to_vec());
        }
        let mut run = live.run.clone();
        if options.half {
            run.history = run.history.brief();
        }
        for (name, value) in [
            ("format", FORMAT.to_string()),
            ("version", VERSION.to_string()),
            ("model", json(live.model.config())),
            ("tokenizer", live.tokenizer.to_json()),
            ("run", json(&run)),
        ] {
            file.metadata.insert(name.into(), value);
        }
        Ok(if options.half { file.write_halves() } else { file.write() }?)
    }

    /// Opens a checkpoint; runs in progress end. If the file is refused, the previous model stays.
    ///
    /// # Errors
    /// A file that is truncated, corrupt, of another kind, or too large for the memory.
    pub fn load(&mut self, bytes: &[u8]) -> Result<ModelInfo> {
        if let Some(known) = foreign(bytes) {
            return Err(WorkbenchError::Foreign(known).into());
        }
        if bytes.len() > HEADER_AT && bytes[HEADER_AT] != b'{' {
            return Err(Error::UnknownFile { reason: "it does not begin as a safetensors file does".into() });
        }
        self.expect_opening(&beginning(bytes), self.devices.here())?;
        self.load_at(bytes, None)
    }

    /// Moves the live model to the device that trains it best, if it is not there.
    pub(crate) async fn move_to_train(&mut self) -> Result<()> {
        let live = self.live()?;
        let Some(request) = &live.run.request else { return Ok(()) };
        let place = self.devices.place_for(live.model.config(), Work::Train(request.train.batch_size));
        if place.info.kind == live.device.kind {
            // A run begun elsewhere that never reached its first update may have left the session there.
            self.devices.settle_at(place);
            return Ok(());
        }
        fits(request, &place)?;
        let corpus = live.corpus.clone();
        let file = self.save(SaveOptions { training: true, ..SaveOptions::default() }).await?;
        self.load_at(&file, Some(place))?;
        self.live_mut()?.corpus = corpus;
        Ok(())
    }

    fn load_at(&mut self, bytes: &[u8], place: Option<ReadyDevice>) -> Result<ModelInfo> {
        let file = Contents::read(bytes, |_| true)?;
        let config = config(&file)?;
        let place = place.unwrap_or_else(|| self.devices.place_for(&config, Work::Write));
        let has_optimizer = file.names().any(|name| name.starts_with(FIRST));
        let text = file.blobs.get(CORPUS).map_or(0, |blob| blob.len() as u64);
        let copies = 4 * file.largest() + text;
        let tensors = tensor_bytes(&config, has_optimizer);
        self.expect_opening(&Opening { copies, tensors, ..beginning(bytes) }, &place)?;
        place.expect_buffer(config.inference_buffer())?;
        let layout = Layout::of(&config);
        for prefix in if has_optimizer { &["", FIRST, SECOND][..] } else { &[""] } {
            layout.check(&file, prefix)?;
        }
        let tokenizer = Tokenizer::from_json(string(&file, "tokenizer")?.as_bytes())?;
        vocabulary_fits(&tokenizer, &config)?;
        let run: RunRecord = parse("run", string(&file, "run")?)?;
        run.check(&config)?;
        let corpus = match (&run.corpus, file.blobs.get(CORPUS)) {
            (Some(info), Some(blob)) => Some(checked_corpus(info, blob.to_vec())?),
            _ => None,
        };
        let model = Gpt::load(&config, &file, &place.device)?;
        let optimizer = has_optimizer.then(|| AdamW::with_moments(&model, &file, [FIRST, SECOND]));
        let (version, device) = (self.next_version(), place.info.clone());
        let live = Live { tokenizer, model, optimizer, version, corpus, run, device };
        Ok(self.replace(live, place))
    }

    /// Refuses files that this device has no room for beside what is open: that stays until they are read.
    fn expect_opening(&self, opening: &Opening, place: &ReadyDevice) -> Result<()> {
        let needed = opening.bytes();
        let limit = place.info.memory_limit.saturating_sub(self.held(place.info.kind));
        if needed > limit { Err(GptError::FileDoesNotFit { needed, limit }.into()) } else { Ok(()) }
    }

    /// Bytes that are in use on the device of that kind.
    fn held(&self, kind: DeviceKind) -> u64 {
        let Some(live) = self.live.as_ref().filter(|live| live.device.kind == kind) else { return 0 };
        let config = live.model.config();
        let text = live.corpus.as_ref().map_or(0, |corpus| corpus.text.len() as u64);
        // An open run frees only its batches between updates.
        let of_run = self.streams.has_run().then(|| config.training_bytes(0));
        text + of_run.unwrap_or_else(|| tensor_bytes(config, live.optimizer.is_some()))
    }

    /// Gives a run the corpus that its checkpoint lacks.
    ///
    /// # Errors
    /// [`Error::NoModel`], [`Error::CorpusMismatch`], or a text that is not UTF-8.
    pub fn attach_corpus(&mut self, corpus: Vec<u8>) -> Result<ModelInfo> {
        let live = self.live_mut()?;
        let info = live.run.corpus.as_ref().ok_or(Error::NotResumable)?;
        live.corpus = Some(checked_corpus(info, corpus)?);
        Ok(live.info())
    }

    /// The live model in Hugging Face's GPT-2 layout: `config.json`, `model.safetensors`, `tokenizer.json`, and a
    /// `tokenizer_config.json`, without which `AutoTokenizer` would cut text as GPT-2 does.
    ///
    /// # Errors
    /// [`Error::NoModel`], a model outside the GPT-2 family, or a device that fails.
    pub async fn export_hugging_face(&self) -> Result<Vec<NamedFile>> {
        let live = self.live()?;
        let specials = &live.tokenizer.config().special_tokens;
        let end = specials.iter().find(|name| END_TOKENS.contains(&name.as_str()));
        let settings = tokenizer_settings(end, live.model.config());
        let end = end.map(|name| live.tokenizer.special_id(name)).transpose()?;
        let config = hugging_face::config_to_json(live.model.config(), end)?;
        let weights = hugging_face::model_to_safetensors(&live.model).await?;
        let file = |name: &str, bytes| NamedFile { name: name.into(), bytes };
        Ok(vec![
            file("config.json", config.into_bytes()),
            file("model.safetensors", weights),
            file("tokenizer.json", live.tokenizer.to_json().into_bytes()),
            file("tokenizer_config.json", settings.into_bytes()),
        ])
    }

    /// Opens a model in that layout; runs in progress end. If a file is refused, the previous model stays.
    ///
    /// # Errors
    /// A missing file, another architecture, files that do not fit each other, or too large a model.
    pub fn import_hugging_face(&mut self, files: &[NamedFile]) -> Result<ModelInfo> {
        let find = |name: &str| {
            let file = files.iter().find(|file| file.name == name);
            file.map(|file| file.bytes.as_slice()).ok_or_else(|| missing(name, files))
        };
        let (json, tokens, weights) =
            (find("config.json")?, find("tokenizer.json")?, find("model.safetensors")?);
        let json_len = (json.len() + tokens.len() + header_len(weights)) as u64;
        let files_len = files.iter().map(|file| file.bytes.len() as u64).sum();
        let opening = Opening { files: files_len, json: json_len, ..Opening::default() };
        self.expect_opening(&opening, self.devices.here())?;
        let (config, weights) = Weights::read(weights, hugging_face::config_from_json(json)?)?;
        let place = self.devices.place_for(&config, Work::Write);
        let (copies, tensors) = (4 * weights.largest(), tensor_bytes(&config, false));
        self.expect_opening(&Opening { copies, tensors, ..opening }, &place)?;
        place.expect_buffer(config.inference_buffer())?;
        Layout::of(&config).check(&weights, "")?;
        let tokenizer = read_tokenizer(tokens, None)?;
        vocabulary_fits(&tokenizer, &config)?;
        let model = Gpt::load(&config, &weights, &place.device)?;
        let version = self.next_version();
        Ok(self.replace(Live::without_run(model, tokenizer, version, place.info.clone()), place))
    }

    fn next_version(&self) -> u64 {
        self.live.as_ref().map_or(0, |live| live.version) + 1
    }

    fn replace(&mut self, live: Live, place: ReadyDevice) -> ModelInfo {
        self.streams.drop_runs();
        let info = live.info();
        self.live = Some(live);
        place.device.memory_cleanup();
        self.devices.settle_at(place);
        info
    }
}

/// A `tokenizer_config.json` that makes `AutoTokenizer` use `tokenizer.json` unchanged.
fn tokenizer_settings(end: Option<&String>, config: &ModelConfig) -> String {
    let settings = serde_json::json!({
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": config.context_length,
        "clean_up_tokenization_spaces": false,
        "bos_token": end,
        "eos_token": end,
    });
    serde_json::to_string_pretty(&settings).expect("strings and numbers serialize")
}

/// What a checkpoint takes before its header has been read.
fn beginning(bytes: &[u8]) -> Opening {
    Opening { files: bytes.len() as u64, json: header_len(bytes) as u64, ..Opening::default() }
}

/// The configuration of a file that is a checkpoint of this version.
fn config(file: &Contents) -> Result<ModelConfig> {
    if file.metadata.get("format").map(String::as_str) != Some(FORMAT) {
        return Err(Error::UnknownFile { reason: "no Tadpole checkpoint".into() });
    }
    let version = file.metadata.get("version").map_or("none", String::as_str);
    if version != VERSION {
        let reason = format!("a checkpoint of version {version}, and this is read: {VERSION}");
        return Err(Error::UnknownFile { reason });
    }
    let config: ModelConfig = parse("model", string(file, "model")?)?;
    config.validate()?;
    Ok(config)
}

fn string<'a>(file: &'a Contents, name: &str) -> Result<&'a str> {
    let missing = || corrupt(format!("its {name} is missing"));
    file.metadata.get(name).map(String::as_str).ok_or_else(missing)
}

/// The text that `info` describes: unchanged, or without or with the UTF-8 byte order mark, which older runs
/// learnt and newer ones leave out.
fn checked_corpus(info: &CorpusInfo, bytes: Vec<u8>) -> Result<Corpus> {
    let given = Corpus::new(&info.name, bytes)?;
    let found = given.text.len();
    let bare = given.text.trim_start_matches('\u{feff}').to_string();
    if given.is(info) {
        return Ok(given);
    }
    for text in [format!("\u{feff}{bare}"), bare] {
        let corpus = Corpus::new(&info.name, text.into_bytes())?;
        if corpus.is(info) {
            return Ok(corpus);
        }
    }
    Err(Error::CorpusMismatch { found, expected: info.bytes })
}

/// Why a folder in Hugging Face's layout does not open: what it has instead of the missing file, if known.
fn missing(name: &str, files: &[NamedFile]) -> Error {
    let instead = |file: &&NamedFile| file.name != "config.json" && !is_settings(&file.name);
    let known = files.iter().filter(instead).find_map(|file| foreign(&file.bytes));
    known.map_or(Error::UnknownFile { reason: format!("{name} is missing") }, |known| {
        WorkbenchError::Foreign(known).into()
    })
}

/// Files of such a folder that contain only settings.
fn is_settings(name: &str) -> bool {
    ["tokenizer_config.json", "generation_config.json", "special_tokens_map.json"].contains(&name)
}

/// Refuses a tokenizer with more tokens than the model has embeddings.
fn vocabulary_fits(tokenizer: &Tokenizer, config: &ModelConfig) -> Result<()> {
    if tokenizer.vocab_size() <= config.vocab_size {
        return Ok(());
    }
    let id = tokenizer.vocab_size() as u32 - 1;
    Err(GptError::TokenOutOfRange { id, vocab_size: config.vocab_size }.into())
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("strings and numbers serialize")
}

fn parse<'a, T: Deserialize<'a>>(what: &str, text: &'a str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| corrupt(format!("its {what}: {error}")))
}

fn corrupt(reason: String) -> Error {
    GptError::CheckpointCorrupt { reason }.into()
}
