//! Printing results. `println!` panics when the reader has left; here that ends the command quietly.
use std::io::{self, ErrorKind, Write};

/// One line on standard output.
pub fn line(text: impl std::fmt::Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// True when an error only means that nobody reads our output any more (`firstline … | head`).
pub fn reader_left(error: &anyhow::Error) -> bool {
    let broken = |e: &io::Error| e.kind() == ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(broken))
}
