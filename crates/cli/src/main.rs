//! `tadpole`: the session on a terminal. Reads files, draws progress, prints JSON for machines with `--json`.

mod args;
mod device;
mod evaluate;
mod export;
mod files;
mod generate;
mod tokenize;
mod train;

use anyhow::Result;
use args::{Cli, Command};
use clap::Parser;

fn main() -> Result<()> {
    let Cli { command, json } = Cli::parse();
    match command {
        Command::Tokenize(args) => tokenize::run(args, json),
        Command::Train(args) => train::run(*args, json),
        Command::Generate(args) => generate::run(args, json),
        Command::Eval(args) => evaluate::run(args, json),
        Command::Export(args) => export::run(args, json),
    }
}
