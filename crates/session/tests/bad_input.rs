//! Common mistakes of people and files: each gets its code, its remedy, and leaves the existing state
//! unchanged.

mod common;

use common::*;
use futures_lite::future::block_on;
use tadpole_session::*;

/// The code with which a run on `corpus` ends.
fn refusal(corpus: Vec<u8>, request: TrainRequest) -> &'static str {
    let mut session = trained();
    let before = session.model();
    let error = match session.open_train(corpus, request) {
        Err(error) => error,
        Ok(handle) => loop {
            match block_on(session.next(handle, false)) {
                Err(error) => break error,
                Ok(None) => panic!("it was not refused"),
                Ok(Some(_)) => {}
            }
        },
    };
    assert!(!error.remedy().is_empty() && !error.to_string().is_empty());
    assert_eq!(session.model(), before, "the model before is untouched");
    error.code()
}

#[test]
fn corpora_that_cannot_serve() {
    assert_eq!(refusal(vec![], request()), "emptyCorpus");
    assert_eq!(refusal(b"a".to_vec(), request()), "corpusTooShort");
    assert_eq!(refusal(b"a few words only".to_vec(), request()), "corpusTooShort");
    let mut broken = corpus();
    broken[1_000] = 0xFF;
    assert_eq!(refusal(broken, request()), "notUtf8");
    let utf16: Vec<u8> =
        "frogs in ponds".encode_utf16().flat_map(u16::to_le_bytes).chain([0xFF, 0xFE]).collect();
    assert_eq!(refusal(utf16, request()), "zeroByte");
    let unmarked: Vec<u8> = "frogs in ponds".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refusal(unmarked, request()), "zeroByte", "valid UTF-8, and yet no text");
}

#[test]
fn configurations_that_cannot_work() {
    let with = |change: fn(&mut TrainRequest)| {
        let mut request = request();
        change(&mut request);
        refusal(corpus(), request)
    };
    assert_eq!(with(|r| r.model.n_head = 3), "headsDoNotDivide");
    assert_eq!(with(|r| r.model.n_kv_head = 4), "kvHeadsDoNotDivide");
    assert_eq!(with(|r| r.model.d_model = 0), "outOfRange");
    assert_eq!(with(|r| r.train.learning_rate = -1.0), "outOfRange");
    assert_eq!(with(|r| r.train.steps = 0), "outOfRange");
    assert_eq!(with(|r| r.tokenizer.vocab_size = 10), "vocabTooSmall");
    assert_eq!(with(|r| r.tokenizer.pattern = Some("(".into())), "invalidPattern");
    assert_eq!(
        with(|r| {
            r.tokenizer.kind = TokenizerKind::Char;
            r.train.sample_prompts = vec!["§".into()];
        }),
        "unknownCharacter"
    );
    assert_eq!(
        with(|r| {
            (r.model.d_model, r.model.d_ff, r.model.n_layer) = (8_192, 32_768, 96);
        }),
        "doesNotFit"
    );
}

#[test]
fn the_refusal_of_a_model_that_is_too_large_says_both_figures() {
    let mut request = request();
    (request.model.d_model, request.model.n_layer) = (4_096, 48);
    let error = session().open_train(corpus(), request.clone()).expect_err("it is too large");
    let data = error.data();
    let estimate = session().estimate(&request.model, &request.train).expect("a valid configuration");
    assert_eq!(data.details["needed"], estimate.training_bytes.to_string());
    assert_eq!(data.details["limit"], (1u64 << 30).to_string());
}

#[test]
fn files_of_other_kinds() {
    let mut session = trained();
    let before = session.model();
    for file in [&b""[..], b"hello", &[0; 64], &[0xFF; 64], b"{}", b"\x02\0\0\0\0\0\0\0{}"] {
        let error = session.load(file).expect_err("no checkpoint");
        assert!(["checkpointCorrupt", "unknownFile"].contains(&error.code()), "{error}");
    }
    assert_eq!(session.model(), before);
}

#[test]
fn a_checkpoint_of_another_version_is_named_as_such() {
    let save = SaveOptions::default();
    let mut file = block_on(trained().save(save)).expect("it saves");
    let field = br#""version":"1""#;
    let at = file.windows(field.len()).position(|bytes| bytes == field).expect("it has a version");
    file[at + field.len() - 2] = b'2';
    let error = session().load(&file).expect_err("of another version");
    assert_eq!(error.code(), "unknownFile");
    assert!(error.to_string().contains("version 2"), "{error}");
}

/// The numbers in the refusal: the bytes needed, and those the session has.
fn too_large(error: Error) -> (u64, u64) {
    let data = error.data();
    assert_eq!(data.code, "fileDoesNotFit");
    let [needed, limit] =
        ["needed", "limit"].map(|name| data.details[name].parse().expect("a number of bytes"));
    assert!(needed > limit, "{data:?}");
    (needed, limit)
}

