//! What the model's module alone hands to JavaScript, in the shapes of `protocol.ts`: columns of numbers as typed arrays.

use tadpole_js::{bytes, set, to_js};
use tadpole_session::{Activation, EmbeddingMap, HostTensor, Inside, NextTokens, NextUpdate};
use wasm_bindgen::prelude::*;

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
    for (key, number) in [
        ("step", next.step as f64),
        ("learningRate", next.learning_rate),
        ("batches", next.batches as f64),
        ("rows", next.rows as f64),
        ("trainLoss", f64::from(next.train_loss)),
        ("gradNorm", f64::from(next.grad_norm)),
    ] {
        set(&object, key, &number.into());
    }
    set(&object, "ids", &js_sys::Uint32Array::from(next.ids.as_slice()));
    set(&object, "bytes", &byte_lists(&next.bytes));
    set(&object, "losses", &js_sys::Float32Array::from(next.losses.as_slice()));
    set(&object, "parameters", &to_js(&next.parameters)?);
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
