//! The TypeScript of every type that crosses to a page, written from the Rust types by ts-rs. `npm run contract` writes the file anew
//! (`WRITE_CONTRACT=1`); without that this test holds the file to them.

use std::fmt::Write;
use std::path::Path;
use tadpole_session::*;
use tadpole_workbench::{
    EncodeRequest, LoadTokenizerRequest, ReplayRequest, Slot, SlotRequest, TrainTokenizerRequest,
};
use ts_rs::{Config, TS};

const FILE: &str = "../../web/src/worker/protocol/core.ts";
const HEADER: &str = "// Generated from the Rust types by `npm run contract`: what crosses between the page and the core. Edit the types, not this file.\n";

macro_rules! declarations {
    ($($subject:literal: $($name:ty),+;)+) => {{
        let config = Config::new().with_large_int("number");
        let mut text = String::from(HEADER);
        $(
            writeln!(text, "\n// ---------- {} ----------", $subject).expect("a string takes all");
            $(
                let docs = <$name as TS>::docs().unwrap_or_default();
                write!(text, "\n{docs}export {}\n", interface(<$name as TS>::decl(&config))).expect("a string takes all");
            )+
        )+
        tidy(&text)
    }};
}

/// A type of fields alone as an interface, which editors and the reference show better.
fn interface(declared: String) -> String {
    let is_union = ["} | {", "} & ", "& {"].iter().any(|mark| declared.contains(mark));
    match declared.strip_prefix("type ").and_then(|rest| rest.split_once(" = {")) {
        Some((name, fields)) if !is_union => {
            format!("interface {name} {{{}", fields.trim_end_matches(';'))
        }
        _ => declared,
    }
}

/// Comments of one line on one line, and no links within the crates, which lead nowhere from TypeScript.
fn tidy(text: &str) -> String {
    let mut lines: Vec<String> = vec![];
    for line in text.replace("[`", "`").replace("`]", "`").lines() {
        match &lines[..] {
            [.., open, said] if line == " */" && open == "/**" => {
                let said = said.trim_start_matches(" * ").to_string();
                lines.truncate(lines.len() - 2);
                lines.push(format!("/** {said} */"));
            }
            _ => lines.push(line.into()),
        }
    }
    lines.join("\n") + "\n"
}

/// What is left of a file when its layout is taken away, which the page's formatter chooses.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !"\",;|()".contains(*c)).collect()
}

fn contract() -> String {
    declarations! {
        "Errors and devices":
            ErrorData, DeviceKind, FallbackReason, DeviceInfo, Estimates, MemoryUse, Speed, Trial, Calibration,
            MeasureCase, MeasureRequest, Measured, Shape;
        "Tokenizers":
            TokenizerKind, TokenizerConfig, TokenizerInfo, Encoding, MergeInfo, TrainingEvent, Slot, SlotRequest,
            LoadTokenizerRequest, TrainTokenizerRequest, EncodeRequest, ReplayRequest;
        "Models and their training":
            NormKind, PositionKind, MlpKind, ModelConfig, TrainConfig, TrainRequest, RunRequest, ResumeRequest,
            LearningRateRequest, EstimateRequest, Estimate, CorpusInfo, AttachRequest, ModelInfo, LoadRequest,
            SaveOptions, NamedFile, ImportRequest, Preset, Defaults;
        "What a stream tells":
            Event, Preparation, StepMetrics, WrittenToken, Finished, Graded, EvalMetrics, SampleText, TokenLogprob, FinishReason;
        "Generating":
            SamplingConfig, GenerateRequest, NextTokensRequest, Stage, Candidate, NextTokens;
        "Seeing inside":
            HostTensor, InspectRequest, LensRequest, Expected, Inside, ParameterRequest, NearestRequest, Near, EmbeddingMap,
            Part, Moved, NextUpdate;
        "The made world":
            Task, Language, Style, Mix, WorldRequest, Ask, CasesRequest, Case, Cases, GradeRequest, Interval;
    }
}

#[test]
fn the_page_has_the_types_of_the_core() {
    let (path, made) = (Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE), contract());
    if std::env::var_os("WRITE_CONTRACT").is_some() {
        std::fs::write(&path, &made).expect("the page's folder can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        bare(&kept) == bare(&made),
        "web/src/worker/protocol/core.ts is not what the Rust types say; npm run contract writes it anew"
    );
}
