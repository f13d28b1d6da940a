//! Rereads the files that fuzzing kept (see fuzz/README.md).

#[path = "../../../fuzz/kept.rs"]
mod kept;
mod parsers;

use kept::each;

#[test]
fn kept_tokenizer_files() {
    each("tokenizer_json", parsers::tokenizer_json);
}

#[test]
fn kept_rank_files() {
    each("tiktoken", parsers::tiktoken);
}

#[test]
fn kept_patterns() {
    each("pattern", |file| parsers::pattern(&String::from_utf8_lossy(file)));
}
