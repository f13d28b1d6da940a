//! The one error that reaches a terminal or a page: a stable code, the English text, the remedy, the values
//! by name.

use tadpole_workbench::ErrorData;

/// Result with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// Everything that can go wrong in a session.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// From `tadpole-gpt`.
    #[error(transparent)]
    Gpt(#[from] tadpole_gpt::Error),
    /// From the tokenizer.
    #[error(transparent)]
    Tokenizer(#[from] tadpole_tokenizer::Error),
    /// From the workbench.
    #[error(transparent)]
    Workbench(#[from] tadpole_workbench::Error),
    /// No model to work with.
    #[error("there is no model yet")]
    NoModel,
    /// The checkpoint holds no optimizer state.
    #[error("this model came without its training state")]
    NotResumable,

    /// An update was to be previewed, but no run is open to make one.
    #[error("no run is open")]
    RunNotOpen,
    /// The run's corpus is not available.
    #[error("this run learns from {name}, which is not available")]
    CorpusMissing {
        /// The run's name for its corpus.
        name: String,
    },
    /// Another corpus than the one the run began with.
    #[error("this is not the corpus that the run began with: it has {found} bytes instead of {expected}")]
    CorpusMismatch {
        /// Bytes given.
        found: usize,
        /// Bytes the run began with.
        expected: usize,
    },
    /// A file that is neither a checkpoint nor anything else known here.
    #[error("this file was not recognised: {reason}")]
    UnknownFile {
        /// What was looked for.
        reason: String,
    },
}

impl Error {
    /// Stable name of the kind of error, the same in every language.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Gpt(e) => e.code(),
            Self::Tokenizer(e) => e.code(),
            Self::Workbench(e) => e.code(),
            Self::NoModel => "noModel",
            Self::NotResumable => "notResumable",
            Self::RunNotOpen => "runNotOpen",
            Self::CorpusMissing { .. } => "corpusMissing",
            Self::CorpusMismatch { .. } => "corpusMismatch",
            Self::UnknownFile { .. } => "unknownFile",
        }
    }

    /// What the person can do about it.
    pub fn remedy(&self) -> String {
        match self {
            Self::Gpt(e) => return e.remedy(),
            Self::Tokenizer(e) => return e.remedy(),
            Self::Workbench(e) => return e.remedy(),
            Self::NoModel => "Train one or load a checkpoint.",
            Self::NotResumable => "Sample from it, or start a new run.",
            Self::RunNotOpen => "Start a run, or take one step of the current one.",
            Self::CorpusMissing { .. } => "Give the same corpus again, then go on.",
            Self::CorpusMismatch { .. } => "Use the original file, or start a new run.",
            Self::UnknownFile { .. } => {
                "Use a Tadpole checkpoint, a text, a tokenizer.json, a .tiktoken file, or the three files of a GPT-2 model."
            }
        }
        .to_string()
    }

    /// The error as data, for a page or a program.
    pub fn data(&self) -> ErrorData {
        ErrorData::of(self, self.code(), self.remedy(), self.details())
    }

    fn details(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Gpt(e) => e.details(),
            Self::Tokenizer(e) => e.details(),
            Self::Workbench(e) => e.details(),
            Self::NoModel | Self::NotResumable | Self::RunNotOpen => vec![],
            Self::CorpusMissing { name } => vec![("name", name.clone())],
            Self::CorpusMismatch { found, expected } => {
                vec![("found", found.to_string()), ("expected", expected.to_string())]
            }
            Self::UnknownFile { reason } => vec![("reason", reason.clone())],
        }
    }
}
