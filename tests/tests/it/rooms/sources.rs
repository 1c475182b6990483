//! The form of source files.
use super::{files_below, root};

#[test]
fn every_source_file_says_what_it_is_for() {
    let silent: Vec<String> = files_below(&root(), "rs")
        .into_iter()
        .filter(|path| !std::fs::read_to_string(path).expect("a readable file").starts_with("//!"))
        .map(|path| path.display().to_string())
        .collect();
    assert!(silent.is_empty(), "these files do not open with a `//!` line of purpose: {silent:#?}");
}
