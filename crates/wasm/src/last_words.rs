//! What the module says of its own end. A trap tells JavaScript no more than `unreachable`: why is written down here before it, and
//! read afterwards, when nothing else of the module can be used any more.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use tadpole_session::ErrorData;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Bytes that the heap was last asked for in vain; 0 while it was never.
static REFUSED: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The system's allocator, and a note of what it refused.
struct Noting;

#[global_allocator]
static HEAP: Noting = Noting;

fn noted(place: *mut u8, bytes: usize) -> *mut u8 {
    if place.is_null() {
        REFUSED.store(bytes, Relaxed);
    }
    place
}

#[expect(
    unsafe_code,
    reason = "an allocator cannot be written without, and no other hook tells of memory that ran out"
)]
// SAFETY: every request goes to the system's allocator as it came, and its answer comes back as it is.
unsafe impl GlobalAlloc for Noting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        noted(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        noted(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above; `place` came from the system's allocator, since all do.
        noted(unsafe { System.realloc(place, layout, size) }, size)
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(place, layout) }
    }
}

/// Writes down from now on what a panic says, and tells the console.
pub fn listen() {
    std::panic::set_hook(Box::new(|info| {
        PANIC.with_borrow_mut(|said| *said = info.to_string());
        console_error_panic_hook::hook(info);
    }));
}

/// Why the module stopped, after a trap: an error in the protocol's shape, or undefined where it left no word. Allocations that fail
/// do not panic, so that a panic's words come first.
#[wasm_bindgen(js_name = lastWords)]
pub fn last_words() -> JsValue {
    let said = PANIC.with_borrow(Clone::clone);
    let bytes = REFUSED.load(Relaxed);
    let (code, name, word) = match (said.is_empty(), bytes) {
        (false, _) => ("panic", "reason", said),
        (true, 0) => return JsValue::UNDEFINED,
        (true, _) => ("heapFull", "bytes", bytes.to_string()),
    };
    let message = format!("the core stopped: {word}");
    let details = [(name, word)].into();
    tadpole_js::error(&ErrorData { code, message, remedy: "restart it".into(), details })
}
