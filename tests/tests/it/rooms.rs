//! The rooms keep to their order and their limits, and the files to their form. What the compiler cannot say is said here.
mod documents;
mod metadata;
mod sources;

use std::path::{Path, PathBuf};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.canonicalize().expect("the workspace")
}

/// Whether a folder is part of the project: neither built, nor hidden, nor somebody's data.
fn is_ours(folder: &Path) -> bool {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    !name.starts_with('.') && name != "target" && name != "node_modules" && folder != root().join("data")
}

/// All files below a folder that end like this.
pub fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a readable folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            if is_ours(&path) {
                found.extend(files_below(&path, ending));
            }
        } else if path.extension().is_some_and(|found| found == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}
