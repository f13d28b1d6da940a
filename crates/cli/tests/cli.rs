//! The program as a person runs it: tokenize, train, resume, generate, evaluate, export, and error messages.

mod common;

use common::{TINY, folder, ok, refused, tadpole};

fn events(text: &str) -> Vec<serde_json::Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("one JSON value a line")).collect()
}

#[test]
fn a_life_from_text_to_hugging_face() {
    let dir = folder();
    let at = dir.path();
    let train =
        [&["--json", "train", "frogs.txt", "--out", "a.safetensors", "--vocab-size", "280"][..], &TINY]
            .concat();
    let told = events(&ok(at, &train));
    let kinds: Vec<&str> = told.iter().filter_map(|event| event["kind"].as_str()).collect();
    for kind in ["progress", "started", "step", "eval", "sample", "done"] {
        assert!(kinds.contains(&kind), "{kind} is missing from {kinds:?}");
    }

    let more = ["--json", "train", "--resume", "a.safetensors", "--steps", "12", "--out", "b.safetensors"];
    let told = events(&ok(at, &more));
    assert_eq!(told.last().expect("events")["step"], 12);

    let eval = &events(&ok(at, &["--json", "eval", "b.safetensors"]))[0];
    assert_eq!(eval["step"], 12);
    assert!(eval["valLoss"].as_f64().is_some_and(|loss| loss > 0.0 && loss < 6.0), "{eval}");

    let write = ["generate", "b.safetensors", "--prompt", "frog", "--max-new-tokens", "20", "--seed", "3"];
    let text = ok(at, &write);
    assert!(text.starts_with("frog") && text.len() > 20, "{text}");
    assert_eq!(ok(at, &write), text, "the same seed writes the same text");

    ok(at, &["export", "b.safetensors", "--out", "hf"]);
    let same = ["generate", "hf", "--prompt", "frog", "--max-new-tokens", "20", "--seed", "3"];
    assert_eq!(ok(at, &same), text, "the exported folder is the same model");

    let spans = &events(&ok(at, &["--json", "tokenize", "--tokenizer", "b.safetensors", "frog 青"]))[0];
    assert_eq!(spans["ends"].as_array().and_then(|ends| ends.last()), Some(&8.into()));
}

#[test]
fn the_world_is_learnt_from_and_asked_about() {
    let dir = folder();
    let at = dir.path();
    let world =
        ["train", "--world", "--world-mib", "1", "--chinese", "0", "--without-corpus", "--vocab-size", "280"];
    let kept = ["--keep", "0", "--keep", "8", "--out", "w.safetensors", "--json"];
    ok(at, &[&world[..], &kept, &TINY].concat());
    let size = |name: &str| std::fs::metadata(at.join(name)).expect("it was written").len();

    let asked =
        ["--json", "eval", "w.safetensors", "--world", "--claim", "facts", "--cases", "5", "--answers"];
    let told = events(&ok(at, &asked));
    let (rows, answers): (Vec<_>, Vec<_>) = told.iter().partition(|value| value["claim"] == "facts");
    assert_eq!((rows.len(), answers.len()), (2, 10), "two languages, each case with its answer");
    for row in rows {
        let [accuracy, low, high] =
            ["accuracy", "low", "high"].map(|name| row[name].as_f64().expect("a share"));
        assert!(row["n"] == 5 && low <= accuracy && accuracy <= high && low < high, "{row}");
    }

    ok(at, &["export", "w.safetensors", "--half", "--out", "half.safetensors"]);
    for small in ["half.safetensors", "w.000000.safetensors", "w.000008.safetensors"] {
        assert!(size(small) < size("w.safetensors") / 3, "{small} holds weights alone, in 16 bits");
    }
    assert!(refused(at, &["eval", "w.safetensors", "--claim", "facts"]).contains("--world"));
    assert!(refused(at, &["eval", "w.safetensors", "--world", "--claim", "flying"]).contains("fewShot"));
}

#[test]
fn a_tokenizer_is_trained_saved_and_used() {
    let dir = folder();
    let at = dir.path();
    ok(at, &["tokenize", "--train", "frogs.txt", "--vocab-size", "300", "--out", "tokenizer.json"]);
    let text = ok(at, &["tokenize", "--tokenizer", "tokenizer.json", "frog 1 青蛙"]);
    assert!(text.contains("tokens, 9 characters, 13 bytes"), "{text}");
}

