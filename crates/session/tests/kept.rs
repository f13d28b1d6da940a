//! The files that fuzzing kept (see fuzz/README.md), each once more.

mod parsers;

/// Calls `check` with every kept file of a fuzz target.
fn each(target: &str, check: impl Fn(&[u8])) {
    let folder = format!("{}/../../fuzz/kept/{target}", env!("CARGO_MANIFEST_DIR"));
    let files: Vec<_> = std::fs::read_dir(folder).expect("kept files").collect();
    assert!(files.len() > 15, "{} files of {target}", files.len());
    for file in files {
        check(
            &std::fs::read(file.expect("a folder that can be read").path()).expect("a file that can be read"),
        );
    }
}

#[test]
fn kept_checkpoints() {
    each("checkpoint", parsers::checkpoint);
}

#[test]
fn kept_hugging_face_files() {
    each("hugging_face", parsers::hugging_face);
}
