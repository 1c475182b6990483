//! The text of documents, read by a child process: this program again, with a hidden command. A document that
//! makes its reader loop, panic or swell costs that child and nothing else.
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use firstline_kb::manual::Format;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

/// The longest a document is read.
const PATIENCE: Duration = Duration::from_secs(180);
/// More than this is not taken from the child, in bytes.
const MOST: u64 = 256 << 20;
/// Of what the child complains about, in bytes.
const MOST_WORDS: u64 = 2000;

/// The pages of a document. `beside` is a path that does not exist yet, for the child to write to.
pub async fn pages(document: &Path, format: Format, beside: &Path) -> Result<Vec<String>> {
    let read = run(document, format, beside).await;
    // The child may have written nothing at all.
    let _ = tokio::fs::remove_file(beside).await;
    read
}

async fn run(document: &Path, format: Format, beside: &Path) -> Result<Vec<String>> {
    let program = std::env::current_exe().context("this program cannot find itself")?;
    let mut child = Command::new(program)
        .arg("extract-text")
        .args([document, beside])
        .arg(format.as_str())
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("the process that reads documents cannot start")?;
    let mut complaint = Vec::new();
    let said = child.stderr.take();
    let ended = tokio::time::timeout(PATIENCE, async {
        if let Some(said) = said {
            said.take(MOST_WORDS).read_to_end(&mut complaint).await?;
        }
        child.wait().await
    });
    let Ok(status) = ended.await else {
        // Dropped, it is killed.
        bail!("the document could not be read within {} s", PATIENCE.as_secs());
    };
    if !status?.success() {
        let words = String::from_utf8_lossy(&complaint);
        let last = words
            .lines()
            .rfind(|line| !line.trim().is_empty())
            .unwrap_or("it needs more memory or time than it may have");
        bail!("the document could not be read: {last}");
    }
    let mut bytes = Vec::new();
    let file = tokio::fs::File::open(beside).await.context("the document's text is missing")?;
    file.take(MOST).read_to_end(&mut bytes).await?;
    serde_json::from_slice(&bytes).context("the document's text came back broken")
}
