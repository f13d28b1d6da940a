//! A question as a person chooses it: which task, in which language, after how many examples, in which style.

use crate::Language;
use crate::arithmetic::{self, Shape, Style};
use crate::case::Case;
use crate::draw::{Draw, Split};
use crate::stories::{self, Reading};
use crate::{facts, passages, tasks};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The most examples before a question.
pub const MAX_SHOTS: usize = 8;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "WorldTask")]
pub enum Task {
    /// The invented label of a word's class.
    Labels,
    /// The invented translation of a word.
    Dictionary,
    /// A word between invented ones.
    Frame,
    /// One of two words, and an invented one.
    Item,
    /// Three letters in another order, or two of them.
    Letters,
    /// A sum of six digits.
    Sum,
    /// A sum of two numbers of three digits.
    Columns,
    /// A number of things after four changes.
    WordProblem,
    /// A fact of training.
    Facts,
    /// Whom he or she means.
    People,
    /// What it means.
    Things,
    /// Something stated in a passage.
    Passage,
    /// The same without the passage.
    NoPassage,
}

impl Task {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Labels,
        Self::Dictionary,
        Self::Frame,
        Self::Item,
        Self::Letters,
        Self::Sum,
        Self::Columns,
        Self::WordProblem,
        Self::Facts,
        Self::People,
        Self::Things,
        Self::Passage,
        Self::NoPassage,
    ];

    /// The kind of problem, if the task is a problem.
    pub fn shape(self) -> Option<Shape> {
        match self {
            Self::Sum => Some(Shape::Sum(6)),
            Self::Columns => Some(Shape::Columns(3)),
            Self::WordProblem => Some(Shape::Story(4)),
            _ => None,
        }
    }

    /// The kind of rule, if the task is to find a rule.
    fn rule(self) -> Option<usize> {
        [Self::Labels, Self::Dictionary, Self::Frame, Self::Item, Self::Letters]
            .iter()
            .position(|task| *task == self)
    }

    /// A document with only this task.
    pub fn document(self, draw: &mut Draw, language: Language) -> String {
        if let Some(kind) = self.rule() {
            return tasks::document_of(draw, language, kind);
        }
        if let Some(shape) = self.shape() {
            return arithmetic::document_of(draw, language, shape);
        }
        match self {
            Self::Facts => facts::document(draw, language),
            Self::People | Self::Things => {
                (0..3).map(|_| self.simple(draw, language).answered(language)).collect()
            }
            _ => passages::document(draw, language),
        }
    }

    /// A question without examples.
    fn simple(self, draw: &mut Draw, language: Language) -> Case {
        let reading = *draw.pick(&Reading::BOTH);
        match self {
            Self::Facts => facts::case(draw, language),
            Self::People => stories::scene(draw, language, true, reading).case,
            Self::Things => stories::scene(draw, language, false, reading).case,
            _ => passages::case(draw, language, self == Self::Passage),
        }
    }

    /// The most tokens that an answer takes.
    pub fn max_new_tokens(self) -> usize {
        if self.shape().is_some() { 96 } else { 24 }
    }
}

/// A question put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ask {
    /// What is asked.
    pub task: Task,
    /// In which language.
    pub language: Language,
    /// Examples before it, at most [`MAX_SHOTS`].
    pub shots: usize,
    /// How problems are answered; ignored for other tasks.
    pub style: Style,
}

impl Ask {
    /// Case number `index` of a seed, from what training never contains (except for facts).
    pub fn case(&self, seed: u64, index: u64) -> Case {
        self.draw(&mut Draw::new(seed, index, Split::HeldOut))
    }

    /// The next case.
    pub(crate) fn draw(&self, draw: &mut Draw) -> Case {
        let Self { task, language, shots, style } = *self;
        if let Some(shape) = task.shape() {
            return arithmetic::case(draw, language, shape, style, shots);
        }
        if let Some(kind) = task.rule() {
            return tasks::case(draw, language, kind, shots);
        }
        let shown: String = (0..shots).map(|_| task.simple(draw, language).answered(language)).collect();
        let case = loop {
            let case = task.simple(draw, language);
            if !shown.contains(&case.prompt) {
                break case;
            }
        };
        Case { prompt: shown + &case.prompt, ..case }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_is_asked_after_any_number_of_examples() {
        for (task, language) in
            Task::ALL.iter().flat_map(|task| Language::ALL.map(|language| (*task, language)))
        {
            for (shots, style) in [(0, Style::Direct), (1, Style::Worked), (MAX_SHOTS, Style::Triggered)] {
                let ask = Ask { task, language, shots, style };
                let case = ask.case(1, 2);
                assert!(!case.answer.is_empty() && case.accepts(&format!(" {}.", case.answer)), "{ask:?}");
                let marks = ["A:", "答：", " ->"];
                let asked = marks.iter().map(|mark| case.prompt.matches(mark).count()).sum::<usize>();
                assert_eq!(asked, shots + 1, "{ask:?}: {}", case.prompt);
            }
        }
    }

    #[test]
    fn a_document_of_a_task_shows_that_task_alone() {
        for (task, language) in
            Task::ALL.iter().flat_map(|task| Language::ALL.map(|language| (*task, language)))
        {
            let document = task.document(&mut Draw::new(1, 2, Split::Train), language);
            let mark = if task.rule().is_some() { " ->" } else { language.of("A:", "答：") };
            assert!(document.contains(mark) || task == Task::Facts, "{task:?}: {document}");
            assert_eq!(document.contains(" ->"), task.rule().is_some(), "{task:?}: {document}");
        }
    }
}
