//! Rust values to JavaScript values and back, in the shapes of `protocol.ts`. Bytes and columns of ids cross as typed arrays.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use tadpole_session::{
    Activation, EmbeddingMap, Encoding, Error, HostTensor, Inside, Moved, NextTokens, NextUpdate,
};
use wasm_bindgen::prelude::*;

/// A value as plain objects, with null for what is missing.
pub fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = Serializer::new().serialize_maps_as_objects(true).serialize_missing_as_null(true);
    value.serialize(&serializer).map_err(JsValue::from)
}

/// A request; what does not fit the protocol is an error with the field's name.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(|reason| bad_request(&reason.to_string()))
}

/// An error as `{code, message, remedy, details}`.
pub fn error(error: Error) -> JsValue {
    to_js(&error.data()).unwrap_or_else(|failed| failed)
}

/// A command that the protocol does not have.
pub fn unknown(name: &str) -> JsValue {
    bad_request(&format!("there is no command {name}"))
}

fn bad_request(reason: &str) -> JsValue {
    let object = js_sys::Object::new();
    let details = js_sys::Object::new();
    set(&details, "reason", &reason.into());
    for (key, value) in [
        ("code", JsValue::from("badRequest")),
        ("message", JsValue::from(reason)),
        ("remedy", JsValue::from("Enter a whole number where one is counted, and no negative one.")),
        ("details", details.into()),
    ] {
        js_sys::Reflect::set(&object, &key.into(), &value).expect("a fresh object takes any field");
    }
    object.into()
}

/// Bytes as a Uint8Array.
pub fn bytes(bytes: &[u8]) -> JsValue {
    js_sys::Uint8Array::from(bytes).into()
}

/// Tokens as two columns.
pub fn encoding(encoding: &Encoding) -> JsValue {
    let object = js_sys::Object::new();
    set(&object, "ids", &js_sys::Uint32Array::from(encoding.ids.as_slice()));
    set(&object, "ends", &js_sys::Uint32Array::from(encoding.ends.as_slice()));
    object.into()
}

/// Distributions of the next token.
pub fn next_tokens(next: &NextTokens) -> Result<JsValue, JsValue> {
    let object = js_sys::Object::new();
    set(&object, "promptIds", &js_sys::Uint32Array::from(next.prompt_ids.as_slice()));
    set(&object, "stages", &to_js(&next.stages)?);
    set(&object, "candidates", &to_js(&next.candidates)?);
    set(&object, "survivors", &to_js(&next.survivors)?);
    Ok(object.into())
}

/// What a forward pass made of a text.
pub fn inside(inside: &Inside) -> Result<JsValue, JsValue> {
    let object = js_sys::Object::new();
    for (key, number) in
        [("step", inside.step), ("unread", inside.unread), ("block", inside.block), ("token", inside.token)]
    {
        set(&object, key, &(number as f64).into());
    }
    set(&object, "ids", &js_sys::Uint32Array::from(inside.ids.as_slice()));
    set(&object, "bytes", &byte_lists(&inside.bytes));
    set(&object, "lens", &to_js(&inside.lens)?);
    let activations = js_sys::Object::new();
    for Activation { name, shape, values } in &inside.activations {
        set(&activations, name, &numbers(shape, values)?);
    }
    set(&object, "activations", &activations);
    Ok(object.into())
}

/// An update that is yet to be made.
pub fn next_update(next: &NextUpdate) -> Result<JsValue, JsValue> {
    let object = js_sys::Object::new();
    let peek = &next.peek;
    for (key, number) in [
        ("step", peek.step as f64),
        ("learningRate", peek.learning_rate),
        ("batches", peek.batches as f64),
        ("rows", peek.rows as f64),
        ("trainLoss", f64::from(peek.train_loss)),
        ("gradNorm", f64::from(peek.grad_norm)),
    ] {
        set(&object, key, &number.into());
    }
    set(&object, "ids", &js_sys::Uint32Array::from(next.ids.as_slice()));
    set(&object, "bytes", &byte_lists(&next.bytes));
    set(&object, "losses", &js_sys::Float32Array::from(peek.losses.as_slice()));
    set(&object, "parameters", &to_js(&Moved::list(&peek.parameters))?);
    Ok(object.into())
}

/// Token embeddings on their principal components.
pub fn embedding_map(map: &EmbeddingMap) -> Result<JsValue, JsValue> {
    let object = js_sys::Object::new();
    set(&object, "step", &(map.step as f64).into());
    set(&object, "ids", &js_sys::Uint32Array::from(map.ids.as_slice()));
    set(&object, "bytes", &byte_lists(&map.bytes));
    set(&object, "points", &js_sys::Float32Array::from(map.points.as_slice()));
    set(&object, "explained", &to_js(&map.explained)?);
    Ok(object.into())
}

/// A tensor with its shape.
pub fn tensor(tensor: &HostTensor) -> Result<JsValue, JsValue> {
    numbers(&tensor.shape, &tensor.values)
}

fn numbers(shape: &[usize], values: &[f32]) -> Result<JsValue, JsValue> {
    let object = js_sys::Object::new();
    set(&object, "shape", &to_js(&shape)?);
    set(&object, "values", &js_sys::Float32Array::from(values));
    Ok(object.into())
}

fn byte_lists(lists: &[Vec<u8>]) -> JsValue {
    lists.iter().map(|list| bytes(list)).collect::<js_sys::Array>().into()
}

fn set(object: &js_sys::Object, key: &str, value: &JsValue) {
    js_sys::Reflect::set(object, &key.into(), value).expect("a fresh object takes any field");
}
