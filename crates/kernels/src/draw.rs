//! Sampling tokens on the GPU: a token's id goes straight into the next forward pass, and the host reads many
//! at once. The stages are those of the host's own sampler, in the same order: repetition penalty, frequency
//! and presence penalties, temperature, top_k, top_p, min_p, then the token at which the sum of probabilities
//! in order of id passes a uniform number.

use burn::tensor::ExecutionError;

/// The most tokens between two reads.
pub const CHUNK: usize = 32;

/// How a token is chosen; a stage that changes nothing costs nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// Divides the logits; 0 takes the likeliest token.
    pub temperature: f32,
    /// Keeps this many of the likeliest tokens; 0 keeps all.
    pub top_k: usize,
    /// Keeps the likeliest tokens until their probabilities reach this sum; 1 keeps all.
    pub top_p: f32,
    /// Keeps tokens at least this times as likely as the likeliest; 0 keeps all.
    pub min_p: f32,
    /// Divides positive and multiplies negative logits of the last `penalty_window` tokens; 1 changes nothing.
    pub repetition_penalty: f32,
    /// How far back the repetition penalty looks.
    pub penalty_window: usize,
    /// Subtracted from a logit for each time its token was generated.
    pub frequency_penalty: f32,
    /// Subtracted once from a logit if its token was generated.
    pub presence_penalty: f32,
}

/// The state of a sequence before its next tokens are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Sequence<'a> {
    /// All tokens so far, at least one; the model sees the last one next.
    pub history: &'a [u32],
    /// How many of the last ones were generated.
    pub generated: usize,
    /// The last token's position in the cache.
    pub place: usize,
    /// A number from 0 to 1 for each draw, at most [`CHUNK`].
    pub uniforms: &'a [f32],
}

/// A token that was drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The token.
    pub id: u32,
    /// Natural logarithm of its probability before all stages.
    pub logprob: f32,
    /// The logits [V] it was drawn from, if they are kept.
    pub logits: Vec<f32>,
}

/// Why nothing was drawn.
#[derive(Debug)]
pub enum SampleError {
    /// The device failed.
    Device(ExecutionError),
    /// A logit has this value, which is not a number.
    NotFinite(f32),
}
