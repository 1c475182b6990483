//! One article a line, as JSON; gzipped when the name ends in `.gz`.
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use firstline_core::{Error, Result};
use flate2::read::MultiGzDecoder;
use serde::Deserialize;

use super::batch::{Batch, Origin};
use super::front_matter::{self, FrontMatter};
use super::life::Life;
use super::{Progress, Unit};
use crate::article::{ArticleKind, Draft};
use crate::language;

/// A line longer than this is not an article (bytes).
const LONGEST: u64 = 32 * 1024 * 1024;

#[derive(Deserialize)]
struct Line {
    #[serde(flatten)]
    head: FrontMatter,
    #[serde(alias = "body", alias = "content")]
    body_md: Option<String>,
}

pub(super) async fn file(
    batch: &mut Batch<'_>,
    path: &Path,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<()> {
    let unreadable =
        |e: io::Error| Error::invalid(path.display().to_string(), format!("cannot be read: {e}"));
    let file = File::open(path).map_err(unreadable)?;
    let total = file.metadata().map_err(unreadable)?.len();
    let consumed = Arc::new(AtomicU64::new(0));
    let mut lines = open(file, path, consumed.clone());
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        match (&mut lines).take(LONGEST).read_until(b'\n', &mut bytes) {
            Ok(0) => break,
            Ok(_) => {}
            Err(e) => {
                batch.bad_line(
                    number,
                    None,
                    format!("the file cannot be read from here on ({e}); what came before is imported"),
                );
                break;
            }
        }
        line(batch, path, number, &bytes).await?;
        if number % 50 == 0 {
            progress(Progress { done: consumed.load(Ordering::Relaxed), total, unit: Unit::Bytes });
        }
    }
    progress(Progress { done: total, total, unit: Unit::Bytes });
    Ok(())
}

fn open(file: File, path: &Path, consumed: Arc<AtomicU64>) -> Box<dyn BufRead + Send> {
    let counted = Counted { file, consumed };
    if path.extension().is_some_and(|e| e == "gz") {
        Box::new(BufReader::new(MultiGzDecoder::new(BufReader::new(counted))))
    } else {
        Box::new(BufReader::new(counted))
    }
}

async fn line(batch: &mut Batch<'_>, path: &Path, number: u64, bytes: &[u8]) -> Result<()> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
    if bytes.is_empty() {
        return Ok(());
    }
    match serde_json::from_slice::<Line>(bytes)
        .map_err(|e| (None, format!("is not an article: {e}")))
        .and_then(draft)
    {
        Ok((draft, life)) => {
            batch.add_with(draft, life, Origin { file: path.to_path_buf(), line: Some(number) }).await
        }
        Err((key, what)) => {
            batch.bad_line(number, key, what);
            Ok(())
        }
    }
}

fn draft(line: Line) -> std::result::Result<(Draft, Life), (Option<&'static str>, String)> {
    let missing = |key: &'static str| (Some(key), format!("is missing; every line needs `{key}`"));
    let head = line.head;
    let life = head.life().map_err(|e| (Some("state"), e.to_string()))?;
    let title = head.title.ok_or_else(|| missing("title"))?;
    let body_md = line.body_md.ok_or_else(|| missing("body_md"))?;
    let guess = || language::guess(&title).or_else(|| language::guess(&body_md)).unwrap_or("en").to_string();
    let draft = Draft {
        external_id: head.id.ok_or_else(|| missing("id"))?,
        lang: head.lang.unwrap_or_else(guess),
        kind: front_matter::kind(head.kind.as_deref(), ArticleKind::Troubleshooting)
            .map_err(|e| (Some("kind"), e.to_string()))?,
        category: head.category,
        product: head.product,
        versions: head.versions,
        tags: head.tags,
        codes: head.codes,
        symptoms: head.symptoms,
        questions: head.questions,
        frequent: head.frequent,
        translates: head.translates,
        title,
        body_md,
    };
    Ok((draft, life))
}

/// Counts what is read of the file itself, compressed as it is.
struct Counted {
    file: File,
    consumed: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.consumed.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
