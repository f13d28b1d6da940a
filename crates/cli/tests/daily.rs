//! Files and flags of daily work: understood as meant, or refused with their kind and a remedy.
mod common;

use common::{TINY, folder, ok, refused, tadpole};
use std::path::Path;

fn write(at: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(at.join(name), bytes).expect("it can be written");
}

fn generate<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["generate", "tadpole.safetensors", "--max-new-tokens", "4"][..], more].concat()
}

/// Its remarks beside the output, on success.
fn remarks(at: &Path, args: &[&str]) -> String {
    let output = tadpole(at, args);
    let text = String::from_utf8(output.stderr).expect("it prints UTF-8");
    assert!(output.status.success(), "{args:?}: {text}");
    text
}

#[test]
fn values_may_be_negative_and_texts_begin_with_a_hyphen() {
    let dir = folder();
    let at = dir.path();
    ok(
        at,
        &[&["train", "frogs.txt", "--vocab-size", "270", "--special-token", "<|end|>"][..], &TINY].concat(),
    );
    ok(at, &generate(&["--frequency-penalty", "-0.5", "--presence-penalty", "-1"]));
    assert!(ok(at, &generate(&["--prompt", "-5+3="])).starts_with("-5+3="));
    assert_eq!(remarks(at, &generate(&["--prompt", "a", "--stop", "--"])), "");
    for (text, said) in [(r"a\n", "--escapes"), ("a<|end|>", "as text"), ("a ", "ends in a space")] {
        assert!(remarks(at, &generate(&["--prompt", text])).contains(said), "{text}");
    }
    let text = ok(at, &generate(&["-e", "--prompt", r"a\tb\u{1F438}", "--stop", r"\n"]));
    assert!(text.starts_with("a\tb🐸"), "{text}");
    assert!(refused(at, &generate(&["-e", "--prompt", r"\q"])).contains("no escape"));
}

#[test]
fn a_model_without_a_line_break_writes_without_a_prompt() {
    let dir = folder();
    let at = dir.path();
    write(at, "line.txt", "the frog sings. ".repeat(200).as_bytes());
    ok(at, &[&["train", "line.txt", "--char"][..], &TINY].concat());
    assert!(ok(at, &["generate", "tadpole.safetensors", "--max-new-tokens", "9"]).len() >= 10);
}

#[test]
fn a_run_that_is_over_says_so() {
    let dir = folder();
    let at = dir.path();
    ok(at, &[&["train", "frogs.txt", "--vocab-size", "270"][..], &TINY].concat());
    for more in [&["--steps", "3"][..], &[]] {
        let told = refused(at, &[&["train", "--resume", "tadpole.safetensors"][..], more].concat());
        assert!(told.contains("8 steps") && told.contains("--steps"), "{told}");
    }
}

#[test]
fn texts_in_other_encodings_are_read_once_they_are_named() {
    let dir = folder();
    let at = dir.path();
    let chinese = "青蛙在池塘里唱歌。\n".repeat(40);
    let utf16 = |mark: &str| {
        format!("{mark}{chinese}").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    write(at, "gbk.txt", &encoding_rs::GBK.encode(&chinese).0);
    write(at, "bare.txt", &utf16(""));
    write(at, "marked.txt", &utf16("\u{feff}"));
    write(at, "bom.txt", format!("\u{feff}{chinese}").as_bytes());
    write(at, "plain.txt", chinese.as_bytes());
    let learn = |name: &str, more: &[&str]| {
        let json = format!("{name}.json");
        ok(at, &[&["tokenize", "--train", name, "--char", "--out", &json][..], more].concat());
        std::fs::read_to_string(at.join(json)).expect("it was written")
    };
    let plain = learn("plain.txt", &[]);
    for (name, encoding) in
        [("gbk.txt", Some("gbk")), ("bare.txt", Some("utf-16le")), ("marked.txt", None), ("bom.txt", None)]
    {
        if let Some(encoding) = encoding {
            let told = refused(at, &["tokenize", "--train", name, "x"]);
            assert!(
                told.contains(&format!("--encoding {encoding}")) && told.contains("青蛙在池塘里"),
                "{told}"
            );
        }
        let more = encoding.map(|encoding| vec!["--encoding", encoding]).unwrap_or_default();
        assert_eq!(learn(name, &more), plain, "{name}");
    }
    assert!(refused(at, &["train", "plain.txt", "--encoding", "latin"]).contains("utf-16le"));
    assert!(refused(at, &["train", "bare.txt", "--encoding", "shift_jis"]).contains("Shift_JIS"));
}

#[test]
fn files_are_named_for_what_they_are() {
    let dir = folder();
    let at = dir.path();
    write(at, "m.gguf", b"GGUF\x03\0\0\0\0\0\0\0");
    write(at, "m.bin", &[&b"PK\x03\x04\0\0archive/data.pkl"[..], &[0; 64]].concat());
    write(at, "merges.txt", b"#version: 0.2\nh e\n");
    write(at, "vocab.json", b"{\"!\": 0, \"a\": 1}");
    write(at, "page.json", b"<!doctype html><title>404</title>");
    for (command, name, said) in [
        ("generate", "m.gguf", "GGUF"),
        ("generate", "m.bin", "pickle"),
        ("generate", "frogs.txt", "safetensors"),
        ("train", "m.gguf", "GGUF"),
        ("tokenize --tokenizer", "merges.txt", "tokenizer.json"),
        ("tokenize --tokenizer", "vocab.json", "without its merges"),
        ("tokenize --tokenizer", "page.json", "web page"),
    ] {
        let args: Vec<&str> = command
            .split(' ')
            .chain([name])
            .chain((command != "train").then_some("x").filter(|_| command.contains('-')))
            .collect();
        let told = refused(at, &args);
        assert!(told.contains(said) && told.lines().count() == 2, "{args:?}: {told}");
    }
    for (file, said) in [
        ("pytorch_model.bin", "pickle"),
        ("model.safetensors.index.json", "several files"),
        ("merges.txt", "merges.txt"),
    ] {
        let folder = at.join(file.replace('.', "-"));
        std::fs::create_dir(&folder).expect("a folder");
        write(&folder, "config.json", b"{\"model_type\": \"gpt2\"}");
        write(&folder, "tokenizer_config.json", b"{\"tokenizer_class\": \"GPT2Tokenizer\"}");
        let bytes: &[u8] = match file {
            "pytorch_model.bin" => b"\x80\x02ctorch",
            "merges.txt" => b"#version: 0.2\n",
            _ => b"{\"metadata\": {}, \"weight_map\": {}}",
        };
        write(&folder, file, bytes);
        let told = refused(at, &["generate", folder.to_str().expect("a path")]);
        assert!(told.contains(said), "{file}: {told}");
    }
}
