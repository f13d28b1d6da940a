//! A small world in words, for a small model to master: a seeded generator of documents in English and in 中文,
//! and test cases that no training document contains. Text only; the same seed gives the same text
//! everywhere.
//!
//! Each file here has one kind of document and its cases. Documents end with [`END`].

pub mod arithmetic;
pub mod ask;
pub mod case;
pub mod chat;
pub mod claims;
pub mod draw;
pub mod facts;
pub mod lexicon;
pub mod mix;
pub mod passages;
pub mod stories;
pub mod tasks;

pub use arithmetic::Style;
pub use ask::{Ask, MAX_SHOTS, Task};
pub use case::{Case, Interval};
pub use claims::{CLAIMS, Claim};
pub use mix::{END, Kind, Mix, World};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "WorldLanguage")]
pub enum Language {
    /// English.
    En,
    /// 中文.
    Zh,
}

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// The text for this language.
    pub(crate) fn of<T>(self, en: T, zh: T) -> T {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }
}
