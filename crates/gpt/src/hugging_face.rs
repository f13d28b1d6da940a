//! Hugging Face's GPT-2 layout, both ways: `config.json` and `model.safetensors` as `GPT2LMHeadModel` writes and reads them.
//! Refuses models whose arithmetic differs from GPT-2's, naming the field that does.

use crate::checkpoint::{Contents, File};
use crate::config::{MlpKind, NormKind, PositionKind};
use crate::layout::{Layout, PREFIX, hugging_face_name};
use crate::params::{self, Source};
use crate::{Device, Error, Gpt, ModelConfig, Result};
use serde_json::{Value, json};

/// Reads `config.json`.
///
/// # Errors
/// [`Error::CheckpointCorrupt`] for what is not such a file, [`Error::Unsupported`] for another architecture, and what
/// [`ModelConfig::validate`] refuses.
pub fn config_from_json(bytes: &[u8]) -> Result<ModelConfig> {
    let json: Value =
        serde_json::from_slice(bytes).map_err(|e| Error::corrupt(format!("config.json: {e}")))?;
    for (field, allowed) in [
        ("model_type", &["gpt2"][..]),
        ("activation_function", &["gelu_new", "gelu_pytorch_tanh"]),
        ("layer_norm_epsilon", &["1e-5", "1e-05", "0.00001"]),
        ("tie_word_embeddings", &["true"]),
        ("scale_attn_weights", &["true"]),
        ("scale_attn_by_inverse_layer_idx", &["false"]),
        ("add_cross_attention", &["false"]),
    ] {
        refuse_other(&json, field, allowed)?;
    }
    let number = |field: &str| {
        json.get(field)
            .and_then(Value::as_u64)
            .and_then(|n| usize::try_from(n).ok())
            .ok_or_else(|| Error::corrupt(format!("config.json: {field} is {}", json[field])))
    };
    let d_model = number("n_embd")?;
    let dropout = json.get("resid_pdrop").and_then(Value::as_f64).unwrap_or(0.0);
    let context = number("n_positions").or_else(|_| number("n_ctx"))?;
    let mut config = ModelConfig::gpt2_family(
        number("vocab_size")?,
        context,
        number("n_layer")?,
        number("n_head")?,
        d_model.min(1 << 20),
    );
    config.dropout = dropout;
    if !json["n_inner"].is_null() {
        config.d_ff = number("n_inner")?;
    }
    config.validate()?;
    Ok(config)
}

fn refuse_other(json: &Value, field: &'static str, allowed: &[&str]) -> Result<()> {
    let Some(value) = json.get(field) else { return Ok(()) };
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_string);
    if allowed.contains(&text.as_str()) { Ok(()) } else { Err(Error::Unsupported { field, value: text }) }
}

/// Writes `config.json`; `end_token` is the id that ends a text, if there is one.
///
/// # Errors
/// [`Error::NotRepresentable`] for a model outside the GPT-2 family.
pub fn config_to_json(config: &ModelConfig, end_token: Option<u32>) -> Result<String> {
    let words = serde_json::to_value(config).expect("strings and numbers serialize");
    let refuse = |field: &'static str| {
        let value = words[field].to_string().trim_matches('"').to_string();
        Err(Error::NotRepresentable { field, value })
    };
    match config {
        c if c.norm != NormKind::LayerNorm => refuse("norm"),
        c if c.position != PositionKind::Learned => refuse("position"),
        c if c.mlp != MlpKind::Gelu => refuse("mlp"),
        c if c.n_kv_head != c.n_head => refuse("nKvHead"),
        c if !c.bias => refuse("bias"),
        c if !c.tied_embeddings => refuse("tiedEmbeddings"),
        c => Ok(serde_json::to_string_pretty(&json!({
            "model_type": "gpt2",
            "architectures": ["GPT2LMHeadModel"],
            "vocab_size": c.vocab_size,
            "n_positions": c.context_length,
            "n_embd": c.d_model,
            "n_layer": c.n_layer,
            "n_head": c.n_head,
            "n_inner": c.d_ff,
            "activation_function": "gelu_new",
            "layer_norm_epsilon": 1e-5,
            "embd_pdrop": c.dropout,
            "attn_pdrop": c.dropout,
            "resid_pdrop": c.dropout,
            "tie_word_embeddings": true,
            "bos_token_id": end_token,
            "eos_token_id": end_token,
            "torch_dtype": "float32",
        }))
        .expect("a value of strings and numbers serializes")),
    }
}

/// Reads `model.safetensors` into a model of that configuration.
///
/// # Errors
/// What [`contents`] and [`from_tensors`] refuse.
pub fn model_from_safetensors(bytes: &[u8], config: &ModelConfig, device: &Device) -> Result<Gpt> {
    from_tensors(config, &contents(bytes)?, device)
}

/// What `model.safetensors` holds, by its header alone and under our names.
///
/// # Errors
/// What [`Contents::read`] refuses.
pub fn contents(bytes: &[u8]) -> Result<Contents<'_>> {
    // Old files carry the causal mask as buffers, and the tied output layer once more.
    let kept = Contents::read(bytes, |name| {
        !name.ends_with(".attn.bias") && !name.ends_with(".masked_bias") && name != "lm_head.weight"
    })?;
    Ok(kept.without_prefix(PREFIX))
}

/// A model of that configuration with those weights, whose names and shapes are checked before anything is allocated.
///
/// # Errors
/// What [`Layout::check`] refuses.
pub fn from_tensors(config: &ModelConfig, tensors: &impl Source, device: &Device) -> Result<Gpt> {
    Layout::of(config).check(tensors, "")?;
    Ok(params::load(Gpt::zeros(config, device), tensors))
}

/// Writes `model.safetensors`; waits for the device.
///
/// # Errors
/// [`Error::Device`] when the device fails, and what [`File::write`] refuses.
pub async fn model_to_safetensors(model: &Gpt) -> Result<Vec<u8>> {
    let tensors = params::read(params::infos(model), params::flat(model)).await?;
    let tensors = tensors.into_iter().map(|(name, tensor)| (hugging_face_name(&name), tensor)).collect();
    let metadata = [("format".to_string(), "pt".to_string())].into();
    File { tensors, metadata, ..File::default() }.write()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with every parameter of a configuration; nothing of it may be copied.
    struct Closed(Vec<params::ParamInfo>);

    impl Source for Closed {
        fn shape(&self, name: &str) -> Option<&[usize]> {
            self.0.iter().find(|info| info.name == name).map(|info| info.shape.as_slice())
        }

        fn values(&self, name: &str) -> Vec<f32> {
            panic!("{name} is copied")
        }
    }

    #[test]
    fn weights_of_another_configuration_are_refused_before_any_is_copied() {
        let config = ModelConfig::gpt2_family(30, 10, 2, 4, 8);
        let deeper = ModelConfig { n_layer: 3, ..config.clone() };
        // Its weights alone would take 340 GB.
        let wider = ModelConfig::gpt2_family(1 << 20, 10, 96, 4, 8_192);
        let file = Closed(Layout::of(&config).infos().collect());
        let refusal =
            |config: &ModelConfig| from_tensors(config, &file, &Device::flex()).map(|_| ()).unwrap_err();
        assert_eq!(refusal(&deeper), Error::TensorMissing { name: "h.2.ln_1.weight".into() });
        let shapes = ("[30, 8]".to_string(), "[1048576, 8192]".to_string());
        let (name, (found, expected)) = ("wte.weight".into(), shapes);
        assert_eq!(refusal(&wider), Error::TensorShape { name, found, expected });
    }
}
