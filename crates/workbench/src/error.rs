//! What can go wrong with tokenizers and corpora: a stable code, the English text, the remedy, the values by
//! name.

use crate::Foreign;
use std::collections::BTreeMap;
use ts_rs::TS;

/// Result with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// Everything that can go wrong with tokenizers and corpora.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// From the tokenizer.
    #[error(transparent)]
    Tokenizer(#[from] tadpole_tokenizer::Error),
    /// A text file that is not UTF-8.
    #[error("the file is not UTF-8 text: byte {offset} is {byte:#04x}")]
    NotUtf8 {
        /// Where the first bad byte is.
        offset: usize,
        byte: u8,
    },
    /// A recognised file of a kind that is not read.
    #[error("this is {}", .0.what)]
    Foreign(Foreign),
    /// A text with a byte that no text has.
    #[error("this is not text in UTF-8: byte {offset} is zero, as in UTF-16 and in files that are not text")]
    ZeroByte {
        /// Where it is.
        offset: usize,
    },
    /// A rank file of an unknown vocabulary, without its pre-split pattern.
    #[error(
        "this .tiktoken file holds {tokens} tokens of an unknown vocabulary and does not say how text is cut before merging"
    )]
    PatternUnknown {
        /// Tokens in the file.
        tokens: usize,
    },
    /// A pattern beside a file that has its own.
    #[error("the file itself says how text is cut, so the pattern {pattern} is not needed")]
    PatternGiven { pattern: String },
    /// No tokenizer in that slot.
    #[error("there is no tokenizer yet")]
    NoTokenizer,
    /// A stream that is over or was never opened.
    #[error("stream {handle} has ended")]
    StreamOver { handle: u32 },
}

/// Every failure of the core, as data. The page translates `code` and fills in `details`; `message` and `remedy` are the English.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, TS)]
#[ts(rename = "CoreError")]
pub struct ErrorData {
    /// Stable name of the kind of error.
    pub code: &'static str,
    /// What was wrong, in English, with the value.
    pub message: String,
    /// What to do about it, in English.
    pub remedy: String,
    /// The values by name.
    #[ts(type = "Record<string, string>")]
    pub details: BTreeMap<&'static str, String>,
}

impl ErrorData {
    /// What an error says, with its code, its remedy and its values.
    pub fn of(
        error: &impl std::error::Error,
        code: &'static str,
        remedy: String,
        details: Vec<(&'static str, String)>,
    ) -> Self {
        Self { code, message: error.to_string(), remedy, details: details.into_iter().collect() }
    }
}

impl Error {
    /// Stable name of the kind of error, the same in every language.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Tokenizer(e) => e.code(),
            Self::NotUtf8 { .. } => "notUtf8",
            Self::Foreign(_) => "foreignFile",
            Self::ZeroByte { .. } => "zeroByte",
            Self::PatternUnknown { .. } => "patternUnknown",
            Self::PatternGiven { .. } => "patternGiven",
            Self::NoTokenizer => "noTokenizer",
            Self::StreamOver { .. } => "streamOver",
        }
    }

    /// What the person can do about it.
    pub fn remedy(&self) -> String {
        match self {
            Self::Tokenizer(e) => return e.remedy(),
            Self::NotUtf8 { .. } | Self::ZeroByte { .. } => {
                "Say which encoding the text has, or save it as UTF-8 in a text editor and open it again."
            }
            Self::Foreign(known) => known.remedy,
            Self::PatternUnknown { .. } => {
                "Choose its pattern: gpt2, cl100k, o200k, or a regular expression of your own."
            }
            Self::PatternGiven { .. } => "Leave the pattern out.",
            Self::NoTokenizer => "Train one or load a tokenizer file.",
            Self::StreamOver { .. } => "Start again.",
        }
        .to_string()
    }

    /// The error as data, for a page or a program.
    pub fn data(&self) -> ErrorData {
        ErrorData::of(self, self.code(), self.remedy(), self.details())
    }

    /// The values by name.
    pub fn details(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Tokenizer(e) => e.details(),
            Self::NotUtf8 { offset, byte } => {
                vec![("offset", offset.to_string()), ("byte", format!("{byte:#04x}"))]
            }
            Self::Foreign(Foreign { what, remedy }) => {
                vec![("reason", what.to_string()), ("remedy", remedy.to_string())]
            }
            Self::ZeroByte { offset } => vec![("offset", offset.to_string())],
            Self::PatternUnknown { tokens } => vec![("tokens", tokens.to_string())],
            Self::PatternGiven { pattern } => vec![("pattern", pattern.clone())],
            Self::NoTokenizer => vec![],
            Self::StreamOver { handle } => vec![("handle", handle.to_string())],
        }
    }
}
