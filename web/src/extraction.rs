//! What strangers made, read by a child process: this program again, with a hidden command. A document or archive
//! that makes its reader loop, panic or swell costs that child and nothing else.
use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use firstline_kb::manual::Format;
use firstline_kb::published::inspect::{Flaw, FlawKind, Looked};
use serde::de::DeserializeOwned;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

/// The longest a document is read.
const PATIENCE: Duration = Duration::from_secs(180);
/// The longest an archive is looked into.
const ARCHIVE_PATIENCE: Duration = Duration::from_secs(900);
/// More than this is not taken from the child, in bytes.
const MOST: u64 = 256 << 20;
/// Of what the child complains about, in bytes.
const MOST_WORDS: u64 = 2000;

/// The pages of a document. `beside` is a path that does not exist yet, for the child to write to.
pub async fn pages(document: &Path, format: Format, beside: &Path) -> Result<Vec<String>> {
    let words =
        [OsStr::new("extract-text"), document.as_os_str(), beside.as_os_str(), OsStr::new(format.as_str())];
    child(&words, beside, PATIENCE, "the document could not be read").await
}

/// What `published::inspect` finds in a file that customers will save as `name`. A file whose reader dies is refused;
/// a reader that cannot even start says nothing about the file.
pub async fn inspection(file: &Path, name: &str, beside: &Path) -> Result<std::result::Result<Looked, Flaw>> {
    let scratch = beside.with_extension("levels");
    tokio::fs::create_dir_all(&scratch).await?;
    let words = [
        OsStr::new("inspect-file"),
        OsStr::new("--"),
        file.as_os_str(),
        beside.as_os_str(),
        scratch.as_os_str(),
        OsStr::new(name),
    ];
    let found = child(&words, beside, ARCHIVE_PATIENCE, "the file could not be looked into").await;
    // Whatever the child left there, dead or alive.
    let _ = tokio::fs::remove_dir_all(&scratch).await;
    match found {
        Ok(answer) => Ok(answer),
        Err(error) if error.chain().any(|cause| cause.is::<std::io::Error>()) => Err(error),
        Err(error) => Ok(Err(Flaw::new(FlawKind::Broken, "", error.to_string()))),
    }
}

async fn child<T: DeserializeOwned>(
    words: &[&OsStr],
    beside: &Path,
    patience: Duration,
    failed: &str,
) -> Result<T> {
    let read = run(words, beside, patience, failed).await;
    // The child may have written nothing at all.
    let _ = tokio::fs::remove_file(beside).await;
    serde_json::from_slice(&read?).context("the child's answer came back broken")
}

async fn run(words: &[&OsStr], beside: &Path, patience: Duration, failed: &str) -> Result<Vec<u8>> {
    let program = std::env::current_exe().context("this program cannot find itself")?;
    let mut child = Command::new(program)
        .args(words)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("the process that reads files cannot start")?;
    let mut complaint = Vec::new();
    let said = child.stderr.take();
    let ended = tokio::time::timeout(patience, async {
        if let Some(said) = said {
            said.take(MOST_WORDS).read_to_end(&mut complaint).await?;
        }
        child.wait().await
    });
    let Ok(status) = ended.await else {
        // Dropped, it is killed.
        bail!("{failed} within {} s", patience.as_secs());
    };
    if !status?.success() {
        let words = String::from_utf8_lossy(&complaint);
        let last = words
            .lines()
            .rfind(|line| !line.trim().is_empty())
            .unwrap_or("it needs more memory or time than it may have");
        bail!("{failed}: {last}");
    }
    let mut bytes = Vec::new();
    let file = tokio::fs::File::open(beside).await.context("the child's answer is missing")?;
    file.take(MOST).read_to_end(&mut bytes).await?;
    Ok(bytes)
}