#[test]
fn what_goes_wrong_is_said_with_its_remedy() {
    let dir = folder();
    let at = dir.path();
    std::fs::write(at.join("latin.txt"), b"caf\xE9 au lait").expect("it can be written");
    std::fs::write(at.join("broken.safetensors"), b"\x10\0\0\0\0\0\0\0{not json}")
        .expect("it can be written");
    for (args, said) in [
        (&["train", "none.txt"][..], "cannot read none.txt"),
        (&["train", "latin.txt"], "UTF-8"),
        (&["train"], "--resume"),
        (&["train", "frogs.txt", "--n-head", "3"], "a width of 126 or 132"),
        (&["train", "frogs.txt", "--memory-gib", "0.001"], "1.02 MiB are available"),
        (&["generate", "broken.safetensors"], "cannot be read"),
        (&["tokenize", "--tokenizer", "broken.safetensors", "x"], "line"),
        (&["tokenize", "x"], "--train"),
    ] {
        let text = refused(at, args);
        assert!(text.contains(said) && !text.contains("panicked"), "{args:?}: {text}");
    }
}

#[test]
fn machines_are_told_what_goes_wrong_as_json() {
    let dir = folder();
    let at = dir.path();
    let told = |args: &[&str]| {
        let output = tadpole(at, args);
        assert!(!output.status.success(), "{args:?} was not refused");
        events(&String::from_utf8(output.stdout).expect("it prints UTF-8")).pop().expect("one value")
    };
    let error = &told(&["--json", "train", "frogs.txt", "--n-head", "3"])["error"];
    assert_eq!((&error["code"], &error["details"]["nHead"]), (&"headsDoNotDivide".into(), &"3".into()));
    assert!(error["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()), "{error}");
    let error = &told(&["--json", "train", "none.txt"])["error"];
    assert_eq!(error["code"], "terminal");
    assert!(error["message"].as_str().is_some_and(|text| text.contains("none.txt")), "{error}");
}

#[test]
fn a_run_that_goes_on_takes_a_learning_rate_and_refuses_what_it_cannot_change() {
    let dir = folder();
    let at = dir.path();
    ok(at, &[&["train", "frogs.txt", "--vocab-size", "280"][..], &TINY].concat());
    let more = ["--json", "train", "--resume", "tadpole.safetensors", "--steps", "10"];
    let told = events(&ok(at, &[&more[..], &["--learning-rate", "0.0003"]].concat()));
    let step = told.iter().rfind(|event| event["kind"] == "step").expect("it goes on");
    assert_eq!(step["steps"].as_array().and_then(|all| all.last()).expect("a step")["learningRate"], 0.0003);
    for other in [["--batch-size", "8"], ["--n-layer", "2"], ["--vocab-size", "300"], ["--preset", "mini"]] {
        let text = refused(at, &[&more[..], &other].concat());
        assert!(text.contains("cannot be used with") && text.contains(other[0]), "{text}");
    }
}

#[test]
fn a_benchmark_of_any_shape_tells_its_figures() {
    let dir = folder();
    let shape = [
        "--n-layer",
        "1",
        "--n-head",
        "2",
        "--d-model",
        "16",
        "--context-length",
        "16",
        "--vocab-size",
        "33",
    ];
    let told = events(&ok(dir.path(), &[&["--json", "bench", "--blocks", "1"][..], &shape].concat()));
    let cases: Vec<&str> = told.iter().filter_map(|row| row["case"].as_str()).collect();
    assert_eq!(cases, ["train", "decode"]);
    for row in &told {
        assert_eq!((row["shape"].as_str(), row["device"].as_str()), (Some("own"), Some("cpu")));
        let [min, median, max, share] =
            ["min", "median", "max", "share"].map(|name| row[name].as_f64().expect("a number"));
        assert!(0.0 < min && min <= median && median <= max, "{row}");
        assert!(0.0 < share && share < 2.0, "{row}");
    }
    let told = refused(dir.path(), &["bench", "--blocks", "0"]);
    assert!(told.contains("blocks"), "{told}");
}
