//! The core for a page's worker: one class over a session, JavaScript values in and out. No logic, only bindings;
//! `device.rs` chooses the device. `web/src/worker/protocol.ts` says what each call takes and answers.

mod convert;
mod device;
mod last_words;
mod logging;

use convert::*;
use tadpole_js::{bytes, from_js, to_js, unknown};
use tadpole_session::{
    AttachRequest, Error, EstimateRequest, GenerateRequest, ImportRequest, LearningRateRequest, LoadRequest,
    NearestRequest, NextTokensRequest, ResumeRequest, RunRequest, SaveOptions,
};
use wasm_bindgen::prelude::*;

/// Runs once, when the module is loaded.
#[cfg_attr(
    target_arch = "wasm32",
    expect(unsafe_code, reason = "the constructors are the linker's, in no safe language")
)]
#[wasm_bindgen(start)]
pub fn start() {
    // cubecl registers thousands of constructors. Unless the module calls them itself, the linker wraps every export so
    // that all of them run at each call: a hundred times slower.
    #[cfg(target_arch = "wasm32")]
    {
        unsafe extern "C" {
            fn __wasm_call_ctors();
        }
        // SAFETY: the linker provides it, and the start function runs exactly once, before any other export.
        unsafe { __wasm_call_ctors() };
    }
    last_words::listen();
    logging::start();
}

/// A session in a worker.
#[wasm_bindgen]
pub struct Session {
    inner: tadpole_session::Session,
    /// What [`Session::prepare`] has yet to do.
    unmeasured: Option<device::Unmeasured>,
}

#[wasm_bindgen]
impl Session {
    /// A session on `webgpu`, on `cpu`, or on the CPU until [`Session::prepare`] has measured both (`auto`).
    /// `adapter` is the GPU's name for people.
    pub async fn create(choice: String, adapter: String) -> Result<Session, JsValue> {
        let (device, info, unmeasured) = device::choose(&choice, adapter).await;
        Ok(Self { inner: tadpole_session::Session::new(device, info), unmeasured })
    }

    /// Whether [`Session::prepare`] has something to do.
    pub fn unprepared(&self) -> bool {
        self.unmeasured.is_some()
    }

    /// Makes the GPU ready and measures both devices, unless `kept` tells what was measured on this adapter before. Answers
    /// what is to be kept, or undefined where nothing was measured.
    pub async fn prepare(&mut self, kept: Option<String>) -> Result<Option<String>, JsValue> {
        let Some(unmeasured) = self.unmeasured.take() else { return Ok(None) };
        device::prepare(&mut self.inner, unmeasured, kept).await.map_err(error)
    }

    /// The device that was chosen, and why.
    pub fn device(&self) -> Result<JsValue, JsValue> {
        to_js(self.inner.device())
    }

    /// Answers one of the protocol's `Calls`.
    pub async fn call(&mut self, name: String, request: JsValue) -> Result<JsValue, JsValue> {
        let session = &mut self.inner;
        match name.as_str() {
            "defaults" => to_js(&tadpole_session::Session::defaults()),
            "model" => to_js(&session.model()),
            "calibration" => to_js(&session.calibration()),
            "history" => to_js(&session.history()),
            "estimate" => {
                let EstimateRequest { model, train } = from_js(request)?;
                to_js(&session.estimate(&model, &train).map_err(error)?)
            }
            "nextTokens" => {
                let NextTokensRequest { prompt, forced, sampling, top } = from_js(request)?;
                next_tokens(&session.next_tokens(&prompt, &forced, &sampling, top).await.map_err(error)?)
            }
            "inspect" => inside(&session.inspect(&from_js(request)?).await.map_err(error)?),
            "lens" => to_js(&session.lens(&from_js(request)?).await.map_err(error)?),
            "nextUpdate" => next_update(&session.next_update().await.map_err(error)?),
            "updateMade" => to_js(&session.update_made().await.map_err(error)?),
            "parameter" => tensor(&session.parameter(&from_js(request)?).await.map_err(error)?),
            "embeddingMap" => embedding_map(&session.embedding_map().await.map_err(error)?),
            "nearest" => {
                let NearestRequest { id, count } = from_js(request)?;
                to_js(&session.nearest(id, count).await.map_err(error)?)
            }
            "world" => Ok(bytes(&tadpole_session::Session::world(&from_js(request)?).map_err(error)?)),
            "cases" => to_js(&tadpole_session::Session::cases(&from_js(request)?).map_err(error)?),
            "setLearningRate" => {
                let LearningRateRequest { learning_rate } = from_js(request)?;
                session.set_learning_rate(learning_rate).map_err(error)?;
                Ok(JsValue::NULL)
            }
            "save" => {
                let options: SaveOptions = from_js(request)?;
                Ok(bytes(&session.save(options).await.map_err(error)?))
            }
            "load" => {
                let LoadRequest { file } = from_js(request)?;
                to_js(&session.load(&file).map_err(error)?)
            }
            "attachCorpus" => {
                let AttachRequest { corpus } = from_js(request)?;
                to_js(&session.attach_corpus(corpus).map_err(error)?)
            }
            "exportHuggingFace" => to_js(&session.export_hugging_face().await.map_err(error)?),
            "importHuggingFace" => {
                let ImportRequest { files } = from_js(request)?;
                to_js(&session.import_hugging_face(&files).map_err(error)?)
            }
            _ => tadpole_js::ask(session.tokenizer().map_err(error)?, &name, request),
        }
    }

    /// Opens one of the protocol's `Streams` and returns its handle.
    pub async fn open(&mut self, name: String, request: JsValue) -> Result<u32, JsValue> {
        match name.as_str() {
            "train" => {
                let RunRequest { corpus, request } = from_js(request)?;
                self.inner.open_train(corpus, request)
            }
            "resume" => {
                let ResumeRequest { steps } = from_js(request)?;
                self.inner.open_resume(steps).await
            }
            "measure" => self.inner.open_measure(from_js(request)?),
            "grade" => self.inner.open_grade(from_js(request)?),
            "generate" => self.inner.open_generate(from_js::<GenerateRequest>(request)?),
            _ => return Err(unknown(&name)),
        }
        .map_err(error)
    }

    /// Works on a stream and returns its events, or undefined when it is over; `one` makes exactly one step.
    pub async fn next(&mut self, handle: u32, one: bool) -> Result<JsValue, JsValue> {
        match self.inner.next(handle, one).await.map_err(error)? {
            Some(events) => to_js(&events),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// Drops a stream.
    pub fn close(&mut self, handle: u32) {
        self.inner.close(handle);
    }
}

fn error(error: Error) -> JsValue {
    tadpole_js::error(&error.data())
}
