//! Checkpoints as one file (safetensors with strings beside the tensors), and Hugging Face's three files.
//! A file is checked whole before the live model gives way to it.

use crate::devices::{Place, Work};
use crate::history::History;
use crate::session::Live;
use crate::{CorpusInfo, Error, ModelInfo, NamedFile, Result, SaveOptions, Session, TrainRequest};
use serde::{Deserialize, Serialize};
use tadpole_gpt::adamw::AdamW;
use tadpole_gpt::checkpoint::File;
use tadpole_gpt::params::{self, HostTensors, ParamInfo};
use tadpole_gpt::{Error as GptError, Gpt, ModelConfig, Tensor, hugging_face};
use tadpole_tokenizer::Tokenizer;
use tadpole_workbench::Corpus;

const FORMAT: &str = "tadpole";
const VERSION: &str = "1";
const FIRST: &str = "adamw.first.";
const SECOND: &str = "adamw.second.";
const CORPUS: &str = "corpus";
/// Names by which the field calls the token that ends a text.
const END_TOKENS: [&str; 4] = ["<|endoftext|>", "<|im_end|>", "<eos>", "</s>"];

/// What a checkpoint tells of its run.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RunRecord {
    step: usize,
    request: Option<TrainRequest>,
    corpus: Option<CorpusInfo>,
    history: History,
    learning_rate: Option<f64>,
}

impl RunRecord {
    /// Refuses what no run of ours writes: a record is as little to be trusted as any other part of a file.
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
        if let (true, Some((_, Some(corpus)))) = (options.corpus, &live.corpus) {
            file.blobs.insert(CORPUS.into(), corpus.text.as_bytes().to_vec());
        }
        let run = RunRecord {
            step: live.step,
            request: live.request.clone(),
            corpus: live.corpus.as_ref().map(|(info, _)| info.clone()),
            history: if options.half { live.history.brief() } else { live.history.clone() },
            learning_rate: live.learning_rate,
        };
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

    /// Opens a checkpoint; runs in progress end. The model before stays when the file is refused.
    ///
    /// # Errors
    /// A file that is truncated, corrupt, of another kind, or too large for the memory.
    pub fn load(&mut self, bytes: &[u8]) -> Result<ModelInfo> {
        self.load_at(bytes, None)
    }

    /// Takes the live model to the device that trains it best, if it is not there.
    pub(crate) async fn move_to_train(&mut self) -> Result<()> {
        let live = self.live()?;
        let Some(request) = &live.request else { return Ok(()) };
        let place = self.devices.place_for(live.model.config(), Work::Train(request.train.batch_size));
        if place.info.kind == live.device.kind {
            // A run that was begun elsewhere and never came to its first update may have left the session there.
            self.devices.settle_at(place);
            return Ok(());
        }
        let corpus = live.corpus.clone();
        let file = self.save(SaveOptions { training: true, ..SaveOptions::default() }).await?;
        self.load_at(&file, Some(place))?;
        self.live_mut()?.corpus = corpus;
        Ok(())
    }

    fn load_at(&mut self, bytes: &[u8], place: Option<Place>) -> Result<ModelInfo> {
        let file = File::read(bytes, |_| true)?;
        if file.metadata.get("format").map(String::as_str) != Some(FORMAT) {
            return Err(Error::UnknownFile { reason: "no Tadpole checkpoint".into() });
        }
        let version = file.metadata.get("version").map_or("none", String::as_str);
        if version != VERSION {
            let reason = format!("a checkpoint of version {version}, and this is read: {VERSION}");
            return Err(Error::UnknownFile { reason });
        }
        let text = |name: &str| {
            let missing = || corrupt(format!("its {name} is missing"));
            file.metadata.get(name).map(String::as_str).ok_or_else(missing)
        };
        let config: ModelConfig = parse("model", text("model")?)?;
        config.validate()?;
        let place = place.unwrap_or_else(|| self.devices.place_for(&config, Work::Write));
        let moments = if has_moments(&file.tensors) { 2 * 4 * config.parameters() } else { 0 };
        place.expect(config.inference_bytes() + moments, config.inference_buffer())?;
        let tokenizer = Tokenizer::from_json(text("tokenizer")?.as_bytes())?;
        vocabulary_fits(&tokenizer, &config)?;
        let run: RunRecord = parse("run", text("run")?)?;
        run.check(&config)?;
        let model = hugging_face::from_tensors(&config, &file.tensors, &place.device)?;
        let optimizer = optimizer(&file.tensors, &model)?;
        let corpus = match (&run.corpus, file.blobs.get(CORPUS)) {
            (Some(info), Some(blob)) => Some((info.clone(), Some(checked_corpus(info, blob.clone())?))),
            (info, _) => info.clone().map(|info| (info, None)),
        };
        let RunRecord { step, request, history, learning_rate, .. } = run;
        let version = self.next_version();
        let device = place.info.clone();
        let live = Live {
            tokenizer,
            model,
            optimizer,
            step,
            version,
            corpus,
            request,
            history,
            learning_rate,
            device,
        };
        Ok(self.replace(live, place))
    }

