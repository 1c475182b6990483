//! The hidden command that reads a document's text in a process of its own. It limits itself before it looks at
//! the first byte.
use std::path::Path;
use std::process::ExitCode;

use firstline_kb::manual::{Format, extract};

/// Writes the pages to `to`, a JSON list of texts. What is wrong goes to stderr as one sentence.
pub fn run(from: &Path, to: &Path, format: Format) -> ExitCode {
    if let Err(error) = limit() {
        eprintln!("the process cannot limit itself: {error}");
        return ExitCode::FAILURE;
    }
    let pages = extract(from, format);
    let written = pages.and_then(|pages| {
        let json = serde_json::to_vec(&pages).map_err(|e| e.to_string())?;
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
fn limit() -> std::io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    const MEMORY_BYTES: u64 = 2 << 30;
    const SECONDS: u64 = 120;
    const OUTPUT_BYTES: u64 = 256 << 20;
    for (what, most) in
        [(Resource::As, MEMORY_BYTES), (Resource::Cpu, SECONDS), (Resource::Fsize, OUTPUT_BYTES)]
    {
        setrlimit(what, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

/// Elsewhere the parent's time limit has to do.
#[cfg(not(target_os = "linux"))]
fn limit() -> std::io::Result<()> {
    Ok(())
}
