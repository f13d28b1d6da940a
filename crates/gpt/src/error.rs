//! This crate's one error type. Each variant carries the offending value; `code` names it for translation,
//! `remedy` says what to do, `details` returns the values by name.

/// Result with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// What can go wrong with configurations, data, checkpoints and devices.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// `d_model` is not a multiple of `n_head`, or the head size is odd although rotary positions need pairs.
    #[error("a width of {d_model} does not suit {n_head} heads")]
    HeadsDoNotDivide {
        /// Heads asked for.
        n_head: usize,
        /// Width asked for.
        d_model: usize,
    },
    /// `n_head` is not a multiple of `n_kv_head`.
    #[error("{n_kv_head} key/value heads do not divide {n_head} heads")]
    KvHeadsDoNotDivide {
        /// Key/value heads asked for.
        n_kv_head: usize,
        /// Heads asked for.
        n_head: usize,
    },
    /// A number outside its range.
    #[error("{field} is {value}, outside {min} to {max}")]
    OutOfRange {
        /// Field of the configuration, by its serialized name.
        field: &'static str,
        /// What was given.
        value: String,
        /// Smallest value allowed.
        min: String,
        /// Largest value allowed.
        max: String,
    },
    /// The model and its training would not fit in memory.
    #[error("this needs about {}, and {} are available", size(*.needed), size(*.limit))]
    DoesNotFit {
        /// Estimated bytes.
        needed: u64,
        /// Bytes that may be used.
        limit: u64,
    },
    /// Files that would not fit in memory together with what is made of them.
    #[error("to open this file takes about {}, and {} are available", size(*.needed), size(*.limit))]
    FileDoesNotFit {
        /// Estimated bytes.
        needed: u64,
        /// Bytes that may be used.
        limit: u64,
    },
    /// A tensor larger than the graphics adapter takes.
    #[error("one of the tensors needs {}, and this graphics adapter allows {} at once", size(*.needed), size(*.limit))]
    BufferTooLarge {
        /// Bytes of the tensor.
        needed: u64,
        /// Bytes that the adapter binds at once.
        limit: u64,
    },
    /// Fewer tokens than one training window and one validation window.
    #[error("the corpus has {tokens} tokens, and at least {needed} are needed")]
    CorpusTooShort {
        /// Tokens found.
        tokens: usize,
        /// Tokens needed.
        needed: usize,
    },
    /// A prompt that does not fit into the context.
    #[error("the prompt has {tokens} tokens, and the context holds {context_length}")]
    PromptTooLong {
        /// Tokens of the prompt.
        tokens: usize,
        /// Tokens that the context holds.
        context_length: usize,
    },
    /// Nothing to continue from.
    #[error("the prompt is empty")]
    PromptEmpty,
    /// A token id that the model has no embedding for.
    #[error("token {id} is outside a vocabulary of {vocab_size}")]
    TokenOutOfRange {
        id: u32,
        /// Size of the vocabulary.
        vocab_size: usize,
    },
    /// A loss or gradient that is no longer a number; the last good weights are kept.
    #[error("the loss or its gradient was {value} at step {step}; the weights of step {kept} are kept")]
    NotFinite {
        /// Step at which it was seen.
        step: usize,
        /// The value, as text (`NaN`, `inf`).
        value: String,
        /// Step of the weights that were kept.
        kept: usize,
    },
    /// A logit that is no number: the weights are spoilt, and no token can be drawn.
    #[error("a logit of the model is {value}: its weights are damaged")]
    LogitsNotFinite {
        /// The value, as text (`NaN`, `inf`).
        value: String,
    },
    /// A file that is truncated, corrupt or not what it says.
    #[error("this checkpoint cannot be read: {reason}")]
    CheckpointCorrupt {
        /// What the parser found.
        reason: String,
    },
    /// A tensor that the configuration requires is not in the file.
    #[error("tensor {name} is missing")]
    TensorMissing { name: String },
    /// A tensor of another shape than the configuration calls for.
    #[error("tensor {name} has shape {found} where {expected} is expected")]
    TensorShape {
        name: String,
        /// Shape found.
        found: String,
        /// Shape expected.
        expected: String,
    },
    /// A tensor in a number format that is not supported.
    #[error("tensor {name} is stored as {dtype}")]
    TensorDtype {
        name: String,
        /// Its format.
        dtype: String,
    },
    /// An output layer of its own in a file whose configuration has none.
    #[error(
        "lm_head.weight differs from wte.weight, though config.json says that they are the same (tie_word_embeddings)"
    )]
    NotTied,
    /// A configuration that the other format cannot express.
    #[error("Hugging Face's GPT-2 layout cannot express {field} = {value}")]
    NotRepresentable { field: &'static str, value: String },
    /// A file of the other side that asks for arithmetic which is not GPT-2's.
    #[error("GPT-2 models do not have {field} = {value}")]
    Unsupported { field: &'static str, value: String },
    /// A device that failed.
    #[error("the device failed: {message}")]
    Device {
        /// Its own words.
        message: String,
    },
}

impl Error {
    /// Stable name of the kind of error, the same in every language.
    pub fn code(&self) -> &'static str {
        match self {
            Self::HeadsDoNotDivide { .. } => "headsDoNotDivide",
            Self::KvHeadsDoNotDivide { .. } => "kvHeadsDoNotDivide",
            Self::OutOfRange { .. } => "outOfRange",
            Self::DoesNotFit { .. } => "doesNotFit",
            Self::FileDoesNotFit { .. } => "fileDoesNotFit",
            Self::BufferTooLarge { .. } => "bufferTooLarge",
            Self::CorpusTooShort { .. } => "corpusTooShort",
            Self::PromptTooLong { .. } => "promptTooLong",
            Self::PromptEmpty => "promptEmpty",
            Self::TokenOutOfRange { .. } => "tokenOutOfRange",
            Self::NotFinite { .. } => "notFinite",
            Self::LogitsNotFinite { .. } => "logitsNotFinite",
            Self::CheckpointCorrupt { .. } => "checkpointCorrupt",
            Self::TensorMissing { .. } => "tensorMissing",
            Self::TensorShape { .. } => "tensorShape",
            Self::TensorDtype { .. } => "tensorDtype",
            Self::NotTied => "notTied",
            Self::NotRepresentable { .. } => "notRepresentable",
            Self::Unsupported { .. } => "unsupported",
            Self::Device { .. } => "device",
        }
    }

    /// What the person can do about it.
    pub fn remedy(&self) -> String {
        match self {
            Self::HeadsDoNotDivide { n_head, d_model } => {
                let (below, above) = suitable_widths(*n_head, *d_model);
                return format!("Choose a width of {below} or {above}: all heads then have the same even width.");
            }
            Self::KvHeadsDoNotDivide { n_head, .. } => {
                return format!("Choose 1, {n_head}, or another number that divides {n_head}.");
            }
            Self::OutOfRange { .. } => "Choose a value within the range.",
            Self::DoesNotFit { .. } => "Choose fewer layers, or a smaller width, context, vocabulary, or batch.",
            Self::FileDoesNotFit { .. } => {
                "Take a smaller model, or one in half precision or without its training state; what was open before is untouched."
            }
            Self::BufferTooLarge { .. } => "Choose a smaller width, vocabulary, or batch, or the CPU.",
            Self::CorpusTooShort { .. } => {
                "Use a longer text, a shorter context, or a smaller validation share."
            }
            Self::PromptTooLong { .. } => {
                "Shorten the prompt, let it be cut to its end, or raise a model with a longer context."
            }
            Self::PromptEmpty => "Type at least one character.",
            Self::TokenOutOfRange { .. } => "Use the tokenizer that this model was trained with.",
            Self::NotFinite { .. } => {
                "Go on with a lower learning rate, a longer warm-up, or gradient clipping."
            }
            Self::LogitsNotFinite { .. } => {
                "Load an earlier checkpoint, or train a new model with a lower learning rate."
            }
            Self::CheckpointCorrupt { .. } => {
                "Get the file again; what was open before is untouched."
            }
            Self::TensorMissing { .. } | Self::TensorShape { .. } => {
                "Load the weights together with the configuration they were saved with."
            }
            Self::TensorDtype { .. } => "Convert the weights to F32, F16, or BF16.",
            Self::NotTied => {
                "Set tie_word_embeddings to false in config.json to use lm_head.weight, or remove lm_head.weight from the file to use wte.weight."
            }
            Self::Unsupported { .. } => "Load a model of the GPT-2 family (model_type gpt2, gelu_new).",
            Self::NotRepresentable { .. } => "Save a Tadpole checkpoint instead.",
            Self::Device { .. } => {
                "Choose the other device or a smaller model, and load the last checkpoint."
            }
        }
        .into()
    }

    /// The values of the message by name, for a translated message.
    pub fn details(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::HeadsDoNotDivide { n_head, d_model } => {
                let (below, above) = suitable_widths(*n_head, *d_model);
                vec![
                    ("nHead", n_head.to_string()),
                    ("dModel", d_model.to_string()),
                    ("below", below.to_string()),
                    ("above", above.to_string()),
                ]
            }
            Self::KvHeadsDoNotDivide { n_kv_head, n_head } => {
                vec![("nKvHead", n_kv_head.to_string()), ("nHead", n_head.to_string())]
            }
            Self::OutOfRange { field, value, min, max } => vec![
                ("field", (*field).into()),
                ("value", value.clone()),
                ("min", min.clone()),
                ("max", max.clone()),
            ],
            Self::DoesNotFit { needed, limit }
            | Self::FileDoesNotFit { needed, limit }
            | Self::BufferTooLarge { needed, limit } => {
                vec![("needed", needed.to_string()), ("limit", limit.to_string())]
            }
            Self::CorpusTooShort { tokens, needed } => {
                vec![("tokens", tokens.to_string()), ("needed", needed.to_string())]
            }
            Self::PromptTooLong { tokens, context_length } => {
                vec![("tokens", tokens.to_string()), ("contextLength", context_length.to_string())]
            }
            Self::PromptEmpty | Self::NotTied => vec![],
            Self::TokenOutOfRange { id, vocab_size } => {
                vec![("id", id.to_string()), ("vocabSize", vocab_size.to_string())]
            }
            Self::NotFinite { step, value, kept } => {
                vec![("step", step.to_string()), ("value", value.clone()), ("kept", kept.to_string())]
            }
            Self::LogitsNotFinite { value } => vec![("value", value.clone())],
            Self::CheckpointCorrupt { reason } => vec![("reason", reason.clone())],
            Self::TensorMissing { name } => vec![("name", name.clone())],
            Self::TensorShape { name, found, expected } => {
                vec![("name", name.clone()), ("found", found.clone()), ("expected", expected.clone())]
            }
            Self::TensorDtype { name, dtype } => vec![("name", name.clone()), ("dtype", dtype.clone())],
            Self::NotRepresentable { field, value } | Self::Unsupported { field, value } => {
                vec![("field", (*field).into()), ("value", value.clone())]
            }
            Self::Device { message } => vec![("message", message.clone())],
        }
    }

    /// A value of `field` outside `min` to `max`.
    pub(crate) fn range(
        field: &'static str,
        value: impl ToString,
        min: impl ToString,
        max: impl ToString,
    ) -> Self {
        Self::OutOfRange { field, value: value.to_string(), min: min.to_string(), max: max.to_string() }
    }

    /// A checkpoint that cannot be read, with the parser's reason.
    pub(crate) fn corrupt(reason: impl ToString) -> Self {
        Self::CheckpointCorrupt { reason: reason.to_string() }
    }
}

