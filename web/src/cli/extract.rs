//! The hidden commands that read documents and archives in a process of its own. It limits itself before it looks
//! at the first byte.
use std::path::Path;
use std::process::ExitCode;

use firstline_kb::manual::{Format, extract};
use firstline_kb::published::inspect;
use serde::Serialize;

/// Writes the pages to `to`, a JSON list of texts. What is wrong goes to stderr as one sentence.
pub fn run(from: &Path, to: &Path, format: Format) -> ExitCode {
    limited(to, 120, 256 << 20, || extract(from, format))
}

/// Writes to `to` what is found in a file, or its flaw.
pub fn look(from: &Path, to: &Path, scratch: &Path, name: &str) -> ExitCode {
    limited(to, 600, 16 << 30, || Ok(inspect::inspect(from, name, scratch)))
}

fn limited<T: Serialize>(
    to: &Path,
    seconds: u64,
    output: u64,
    read: impl FnOnce() -> Result<T, String>,
) -> ExitCode {
    if let Err(error) = limit(seconds, output) {
        eprintln!("the process cannot limit itself: {error}");
        return ExitCode::FAILURE;
    }
    let written = read().and_then(|found| {
        let json = serde_json::to_vec(&found).map_err(|e| e.to_string())?;
        std::fs::write(to, json).map_err(|e| e.to_string())
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Memory, processor time and output; a process beyond them is ended by the system.
#[cfg(target_os = "linux")]
fn limit(seconds: u64, output_bytes: u64) -> std::io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    const MEMORY_BYTES: u64 = 2 << 30;
    for (what, most) in
        [(Resource::As, MEMORY_BYTES), (Resource::Cpu, seconds), (Resource::Fsize, output_bytes)]
    {
        setrlimit(what, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

/// Elsewhere the parent's time limit has to do.
#[cfg(not(target_os = "linux"))]
fn limit(_seconds: u64, _output_bytes: u64) -> std::io::Result<()> {
    Ok(())
}
