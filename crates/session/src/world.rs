//! The session's entry to the made world: its texts to learn from, its questions, and bounds for both.

use crate::{Result, Session};
use serde::{Deserialize, Serialize};
use tadpole_gpt::train_config::MAX_SEED;
use tadpole_gpt::within;
use tadpole_world::{Ask, Case, MAX_SHOTS, Mix, World};
use ts_rs::TS;

const MOST_BYTES: usize = 1 << 30;
const MOST_WEIGHT: f64 = 1_000.0;
const MOST_CASES: usize = 10_000;

/// A text of the made world.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorldRequest {
    /// How often each kind of document occurs.
    pub mix: Mix,
    /// Draws the documents.
    pub seed: u64,
    /// Its least length; it ends with a whole document.
    pub bytes: usize,
}

/// Questions of the made world.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CasesRequest {
    /// What is asked, and how.
    pub ask: Ask,
    /// How many.
    pub count: usize,
    /// Draws them.
    pub seed: u64,
}

/// Questions, and how long their answers get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Cases {
    /// The questions.
    pub cases: Vec<Case>,
    /// The most tokens of an answer.
    pub max_new_tokens: usize,
}

impl Session {
    /// A text of the made world, UTF-8.
    ///
    /// # Errors
    /// A weight, a share or a size outside its range.
    pub fn world(request: &WorldRequest) -> Result<Vec<u8>> {
        let WorldRequest { mix, seed, bytes } = request;
        let Mix { stories, facts, arithmetic, tasks, passages, chat, chinese, only: _ } = *mix;
        let weights = [
            ("stories", stories),
            ("facts", facts),
            ("arithmetic", arithmetic),
            ("tasks", tasks),
            ("passages", passages),
            ("chat", chat),
        ];
        for (name, weight) in weights {
            within(name, weight, 0.0, MOST_WEIGHT)?;
        }
        if mix.only.is_none() {
            within("mix", mix.weights().iter().sum(), 0.001, MOST_WEIGHT * weights.len() as f64)?;
        }
        within("chinese", chinese, 0.0, 1.0)?;
        within("seed", *seed, 0, MAX_SEED)?;
        within("bytes", *bytes, 1, MOST_BYTES)?;
        Ok(World::new(*mix, *seed).corpus(*bytes).into_bytes())
    }

    /// Questions of the made world.
    ///
    /// # Errors
    /// A number outside its range.
    pub fn cases(request: &CasesRequest) -> Result<Cases> {
        let CasesRequest { ask, count, seed } = request;
        within("shots", ask.shots, 0, MAX_SHOTS)?;
        within("cases", *count, 1, MOST_CASES)?;
        within("seed", *seed, 0, MAX_SEED)?;
        let cases = (0..*count as u64).map(|index| ask.case(*seed, index)).collect();
        Ok(Cases { cases, max_new_tokens: ask.task.max_new_tokens() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tadpole_world::{Language, Style, Task};

    #[test]
    fn what_makes_no_text_is_refused_by_name() {
        let request = |mix| WorldRequest { mix, seed: 1, bytes: 100 };
        let refused =
            |request: &WorldRequest| Session::world(request).expect_err("it is refused").to_string();
        assert!(Session::world(&request(Mix::default())).is_ok_and(|text| text.len() >= 100));
        assert!(refused(&request(Mix { tasks: -1.0, ..Mix::default() })).contains("tasks"));
        assert!(refused(&request(Mix { facts: f64::NAN, ..Mix::default() })).contains("facts"));
        assert!(refused(&request(Mix { chinese: 1.5, ..Mix::default() })).contains("chinese"));
        let nothing = Mix {
            stories: 0.0,
            facts: 0.0,
            arithmetic: 0.0,
            tasks: 0.0,
            passages: 0.0,
            chat: 0.0,
            chinese: 0.0,
            only: None,
        };
        assert!(refused(&request(nothing)).contains("mix"));
        assert!(refused(&WorldRequest { bytes: 0, ..request(Mix::default()) }).contains("bytes"));
    }

    #[test]
    fn cases_are_counted() {
        let ask = Ask { task: Task::Facts, language: Language::En, shots: 2, style: Style::Direct };
        let request = CasesRequest { ask, count: 3, seed: 5 };
        assert_eq!(Session::cases(&request).expect("three").cases.len(), 3);
        assert!(Session::cases(&CasesRequest { count: 0, ..request.clone() }).is_err());
        assert!(Session::cases(&CasesRequest { ask: Ask { shots: 9, ..ask }, ..request }).is_err());
    }
}
