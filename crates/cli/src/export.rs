//! `tadpole export`: a checkpoint in Hugging Face's GPT-2 layout, or its weights alone.

use crate::args::{DeviceArgs, DeviceKind, ExportArgs};
use crate::device::open;
use crate::files::{explain, write};
use anyhow::{Context, Result};
use futures_lite::future::block_on;
use std::path::Path;
use tadpole_session::SaveOptions;

/// Runs the command.
pub fn run(args: ExportArgs, json: bool) -> Result<()> {
    let session = open(&args.checkpoint, &DeviceArgs { device: DeviceKind::Cpu, memory_gib: None })?;
    if args.half {
        let half = SaveOptions { half: true, ..SaveOptions::default() };
        let bytes = block_on(session.save(half)).map_err(explain)?;
        return written(&args.out, &bytes, json);
    }
    std::fs::create_dir_all(&args.out).with_context(|| format!("cannot make {}", args.out.display()))?;
    for file in block_on(session.export_hugging_face()).map_err(explain)? {
        written(&args.out.join(&file.name), &file.bytes, json)?;
    }
    Ok(())
}

/// Writes a file and says so.
fn written(path: &Path, bytes: &[u8], json: bool) -> Result<()> {
    write(path, bytes)?;
    if json {
        println!("{}", serde_json::json!({"path": path, "bytes": bytes.len()}));
    } else {
        println!("{}  {} bytes", path.display(), bytes.len());
    }
    Ok(())
}
