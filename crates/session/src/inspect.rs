//! The inside of the live model, as numbers that a page can show: the results of one forward pass over a
//! text, what would come next if the model ended after each block (the logit lens, nostalgebraist 2020), and
//! rows and columns of its parameters.

use crate::next_tokens::prompt_ids;
use crate::{Result, Session};
use serde::{Deserialize, Serialize};
use tadpole_gpt::generate::{last_logits, read_logits};
use tadpole_gpt::observe::{Activation, Recorder};
use tadpole_gpt::params::{self, HostTensor};
use tadpole_gpt::sampling::{softmax, top};
use tadpole_gpt::{Gpt, Tensor, TensorData};
use tadpole_tokenizer::Tokenizer;
use ts_rs::TS;

/// The most tokens of a text that are read; every head has the square of this many weights.
pub const MOST_TOKENS: usize = 128;
const MOST_CANDIDATES: usize = 50;

/// What is wanted of a forward pass.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InspectRequest {
    /// The text; of a longer one the last [`MOST_TOKENS`] tokens are read.
    pub text: String,
    /// Ids of tokens after the text, such as a model wrote: the tokenizer might cut their text otherwise.
    pub forced: Vec<u32>,
    /// The block to return completely; for the others only the attention weights, what attention and MLP add to the
    /// residual stream, and the stream. A number beyond the last block means the last.
    pub block: usize,
    /// The token, from 0, after which each block's expectations are returned; a number beyond the last token
    /// means the last.
    pub token: usize,
    /// Candidates for each block.
    pub top: usize,
}

/// What would come next after one token of a text, by depth.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LensRequest {
    /// The text; of a longer one the last [`MOST_TOKENS`] tokens are read.
    pub text: String,
    /// Ids of tokens after the text, such as a model wrote: the tokenizer might cut their text otherwise.
    pub forced: Vec<u32>,
    /// The token, from 0; a number beyond the last token means the last.
    pub token: usize,
    /// Candidates for each depth.
    pub top: usize,
}

/// What one forward pass made of a text.
#[derive(Debug, Clone, PartialEq, TS)]
#[ts(rename_all = "camelCase")]
pub struct Inside {
    /// Updates made to the model.
    pub step: usize,
    /// The tokens that were read.
    #[ts(type = "Uint32Array")]
    pub ids: Vec<u32>,
    /// Earlier tokens of the text, which were not read.
    pub unread: usize,
    /// Bytes of each token.
    #[ts(type = "Uint8Array[]")]
    pub bytes: Vec<Vec<u8>>,
    /// The block that is returned completely.
    pub block: usize,
    /// The token whose expectations are returned.
    pub token: usize,
    /// Intermediates by name (`crates/gpt/src/observe.rs` tells names and shapes): of every block `h.N.weights`, `h.N.attention`,
    /// `h.N.mlp` and `h.N.residual`, of the chosen one all; `embedding`, `position`, and `ln_f` of the last token.
    #[ts(type = "Record<string, Numbers>")]
    pub activations: Vec<Activation>,
    /// The likeliest next tokens by the residual stream before the first block and after each.
    pub lens: Vec<Vec<Expected>>,
}

/// A token that may come next.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Expected {
    pub id: u32,
    #[serde(with = "serde_bytes")]
    #[ts(type = "Uint8Array")]
    pub bytes: Vec<u8>,
    pub logit: f32,
    /// Its probability.
    pub prob: f32,
}

/// A part of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ParameterRequest {
    /// Its name, such as `h.0.attn.c_attn.weight`.
    pub name: String,
    /// Only this row of a matrix [rows, columns].
    pub row: Option<usize>,
    /// Only this column of a matrix.
    pub column: Option<usize>,
}

impl Session {
    /// The live model's forward pass over a text.
    ///
    /// # Errors
    /// [`crate::Error::NoModel`], an empty text, a character that the tokenizer does not know, an id that the model does not have, a device that fails.
    pub async fn inspect(&self, request: &InspectRequest) -> Result<Inside> {
        let (ids, unread) = self.read_ids(&request.text, &request.forced)?;
        let live = self.live()?;
        let (model, tokenizer) = (live.model.clone(), &live.tokenizer);
        let block = request.block.min(model.config().n_layer - 1);
        let token = request.token.min(ids.len() - 1);
        let activations = observed(&model, &ids, |name| is_wanted(name, block)).await?;
        let stream = stream_at(&activations, token, model.config().d_model);
        let lens = lens(&model, tokenizer, stream, request.top.min(MOST_CANDIDATES)).await?;
        let bytes = ids.iter().map(|&id| tokenizer.token_bytes(id).unwrap_or_default().to_vec()).collect();
        Ok(Inside { step: live.run.step, ids, unread, bytes, block, token, activations, lens })
    }

