//! Reads the files that fuzzing kept; the tests of two crates include it.

/// Calls `check` with every kept file of a fuzz target.
pub fn each(target: &str, check: impl Fn(&[u8])) {
    let folder = format!("{}/../../fuzz/kept/{target}", env!("CARGO_MANIFEST_DIR"));
    let files: Vec<_> = std::fs::read_dir(folder).expect("kept files").collect();
    assert!(files.len() > 15, "{} files of {target}", files.len());
    for file in files {
        let path = file.expect("a folder that can be read").path();
        check(&std::fs::read(path).expect("a file that can be read"));
    }
}
