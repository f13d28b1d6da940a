//! `tadpole export`: a checkpoint in Hugging Face's GPT-2 layout.

use crate::args::{DeviceArgs, DeviceKind, ExportArgs};
use crate::files::{explain, open, write};
use anyhow::{Context, Result};
use futures_lite::future::block_on;

/// Runs the command.
pub fn run(args: ExportArgs, json: bool) -> Result<()> {
    let session = open(&args.checkpoint, &DeviceArgs { device: DeviceKind::Cpu, memory_gib: None })?;
    std::fs::create_dir_all(&args.out).with_context(|| format!("cannot make {}", args.out.display()))?;
    for file in block_on(session.export_hugging_face()).map_err(explain)? {
        let path = args.out.join(&file.name);
        write(&path, &file.bytes)?;
        if json {
            println!("{}", serde_json::json!({"path": path, "bytes": file.bytes.len()}));
        } else {
            println!("{}  {} bytes", path.display(), file.bytes.len());
        }
    }
    Ok(())
}
