//! The distribution after a prompt, stage by stage. The logits are kept, so that moving a slider computes no forward pass.

use crate::{Candidate, NextTokens, Result, SamplingConfig};
use tadpole_gpt::generate::last_logits;
use tadpole_gpt::sampling::{STAGES, stages, top};
use tadpole_gpt::{Error, Gpt};
use tadpole_tokenizer::Tokenizer;

/// Logits of the last prompt that was asked about.
#[derive(Debug, Default)]
pub(crate) struct LogitsCache {
    /// Generation of the live model, and the prompt's ids.
    key: Option<(u64, Vec<u32>)>,
    logits: Vec<f32>,
}

impl LogitsCache {
    /// Distributions after `prompt`, of which the model sees the last `context_length` tokens. `version` changes
    /// whenever the weights do.
    pub async fn next_tokens(
        &mut self,
        (model, version): (&Gpt, u64),
        tokenizer: &Tokenizer,
        prompt: &str,
        sampling: &SamplingConfig,
        count: usize,
    ) -> Result<NextTokens> {
        sampling.validate()?;
        let mut ids = tokenizer.encode(prompt)?;
        if ids.is_empty() {
            return Err(Error::PromptEmpty.into());
        }
        ids.drain(..ids.len().saturating_sub(model.config().context_length));
        let key = Some((version, ids.clone()));
        if self.key != key {
            let logits = last_logits(model, &ids, None, &mut (), &model.device());
            let data = logits.into_data_async().await.map_err(Error::from)?;
            // A model may have more embeddings than its tokenizer has tokens.
            let logits = data.iter::<f32>().take(tokenizer.vocab_size()).collect();
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
