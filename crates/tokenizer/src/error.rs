//! This crate's one error type. Each variant carries the offending value; `remedy` says what to do about it,
//! `code` is its stable name, and `details` are the named values for a translated message.

/// Why a request was refused. `Display` gives the problem in English, `remedy` what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The corpus has no text at all.
    EmptyCorpus,
    /// `vocab_size` is too small for the 256 bytes and the special tokens.
    VocabTooSmall {
        /// The size asked for.
        vocab_size: usize,
        /// The smallest size that works.
        minimum: usize,
    },
    /// `vocab_size` is too large for training.
    VocabTooLarge {
        /// The size asked for.
        vocab_size: usize,
        /// The largest size allowed.
        maximum: usize,
    },
    /// A name that cannot be a special token.
    InvalidSpecialToken {
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A pre-split pattern that does not parse, or uses what is not supported.
    InvalidPattern {
        /// The whole pattern.
        pattern: String,
        /// Byte offset in the pattern.
        offset: usize,
        /// What is wrong there.
        reason: &'static str,
    },
    /// A pre-split pattern that backtracks too much on this text.
    PatternTooSlow {
        /// The whole pattern.
        pattern: String,
    },
    /// A trainer was given text after its first merge.
    TrainingStarted,
    /// A character missing from a character-level vocabulary.
    UnknownCharacter {
        character: char,
        /// Its byte offset in the text.
        offset: usize,
    },
    /// Bytes that are not UTF-8 given to a character-level tokenizer.
    InvalidUtf8 {
        /// Offset of the first bad byte.
        offset: usize,
    },
    /// An id outside the vocabulary.
    UnknownToken {
        id: u32,
        /// The vocabulary's size.
        vocab_size: usize,
    },
    /// A special token that this tokenizer does not have.
    UnknownSpecialToken {
        /// The name asked for.
        name: String,
        /// The names it has, joined by a comma and a space.
        known: String,
    },
    /// A role that is not system, user or assistant.
    UnknownRole {
        /// The role given.
        role: String,
    },
    /// A text of 4 GiB or more, where offsets are 32 bits wide.
    TextTooLong {
        /// Its length in bytes.
        bytes: usize,
    },
    /// A tokenizer.json that is not JSON, or not of the expected shape.
    InvalidJson {
        /// The parser's words, with line and column.
        reason: String,
    },
    /// A valid tokenizer.json that requires something unsupported.
    Unsupported {
        /// The part, as a path in the file, such as `normalizer`.
        part: String,
        /// The required value, such as `Lowercase`.
        value: String,
        /// What to do about it.
        remedy: &'static str,
    },
    /// Two tokens with the same id.
    DuplicateId { id: u64 },
    /// Ids do not run from 0 without a gap.
    IdHole {
        /// The first id that no token has.
        id: u64,
        /// How many tokens there are.
        count: usize,
    },
    /// The same token twice.
    DuplicateToken {
        /// The token as written in the file.
        token: String,
    },
    /// A token that is neither byte-level text nor a special token.
    InvalidToken {
        /// The token as written in the file.
        token: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A byte that no token stands for, so that some text could not be encoded.
    MissingByte { byte: u8 },
    /// A merge whose parts or result are not in the vocabulary, or that is no pair.
    InvalidMerge {
        /// Its index in the list.
        index: usize,
        /// The merge as written in the file.
        merge: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A line of a `.tiktoken` file that is not `base64 rank`.
    InvalidTiktokenLine {
        /// Line number, from 1.
        line: usize,
        /// The line, cut to its first 80 characters.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

use Error::*;

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            EmptyCorpus => f.write_str("the corpus is empty")?,
            VocabTooSmall { vocab_size, minimum } => write!(
                f,
                "a vocabulary of {vocab_size} is below {minimum}: 256 bytes and the special tokens"
            )?,
            VocabTooLarge { vocab_size, maximum } => {
                write!(f, "a vocabulary of {vocab_size} is above {maximum}")?
            }
            InvalidSpecialToken { name, reason } => {
                write!(f, "{name:?} cannot be a special token: {reason}")?
            }
            InvalidPattern { pattern, offset, reason } => {
                write!(f, "the pattern {pattern} fails at offset {offset}: {reason}")?
            }
            PatternTooSlow { pattern } => {
                write!(f, "the pattern {pattern} backtracks too much on this text")?
            }
            TrainingStarted => f.write_str("the trainer was given text after its first merge")?,
            UnknownCharacter { character, offset } => write!(
                f,
                "the vocabulary does not contain {character:?} (U+{:04X}), at byte {offset}",
                *character as u32
            )?,
            InvalidUtf8 { offset } => write!(f, "byte {offset} is not UTF-8")?,
            UnknownToken { id, vocab_size } => {
                write!(f, "token {id} is outside a vocabulary of {vocab_size}")?
            }
            UnknownSpecialToken { name, known } => {
                write!(f, "the special token {name:?} is unknown; these are known: {known}")?
            }
            UnknownRole { role } => write!(f, "the role {role:?} is unknown")?,
            TextTooLong { bytes } => write!(f, "a text of {bytes} bytes is too long")?,
            InvalidJson { reason } => write!(f, "this is not a valid tokenizer.json: {reason}")?,
            Unsupported { part, value, .. } => {
                write!(f, "the tokenizer asks for {value} in {part}, which is not supported")?
            }
            DuplicateId { id } => write!(f, "id {id} is given to two tokens")?,
            IdHole { id, count } => write!(f, "no token has id {id}, though there are {count} tokens")?,
            DuplicateToken { token } => write!(f, "the token {token:?} appears twice")?,
            InvalidToken { token, reason } => write!(f, "the token {token:?} cannot be read: {reason}")?,
            MissingByte { byte } => write!(f, "no token stands for byte 0x{byte:02X}")?,
            InvalidMerge { index, merge, reason } => {
                write!(f, "merge {index} ({merge}) is not valid: {reason}")?
            }
            InvalidTiktokenLine { line, text, reason } => {
                write!(f, "line {line} ({text:?}) cannot be read: {reason}")?
            }
        }
        Ok(())
    }
}

impl Error {
    /// A stable name in camelCase, for translation.
    pub fn code(&self) -> &'static str {
        match self {
            EmptyCorpus => "emptyCorpus",
            VocabTooSmall { .. } => "vocabTooSmall",
            VocabTooLarge { .. } => "vocabTooLarge",
            InvalidSpecialToken { .. } => "invalidSpecialToken",
            InvalidPattern { .. } => "invalidPattern",
            PatternTooSlow { .. } => "patternTooSlow",
            TrainingStarted => "trainingStarted",
            UnknownCharacter { .. } => "unknownCharacter",
            InvalidUtf8 { .. } => "invalidUtf8",
            UnknownToken { .. } => "unknownToken",
            UnknownSpecialToken { .. } => "unknownSpecialToken",
            UnknownRole { .. } => "unknownRole",
            TextTooLong { .. } => "textTooLong",
            InvalidJson { .. } => "invalidJson",
            Unsupported { .. } => "unsupportedTokenizer",
            DuplicateId { .. } => "duplicateId",
            IdHole { .. } => "idHole",
            DuplicateToken { .. } => "duplicateToken",
            InvalidToken { .. } => "invalidToken",
            MissingByte { .. } => "missingByte",
            InvalidMerge { .. } => "invalidMerge",
            InvalidTiktokenLine { .. } => "invalidTiktokenLine",
        }
    }

    /// What to do about it, as a sentence in English.
    pub fn remedy(&self) -> String {
        let fixed = match self {
            EmptyCorpus => "Give it some text to learn from.",
            VocabTooSmall { minimum, .. } => return format!("Ask for {minimum} or more."),
            VocabTooLarge { maximum, .. } => return format!("Ask for {maximum} or fewer."),
            InvalidSpecialToken { .. } => "Choose a name such as <|endoftext|>.",
            InvalidPattern { .. } => "Correct it, or leave it out to use GPT-2's.",
            PatternTooSlow { .. } => "Make its repeated groups unambiguous, or leave it out to use GPT-2's.",
            TrainingStarted => "Feed the whole corpus before the first merge.",
            UnknownCharacter { .. } => "Leave it out, or train with a BPE tokenizer, which knows every byte.",
            InvalidUtf8 { .. } => "Convert the text to UTF-8, or use a BPE tokenizer.",
            UnknownToken { vocab_size, .. } => return format!("Use an id below {vocab_size}."),
            UnknownSpecialToken { .. } => "Add it to the special tokens and train again.",
            UnknownRole { .. } => "Use system, user, or assistant.",
            TextTooLong { .. } => "Encode it in parts.",
            InvalidJson { .. } => "Load one written here or by Hugging Face tokenizers.",
            Unsupported { remedy, .. } => remedy,
            DuplicateId { .. } | IdHole { .. } => "Number the tokens 0, 1, 2 and so on, each once.",
            DuplicateToken { .. } => "Keep one of the two.",
            InvalidToken { .. } => "Load a byte-level or a character-level file.",
            MissingByte { .. } => "Load a byte-level vocabulary that holds all 256 bytes.",
            InvalidMerge { .. } => "Load the file again from its source.",
            InvalidTiktokenLine { .. } => "Each line must be a base64 token, one space, and a rank.",
        };
        fixed.to_string()
    }

    /// The values in the message, by name, for a translated message.
    pub fn details(&self) -> Vec<(&'static str, String)> {
        match self {
            EmptyCorpus | TrainingStarted => vec![],
            VocabTooSmall { vocab_size, minimum } => {
                vec![("vocabSize", vocab_size.to_string()), ("minimum", minimum.to_string())]
            }
            VocabTooLarge { vocab_size, maximum } => {
                vec![("vocabSize", vocab_size.to_string()), ("maximum", maximum.to_string())]
            }
            InvalidSpecialToken { name, reason } => {
                vec![("name", name.clone()), ("reason", reason.to_string())]
            }
            InvalidPattern { pattern, offset, reason } => {
                vec![
                    ("pattern", pattern.clone()),
                    ("offset", offset.to_string()),
                    ("reason", reason.to_string()),
                ]
            }
            PatternTooSlow { pattern } => vec![("pattern", pattern.clone())],
            UnknownCharacter { character, offset } => vec![
                ("character", character.to_string()),
                ("codePoint", format!("U+{:04X}", *character as u32)),
                ("offset", offset.to_string()),
            ],
            InvalidUtf8 { offset } => vec![("offset", offset.to_string())],
            UnknownToken { id, vocab_size } => {
                vec![("id", id.to_string()), ("vocabSize", vocab_size.to_string())]
            }
            UnknownSpecialToken { name, known } => vec![("name", name.clone()), ("known", known.clone())],
            UnknownRole { role } => vec![("role", role.clone())],
            TextTooLong { bytes } => vec![("bytes", bytes.to_string())],
            InvalidJson { reason } => vec![("reason", reason.clone())],
            Unsupported { part, value, remedy } => {
                vec![("part", part.clone()), ("value", value.clone()), ("remedy", remedy.to_string())]
            }
            DuplicateId { id } => vec![("id", id.to_string())],
            IdHole { id, count } => vec![("id", id.to_string()), ("count", count.to_string())],
            DuplicateToken { token } => vec![("token", token.clone())],
            InvalidToken { token, reason } => vec![("token", token.clone()), ("reason", reason.to_string())],
            MissingByte { byte } => vec![("byte", format!("0x{byte:02X}"))],
            InvalidMerge { index, merge, reason } => {
                vec![("index", index.to_string()), ("merge", merge.clone()), ("reason", reason.to_string())]
            }
            InvalidTiktokenLine { line, text, reason } => {
                vec![("line", line.to_string()), ("text", text.clone()), ("reason", reason.to_string())]
            }
        }
    }
}
