//! `tadpole`: the session on a terminal. Reads files, draws progress, prints JSON for machines with `--json`.

mod args;
mod bench;
mod device;
mod evaluate;
mod export;
mod files;
mod generate;
mod text;
mod tokenize;
mod train;

use anyhow::Result;
use args::{Cli, Command};
use clap::Parser;
use files::Explained;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Cli { command, json } = Cli::parse();
    match run(command, json) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if json => {
            println!("{}", as_json(&error));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command, json: bool) -> Result<()> {
    match command {
        Command::Tokenize(args) => tokenize::run(args, json),
        Command::Train(args) => train::run(*args, json),
        Command::Generate(args) => generate::run(args, json),
        Command::Eval(args) => evaluate::run(args, json),
        Command::Export(args) => export::run(args, json),
        Command::Bench(args) => bench::run(args, json),
    }
}

/// An error as one line; the core's errors have their code, remedy and named values.
fn as_json(error: &anyhow::Error) -> serde_json::Value {
    match error.downcast_ref::<Explained>() {
        Some(Explained(error)) => serde_json::json!({ "error": error.data() }),
        None => serde_json::json!({ "error": { "code": "terminal", "message": format!("{error:#}") } }),
    }
}
