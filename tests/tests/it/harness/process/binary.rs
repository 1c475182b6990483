//! Where the `firstline` binary lies, and whether it is the one of this source.
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::SystemTime;

static BINARY: LazyLock<PathBuf> = LazyLock::new(find);

/// `target/PROFILE/firstline`. Panics, saying what to run, when it is missing or older than the source:
/// `cargo test` alone does not build it, and an old one would prove nothing.
pub fn binary() -> &'static Path {
    &BINARY
}

fn find() -> PathBuf {
    let remedy = "run `cargo build --workspace --all-targets` first (bash tests/run does)";
    let tests = std::env::current_exe().expect("this test binary");
    // target/PROFILE/deps/it-HASH
    let profile = tests.parent().and_then(Path::parent).expect("a folder of the profile");
    let binary = profile.join("firstline");
    let built = modified(&binary).unwrap_or_else(|| panic!("{} is missing: {remedy}", binary.display()));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let sources = ["core", "kb", "bots", "web"].map(|room| root.join(room).join("src"));
    let newest = sources.iter().filter_map(|room| newest_below(room)).max();
    if let Some((changed, path)) = newest {
        assert!(changed <= built, "{} is newer than the firstline binary: {remedy}", path.display());
    }
    binary
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.modified().ok()
}

/// The newest source file below a folder.
fn newest_below(folder: &Path) -> Option<(SystemTime, PathBuf)> {
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    entries
        .filter_map(|entry| {
            let path = entry.path();
            if path.is_dir() {
                return newest_below(&path);
            }
            let source = path.extension().is_some_and(|ending| ending == "rs");
            source.then(|| modified(&path).map(|at| (at, path.clone()))).flatten()
        })
        .max()
}
