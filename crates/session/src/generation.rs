//! One text being written: prefill, then a token at a time, until a stop string, a special token or the
//! length. Text is held back while it may still become part of a stop string or a character.

use crate::next_tokens::prompt_ids;
use crate::{Event, FinishReason, Finished, GenerateRequest, Result, TokenLogprob, WrittenToken};
use std::collections::VecDeque;
use std::time::Duration;
use tadpole_gpt::generate::{Drawing, Drawn, Generator};
use tadpole_gpt::sampling::{logprobs, top};
use tadpole_gpt::{Error, Gpt, within};
use tadpole_tokenizer::{StreamDecoder, Tokenizer};
use web_time::Instant;

/// The longest that a page may wait before it shows more text.
const SLICE: Duration = Duration::from_millis(50);

/// A generation in progress.
pub(crate) struct Generation {
    generator: Generator,
    tokenizer: Tokenizer,
    stream: StreamDecoder,
    request: GenerateRequest,
    /// Drawn and not yet reported.
    ready: VecDeque<Drawn>,
    /// Tokens reported.
    written: usize,
    /// Tokens to draw at once.
    pace: usize,
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
        let mut prompt = prompt_ids(tokenizer, &request.prompt, &request.forced)?;
        let context = model.config().context_length;
        if prompt.len() > context {
            if !request.truncate_prompt {
                return Err(Error::PromptTooLong { tokens: prompt.len(), context_length: context }.into());
            }
            prompt.drain(..prompt.len() - context);
        }
        let drawing = Drawing {
            sampling: request.sampling.clone(),
            vocab_size: tokenizer.vocab_size(),
            keeps_logits: request.top_logprobs > 0,
        };
        let mut generator = Generator::new(model, drawing);
        generator.push(&prompt)?;
        let mut stream = StreamDecoder::new(tokenizer);
        // The next text may complete a character that the forced tokens began.
        for &id in &request.forced {
            stream.push(id)?;
        }
        Ok(Self {
            generator,
            tokenizer: tokenizer.clone(),
            stream,
            ready: VecDeque::new(),
            written: 0,
            pace: 1,
            held: String::new(),
            ends: VecDeque::new(),
            over: false,
            failure: None,
            request,
        })
    }

    /// The next event; none when the text is finished. With `one`, no token is drawn before it is requested.
    pub async fn next(&mut self, one: bool) -> Result<Option<Event>> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        if let Some(end) = self.ends.pop_front() {
            return Ok(Some(end));
        }
        if self.over {
            return Ok(None);
        }
        if self.written >= self.request.max_new_tokens {
            return Ok(Some(self.finish_with_rest(FinishReason::Length)));
        }
        if self.ready.is_empty() {
            let count = if one { 1 } else { self.pace }.min(self.request.max_new_tokens - self.written);
            let start = Instant::now();
            self.ready.extend(self.generator.draw(count).await?);
            self.pace = next_pace(self.pace, self.ready.len(), start.elapsed());
        }
        let drawn = self.ready.pop_front().expect("a draw gives at least one token");
        self.written += 1;
        if self.tokenizer.is_special(drawn.id) {
            return Ok(Some(self.finish_with_rest(FinishReason::EndToken)));
        }
        Ok(Some(self.token(drawn)?))
    }

    /// Makes the next call fail.
    pub fn fail_later(&mut self, error: crate::Error) {
        self.failure = Some(error);
    }

    /// The end, with the text held back and the bytes that never became a character.
    fn finish_with_rest(&mut self, reason: FinishReason) -> Event {
        let text = std::mem::take(&mut self.held) + &self.stream.flush().text;
        self.finish(reason, text)
    }

    fn finish(&mut self, reason: FinishReason, text: String) -> Event {
        self.over = true;
        Event::Finished(Finished { reason, text })
    }

    fn token(&mut self, Drawn { id, logprob, logits }: Drawn) -> Result<Event> {
        let alternative = |(id, logprob)| TokenLogprob { id, bytes: self.bytes(id), logprob };
        let top = match self.request.top_logprobs {
            0 => vec![],
            count => top(&logprobs(&logits), count).into_iter().map(alternative).collect(),
        };
        let piece = self.stream.push(id)?;
        self.held.push_str(&piece.text);
        let text = self.release();
        Ok(Event::Token(WrittenToken {
            id,
            bytes: self.bytes(id),
            text,
            pending: piece.pending,
            logprob,
            top,
        }))
    }

    /// Takes the text that can no longer be part of a stop string; a complete stop string ends the
    /// generation.
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

/// How many tokens to draw before the host's next read, after `tokens` took `time` and up to `pace` were
/// requested: more each time, as long as that takes no longer than [`SLICE`].
fn next_pace(pace: usize, tokens: usize, time: Duration) -> usize {
    let fit = SLICE.as_secs_f64() / time.as_secs_f64().max(1e-6) * tokens as f64;
    (fit as usize).clamp(1, 2 * pace).min(1_000)
}

/// How many bytes at the end of `text` are the beginning of `stop`.
fn overlap(text: &str, stop: &str) -> usize {
    let starts = stop.char_indices().map(|(at, _)| at).rev();
    starts.into_iter().find(|&at| text.ends_with(&stop[..at])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_grows_while_tokens_come_fast_and_shrinks_when_they_do_not() {
        let milliseconds = Duration::from_millis;
        assert_eq!(next_pace(1, 1, milliseconds(1)), 2);
        assert_eq!(next_pace(16, 16, milliseconds(16)), 32);
        assert_eq!(next_pace(16, 16, milliseconds(160)), 5);
        assert_eq!(next_pace(16, 1, milliseconds(900)), 1);
        assert_eq!(next_pace(800, 32, Duration::ZERO), 1_000);
    }

    #[test]
    fn only_what_may_become_a_stop_string_is_held() {
        assert_eq!(overlap("hello\n", "\n\n"), 1);
        assert_eq!(overlap("hello", "\n\n"), 0);
        assert_eq!(overlap("你好。", "。\n"), "。".len());
        assert_eq!(overlap("abab", "abac"), 2);
    }
}
