//! `tadpole eval`: a checkpoint's loss over the whole validation part of its corpus.

use crate::args::EvalArgs;
use crate::files::{explain, open, read};
use anyhow::Result;
use futures_lite::future::block_on;

/// Runs the command.
pub fn run(args: EvalArgs, json: bool) -> Result<()> {
    let mut session = open(&args.checkpoint, &args.device)?;
    if let Some(corpus) = &args.corpus {
        session.attach_corpus(read(corpus)?).map_err(explain)?;
    }
    let eval = block_on(session.evaluate()).map_err(explain)?;
    if json {
        println!("{}", serde_json::to_string(&eval)?);
    } else {
        println!(
            "step {}  val/loss {:.4}  perplexity {:.2}  bits per byte {:.3}",
            eval.step, eval.val_loss, eval.perplexity, eval.bits_per_byte
        );
    }
    Ok(())
}
