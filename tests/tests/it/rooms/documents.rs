//! ARCHITECTURE.md speaks of things that exist.
use std::path::Path;

use super::{files_below, root};

/// Endings by which a word in backticks is a file.
const ENDINGS: [&str; 9] = ["rs", "toml", "md", "sql", "ftl", "html", "css", "js", "tsv"];

#[test]
fn paths_and_packages_named_in_the_architecture_exist() {
    let document = root().join("ARCHITECTURE.md");
    let Ok(text) = std::fs::read_to_string(&document) else { return };
    let missing: Vec<&str> = words(&text).into_iter().filter(|word| !exists(word)).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names what does not exist: {missing:#?}");
}

/// What stands in backticks on one line, code blocks aside.
fn words(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut in_block = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            found.extend(line.split('`').skip(1).step_by(2));
        }
    }
    found
}

fn exists(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    if word.is_empty() || !word.chars().all(plain) || word.starts_with('/') || word.starts_with('.') {
        return true;
    }
    if word.starts_with("firstline-") && !word.contains('/') && !word.contains('.') {
        return packages().iter().any(|package| package == word);
    }
    let ending = Path::new(word).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let is_file = ENDINGS.contains(&ending);
    let first = word.split('/').next().unwrap_or_default();
    if word.contains('/') {
        // A path of ours begins with one of our folders; `text/html` or `zh-CN/en` do not.
        return !root().join(first).is_dir() || root().join(word).exists();
    }
    // A bare file name may lie anywhere.
    !is_file
        || root().join(word).exists()
        || files_below(&root(), ending).iter().any(|path| path.ends_with(word))
}

/// Names of the workspace's packages.
fn packages() -> Vec<String> {
    let manifests = files_below(&root(), "toml").into_iter().filter(|path| path.ends_with("Cargo.toml"));
    manifests
        .filter_map(|path| {
            let text = std::fs::read_to_string(path).ok()?;
            let line = text.lines().find(|line| line.starts_with("name = "))?.to_owned();
            Some(line.trim_start_matches("name = ").trim_matches('"').to_owned())
        })
        .collect()
}
