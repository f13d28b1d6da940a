//! `tadpole generate`: text from a checkpoint, as it comes.

use crate::args::GenerateArgs;
use crate::device::open;
use crate::files::explain;
use anyhow::Result;
use futures_lite::future::block_on;
use std::io::Write;
use tadpole_session::{Event, GenerateRequest, SamplingConfig};

/// Runs the command.
pub fn run(args: GenerateArgs, json: bool) -> Result<()> {
    let mut session = open(&args.checkpoint, &args.device)?;
    let mut sampling = SamplingConfig::default();
    args.sampling.apply(&mut sampling);
    let request = GenerateRequest {
        prompt: args.prompt.clone(),
        forced: vec![],
        sampling,
        max_new_tokens: args.max_new_tokens,
        stop: args.stop,
        top_logprobs: args.top_logprobs,
        truncate_prompt: args.truncate_prompt,
    };
    let handle = session.open_generate(request).map_err(explain)?;
    let mut out = std::io::stdout().lock();
    if !json {
        write!(out, "{}", args.prompt)?;
    }
    while let Some(events) = block_on(session.next(handle, false)).map_err(explain)? {
        for event in events {
            match &event {
                _ if json => writeln!(out, "{}", serde_json::to_string(&event)?)?,
                Event::Token { text, .. } | Event::Finished { text, .. } => write!(out, "{text}")?,
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
