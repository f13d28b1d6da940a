//! Claims about a model raised on this world, as questions to it: a claim has conditions, and a condition has
//! any number of cases, drawn by a seed from what training never contains (except for facts, which are meant
//! to be known).

use crate::Language::{self, En, Zh};
use crate::arithmetic::Style;
use crate::ask::{Ask, Task};
use crate::case::Case;
use crate::draw::{Draw, Split};
use crate::facts;
use crate::stories::{self, Reading};

/// A claim under one condition.
pub struct Claim {
    /// The claim, such as `fewShot`.
    pub claim: &'static str,
    /// The condition, such as `4 shots`.
    pub condition: &'static str,
    /// The most tokens of an answer.
    pub max_new_tokens: usize,
    make: fn(&mut Draw) -> Case,
}

/// All of them.
pub static CLAIMS: [Claim; 17] = [
    claim("fewShot", "0 shots", 24, |draw| shots(draw, 0)),
    claim("fewShot", "1 shot", 24, |draw| shots(draw, 1)),
    claim("fewShot", "2 shots", 24, |draw| shots(draw, 2)),
    claim("fewShot", "4 shots", 24, |draw| shots(draw, 4)),
    claim("fewShot", "8 shots", 24, |draw| shots(draw, 8)),
    claim("chainOfThought", "direct", 96, |draw| long_problem(draw, Style::Direct, 2)),
    claim("chainOfThought", "worked", 96, |draw| long_problem(draw, Style::Worked, 2)),
    claim("trigger", "without", 96, |draw| long_problem(draw, Style::Direct, 0)),
    claim("trigger", "with", 96, |draw| long_problem(draw, Style::Triggered, 0)),
    claim("facts", "English", 24, |draw| facts::case(draw, En)),
    claim("facts", "中文", 24, |draw| facts::case(draw, Zh)),
    claim("pronoun", "he or she, first named", 24, |draw| pronoun(draw, true, Reading::First)),
    claim("pronoun", "he or she, second named", 24, |draw| pronoun(draw, true, Reading::Second)),
    claim("pronoun", "it, first named", 24, |draw| pronoun(draw, false, Reading::First)),
    claim("pronoun", "it, second named", 24, |draw| pronoun(draw, false, Reading::Second)),
    claim("passage", "with", 24, |draw| ask(draw, Task::Passage, 0, Style::Direct)),
    claim("passage", "without", 24, |draw| ask(draw, Task::NoPassage, 0, Style::Direct)),
];

const fn claim(
    claim: &'static str,
    condition: &'static str,
    max_new_tokens: usize,
    make: fn(&mut Draw) -> Case,
) -> Claim {
    Claim { claim, condition, max_new_tokens, make }
}

impl Claim {
    /// Case number `index` of a seed.
    pub fn case(&self, seed: u64, index: u64) -> Case {
        (self.make)(&mut Draw::new(seed, index, Split::HeldOut))
    }
}

fn shots(draw: &mut Draw, shots: usize) -> Case {
    let task = *draw.pick(&[Task::Labels, Task::Dictionary, Task::Frame, Task::Item, Task::Letters]);
    ask(draw, task, shots, Style::Direct)
}

fn long_problem(draw: &mut Draw, style: Style, shots: usize) -> Case {
    let task = *draw.pick(&[Task::Sum, Task::WordProblem]);
    ask(draw, task, shots, style)
}

fn ask(draw: &mut Draw, task: Task, shots: usize, style: Style) -> Case {
    let language = language(draw);
    Ask { task, language, shots, style }.draw(draw)
}

fn pronoun(draw: &mut Draw, people: bool, reading: Reading) -> Case {
    let language = language(draw);
    stories::scene(draw, language, people, reading).case
}

fn language(draw: &mut Draw) -> Language {
    *draw.pick(&Language::ALL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::held_out;
    use crate::{END, Mix, World, arithmetic, tasks};
    use std::collections::BTreeSet;

    /// Whether a text contains this sentence, and not as the end of another: the end of 山羊 is 羊.
    fn tells(text: &str, sentence: &str) -> bool {
        text.match_indices(sentence)
            .any(|(at, _)| text[..at].chars().next_back().is_none_or(|before| !before.is_alphabetic()))
    }

    #[test]
    fn nothing_that_is_asked_is_trained() {
        let text = World::new(Mix::default(), 7).corpus(3_000_000).replace(END, "\n");
        let sums: BTreeSet<String> = arithmetic::keys_in(&text).collect();
        assert!(sums.len() > 1_000 && !sums.iter().any(|sum| held_out(sum)));
        let keys = tasks::keys_in(&text);
        for start in ["frame ", "item 0", "item 1", "animal ", ""] {
            let of_kind = keys.iter().filter(|key| key.starts_with(start)).count();
            assert!(of_kind > 300, "{of_kind} of {start}");
        }
        assert_eq!(keys.iter().find(|key| held_out(key)), None);
        for claim in CLAIMS.iter().filter(|claim| claim.claim == "pronoun" || claim.condition == "with") {
            for index in 0..300 {
                let prompt = claim.case(1, index).prompt;
                let told = prompt.lines().next().expect("a line");
                assert!(!tells(&text, told), "{told} is trained");
            }
        }
    }

    #[test]
    fn cases_repeat_with_their_seed_and_are_answered_by_their_answers() {
        for claim in &CLAIMS {
            let drawn: Vec<Case> = (0..50).map(|index| claim.case(3, index)).collect();
            assert_eq!(drawn, (0..50).map(|index| claim.case(3, index)).collect::<Vec<_>>());
            assert!(
                drawn.iter().all(|case| case.accepts(&format!(" {}.\nmore", case.answer))),
                "{}",
                claim.claim
            );
            assert!(drawn.iter().collect::<Vec<_>>().windows(2).any(|pair| pair[0] != pair[1]));
        }
    }
}
