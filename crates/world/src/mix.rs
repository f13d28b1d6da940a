//! How often each kind of document occurs, and the endless stream of them for a seed.

use crate::Language::{En, Zh};
use crate::draw::{Draw, Split};
use crate::{Language, Task, arithmetic, chat, facts, passages, stories, tasks};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Ends each document; a special token of tokenizers for this world.
pub const END: &str = "<|endoftext|>";

/// A kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    Stories,
    Facts,
    Arithmetic,
    Tasks,
    Passages,
    Chat,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Stories, Self::Facts, Self::Arithmetic, Self::Tasks, Self::Passages, Self::Chat];

    fn document(self, draw: &mut Draw, language: Language) -> String {
        match self {
            Self::Stories if draw.chance(0.05) => stories::apple(draw, language),
            Self::Stories => stories::document(draw, language),
            Self::Facts => facts::document(draw, language),
            Self::Arithmetic => arithmetic::document(draw, language),
            Self::Tasks => tasks::document(draw, language),
            Self::Passages => passages::document(draw, language),
            Self::Chat => chat::document(draw, language),
        }
    }
}

/// Weights of the kinds, of any size, and the share of documents in 中文.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Mix {
    /// Weight of [`Kind::Stories`].
    pub stories: f64,
    /// Weight of [`Kind::Facts`].
    pub facts: f64,
    /// Weight of [`Kind::Arithmetic`].
    pub arithmetic: f64,
    /// Weight of [`Kind::Tasks`].
    pub tasks: f64,
    /// Weight of [`Kind::Passages`].
    pub passages: f64,
    /// Weight of [`Kind::Chat`].
    pub chat: f64,
    /// From 0 to 1.
    pub chinese: f64,
    /// Only documents of this task, whatever the weights.
    pub only: Option<Task>,
}

impl Default for Mix {
    fn default() -> Self {
        Self {
            stories: 3.0,
            facts: 1.0,
            arithmetic: 4.0,
            tasks: 5.0,
            passages: 3.0,
            chat: 0.3,
            chinese: 0.45,
            only: None,
        }
    }
}

impl Mix {
    /// The weights in the order of [`Kind::ALL`].
    pub fn weights(&self) -> [f64; 6] {
        [self.stories, self.facts, self.arithmetic, self.tasks, self.passages, self.chat]
    }
}

/// An endless mix of documents.
#[derive(Clone, Copy, Debug)]
pub struct World {
    mix: Mix,
    seed: u64,
}

impl World {
    /// The world of a seed. The weights must be finite and not negative, and at least one positive.
    pub fn new(mix: Mix, seed: u64) -> Self {
        Self { mix, seed }
    }

    /// Document number `index`, without [`END`].
    pub fn document(&self, index: u64) -> String {
        let mut draw = Draw::new(self.seed, index, Split::Train);
        let language = if draw.chance(self.mix.chinese) { Zh } else { En };
        match self.mix.only {
            Some(task) => task.document(&mut draw, language),
            None => Kind::ALL[draw.weighted(&self.mix.weights())].document(&mut draw, language),
        }
    }

    /// Documents from the first on, each with [`END`], until they are at least `bytes` long.
    pub fn corpus(&self, bytes: usize) -> String {
        let mut text = String::with_capacity(bytes + 1024);
        let mut index = 0;
        while text.len() < bytes {
            text += &self.document(index);
            text += END;
            index += 1;
        }
        text
    }
}
