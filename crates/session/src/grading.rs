//! The live model's answers to questions, greedy, each graded: a stream of answers.

use crate::generation::Generation;
use crate::{Error, Event, FinishReason, Finished, GenerateRequest, Graded, Result};
use serde::Deserialize;
use std::collections::VecDeque;
use tadpole_gpt::sampling::SamplingConfig;
use tadpole_gpt::{Gpt, within};
use tadpole_tokenizer::Tokenizer;
use tadpole_workbench::BUDGET;
use tadpole_world::{Case, Interval};
use ts_rs::TS;
use web_time::Instant;

/// Questions to answer, one after another, each from its prompt to the end of the line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GradeRequest {
    /// The questions; if a prompt is too long, the model reads its end.
    pub cases: Vec<Case>,
    /// The most tokens of an answer.
    pub max_new_tokens: usize,
}

/// Cases being answered.
pub(crate) struct Grading {
    model: Gpt,
    tokenizer: Tokenizer,
    cases: VecDeque<Case>,
    max_new_tokens: usize,
    /// Answers so far, and right ones.
    given: [usize; 2],
}

impl Grading {
    /// Validates; computes nothing yet.
    pub fn new(model: Gpt, tokenizer: Tokenizer, request: GradeRequest) -> Result<Self> {
        let GradeRequest { cases, max_new_tokens } = request;
        within("maxNewTokens", max_new_tokens, 1, 1_000)?;
        Ok(Self { model, tokenizer, cases: cases.into(), max_new_tokens, given: [0; 2] })
    }

    /// Answers for about [`BUDGET`], at least one; none when all are answered.
    pub async fn next(&mut self, one: bool) -> Result<Option<Vec<Event>>> {
        let (mut events, start) = (vec![], Instant::now());
        while events.is_empty() || (!one && start.elapsed() < BUDGET) {
            let Some(case) = self.cases.pop_front() else { break };
            let output = self.answer(&case).await?;
            let correct = case.accepts(&output);
            self.given = [self.given[0] + 1, self.given[1] + usize::from(correct)];
            let score = Interval::new(self.given[1], self.given[0]);
            events.push(Event::Graded(Graded { output, correct, score }));
        }
        Ok((!events.is_empty()).then_some(events))
    }

    /// The model's text up to the end of the line.
    async fn answer(&self, case: &Case) -> Result<String> {
        let request = GenerateRequest {
            prompt: case.prompt.clone(),
            sampling: SamplingConfig { temperature: 0.0, ..SamplingConfig::default() },
            max_new_tokens: self.max_new_tokens,
            stop: vec!["\n".into()],
            truncate_prompt: true,
            ..GenerateRequest::default()
        };
        let mut generation = match Generation::new(self.model.clone(), &self.tokenizer, request) {
            // An empty prompt, or a character model that does not know one of the prompt's characters.
            Err(Error::Tokenizer(_) | Error::Gpt(tadpole_gpt::Error::PromptEmpty)) => {
                return Ok(String::new());
            }
            generation => generation?,
        };
        let mut output = String::new();
        while let Some(event) = generation.next(false).await? {
            match event {
                Event::Token(token) => output += &token.text,
                Event::Finished(Finished { text, reason }) => {
                    output += if reason == FinishReason::Stop { "" } else { &text }
                }
                _ => {}
            }
        }
        Ok(output)
    }
}