/// Bytes for people, three digits of them.
fn size(bytes: u64) -> String {
    let units = ["B", "KiB", "MiB", "GiB"];
    let power = (bytes.max(1).ilog2() / 10).min(3);
    let value = bytes as f64 / f64::from(1 << (10 * power));
    let decimals = if power == 0 { 0 } else { 2usize.saturating_sub(value.max(1.0).log10() as usize) };
    format!("{value:.decimals$} {}", units[power as usize])
}

/// The two nearest widths that the heads share evenly, in pairs as rotary positions need them.
fn suitable_widths(n_head: usize, d_model: usize) -> (usize, usize) {
    let step = (2 * n_head).max(1);
    let below = (d_model / step).max(1) * step;
    (below, below + step)
}

/// Refuses a value outside `min..=max`, and NaN.
///
/// # Errors
/// [`Error::OutOfRange`] with `field`, a serialized name.
pub fn within<N: PartialOrd + ToString>(field: &'static str, value: N, min: N, max: N) -> Result<()> {
    if value >= min && value <= max { Ok(()) } else { Err(Error::range(field, value, min, max)) }
}

impl From<burn::tensor::ExecutionError> for Error {
    fn from(error: burn::tensor::ExecutionError) -> Self {
        Self::Device { message: error.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_three_digits() {
        for (bytes, told) in [
            (0, "0 B"),
            (1_000, "1000 B"),
            (1_536, "1.50 KiB"),
            (50 << 20, "50.0 MiB"),
            (700 << 30, "700 GiB"),
        ] {
            assert_eq!(size(bytes), told);
        }
    }

    #[test]
    fn heads_that_do_not_fit_a_width_are_told_two_widths_that_do() {
        for (n_head, d_model, wanted) in
            [(6, 64, "60 or 72"), (4, 12, "8 or 16"), (8, 3, "16 or 32"), (0, 64, "64 or 65")]
        {
            assert!(Error::HeadsDoNotDivide { n_head, d_model }.remedy().contains(wanted));
        }
    }
}
