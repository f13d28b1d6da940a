//! One text being written: prefill, then a token at a time, until a stop string, a special token or the length.
//! Text is held back while it may still become part of a stop string or of a character.

use crate::{Event, FinishReason, GenerateRequest, Result, TokenLogprob};
use std::collections::VecDeque;
use tadpole_gpt::generate::Decoder;
use tadpole_gpt::sampling::{draw, logprobs, stages, top};
use tadpole_gpt::{Error, Gpt};
use tadpole_tokenizer::{StreamDecoder, Tokenizer};

/// A generation in progress.
pub(crate) struct Generation {
    decoder: Decoder,
    tokenizer: Tokenizer,
    stream: StreamDecoder,
    request: GenerateRequest,
    prompt: Vec<u32>,
    generated: Vec<u32>,
    held: String,
    ends: VecDeque<Event>,
    over: bool,
}

impl Generation {
    /// Validates and encodes; computes nothing yet.
    pub fn new(model: Gpt, tokenizer: &Tokenizer, request: GenerateRequest) -> Result<Self> {
        request.sampling.validate()?;
        let range = |field, value: usize, max: usize| {
            if value <= max { Ok(()) } else { Err(out_of_range(field, value, max)) }
        };
        range("maxNewTokens", request.max_new_tokens, 100_000)?;
        range("stop", request.stop.len(), 4)?;
        range("topLogprobs", request.top_logprobs, 1_000)?;
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
            decoder: Decoder::new(model),
            tokenizer: tokenizer.clone(),
            stream: StreamDecoder::new(tokenizer),
            prompt,
            generated: vec![],
            held: String::new(),
            ends: VecDeque::new(),
            over: false,
            request,
        })
    }

    /// The next event; none when the text is finished.
    pub async fn next(&mut self) -> Result<Option<Event>> {
        if let Some(end) = self.ends.pop_front() {
            return Ok(Some(end));
        }
        if self.over {
            return Ok(None);
        }
        if self.generated.len() >= self.request.max_new_tokens {
            let text = self.stream.flush().text;
            let text = std::mem::take(&mut self.held) + &text;
            return Ok(Some(self.finish(FinishReason::Length, text)));
        }
        let new = self.generated.last().map_or(self.prompt.as_slice(), std::slice::from_ref);
        let mut logits = self.decoder.push(new).await?;
        // A model may have more embeddings than its tokenizer has tokens.
        logits.truncate(self.tokenizer.vocab_size());
        let history: Vec<u32> = self.prompt.iter().chain(&self.generated).copied().collect();
        let probs = stages(&logits, &self.request.sampling, &history, &self.generated, |_, _| ());
        let id = draw(&probs, self.request.sampling.seed, self.generated.len() as u64);
        self.generated.push(id);
        if self.tokenizer.is_special(id) {
            let text = std::mem::take(&mut self.held);
            return Ok(Some(self.finish(FinishReason::EndToken, text)));
        }
        Ok(Some(self.token(id, &logits)?))
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

fn out_of_range(field: &'static str, value: usize, max: usize) -> crate::Error {
    Error::OutOfRange { field, value: value.to_string(), min: "0".into(), max: max.to_string() }.into()
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
