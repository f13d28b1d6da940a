//! `tadpole generate`: text from a checkpoint, printed as it comes.

use crate::args::GenerateArgs;
use crate::device::open;
use crate::files::explain;
use crate::text::{remark, unescaped};
use anyhow::Result;
use futures_lite::future::block_on;
use std::io::Write;
use tadpole_session::{Event, Finished, GenerateRequest, SamplingConfig, Session, WrittenToken};

/// Runs the command.
pub fn run(args: GenerateArgs, json: bool) -> Result<()> {
    let mut session = open(&args.checkpoint, &args.device)?;
    let mut sampling = SamplingConfig::default();
    args.sampling.apply(&mut sampling);
    let prompt = match &args.prompt {
        Some(prompt) => told("prompt", prompt, &args, &session)?,
        None => session.model().map(|model| model.opening).unwrap_or_default(),
    };
    let stop = args.stop.iter().map(|stop| told("stop", stop, &args, &session)).collect::<Result<_>>()?;
    let request = GenerateRequest {
        prompt: prompt.clone(),
        forced: vec![],
        sampling,
        max_new_tokens: args.max_new_tokens,
        stop,
        top_logprobs: args.top_logprobs,
        truncate_prompt: args.truncate_prompt,
    };
    let handle = session.open_generate(request).map_err(explain)?;
    let mut out = std::io::stdout().lock();
    if !json {
        write!(out, "{prompt}")?;
    }
    while let Some(events) = block_on(session.next(handle, false)).map_err(explain)? {
        for event in events {
            match &event {
                _ if json => writeln!(out, "{}", serde_json::to_string(&event)?)?,
                Event::Token(WrittenToken { text, .. }) | Event::Finished(Finished { text, .. }) => {
                    write!(out, "{text}")?
                }
                _ => {}
            }
        }
        out.flush()?;
    }
    if !json {
        writeln!(out)?;
    }
    Ok(())
}

/// A text of the command line, unescaped if asked for, with a remark where it may be ambiguous.
fn told(name: &str, text: &str, args: &GenerateArgs, session: &Session) -> Result<String> {
    if args.escapes {
        return unescaped(text);
    }
    remark(name, text, session.tokenizer().map_err(explain)?.config());
    Ok(text.into())
}
