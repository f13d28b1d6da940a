//! Tokenizers for a page's worker, in a module small enough for a blog post that only shows tokens: one class
//! over a workbench, JavaScript values in and out. No logic, only bindings; `web/src/worker/protocol.ts`
//! lists each call's arguments and result.

use tadpole_js::{ask, from_js, to_js, unknown};
use tadpole_workbench::{Error, LoadTokenizerRequest, SlotRequest, TokenizerConfig, TrainTokenizerRequest};
use wasm_bindgen::prelude::*;

/// Runs once, when the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// A workbench in a worker.
#[wasm_bindgen]
#[derive(Default)]
pub struct Workbench {
    inner: tadpole_workbench::Workbench,
}

#[wasm_bindgen]
impl Workbench {
    /// An empty bench.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers one of the protocol's calls about a tokenizer that is not the model's.
    pub fn call(&mut self, name: &str, request: JsValue) -> Result<JsValue, JsValue> {
        match name {
            "tokenizerDefaults" => to_js(&TokenizerConfig::default()),
            "loadTokenizer" => {
                let LoadTokenizerRequest { slot, file, pattern } = from_js(request)?;
                to_js(&self.inner.load(slot, &file, pattern.as_deref()).map_err(refused)?)
            }
            _ => {
                let SlotRequest { slot } = from_js(request.clone())?;
                ask(self.inner.tokenizer(slot).map_err(refused)?, name, request)
            }
        }
    }

    /// Opens the only one of the protocol's `Streams` that needs no model, and returns its handle.
    pub fn open(&mut self, name: &str, request: JsValue) -> Result<u32, JsValue> {
        if name != "trainTokenizer" {
            return Err(unknown(name));
        }
        let TrainTokenizerRequest { corpus, config } = from_js(request)?;
        self.inner.open_training(corpus, config).map_err(refused)
    }

    /// Works on a training and returns its events, or undefined when it is over; `one` learns exactly one merge.
    pub fn next(&mut self, handle: u32, one: bool) -> Result<JsValue, JsValue> {
        match self.inner.next(handle, one).map_err(refused)? {
            Some(events) => to_js(&events),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// Drops a training.
    pub fn close(&mut self, handle: u32) {
        self.inner.close(handle);
    }
}

fn refused(error: Error) -> JsValue {
    tadpole_js::error(&error.data())
}
