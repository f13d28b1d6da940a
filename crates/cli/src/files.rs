//! Reading and writing files, with the path in every error. Checkpoints are written to a file beside their
//! target and renamed, so that a crash leaves the old one intact.

use anyhow::{Context, Result};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use tadpole_session::{Error, NamedFile};

/// A core error, shown with its remedy.
#[derive(Debug)]
pub struct Explained(pub Error);

impl std::fmt::Display for Explained {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n{}", self.0, self.0.remedy())
    }
}

impl std::error::Error for Explained {}

/// A core error with its remedy.
pub fn explain(error: Error) -> anyhow::Error {
    Explained(error).into()
}

/// All of a file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Replaces a file completely or not at all.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    let move_into_place = || {
        let mut file = File::create(partial)?;
        file.write_all(bytes)?;
        // Without this a power cut could leave the new name with neither file's bytes.
        file.sync_all()?;
        std::fs::rename(partial, path)
    };
    move_into_place().with_context(|| format!("cannot write {}", path.display()))
}

/// The bytes that identify a file's kind.
const HEAD: u64 = 4096;
/// The files of a model in Hugging Face's layout.
const LAYOUT: [&str; 3] = ["config.json", "model.safetensors", "tokenizer.json"];

/// The files of a model; if one is missing, the beginnings of the others, which tell what the folder holds
/// instead.
pub fn model_folder(path: &Path) -> Result<Vec<NamedFile>> {
    let is_whole = LAYOUT.iter().all(|name| path.join(name).is_file());
    let mut files = vec![];
    for entry in path.read_dir().with_context(|| format!("cannot read {}", path.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let at = path.join(&name);
        if !at.is_file() || (is_whole && !LAYOUT.contains(&name.as_str())) {
            continue;
        }
        let bytes = if is_whole { read(&at)? } else { beginning(&at)? };
        files.push(NamedFile { name, bytes });
    }
    Ok(files)
}

fn beginning(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = vec![];
    let file = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut bytes));
    file.with_context(|| format!("cannot read {}", path.display()))?;
    Ok(bytes)
}
