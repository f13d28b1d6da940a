//! `tadpole tokenize`: text to tokens with a tokenizer from a file, or one trained here, merge by merge.

use crate::args::TokenizeArgs;
use crate::device::cpu_session;
use crate::files::{explain, read, write};
use crate::text::read_text;
use anyhow::{Result, bail};
use indicatif::ProgressBar;
use std::io::Read;
use tadpole_session::{Error, Slot, TrainingEvent, Workbench};

/// Runs the command.
pub fn run(args: TokenizeArgs, json: bool) -> Result<()> {
    let mut bench = Workbench::new();
    match (&args.tokenizer, &args.train) {
        (Some(path), _) => put_on_bench(&mut bench, &read(path)?, args.config.pattern.as_deref())?,
        (None, Some(corpus)) => train(&mut bench, read_text(corpus, &args.encoding)?, &args, json)?,
        (None, None) => bail!("no tokenizer (give --tokenizer FILE, or --train CORPUS)"),
    }
    if let Some(out) = &args.out {
        write(out, bench.tokenizer(Slot::Lab).map_err(refused)?.to_json().as_bytes())?;
    }
    let text = match args.text {
        Some(text) => text,
        None if args.out.is_some() => return Ok(()),
        None => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            text
        }
    };
    print(&bench, &text, json)
}

/// A tokenizer file, or a checkpoint's tokenizer.
fn put_on_bench(bench: &mut Workbench, file: &[u8], pattern: Option<&str>) -> Result<()> {
    let Err(reason) = bench.load(Slot::Lab, file, pattern) else { return Ok(()) };
    let mut session = cpu_session()?;
    if pattern.is_some() || session.load(file).is_err() {
        return Err(refused(reason));
    }
    let tokenizer = session.tokenizer().map_err(explain)?.to_json();
    bench.load(Slot::Lab, tokenizer.as_bytes(), None).map(drop).map_err(refused)
}

fn refused(error: tadpole_session::WorkbenchError) -> anyhow::Error {
    explain(Error::from(error))
}

fn train(bench: &mut Workbench, corpus: Vec<u8>, args: &TokenizeArgs, json: bool) -> Result<()> {
    let handle = bench.open_training(corpus, args.config.config()).map_err(refused)?;
    let bar = if json { ProgressBar::hidden() } else { ProgressBar::new(0) };
    while let Some(events) = bench.next(handle, false).map_err(refused)? {
        for event in events {
            if json {
                println!("{}", serde_json::to_string(&event)?);
            }
            if let TrainingEvent::Merges { merges, total } = event {
                bar.set_length(total as u64);
                bar.inc(merges.len() as u64);
            }
        }
    }
    bar.finish_and_clear();
    Ok(())
}

fn print(bench: &Workbench, text: &str, json: bool) -> Result<()> {
    let tokenizer = bench.tokenizer(Slot::Lab).map_err(refused)?;
    let encoding = tokenizer.encode_spans(text).map_err(|error| explain(error.into()))?;
    if json {
        println!("{}", serde_json::to_string(&encoding)?);
        return Ok(());
    }
    for &id in &encoding.ids {
        let bytes = tokenizer.token_bytes(id).unwrap_or_default();
        match std::str::from_utf8(bytes) {
            Ok(text) => println!("{id:>7}  {text:?}"),
            Err(_) => println!("{id:>7}  {bytes:02X?}"),
        }
    }
    println!("{} tokens, {} characters, {} bytes", encoding.ids.len(), text.chars().count(), text.len());
    Ok(())
}
