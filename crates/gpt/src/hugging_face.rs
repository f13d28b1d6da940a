//! Hugging Face's GPT-2 layout, both ways: `config.json` and `model.safetensors` as `GPT2LMHeadModel` writes
//! and reads them. Also reads nanoGPT's own layout: transposed matrices, names after `_orig_mod.`, no biases.
//! Refuses models whose arithmetic differs from GPT-2's, naming the field.

use crate::checkpoint::{Contents, File};
use crate::config::{MlpKind, NormKind, PositionKind};
use crate::layout::{PREFIX, hugging_face_name};
use crate::params::{self, Source};
use crate::{Device, Error, Gpt, ModelConfig, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Prefixes of the names, outermost first: `torch.compile` and `DistributedDataParallel` add their own.
const PREFIXES: [&str; 3] = ["_orig_mod.", "module.", PREFIX];
/// The output layer, [vocabulary, width] in the file and [width, vocabulary] here.
const HEAD: &str = "lm_head.weight";

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
    config.tied_embeddings = json.get("tie_word_embeddings").and_then(Value::as_bool).unwrap_or(true);
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
/// What [`Weights::read`] and [`Gpt::load`] refuse.
pub fn model_from_safetensors(bytes: &[u8], config: ModelConfig, device: &Device) -> Result<Gpt> {
    let (config, weights) = Weights::read(bytes, config)?;
    Gpt::load(&config, &weights, device)
}

/// The contents of `model.safetensors`, under our names and in our shapes; each tensor is copied on request.
pub struct Weights<'a> {
    file: Contents<'a>,
    /// Matrices as in `torch.nn.Linear`, [out, in], not as in GPT-2's `Conv1D`, [in, out].
    is_linear: bool,
    /// Shapes of the transposed tensors.
    turned: BTreeMap<String, [usize; 2]>,
}

impl<'a> Weights<'a> {
    /// Reads the header; returns the configuration as the file has it: without biases if there are none.
    ///
    /// # Errors
    /// What [`Contents::read`] refuses, and [`Error::NotTied`].
    pub fn read(bytes: &'a [u8], config: ModelConfig) -> Result<(ModelConfig, Self)> {
        // Old files include the causal mask as buffers.
        let is_kept = |name: &str| !name.ends_with(".attn.bias") && !name.ends_with(".masked_bias");
        let file =
            PREFIXES.iter().fold(Contents::read(bytes, is_kept)?, |file, prefix| file.without_prefix(prefix));
        if config.tied_embeddings && file.differ(HEAD, "wte.weight") {
            return Err(Error::NotTied);
        }
        let bias = file.names().any(|name| name.ends_with(".bias"));
        let [from, to] = [config.d_model, 3 * config.d_model];
        let is_linear = file.shape("h.0.attn.c_attn.weight") == Some(&[to, from]);
        let mut weights = Self { file, is_linear, turned: BTreeMap::new() };
        let names: Vec<String> =
            weights.file.names().filter(|name| weights.is_turned(name)).map(str::to_string).collect();
        for name in names {
            if let Some(&[rows, columns]) = weights.file.shape(&name) {
                weights.turned.insert(name, [columns, rows]);
            }
        }
        Ok((ModelConfig { bias, ..config }, weights))
    }

    /// The numbers of the largest tensor while it is copied; a transposed one exists twice.
    pub fn largest(&self) -> u64 {
        self.file.largest() * if self.turned.is_empty() { 1 } else { 2 }
    }

    fn is_turned(&self, name: &str) -> bool {
        let matrix =
            || ["c_attn.weight", "c_proj.weight", "c_fc.weight"].iter().any(|end| name.ends_with(end));
        name == HEAD || self.is_linear && matrix()
    }
}

impl Source for Weights<'_> {
    fn shape(&self, name: &str) -> Option<&[usize]> {
        match self.turned.get(name) {
            Some(shape) => Some(shape),
            None => self.file.shape(name),
        }
    }

    fn values(&self, name: &str) -> Vec<f32> {
        let values = self.file.values(name);
        let Some(&[rows, columns]) = self.turned.get(name) else { return values };
        let at = |index: usize| values[index % columns * rows + index / columns];
        (0..rows * columns).map(at).collect()
    }
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
