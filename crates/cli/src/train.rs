//! `tadpole train`: a run from the beginning or from a checkpoint, saved every half minute and at the end.

use crate::args::TrainArgs;
use crate::device::{open, session};
use crate::files::{explain, write};
use crate::text::read_text;
use anyhow::{Context, Result, bail};
use futures_lite::future::block_on;
use indicatif::{ProgressBar, ProgressStyle};
use std::time::{Duration, Instant};
use tadpole_session::{Event, ModelConfig, SaveOptions, Session, TrainConfig, TrainRequest};

const SAVE_EVERY: Duration = Duration::from_secs(30);

/// Runs the command.
pub fn run(args: TrainArgs, json: bool) -> Result<()> {
    let (mut session, handle) = begin(&args)?;
    let report = Report::new(json);
    let mut saved = Instant::now();
    while let Some(events) = next(&mut session, handle, &args)? {
        for event in &events {
            report.show(event)?;
            keep(&session, &args, event)?;
        }
        if saved.elapsed() >= SAVE_EVERY && session.model().is_some() {
            save(&session, &args)?;
            saved = Instant::now();
        }
    }
    save(&session, &args)?;
    report.end(&args);
    Ok(())
}

fn begin(args: &TrainArgs) -> Result<(Session, u32)> {
    if let Some(checkpoint) = &args.resume {
        let mut session = open(checkpoint, &args.device)?;
        expect_more(&session, args.pace.steps)?;
        if let Some((_, text)) = corpus(args)? {
            session.attach_corpus(text).map_err(explain)?;
        }
        if let Some(rate) = args.pace.learning_rate {
            session.set_learning_rate(Some(rate)).map_err(explain)?;
        }
        let handle = block_on(session.open_resume(args.pace.steps)).map_err(explain)?;
        return Ok((session, handle));
    }
    let (name, text) =
        corpus(args)?.context("no corpus (give a text file, --world, or --resume CHECKPOINT)")?;
    let mut session = session(&args.device)?;
    let handle = session.open_train(text, request(args, name)).map_err(explain)?;
    Ok((session, handle))
}

/// Refuses to continue a run with nothing left to do.
fn expect_more(session: &Session, steps: Option<usize>) -> Result<()> {
    let Some(model) = session.model() else { return Ok(()) };
    let Some(total) = steps.or(model.request.map(|request| request.train.steps)) else { return Ok(()) };
    if total > model.step {
        return Ok(());
    }
    bail!(
        "this run has made {} steps, and {total} in all were asked for\nAsk for more than {}: --steps is the total, not what is added.",
        model.step,
        model.step
    )
}

/// The text that the flags name, and its name.
fn corpus(args: &TrainArgs) -> Result<Option<(String, Vec<u8>)>> {
    if args.world.world {
        let text = Session::world(&args.world.request()).map_err(explain)?;
        return Ok(Some(("world".into(), text)));
    }
    let Some(path) = &args.corpus else { return Ok(None) };
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(Some((name, read_text(path, &args.encoding)?)))
}

fn request(args: &TrainArgs, corpus_name: String) -> TrainRequest {
    let mut model = ModelConfig::preset(&args.preset).expect("clap allows presets only");
    args.model.apply(&mut model);
    if args.model.n_kv_head.is_none() {
        model.n_kv_head = model.n_head;
    }
    if args.model.d_ff.is_none() {
        model.d_ff = 4 * model.d_model;
    }
    let mut train = TrainConfig::default();
    args.pace.apply(&mut train);
    args.training.apply(&mut train);
    TrainRequest { corpus_name, tokenizer: args.tokenizer.config(), model, train }
}

/// Writes the weights to separate files at the steps to keep.
fn keep(session: &Session, args: &TrainArgs, event: &Event) -> Result<()> {
    let step = match event {
        Event::Started { model, .. } => Some(model.step),
        Event::Step { steps, .. } => steps.last().map(|metrics| metrics.step),
        _ => None,
    };
    let Some(step) = step.filter(|step| args.keep.contains(step)) else { return Ok(()) };
    let half = SaveOptions { half: true, ..SaveOptions::default() };
    let path = args.out.with_extension(format!("{step:06}.safetensors"));
    write(&path, &block_on(session.save(half)).map_err(explain)?)
}

/// The run's next events; one update at a time if some are to be kept. On failure, what it has learnt so far
/// is saved before the error is reported.
fn next(session: &mut Session, handle: u32, args: &TrainArgs) -> Result<Option<Vec<Event>>> {
    block_on(session.next(handle, !args.keep.is_empty())).map_err(|error| {
        let saved = session.model().is_some() && save(session, args).is_ok();
        let told = explain(error);
        if saved { told.context(format!("training stopped; {} is saved", args.out.display())) } else { told }
    })
}

fn save(session: &Session, args: &TrainArgs) -> Result<()> {
    let options = SaveOptions { training: true, corpus: !args.without_corpus, ..SaveOptions::default() };
    write(&args.out, &block_on(session.save(options)).map_err(explain)?)
}

/// Events as JSON lines, or as a progress bar with a line for each evaluation and sample.
struct Report {
    json: bool,
    bar: ProgressBar,
}

impl Report {
    fn new(json: bool) -> Self {
        let bar = if json { ProgressBar::hidden() } else { ProgressBar::new(0) };
        let style = ProgressStyle::with_template("{msg:.bold} {wide_bar} {pos}/{len} {eta} left");
        bar.set_style(style.expect("a fixed template is valid"));
        Self { json, bar }
    }

    fn show(&self, event: &Event) -> Result<()> {
        if self.json {
            println!("{}", serde_json::to_string(event)?);
            return Ok(());
        }
        match event {
            Event::Progress { stage, done, total } => {
                self.bar.set_message(format!("{stage:?}").to_lowercase());
                self.bar.set_length(*total as u64);
                self.bar.set_position(*done as u64);
            }
            Event::Started { model, train_tokens, val_tokens } => {
                self.bar.println(format!(
                    "{} parameters, {train_tokens} tokens to train on, {val_tokens} to validate on",
                    model.parameters
                ));
                self.bar.reset_eta();
            }
            Event::Step { steps, tokens_per_second, total_steps, .. } => {
                if let Some(last) = steps.last() {
                    self.bar.set_length(*total_steps as u64);
                    self.bar.set_position(last.step as u64);
                    self.bar
                        .set_message(format!("loss {:.3}, {tokens_per_second:.0} tokens/s", last.train_loss));
                }
            }
            Event::Eval(eval) => self.bar.println(format!(
                "step {:>6}  val/loss {:.4}  perplexity {:.2}  bits per byte {:.3}",
                eval.step, eval.val_loss, eval.perplexity, eval.bits_per_byte
            )),
            Event::Sample(sample) => self.bar.println(format!("{}{}\n", sample.prompt, sample.text)),
            _ => {}
        }
        Ok(())
    }

    fn end(&self, args: &TrainArgs) {
        self.bar.finish_and_clear();
        if !self.json {
            println!("saved {}", args.out.display());
        }
    }
}
