//! The firstline binary.
use std::process::ExitCode;

fn main() -> ExitCode {
    firstline::cli::run()
}
