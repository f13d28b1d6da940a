//! The memory that opening a file takes, measured: no more than was estimated, and almost none if it is
//! refused.

mod common;

use common::*;
use futures_lite::future::block_on;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use tadpole_session::*;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, and how much of it is in use.
struct Counting;

#[global_allocator]
static HEAP: Counting = Counting;

fn taken(bytes: usize) {
    PEAK.fetch_max(NOW.fetch_add(bytes, SeqCst) + bytes, SeqCst);
}

#[expect(unsafe_code, reason = "an allocator cannot be written without")]
// SAFETY: every request goes unchanged to the system's allocator, and so does its answer.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        taken(layout.size());
        // SAFETY: the caller's guarantees are those that the system's allocator requires.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        taken(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), SeqCst);
        // SAFETY: as above; `place` came from the system's allocator, since all do.
        unsafe { System.dealloc(place, layout) }
    }
}

/// The result of some work, and its peak memory in bytes.
fn measured<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let before = NOW.load(SeqCst);
    PEAK.store(before, SeqCst);
    let answer = work();
    (answer, (PEAK.load(SeqCst) - before) as u64)
}

/// A session with a model of three million parameters.
fn large() -> Session {
    let mut request = request();
    (request.model.d_model, request.model.d_ff, request.model.n_layer) = (256, 1_024, 4);
    let mut session = session();
    let handle = session.open_train(corpus(), request).expect("a valid run");
    drain_until(&mut session, handle, |event| matches!(event, Event::Started { .. }));
    session
}

/// Opens files of this size when they do not fit, and then when they just do.
fn hold(what: &str, len: u64, open: impl Fn(&mut Session) -> Result<ModelInfo>) {
    let mut narrow = session_of(len + len / 4);
    let (refused, peak) = measured(|| open(&mut narrow));
    let data = refused.expect_err("it does not fit").data();
    assert_eq!(data.code, "fileDoesNotFit", "{what}");
    assert!(peak < len / 4, "{what}: {peak} bytes before a file of {len} was refused");
    let needed: u64 = data.details["needed"].parse().expect("a number");
    let mut enough = session_of(needed);
    let (opened, peak) = measured(|| open(&mut enough));
    opened.expect("it fits");
    let whole = len + peak;
    assert!(whole <= needed, "{what}: {whole} bytes where {needed} were expected");
    assert!(needed < whole + whole / 2, "{what}: {whole} bytes where as many as {needed} were expected");
}

/// A single test, because memory taken by others at the same time would be counted.
#[test]
fn opening_a_file_takes_what_was_said() {
    let session = large();
    let save = SaveOptions::default();
    for (what, options) in [
        ("all", SaveOptions { training: true, corpus: true, ..save }),
        ("weights", save),
        ("halves", SaveOptions { half: true, ..save }),
    ] {
        let file = block_on(session.save(options)).expect("it saves");
        hold(what, file.len() as u64, |session| session.load(&file));
    }
    let files = block_on(session.export_hugging_face()).expect("GPT-2's family");
    let len = files.iter().map(|file| file.bytes.len() as u64).sum();
    hold("Hugging Face's files", len, |session| session.import_hugging_face(&files));
}
