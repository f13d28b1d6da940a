//! The program, run in a folder of its own.
#![allow(dead_code)]

use std::path::Path;
use std::process::{Command, Output};

pub fn tadpole(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tadpole")).args(args).current_dir(folder).output().expect("it starts")
}

/// Its output on success.
pub fn ok(folder: &Path, args: &[&str]) -> String {
    let output = tadpole(folder, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints UTF-8")
}

/// Its message on refusal.
pub fn refused(folder: &Path, args: &[&str]) -> String {
    let output = tadpole(folder, args);
    assert!(!output.status.success(), "{args:?} was not refused");
    String::from_utf8(output.stderr).expect("it prints UTF-8")
}

pub fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text: String =
        (0..500).map(|i| format!("frog {} jumps over pond {}. 青蛙。\n", i % 29, i % 13)).collect();
    std::fs::write(folder.path().join("frogs.txt"), text).expect("it can be written");
    folder
}

#[rustfmt::skip]
pub const TINY: [&str; 20] = [
    "--preset", "nano", "--n-layer", "1", "--n-head", "2", "--d-model", "16", "--context-length", "16",
    "--batch-size", "4", "--steps", "8", "--eval-interval", "4", "--eval-batches", "2", "--warmup-steps", "2",
];
