//! Reading and writing files, with the path in every error. Checkpoints are written beside themselves and moved, so that
//! a crash leaves the old one whole.

use anyhow::{Context, Result};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use tadpole_session::Error;

/// A core error, told with its remedy.
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

/// Replaces a file, whole or not at all.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    let move_into_place = || {
        let mut file = File::create(partial)?;
        file.write_all(bytes)?;
        // Without this a power cut could leave the new name with the bytes of neither file.
        file.sync_all()?;
        std::fs::rename(partial, path)
    };
    move_into_place().with_context(|| format!("cannot write {}", path.display()))
}
