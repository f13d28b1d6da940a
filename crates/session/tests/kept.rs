//! Rereads the files that fuzzing kept (see fuzz/README.md).

#[path = "../../../fuzz/kept.rs"]
mod kept;
mod parsers;

use kept::each;

#[test]
fn kept_checkpoints() {
    each("checkpoint", parsers::checkpoint);
}

#[test]
fn kept_hugging_face_files() {
    each("hugging_face", parsers::hugging_face);
}
