//! Tests that need something this machine lacks: named as not run on a developer's machine, a failure under CI.
use std::io::Write;

/// Says that the running test does not run, and why. Under `CI` it panics instead, naming what to install:
/// a suite that skips quietly proves nothing. The caller returns afterwards.
pub fn not_run(missing: &str, remedy: &str) {
    let name = current_test();
    assert!(!under_ci(), "{name} needs {missing}; under CI nothing is skipped. {remedy}");
    // Straight to stderr: print! would be captured and thrown away with the passing test. `tests/run` collects these lines.
    let line = format!("NOT RUN: {name}: no {missing}. {remedy}\n");
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}

pub fn under_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

/// The test harness names the thread of a test after the test.
pub fn current_test() -> String {
    std::thread::current().name().unwrap_or("a test").to_owned()
}
