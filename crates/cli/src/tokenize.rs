//! `tadpole tokenize`: text to tokens with a tokenizer from a file, or one trained here, merge by merge.

use crate::args::TokenizeArgs;
use crate::device::cpu_session;
use crate::files::{explain, read, write};
use anyhow::{Result, bail};
use futures_lite::future::block_on;
use indicatif::ProgressBar;
use std::io::Read;
use tadpole_session::{Event, KnownRanks, Session, TokenizerSlot};

const LAB: TokenizerSlot = TokenizerSlot::Lab;

/// Runs the command.
pub fn run(args: TokenizeArgs, json: bool) -> Result<()> {
    let mut session = cpu_session()?;
    match (&args.tokenizer, &args.train) {
        (Some(path), _) => put_on_bench(&mut session, &read(path)?)?,
        (None, Some(corpus)) => train(&mut session, read(corpus)?, &args, json)?,
        (None, None) => bail!("no tokenizer (give --tokenizer FILE, or --train CORPUS)"),
    }
    if let Some(out) = &args.out {
        write(out, session.save_tokenizer(LAB).map_err(explain)?.as_bytes())?;
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
    print(&session, &text, json)
}

/// A tokenizer file, or the tokenizer within a checkpoint.
fn put_on_bench(session: &mut Session, file: &[u8]) -> Result<()> {
    if session.load_tokenizer(LAB, file, KnownRanks::default()).is_ok() {
        return Ok(());
    }
    if session.load(file).is_ok() {
        let tokenizer = session.save_tokenizer(TokenizerSlot::Model).map_err(explain)?;
        session.load_tokenizer(LAB, tokenizer.as_bytes(), KnownRanks::default()).map_err(explain)?;
        return Ok(());
    }
    session.load_tokenizer(LAB, file, KnownRanks::default()).map(drop).map_err(explain)
}

fn train(session: &mut Session, corpus: Vec<u8>, args: &TokenizeArgs, json: bool) -> Result<()> {
    let handle = session.open_tokenizer(corpus, args.config.config()).map_err(explain)?;
    let bar = if json { ProgressBar::hidden() } else { ProgressBar::new(0) };
    while let Some(events) = block_on(session.next(handle, false)).map_err(explain)? {
        for event in events {
            if json {
                println!("{}", serde_json::to_string(&event)?);
            }
            if let Event::Merges { merges, total } = event {
                bar.set_length(total as u64);
                bar.inc(merges.len() as u64);
            }
        }
    }
    bar.finish_and_clear();
    Ok(())
}

fn print(session: &Session, text: &str, json: bool) -> Result<()> {
    let encoding = session.encode(LAB, text).map_err(explain)?;
    if json {
        println!("{}", serde_json::to_string(&encoding)?);
        return Ok(());
    }
    let tokens = session.token_bytes(LAB, &encoding.ids).map_err(explain)?;
    for (id, bytes) in encoding.ids.iter().zip(tokens) {
        match std::str::from_utf8(&bytes) {
            Ok(text) => println!("{id:>7}  {text:?}"),
            Err(_) => println!("{id:>7}  {bytes:02X?}"),
        }
    }
    println!("{} tokens, {} characters, {} bytes", encoding.ids.len(), text.chars().count(), text.len());
    Ok(())
}