    /// Gives a run the corpus that its checkpoint came without.
    ///
    /// # Errors
    /// [`Error::NoModel`], [`Error::CorpusMismatch`], or a text that is not UTF-8.
    pub fn attach_corpus(&mut self, corpus: Vec<u8>) -> Result<ModelInfo> {
        let live = self.live_mut()?;
        let Some((info, slot)) = &mut live.corpus else { return Err(Error::NotResumable) };
        *slot = Some(checked_corpus(info, corpus)?);
        Ok(live.info())
    }

    /// The live model in Hugging Face's GPT-2 layout: `config.json`, `model.safetensors`, `tokenizer.json`.
    ///
    /// # Errors
    /// [`Error::NoModel`], a model outside the GPT-2 family, or a device that fails.
    pub async fn export_hugging_face(&self) -> Result<Vec<NamedFile>> {
        let live = self.live()?;
        let specials = &live.tokenizer.config().special_tokens;
        let end = specials.iter().find(|name| END_TOKENS.contains(&name.as_str()));
        let end = end.map(|name| live.tokenizer.special_id(name)).transpose()?;
        let config = hugging_face::config_to_json(live.model.config(), end)?;
        let weights = hugging_face::model_to_safetensors(&live.model).await?;
        let file = |name: &str, bytes| NamedFile { name: name.into(), bytes };
        Ok(vec![
            file("config.json", config.into_bytes()),
            file("model.safetensors", weights),
            file("tokenizer.json", live.tokenizer.to_json().into_bytes()),
        ])
    }

    /// Opens a model in that layout; runs in progress end. The model before stays when a file is refused.
    ///
    /// # Errors
    /// A missing file, another architecture, files that do not fit each other, or too large a model.
    pub fn import_hugging_face(&mut self, files: &[NamedFile]) -> Result<ModelInfo> {
        let find = |name: &str| {
            let missing = || Error::UnknownFile { reason: format!("{name} is missing") };
            files.iter().find(|file| file.name == name).map(|file| file.bytes.as_slice()).ok_or_else(missing)
        };
        let config = hugging_face::config_from_json(find("config.json")?)?;
        let place = self.devices.place_for(&config, Work::Write);
        place.expect(config.inference_bytes(), config.inference_buffer())?;
        let tokenizer = Tokenizer::from_json(find("tokenizer.json")?)?;
        vocabulary_fits(&tokenizer, &config)?;
        let model = hugging_face::model_from_safetensors(find("model.safetensors")?, &config, &place.device)?;
        let version = self.next_version();
        Ok(self.replace(Live::stranger(model, tokenizer, version, place.info.clone()), place))
    }

    fn next_version(&self) -> u64 {
        self.live.as_ref().map_or(0, |live| live.version) + 1
    }

    fn replace(&mut self, live: Live, place: Place) -> ModelInfo {
        self.streams.drop_runs();
        let info = live.info();
        self.live = Some(live);
        place.device.memory_cleanup();
        self.devices.settle_at(place);
        info
    }
}

/// Both moments, when the file has them, on the model's device.
fn optimizer(tensors: &HostTensors, model: &Gpt) -> Result<Option<AdamW>> {
    if !has_moments(tensors) {
        return Ok(None);
    }
    let device = model.device();
    let moments = |prefix: &str| -> Result<Vec<Tensor<1>>> {
        let load = |info: &ParamInfo| {
            let found = params::expect(tensors, &format!("{prefix}{}", info.name), &info.shape)?;
            Ok(Tensor::from_floats(found.values.as_slice(), &device))
        };
        params::infos(model).iter().map(load).collect()
    };
    Ok(Some(AdamW::with_moments(model, moments(FIRST)?, moments(SECOND)?)))
}

fn has_moments(tensors: &HostTensors) -> bool {
    tensors.keys().any(|name| name.starts_with(FIRST))
}

fn checked_corpus(info: &CorpusInfo, bytes: Vec<u8>) -> Result<Corpus> {
    let corpus = Corpus::new(&info.name, bytes)?;
    if !corpus.is(info) {
        return Err(Error::CorpusMismatch { found: corpus.text.len(), expected: info.bytes });
    }
    Ok(corpus)
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
