//! A question with its right answer, how an answer is read from the model's text, and how certain a count of
//! right answers is.

use crate::Language;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A question put to a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Case {
    /// What the model reads; it continues from here to the end of the line.
    pub prompt: String,
    /// The right answer.
    pub answer: String,
}

impl Case {
    /// Whether `line`, the model's text up to the end of the line, gives the answer: the words after the last
    /// "the answer is", or all of them, without the full stop. An empty answer is never right.
    pub fn accepts(&self, line: &str) -> bool {
        let right = answer_of(&self.answer);
        !right.is_empty() && answer_of(line) == right
    }

    /// The question with its answer, as lines of a document.
    pub(crate) fn answered(&self, language: Language) -> String {
        let [space, end] = language.of([" ", "."], ["", "。"]);
        format!("{}{space}{}{end}\n", self.prompt, self.answer)
    }
}

/// The answer in a line.
pub fn answer_of(line: &str) -> &str {
    let line = line.lines().next().unwrap_or_default();
    let after =
        [ANSWER_IS.0, ANSWER_IS.1].iter().filter_map(|mark| line.rfind(mark).map(|at| at + mark.len())).max();
    line[after.unwrap_or(0)..].trim().trim_end_matches(['.', '。']).trim_end()
}

/// The words before an answer worked out in steps, in English and in 中文.
pub(crate) const ANSWER_IS: (&str, &str) = ("The answer is", "答案是");

/// A question as a person would write it, up to where the answer begins.
pub(crate) fn question(language: Language, text: &str) -> String {
    match language {
        Language::En => format!("Q: {text}\nA:"),
        Language::Zh => format!("问：{text}\n答："),
    }
}

/// A question with its answer, as lines of a document.
pub(crate) fn answered(language: Language, text: &str, answer: &str) -> String {
    let space = language.of(" ", "");
    format!("{}{space}{answer}\n", question(language, text))
}

/// A share of right answers and where the true one lies with 95 % confidence (Wilson, 1927).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "Score")]
pub struct Interval {
    /// Answers.
    pub n: usize,
    /// Right ones.
    pub correct: usize,
    /// Their share.
    pub accuracy: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// For `n` answers, at least one, of which `correct` are right.
    pub fn new(correct: usize, n: usize) -> Self {
        const Z: f64 = 1.959_964;
        let (count, share) = (n as f64, correct as f64 / n as f64);
        let scale = 1.0 + Z * Z / count;
        let middle = (share + Z * Z / (2.0 * count)) / scale;
        let half = Z / scale * (share * (1.0 - share) / count + Z * Z / (4.0 * count * count)).sqrt();
        // Exactly the ends, which rounding would slightly miss.
        let low = if correct == 0 { 0.0 } else { middle - half };
        let high = if correct == n { 1.0 } else { middle + half };
        Self { n, correct, accuracy: share, low, high }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_from_the_end_of_the_line() {
        assert_eq!(answer_of(" Changsha.\nQ: more"), "Changsha");
        assert_eq!(answer_of(" 3+8=11. The answer is 11."), "11");
        assert_eq!(answer_of("3+8=11。答案是11。"), "11");
        assert_eq!(answer_of(""), "");
    }

    #[test]
    fn intervals_equal_published_ones() {
        // Newcombe (1998), table I, method 3: 81 of 263 and 15 of 148.
        let close = |a: f64, b: f64| (a - b).abs() < 5e-5;
        let [many, few] = [Interval::new(81, 263), Interval::new(15, 148)];
        assert!(close(many.low, 0.2553) && close(many.high, 0.3662), "{many:?}");
        assert!(close(few.low, 0.0624) && close(few.high, 0.1605), "{few:?}");
        assert_eq!((Interval::new(0, 20).low, Interval::new(20, 20).high), (0.0, 1.0));
    }
}
