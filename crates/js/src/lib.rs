//! Rust values to JavaScript values and back, in the shapes of `web/src/worker/protocol.ts`: what the modules for browsers have in common.
//! Bytes and columns of ids cross as typed arrays.

use js_sys::{Array, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use tadpole_tokenizer::{Encoding, Tokenizer};
use tadpole_workbench::{EncodeRequest, Error, ErrorData, MergeInfo, ReplayRequest};
use wasm_bindgen::prelude::*;

/// Answers one of the protocol's calls about a tokenizer.
pub fn ask(tokenizer: &Tokenizer, name: &str, request: JsValue) -> Result<JsValue, JsValue> {
    match name {
        "saveTokenizer" => Ok(bytes(tokenizer.to_json().as_bytes())),
        "encode" => {
            let EncodeRequest { text } = from_js(request)?;
            Ok(encoding(&tokenizer.encode_spans(&text).map_err(tokenizer_error)?))
        }
        "encodeReplay" => {
            let ReplayRequest { text, merges } = from_js(request)?;
            Ok(encoding(&tokenizer.encode_with_merges(&text, merges).map_err(tokenizer_error)?))
        }
        "merges" => to_js(&tokenizer.merges().map(MergeInfo::from).collect::<Vec<_>>()),
        _ => Err(unknown(name)),
    }
}

fn tokenizer_error(refused: tadpole_tokenizer::Error) -> JsValue {
    error(&Error::from(refused).data())
}

/// A value as plain objects, with null for what is missing.
pub fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = Serializer::new().serialize_maps_as_objects(true).serialize_missing_as_null(true);
    value.serialize(&serializer).map_err(JsValue::from)
}

/// A request; what does not fit the protocol is an error with the field's name, and so are bytes that the heap has no room for.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    expect_room(&value)?;
    serde_wasm_bindgen::from_value(value).map_err(|reason| bad_request(&reason.to_string()))
}

/// Refuses bytes that cannot be copied to the heap: the copy would end the core. Room is taken for all of them at once, since the
/// files of a model lie there together, and given back.
fn expect_room(request: &JsValue) -> Result<(), JsValue> {
    let lengths = byte_lengths(request);
    let mut taken: Vec<Vec<u8>> = vec![];
    for length in &lengths {
        let mut room = Vec::new();
        // A length beyond 32 bits saturates, and no Vec is that long.
        if room.try_reserve_exact(*length as usize).is_err() {
            return Err(memory_short(lengths.iter().sum()));
        }
        taken.push(room);
    }
    Ok(())
}

/// How long the byte arrays of a request are: a file, a corpus, or the files of a model. `Uint8Array::length` would wrap at 4 GiB.
fn byte_lengths(request: &JsValue) -> Vec<f64> {
    let field = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let files = field(request, "files").dyn_into::<Array>().unwrap_or_default();
    let files = files.iter().take_while(JsValue::is_object).map(|file| field(&file, "bytes"));
    let all = ["file", "corpus"].into_iter().map(|name| field(request, name)).chain(files);
    all.filter_map(|bytes| field(&bytes, "byteLength").as_f64()).collect()
}

fn memory_short(bytes: f64) -> JsValue {
    let reason = format!("{:.1} GiB", bytes / f64::from(1 << 30));
    let message = format!("the heap has no room for a file of {reason}");
    let (code, name) = ("memoryShort", "reason");
    let details = [(name, reason)].into();
    error(&ErrorData { code, message, remedy: "Take a smaller file or model.".into(), details })
}

/// An error as `{code, message, remedy, details}`.
pub fn error(data: &ErrorData) -> JsValue {
    to_js(data).unwrap_or_else(|failed| failed)
}

/// A command that the protocol does not have.
pub fn unknown(name: &str) -> JsValue {
    bad_request(&format!("there is no command {name}"))
}

fn bad_request(reason: &str) -> JsValue {
    let object = js_sys::Object::new();
    let details = js_sys::Object::new();
    set(&details, "reason", &reason.into());
    set(&object, "code", &"badRequest".into());
    set(&object, "message", &reason.into());
    set(&object, "remedy", &"Enter a whole number where one is counted, and no negative one.".into());
    set(&object, "details", &details);
    object.into()
}

/// Bytes as a Uint8Array.
pub fn bytes(bytes: &[u8]) -> JsValue {
    js_sys::Uint8Array::from(bytes).into()
}

/// Tokens as two columns.
fn encoding(encoding: &Encoding) -> JsValue {
    let object = js_sys::Object::new();
    set(&object, "ids", &js_sys::Uint32Array::from(encoding.ids.as_slice()));
    set(&object, "ends", &js_sys::Uint32Array::from(encoding.ends.as_slice()));
    object.into()
}

/// Gives a fresh object a field.
pub fn set(object: &js_sys::Object, key: &str, value: &JsValue) {
    Reflect::set(object, &key.into(), value).expect("a fresh object takes any field");
}
