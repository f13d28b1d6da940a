//! A tokenizer learnt on the bench, replayed merge by merge, and taken to another bench as a file.

use tadpole_workbench::{MergeInfo, Slot, TokenizerConfig, TrainingEvent, Workbench};

fn corpus() -> Vec<u8> {
    "the frog jumps over the log and the frog sings 青蛙唱歌\n".repeat(50).into_bytes()
}

fn drain(bench: &mut Workbench, handle: u32) -> Vec<TrainingEvent> {
    let mut all = vec![];
    while let Some(events) = bench.next(handle, false).expect("it learns") {
        all.extend(events);
    }
    all
}

#[test]
fn the_bench_learns_merges_and_replays_them() {
    let mut bench = Workbench::new();
    assert_eq!(bench.tokenizer(Slot::Lab).map_err(|e| e.code()).err(), Some("noTokenizer"));
    let config = TokenizerConfig { vocab_size: 280, ..TokenizerConfig::default() };
    let handle = bench.open_training(corpus(), config).expect("a valid configuration");
    let events = drain(&mut bench, handle);
    let merges = |event: &TrainingEvent| match event {
        TrainingEvent::Merges { merges, .. } => merges.clone(),
        _ => vec![],
    };
    let told: Vec<MergeInfo> = events.iter().flat_map(merges).collect();
    let tokenizer = bench.tokenizer(Slot::Lab).expect("a tokenizer");
    assert_eq!(told, tokenizer.merges().map(MergeInfo::from).collect::<Vec<_>>());
    assert_eq!(told.len(), 24);
    assert!(told.iter().all(|merge| merge.count >= 2));
    let text = "the frog 青蛙";
    let size = |n| tokenizer.encode_with_merges(text, n).expect("it encodes").ids.len();
    let sizes: Vec<usize> = (0..=24).map(size).collect();
    assert_eq!(sizes[0], text.len(), "without merges every byte is a token");
    assert!(sizes.is_sorted_by(|a, b| a >= b), "{sizes:?}");
    let mut other = Workbench::new();
    other.load(Slot::Other, tokenizer.to_json().as_bytes(), None).expect("our own file");
    let there = other.tokenizer(Slot::Other).expect("it was loaded");
    assert_eq!(there.encode_spans(text), tokenizer.encode_spans(text));
}

#[test]
fn a_training_that_is_over_or_refused_is_told() {
    let mut bench = Workbench::new();
    let refused = bench.open_training(b"frog \xff".to_vec(), TokenizerConfig::default());
    assert_eq!(refused.map_err(|error| error.code()), Err("notUtf8"));
    let handle = bench.open_training(corpus(), TokenizerConfig::default()).expect("a valid configuration");
    assert!(bench.next(handle, true).is_ok());
    bench.close(handle);
    assert_eq!(bench.next(handle, true).map_err(|error| error.code()), Err("streamOver"));
}