    /// The likeliest next tokens after one token of a text, by the residual stream before the first block and after each: the `lens` of
    /// [`Session::inspect`], without the activations.
    ///
    /// # Errors
    /// As [`Session::inspect`].
    pub async fn lens(&self, request: &LensRequest) -> Result<Vec<Vec<Expected>>> {
        let (ids, _) = self.read_ids(&request.text, &request.forced)?;
        let live = self.live()?;
        let (model, tokenizer) = (live.model.clone(), &live.tokenizer);
        // What comes later changes nothing.
        let ids = &ids[..=request.token.min(ids.len() - 1)];
        let activations = observed(&model, ids, is_stream).await?;
        let stream = stream_at(&activations, ids.len() - 1, model.config().d_model);
        lens(&model, tokenizer, stream, request.top.min(MOST_CANDIDATES)).await
    }

    /// The tokens that are read, and how many before them are not.
    fn read_ids(&self, text: &str, forced: &[u32]) -> Result<(Vec<u32>, usize)> {
        let live = self.live()?;
        let mut ids = prompt_ids(&live.tokenizer, text, forced)?;
        if ids.is_empty() {
            return Err(tadpole_gpt::Error::PromptEmpty.into());
        }
        let unread = ids.len().saturating_sub(MOST_TOKENS.min(live.model.config().context_length));
        ids.drain(..unread);
        Ok((ids, unread))
    }

    /// A parameter of the live model, or a row or a column of one, last dimension fastest.
    ///
    /// # Errors
    /// [`crate::Error::NoModel`], a name that the model does not have, a row or column outside the matrix, a device that fails.
    pub async fn parameter(&self, request: &ParameterRequest) -> Result<HostTensor> {
        let ParameterRequest { name, row, column } = request;
        let (info, mut values) = params::find(&self.live()?.model, name)?;
        let mut shape = info.shape.clone();
        if let [rows, columns] = shape[..] {
            let whole = values.reshape([rows, columns]);
            values = match (row, column) {
                (Some(row), _) => {
                    tadpole_gpt::within("row", *row, 0, rows - 1)?;
                    shape = vec![columns];
                    whole.narrow(0, *row, 1).reshape([columns])
                }
                (None, Some(column)) => {
                    tadpole_gpt::within("column", *column, 0, columns - 1)?;
                    shape = vec![rows];
                    whole.narrow(1, *column, 1).reshape([rows])
                }
                (None, None) => whole.reshape([rows * columns]),
            };
        }
        let read = params::read(vec![params::ParamInfo { name: name.clone(), shape }], vec![values]).await?;
        Ok(read.into_values().next().expect("one was read"))
    }
}

/// The wanted intermediates of a forward pass.
async fn observed(model: &Gpt, ids: &[u32], wanted: impl Fn(&str) -> bool) -> Result<Vec<Activation>> {
    let mut recorder = Recorder::new(wanted);
    last_logits(model, ids, None, &mut recorder, &model.device());
    Ok(recorder.read().await?)
}

/// The residual stream before the first block and after each.
fn is_stream(name: &str) -> bool {
    matches!(name, "embedding" | "position") || name.ends_with(".residual")
}

/// Everything of the wanted block; for the others what links them, and what they add.
fn is_wanted(name: &str, block: usize) -> bool {
    match name.strip_prefix("h.").and_then(|rest| rest.split_once('.')) {
        Some((layer, part)) => {
            layer == block.to_string() || ["weights", "attention", "mlp", "residual"].contains(&part)
        }
        None => name != "logits",
    }
}

/// The residual stream at one token before the first block and after each, [L + 1, C].
fn stream_at(activations: &[Activation], token: usize, d_model: usize) -> Vec<Vec<f32>> {
    let at = |activation: &Activation| activation.values[token * d_model..][..d_model].to_vec();
    let named = |wanted: &str| activations.iter().find(|activation| activation.name == wanted).map(at);
    let embedding = named("embedding").expect("every model embeds its tokens");
    let start = match named("position") {
        Some(position) => embedding.iter().zip(position).map(|(token, place)| token + place).collect(),
        None => embedding,
    };
    let ends = activations.iter().filter(|activation| activation.name.ends_with(".residual")).map(at);
    [start].into_iter().chain(ends).collect()
}

/// The output layer applied to each of these vectors.
async fn lens(
    model: &Gpt,
    tokenizer: &Tokenizer,
    stream: Vec<Vec<f32>>,
    count: usize,
) -> Result<Vec<Vec<Expected>>> {
    let (rows, d_model) = (stream.len(), model.config().d_model);
    let data = TensorData::new(stream.concat(), [1, rows, d_model]);
    let logits = model.logits(Tensor::<3>::from_data(data, &model.device()), &mut ()); // [1, L + 1, V]
    let v = model.config().vocab_size;
    let logits = read_logits(logits.reshape([rows * v])).await?;
    let expect = |logits: &[f32]| {
        // A model may have more embeddings than its tokenizer has tokens.
        let logits = &logits[..tokenizer.vocab_size().min(v)];
        let probs = softmax(logits);
        let candidate = |(id, logit): (u32, f32)| Expected {
            id,
            bytes: tokenizer.token_bytes(id).unwrap_or_default().to_vec(),
            logit,
            prob: probs[id as usize],
        };
        top(logits, count).into_iter().map(candidate).collect()
    };
    Ok(logits.chunks_exact(v).map(expect).collect())
}
