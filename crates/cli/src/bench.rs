//! `tadpole bench`: how fast this device trains and decodes, beside its own peak at the matrix product alone.

use crate::args::BenchArgs;
use crate::device::session;
use crate::files::explain;
use anyhow::Result;
use futures_lite::future::block_on;
use tadpole_session::{Event, MeasureCase, MeasureRequest, Measured, ModelConfig, SHAPES, Session, Shape};

/// Runs the command.
pub fn run(args: BenchArgs, json: bool) -> Result<()> {
    let mut session = session(&args.device)?;
    let (name, kind) = (session.device().name.clone(), session.device().kind);
    let peak = measure(&mut session, MeasureCase::Matmul, &SHAPES[0], args.blocks)?;
    if !json {
        println!(
            "{name}: {:.1} GFLOP/s at the product of two 1,024 x 1,024 matrices of f32\n",
            peak.gigaflops
        );
        println!(
            "{:<7} {:<6} {:>9} {:>9} {:>9} {:<9} {:>10} {:>9} {:>7}",
            "case", "shape", "median", "min", "max", "unit", "tokens/s", "GFLOP/s", "of peak"
        );
    }
    for shape in shapes(&args) {
        for case in args.cases(shape.decode_only) {
            let measured = measure(&mut session, case, &shape, args.blocks)?;
            let tokens =
                if case == MeasureCase::Train { shape.batch_size * shape.model.context_length } else { 1 };
            let tokens_per_second = 1e3 * tokens as f64 / measured.median;
            let share = measured.gigaflops / peak.gigaflops;
            let Measured { unit, median, min, max, gigaflops, .. } = measured;
            let case = if case == MeasureCase::Train { "train" } else { "decode" };
            if json {
                let row = serde_json::json!({
                    "case": case, "shape": shape.name, "device": kind, "adapter": name, "system": "tadpole",
                    "unit": unit, "median": median, "min": min, "max": max, "tokensPerSecond": tokens_per_second,
                    "gigaflops": gigaflops, "peakGigaflops": peak.gigaflops, "share": share,
                });
                println!("{row}");
            } else {
                println!(
                    "{case:<7} {:<6} {median:>9.3} {min:>9.3} {max:>9.3} {unit:<9} {tokens_per_second:>10.0} {gigaflops:>9.1} {:>6.1}%",
                    shape.name,
                    100.0 * share,
                );
            }
        }
    }
    Ok(())
}

/// The requested shapes; a custom one when a flag changes the model.
fn shapes(args: &BenchArgs) -> Vec<Shape> {
    let wanted = |shape: &Shape| {
        if args.shape.is_empty() {
            !shape.decode_only
        } else {
            args.shape.iter().any(|name| name == shape.name)
        }
    };
    let named: Vec<Shape> = SHAPES.iter().filter(|shape| wanted(shape)).cloned().collect();
    let mut own = named[0].clone();
    args.model.apply(&mut own.model);
    if args.model.d_model.is_some() && args.model.d_ff.is_none() {
        own.model.d_ff = 4 * own.model.d_model;
    }
    if args.model.n_head.is_some() && args.model.n_kv_head.is_none() {
        own.model.n_kv_head = own.model.n_head;
    }
    own.model.vocab_size = args.vocab_size.unwrap_or(own.model.vocab_size);
    own.batch_size = args.batch_size.unwrap_or(own.batch_size);
    if own == named[0] { named } else { vec![Shape { name: "own", decode_only: false, ..own }] }
}

fn measure(session: &mut Session, case: MeasureCase, shape: &Shape, blocks: usize) -> Result<Measured> {
    let model: ModelConfig = shape.model.clone();
    let request = MeasureRequest { case, model, batch_size: shape.batch_size, blocks };
    let handle = session.open_measure(request).map_err(explain)?;
    while let Some(events) = block_on(session.next(handle, false)).map_err(explain)? {
        if let Some(Event::Measured(measured)) = events.into_iter().next() {
            return Ok(measured);
        }
    }
    anyhow::bail!("the measurement ended without a figure")
}
