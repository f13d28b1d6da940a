//! One text being written: prefill, then a token at a time, until a stop string, a special token or the length.
//! Text is held back while it may still become part of a stop string or of a character.

use crate::{Event, FinishReason, GenerateRequest, Result, TokenLogprob};
use std::collections::VecDeque;
use tadpole_gpt::generate::Generator;
use tadpole_gpt::sampling::{distribution, draw, logprobs, top};
use tadpole_gpt::{Error, Gpt, within};
use tadpole_tokenizer::{StreamDecoder, Tokenizer};

/// A generation in progress.
pub(crate) struct Generation {
    generator: Generator,
    tokenizer: Tokenizer,
    stream: StreamDecoder,
    request: GenerateRequest,
    /// The prompt, of `prompt` tokens, and what was generated.
    ids: Vec<u32>,
    prompt: usize,
    held: String,
    ends: VecDeque<Event>,
    over: bool,
    failure: Option<crate::Error>,
}

impl Generation {
    /// Validates and encodes; computes nothing yet.
    pub fn new(model: Gpt, tokenizer: &Tokenizer, request: GenerateRequest) -> Result<Self> {
        request.sampling.validate()?;
        within("maxNewTokens", request.max_new_tokens, 0, 100_000)?;
        within("stop", request.stop.len(), 0, 4)?;
        within("topLogprobs", request.top_logprobs, 0, 1_000)?;
        let mut prompt = tokenizer.encode(&request.prompt)?;
        let context = model.config().context_length;
        if prompt.is_empty() {
            return Err(Error::PromptEmpty.into());
        }
        if prompt.len() > context {
            if !request.truncate_prompt {
                return Err(Error::PromptTooLong { tokens: prompt.len(), context_length: context }.into());
            }
            prompt.drain(..prompt.len() - context);
        }
        Ok(Self {
            generator: Generator::new(model),
            tokenizer: tokenizer.clone(),
            stream: StreamDecoder::new(tokenizer),
            prompt: prompt.len(),
            ids: prompt,
            held: String::new(),
            ends: VecDeque::new(),
            over: false,
            failure: None,
            request,
        })
    }

    /// The next event; none when the text is finished.
    pub async fn next(&mut self) -> Result<Option<Event>> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        if let Some(end) = self.ends.pop_front() {
            return Ok(Some(end));
        }
        if self.over {
            return Ok(None);
        }
        let written = self.ids.len() - self.prompt;
        if written >= self.request.max_new_tokens {
            return Ok(Some(self.finish_with_rest(FinishReason::Length)));
        }
        let new = if written == 0 { &self.ids[..] } else { &self.ids[self.ids.len() - 1..] };
        let mut logits = self.generator.push(new).await?;
        // A model may have more embeddings than its tokenizer has tokens.
        logits.truncate(self.tokenizer.vocab_size());
        let sampling = &self.request.sampling;
        let probs = distribution(&logits, sampling, &self.ids, &self.ids[self.prompt..]);
        let id = draw(&probs, sampling.seed, written as u64);
        self.ids.push(id);
        if self.tokenizer.is_special(id) {
            return Ok(Some(self.finish_with_rest(FinishReason::EndToken)));
        }
        Ok(Some(self.token(id, &logits)?))
    }

    /// Has the next call fail.
    pub fn fail_later(&mut self, error: crate::Error) {
        self.failure = Some(error);
    }

    /// The end, with the text that was held back and the bytes that never became a character.
    fn finish_with_rest(&mut self, reason: FinishReason) -> Event {
        let text = std::mem::take(&mut self.held) + &self.stream.flush().text;
        self.finish(reason, text)
    }

    fn finish(&mut self, reason: FinishReason, text: String) -> Event {
        self.over = true;
        Event::Finished { reason, text }
    }

    fn token(&mut self, id: u32, logits: &[f32]) -> Result<Event> {
        let logprobs = logprobs(logits);
        let alternatives = top(&logprobs, self.request.top_logprobs);
        let top =
            alternatives.into_iter().map(|(id, logprob)| TokenLogprob { id, bytes: self.bytes(id), logprob });
        let top = top.collect();
        let piece = self.stream.push(id)?;
        self.held.push_str(&piece.text);
        let text = self.release();
        Ok(Event::Token {
            id,
            bytes: self.bytes(id),
            text,
            pending: piece.pending,
            logprob: logprobs[id as usize],
            top,
        })
    }

    /// Takes the text that no stop string can reach any more; a stop string that is whole ends the generation.
    fn release(&mut self) -> String {
        let stops = self.request.stop.iter().filter(|stop| !stop.is_empty());
        if let Some(at) = stops.clone().filter_map(|stop| self.held.find(stop.as_str())).min() {
            let text = self.held[..at].to_string();
            let end = self.finish(FinishReason::Stop, String::new());
            self.ends.push_back(end);
            return text;
        }
        let kept = stops.map(|stop| overlap(&self.held, stop)).max().unwrap_or(0);
        self.held.drain(..self.held.len() - kept).collect()
    }

    fn bytes(&self, id: u32) -> Vec<u8> {
        self.tokenizer.token_bytes(id).unwrap_or_default().to_vec()
    }
}

/// How many bytes at the end of `text` begin `stop`.
fn overlap(text: &str, stop: &str) -> usize {
    let starts = stop.char_indices().map(|(at, _)| at).rev();
    starts.into_iter().find(|&at| text.ends_with(&stop[..at])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::overlap;

    #[test]
    fn only_what_may_become_a_stop_string_is_held() {
        assert_eq!(overlap("hello\n", "\n\n"), 1);
        assert_eq!(overlap("hello", "\n\n"), 0);
        assert_eq!(overlap("你好。", "。\n"), "。".len());
        assert_eq!(overlap("abab", "abac"), 2);
    }
}