/// The least memory with which it succeeds, searched from this much on: a header is refused before its
/// contents are known.
fn least(mut limit: u64, open: impl Fn(&mut Session) -> Result<ModelInfo>) -> u64 {
    while let Err(error) = open(&mut session_of(limit)) {
        limit = too_large(error).0;
    }
    limit
}

#[test]
fn a_file_is_counted_together_with_what_is_made_of_it() {
    let all = SaveOptions { training: true, corpus: true, ..SaveOptions::default() };
    let file = block_on(trained().save(all)).expect("it saves");
    let config = trained().model().expect("a model").config;
    let tensors = config.inference_bytes() + 12 * config.parameters();
    // The file alone would fit, and so would the tensors.
    let needed = least(tensors.max(file.len() as u64), |session| session.load(&file));
    assert!(needed > tensors + (file.len() + corpus().len()) as u64);
    let mut session = session_of(needed);
    let opened = session.load(&file).expect("it fits");
    // The model that is open stays until the file is read.
    let (_, left) = too_large(session.load(&file).expect_err("too large beside another"));
    assert!(left < needed - tensors, "{left} of {needed}");
    assert_eq!(session.model(), Some(opened));
    let mut roomy = session_of(2 * needed);
    for _ in 0..3 {
        roomy.load(&file).expect("there is room for two");
    }
}

#[test]
fn files_of_others_are_counted_together() {
    let mut files = block_on(trained().export_hugging_face()).expect("GPT-2's family");
    let all: u64 = files.iter().map(|file| file.bytes.len() as u64).sum();
    let config = trained().model().expect("a model").config;
    let needed = least(all, |session| session.import_hugging_face(&files));
    assert!(needed > all + config.inference_bytes());
    // A tokenizer that would take gigabytes to read is refused unread.
    let tokens = files.iter_mut().find(|file| file.name == "tokenizer.json").expect("three files");
    tokens.bytes = b"[],".repeat(10 << 20);
    too_large(session().import_hugging_face(&files).expect_err("too large"));
}

#[test]
fn a_configuration_that_is_not_that_of_the_tensors_is_refused() {
    let mut session = trained();
    let before = session.model();
    let file = block_on(session.save(SaveOptions::default())).expect("it saves");
    let file = tadpole_gpt::checkpoint::File::read(&file, |_| true).expect("our own file");
    for (field, value, code) in [("nLayer", 2, "tensorMissing"), ("dFf", 33, "tensorShape")] {
        let mut config: ModelConfig = serde_json::from_str(&file.metadata["model"]).expect("a model");
        match field {
            "nLayer" => config.n_layer = value,
            _ => config.d_ff = value,
        }
        let mut other = file.clone();
        other.metadata.insert("model".into(), serde_json::to_string(&config).expect("it is JSON"));
        let error = session.load(&other.write().expect("it is small")).expect_err("not its tensors");
        assert_eq!(error.code(), code);
        assert_eq!(session.model(), before);
    }
}

/// A small deterministic generator, so that the tests of hostile files are repeatable.
struct Lcg(u64);

impl Lcg {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % below
    }
}

fn mutate(file: &[u8], rng: &mut Lcg) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for _ in 0..=rng.next(4) {
        // Headers are where the danger is; half of the changes go there.
        let reach = if rng.next(2) == 0 { bytes.len().min(2_000) } else { bytes.len() };
        let at = rng.next(reach.max(1));
        match rng.next(5) {
            0 => bytes.truncate(at),
            1 => bytes[at] ^= 1 << rng.next(8),
            2 => bytes[at] = b"0123456789{}[]\",:eE-.\\"[rng.next(22)],
            3 => bytes.insert(at, b"9"[0]),
            _ => drop(bytes.remove(at)),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

#[test]
fn hostile_checkpoints_never_panic_and_never_cost_the_model() {
    let session_with_model = trained();
    let file = block_on(session_with_model.save(SaveOptions {
        training: true,
        corpus: true,
        ..SaveOptions::default()
    }))
    .expect("it saves");
    let mut rng = Lcg(1);
    let (mut refused, mut opened) = (0, 0);
    let mut session = session();
    for _ in 0..2_000 {
        let before = session.model();
        match session.load(&mutate(&file, &mut rng)) {
            Ok(_) => {
                opened += 1;
                // What was accepted also works.
                drop(block_on(session.next_tokens("the frog", &[], &SamplingConfig::default(), 3)));
            }
            Err(error) => {
                refused += 1;
                assert_eq!(session.model(), before, "{error}");
            }
        }
    }
    assert!(refused > 100, "{refused} refused, {opened} opened");
}

#[test]
fn hostile_configurations_of_others_never_panic() {
    let files = block_on(trained().export_hugging_face()).expect("GPT-2's family");
    let mut rng = Lcg(2);
    for round in 0..1_500 {
        let mut files = files.clone();
        let which = round % files.len();
        files[which].bytes = mutate(&files[which].bytes, &mut rng);
        drop(session().import_hugging_face(&files));
    }
}
