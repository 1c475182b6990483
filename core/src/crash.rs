//! Named crash points. In a development build `FIRSTLINE_CRASH_AT=NAME` or `NAME:N` makes the process
//! die at the N-th passage, as `kill -9` would: no destructor runs, nothing is flushed. A release
//! build contains none of this.

/// Every name a test may ask for, in the order one message passes them.
pub const POINTS: [&str; 5] =
    ["after_inbox_commit", "before_acknowledge", "after_turn_commit", "before_send", "after_send"];

#[cfg(debug_assertions)]
pub fn point(name: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};
    static WANTED: OnceLock<Option<(String, u32)>> = OnceLock::new();
    static PASSED: AtomicU32 = AtomicU32::new(0);
    let wanted = WANTED.get_or_init(|| {
        let value = std::env::var("FIRSTLINE_CRASH_AT").ok()?;
        let (name, nth) = value.split_once(':').map_or((value.as_str(), "1"), |(n, k)| (n, k));
        assert!(POINTS.contains(&name), "FIRSTLINE_CRASH_AT names no crash point; known: {POINTS:?}");
        Some((name.to_string(), nth.parse().expect("FIRSTLINE_CRASH_AT=NAME:N takes a number")))
    });
    if let Some((wanted, nth)) = wanted
        && wanted == name
        && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == *nth
    {
        std::process::abort();
    }
}

#[cfg(not(debug_assertions))]
pub fn point(_name: &str) {}
