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
    #[error("this model needs about {needed} bytes and {limit} are available")]
    DoesNotFit {
        /// Estimated bytes.
        needed: u64,
        /// Bytes that may be used.
        limit: u64,
    },
    /// Files that would not fit in memory together with the model made from them.
    #[error("opening this file takes about {needed} bytes and {limit} are available")]
    FileDoesNotFit {
        /// Estimated bytes.
        needed: u64,
        /// Bytes that may be used.
        limit: u64,
    },
    /// A tensor larger than the graphics adapter allows.
    #[error("a tensor of this model takes {needed} bytes, and the graphics adapter takes {limit} at once")]
    BufferTooLarge {
        /// Bytes of the tensor.
        needed: u64,
        /// Bytes that the adapter binds at once.
        limit: u64,
    },
    /// Fewer tokens than one training window and one validation window.
    #[error("the corpus has {tokens} tokens and at least {needed} are needed")]
    CorpusTooShort {
        /// Tokens found.
        tokens: usize,
        /// Tokens needed.
        needed: usize,
    },
    /// A prompt that does not fit into the context.
    #[error("the prompt has {tokens} tokens and the context holds {context_length}")]
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
        /// The id.
        id: u32,
        /// Size of the vocabulary.
        vocab_size: usize,
    },
    /// A loss or gradient that is no longer a number; the last good weights are kept.
    #[error("the loss or its gradient was {value} at step {step}")]
    NotFinite {
        /// Step at which it was seen.
        step: usize,
        /// The value, as text (`NaN`, `inf`).
        value: String,
        /// Step of the weights that were kept.
        kept: usize,
    },
    /// A logit that is not a number: the weights are damaged, and no token can be drawn.
    #[error("a logit of the model is {value}")]
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
    TensorMissing {
        /// Its name.
        name: String,
    },
    /// A tensor with another shape than the configuration requires.
    #[error("tensor {name} has shape {found} where {expected} is expected")]
    TensorShape {
        /// Its name.
        name: String,
        /// Shape found.
        found: String,
        /// Shape expected.
        expected: String,
    },
    /// A tensor in a number format that is not supported.
    #[error("tensor {name} is stored as {dtype}")]
    TensorDtype {
        /// Its name.
        name: String,
        /// Its format.
        dtype: String,
    },
    /// A separate output layer in a file whose configuration has none.
    #[error("lm_head.weight differs from wte.weight, though config.json ties them")]
    NotTied,
    /// A configuration that the other format cannot express.
    #[error("{field} = {value} has no place in Hugging Face's GPT-2 layout")]
    NotRepresentable {
        /// Field.
        field: &'static str,
        /// Value.
        value: String,
    },
    /// A foreign file that requires arithmetic other than GPT-2's.
    #[error("{field} = {value} is not GPT-2's")]
    Unsupported {
        /// Field.
        field: &'static str,
        /// Value.
        value: String,
    },
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
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::HeadsDoNotDivide { .. } => {
                "Choose a width that is a multiple of the number of heads, an even one for rotary positions."
            }
            Self::KvHeadsDoNotDivide { .. } => {
                "Choose a number of key/value heads that divides the number of heads."
            }
            Self::OutOfRange { .. } => "Choose a value within the range.",
            Self::DoesNotFit { .. } => "Choose fewer layers, a smaller width, context, vocabulary or batch.",
            Self::FileDoesNotFit { .. } => {
                "Take a smaller model, or one in half precision or without its training state; what was open before is untouched."
            }
            Self::BufferTooLarge { .. } => "Choose a smaller width, vocabulary or batch, or the CPU.",
            Self::CorpusTooShort { .. } => {
                "Take a longer text, a shorter context, or a smaller validation part."
            }
            Self::PromptTooLong { .. } => {
                "Shorten the prompt, let it be cut to its end, or raise a model with a longer context."
            }
            Self::PromptEmpty => "Type at least one character.",
            Self::TokenOutOfRange { .. } => "Use the tokenizer that this model was trained with.",
            Self::NotFinite { .. } => {
                "The last good weights are kept. Go on with a lower learning rate, a longer warm-up or gradient clipping."
            }
            Self::LogitsNotFinite { .. } => {
                "Load an earlier checkpoint, or train a new model with a lower learning rate."
            }
            Self::CheckpointCorrupt { .. } => {
                "Save or download the file again; what was open before is untouched."
            }
            Self::TensorMissing { .. } | Self::TensorShape { .. } => {
                "Load the weights together with the configuration they were saved with."
            }
            Self::TensorDtype { .. } => "Convert the weights to F32, F16 or BF16.",
            Self::NotTied => {
                "Set tie_word_embeddings to false in config.json to use lm_head.weight, or take lm_head.weight out of the file to use wte.weight."
            }
            Self::Unsupported { .. } => "Load a model of the GPT-2 family (model_type gpt2, gelu_new).",
            Self::NotRepresentable { .. } => "Save it as a Tadpole checkpoint instead.",
            Self::Device { .. } => {
                "Choose the other device, or a smaller model, and load the last checkpoint."
            }
        }
    }

    /// The values of the message by name, for a translated message.
    pub fn details(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::HeadsDoNotDivide { n_head, d_model } => {
                vec![("nHead", n_head.to_string()), ("dModel", d_model.to_string())]
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
