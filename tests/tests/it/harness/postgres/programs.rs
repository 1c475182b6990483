//! Finding and calling PostgreSQL's server programs, which refuse to run as root.
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder with `initdb` and `postgres`: on the `PATH`, or the newest of Debian's versioned ones.
pub fn folder() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH")
        .into_iter()
        .flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let mut versioned: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            Some((version, path.join("bin")))
        })
        .collect();
    versioned.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    let mut candidates = on_path.chain(versioned.into_iter().map(|(_, path)| path));
    candidates.find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

pub fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// The words in front of a command that make it run as a user PostgreSQL accepts.
pub fn runner() -> &'static [&'static str] {
    if !is_root() {
        return &[];
    }
    let has_runuser =
        Command::new("runuser").arg("--version").output().is_ok_and(|output| output.status.success());
    if has_runuser {
        &["runuser", "-u", "postgres", "--"]
    } else {
        &["su", "postgres", "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--"]
    }
}

/// Runs one of the programs to its end.
pub fn call(program: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut words: Vec<&std::ffi::OsStr> = runner().iter().map(|word| std::ffi::OsStr::new(*word)).collect();
    words.push(program.as_os_str());
    words.extend(arguments.iter().map(|argument| std::ffi::OsStr::new(*argument)));
    // A folder the user postgres may be in; the one of the tests may be private.
    let output: Output = Command::new(words[0])
        .args(&words[1..])
        .current_dir("/")
        .output()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{}: {}", program.display(), String::from_utf8_lossy(&output.stderr)))
}
