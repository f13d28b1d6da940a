//! The live model's answers to cases of the world, greedy, each graded: a stream of answers.

use crate::generation::Generation;
use crate::tokenizer_run::BUDGET;
use crate::{Event, FinishReason, GenerateRequest, Result};
use tadpole_gpt::sampling::SamplingConfig;
use tadpole_gpt::{Error, Gpt};
use tadpole_tokenizer::Tokenizer;
use tadpole_world::{Case, Claim};
use web_time::Instant;

/// Cases being answered.
pub(crate) struct Grading {
    model: Gpt,
    tokenizer: Tokenizer,
    claim: &'static Claim,
    cases: usize,
    seed: u64,
    done: usize,
}

impl Grading {
    /// The first `cases` of a seed; computes nothing yet.
    pub fn new(model: Gpt, tokenizer: Tokenizer, claim: &'static Claim, cases: usize, seed: u64) -> Self {
        Self { model, tokenizer, claim, cases, seed, done: 0 }
    }

    /// Answers for about a tenth of a second, and at least one; none when all are given.
    pub async fn next(&mut self, one: bool) -> Result<Option<Vec<Event>>> {
        let (mut events, start) = (vec![], Instant::now());
        while self.done < self.cases && (events.is_empty() || (!one && start.elapsed() < BUDGET)) {
            let case = self.claim.case(self.seed, self.done as u64);
            let output = self.answer(&case).await?;
            self.done += 1;
            let correct = case.accepts(&output);
            events.push(Event::Graded { prompt: case.prompt, answer: case.answer, output, correct });
        }
        Ok((!events.is_empty()).then_some(events))
    }

    /// What the model writes up to the end of the line.
    async fn answer(&self, case: &Case) -> Result<String> {
        let request = GenerateRequest {
            prompt: case.prompt.clone(),
            sampling: SamplingConfig { temperature: 0.0, ..SamplingConfig::default() },
            max_new_tokens: self.claim.max_new_tokens,
            stop: vec!["\n".into()],
            ..GenerateRequest::default()
        };
        let mut generation = match Generation::new(self.model.clone(), &self.tokenizer, request) {
            // A model of characters that never met one of the prompt's gives no answer.
            Err(crate::Error::Tokenizer(_) | crate::Error::Gpt(Error::PromptTooLong { .. })) => {
                return Ok(String::new());
            }
            generation => generation?,
        };
        let mut output = String::new();
        while let Some(event) = generation.next(false).await? {
            match event {
                Event::Token { text, .. } => output += &text,
                Event::Finished { text, reason } => {
                    output += if reason == FinishReason::Stop { "" } else { &text }
                }
                _ => {}
            }
        }
        Ok(output)
    }
}
