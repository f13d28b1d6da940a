//! A question as a person puts it together: which task, in which language, after how many examples, answered how.

use crate::Language;
use crate::arithmetic::{self, Shape, Style};
use crate::case::Case;
use crate::draw::{Draw, Split};
use crate::stories::{self, Reading};
use crate::tasks::{self, Form};
use crate::{facts, passages};
use serde::{Deserialize, Serialize};

/// The most examples before a question.
pub const MAX_SHOTS: usize = 8;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Task {
    /// The invented label of a word's class.
    Labels,
    /// The invented translation of a word that was shown.
    Dictionary,
    /// A word between invented ones.
    Frame,
    /// One of three words, and an invented one.
    Item,
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
    /// Something that a passage says.
    Passage,
    /// The same without the passage.
    NoPassage,
}

impl Task {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Labels,
        Self::Dictionary,
        Self::Frame,
        Self::Item,
        Self::Sum,
        Self::Columns,
        Self::WordProblem,
        Self::Facts,
        Self::People,
        Self::Things,
        Self::Passage,
        Self::NoPassage,
    ];

    /// The kind of problem, where a problem is asked.
    pub fn shape(self) -> Option<Shape> {
        match self {
            Self::Sum => Some(Shape::Sum(6)),
            Self::Columns => Some(Shape::Columns(3)),
            Self::WordProblem => Some(Shape::Story(4)),
            _ => None,
        }
    }

    /// The most tokens that an answer takes.
    pub fn max_new_tokens(self) -> usize {
        if self.shape().is_some() { 96 } else { 16 }
    }
}

/// A question put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ask {
    /// What is asked.
    pub task: Task,
    /// In which language.
    pub language: Language,
    /// Examples before it, at most [`MAX_SHOTS`].
    pub shots: usize,
    /// How problems are answered; of no meaning for other tasks.
    pub style: Style,
}

impl Ask {
    /// Case number `index` of a seed, from what training never contains (but for facts).
    pub fn case(&self, seed: u64, index: u64) -> Case {
        self.draw(&mut Draw::new(seed, index, Split::HeldOut))
    }

    /// The next case.
    pub(crate) fn draw(&self, draw: &mut Draw) -> Case {
        let Self { task, language, shots, style } = *self;
        if let Some(shape) = task.shape() {
            return arithmetic::case(draw, language, shape, style, shots);
        }
        match task {
            Task::Labels => tasks::case(draw, language, 0, Form::Named, shots),
            Task::Dictionary => tasks::case(draw, language, 1, Form::Named, shots),
            Task::Frame => tasks::case(draw, language, 2, Form::Named, shots),
            Task::Item => tasks::case(draw, language, 3, Form::Named, shots),
            _ => {
                let shown: String = (0..shots).map(|_| self.simple(draw).answered(language)).collect();
                let case = self.simple(draw);
                Case { prompt: shown + &case.prompt, ..case }
            }
        }
    }

    /// A question that stands alone.
    fn simple(&self, draw: &mut Draw) -> Case {
        let reading = *draw.pick(&[Reading::First, Reading::Second]);
        match self.task {
            Task::Facts => facts::case(draw, self.language),
            Task::People => stories::scene(draw, self.language, true, reading).case,
            Task::Things => stories::scene(draw, self.language, false, reading).case,
            _ => passages::case(draw, self.language, self.task == Task::Passage),
        }
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
                let marks = ["A:", "答：", "Output:", "输出："];
                let asked = marks.iter().map(|mark| case.prompt.matches(mark).count()).sum::<usize>();
                assert_eq!(asked, shots + 1, "{ask:?}: {}", case.prompt);
            }
        }
    }
}
