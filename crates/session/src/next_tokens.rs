//! The distribution after a prompt, stage by stage. The logits are kept, so that moving a slider needs no
//! forward pass.

use crate::{Candidate, NextTokens, Result, SamplingConfig};
use tadpole_gpt::generate::{last_logits, read_logits};
use tadpole_gpt::sampling::{STAGES, stages, top};
use tadpole_gpt::{Error, Gpt};
use tadpole_tokenizer::Tokenizer;

/// Logits of the last prompt.
#[derive(Debug, Default)]
pub(crate) struct LogitsCache {
    /// Generation of the live model, and the prompt's ids.
    key: Option<(u64, Vec<u32>)>,
    logits: Vec<f32>,
}

impl LogitsCache {
    /// Distributions after `prompt` and the `forced` ids, of which the model sees the last `context_length`
    /// tokens. `version` changes whenever the weights do.
    pub async fn next_tokens(
        &mut self,
        (model, version): (&Gpt, u64),
        tokenizer: &Tokenizer,
        (prompt, forced): (&str, &[u32]),
        sampling: &SamplingConfig,
        count: usize,
    ) -> Result<NextTokens> {
        sampling.validate()?;
        let mut ids = prompt_ids(tokenizer, prompt, forced)?;
        ids.drain(..ids.len().saturating_sub(model.config().context_length));
        let key = Some((version, ids.clone()));
        if self.key != key {
            let logits = last_logits(model, &ids, None, &mut (), &model.device());
            let mut logits = read_logits(logits).await?;
            // A model may have more embeddings than its tokenizer has tokens.
            logits.truncate(tokenizer.vocab_size());
            (self.logits, self.key) = (logits, key);
        }
        Ok(self.distributions(ids, tokenizer, sampling, count))
    }

    fn distributions(
        &self,
        ids: Vec<u32>,
        tokenizer: &Tokenizer,
        sampling: &SamplingConfig,
        count: usize,
    ) -> NextTokens {
        let mut candidates: Vec<Candidate> = top(&self.logits, count)
            .into_iter()
            .map(|(id, logit)| Candidate {
                id,
                bytes: tokenizer.token_bytes(id).unwrap_or_default().to_vec(),
                logit,
                probs: vec![],
            })
            .collect();
        let mut survivors = vec![];
        stages(&self.logits, sampling, &ids, &[], |_, probs| {
            survivors.push(probs.iter().filter(|p| **p > 0.0).count());
            candidates.iter_mut().for_each(|candidate| candidate.probs.push(probs[candidate.id as usize]));
        });
        NextTokens { prompt_ids: ids, stages: STAGES.to_vec(), candidates, survivors }
    }
}

/// A prompt's ids, followed by the forced ones unchanged.
///
/// # Errors
/// Neither text nor ids, a character or an id that the tokenizer does not know.
pub(crate) fn prompt_ids(tokenizer: &Tokenizer, prompt: &str, forced: &[u32]) -> Result<Vec<u32>> {
    let mut ids = tokenizer.encode(prompt)?;
    let vocab_size = tokenizer.vocab_size();
    if let Some(&id) = forced.iter().find(|&&id| id as usize >= vocab_size) {
        return Err(Error::TokenOutOfRange { id, vocab_size }.into());
    }
    ids.extend(forced);
    if ids.is_empty() { Err(Error::PromptEmpty.into()) } else { Ok(ids) }
}

/// The beginning of a text without a prompt: a line break, or `first` if the tokenizer has none.
pub(crate) fn opening(tokenizer: &Tokenizer, first: &[u32]) -> Result<String> {
    let line = tokenizer.encode("\n").map(|_| "\n".to_string());
    Ok(line.or_else(|_| tokenizer.decode(first))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_lite::future::block_on;
    use tadpole_gpt::{Device, ModelConfig};
    use tadpole_tokenizer::{TokenizerConfig, TokenizerKind, TokenizerTrainer};

    fn tokenizer() -> Tokenizer {
        let config = TokenizerConfig { kind: TokenizerKind::Char, ..TokenizerConfig::default() };
        let mut trainer = TokenizerTrainer::new(config).expect("the default is valid");
        trainer.feed("frog").expect("characters");
        trainer.finish().expect("four characters")
    }

    #[test]
    fn another_sampler_computes_no_forward_pass_and_other_weights_do() {
        let tokenizer = tokenizer();
        let config = ModelConfig::gpt2_family(tokenizer.vocab_size(), 8, 1, 2, 8);
        let [one, other] = [1, 2].map(|seed| Gpt::new(&config, seed, &Device::flex()));
        let mut cache = LogitsCache::default();
        let mut ask = |model, version, temperature| {
            let sampling = SamplingConfig { temperature, ..SamplingConfig::default() };
            let answer = cache.next_tokens((model, version), &tokenizer, ("fro", &[]), &sampling, 4);
            block_on(answer).expect("a valid prompt").candidates
        };
        let logits = |candidates: &[Candidate]| candidates.iter().map(|c| c.logit).collect::<Vec<_>>();
        let first = ask(&one, 1, 1.0);
        // With the same version the other model is not asked: the logits must be the kept ones.
        let again = ask(&other, 1, 0.5);
        assert_eq!(logits(&first), logits(&again));
        assert_ne!(first[0].probs, again[0].probs);
        assert_ne!(logits(&first), logits(&ask(&other, 2, 1.0)));
    }
}
