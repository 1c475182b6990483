//! Opening what is imported: a folder, a `.tar.gz`, a file, each plain or gzipped. Nothing is unpacked onto
//! the disk, no link is followed out of the folder, and nothing grows without end.
use std::io::Read;
use std::path::{Path, PathBuf};

use firstline_core::{Error, Result};
use flate2::read::GzDecoder;

use crate::import::Problem;

/// The largest document, unpacked.
const MAX_DOCUMENT: u64 = 64 * 1024 * 1024;
/// The most an archive may hold in all.
const MAX_ARCHIVE: u64 = 512 * 1024 * 1024;
const MAX_DOCUMENTS: usize = 20_000;
const MAX_DEPTH: usize = 8;

pub(super) struct Document {
    pub place: PathBuf,
    /// `json`, `toml`, `csv`, `xml`.
    pub ending: String,
    bytes: Vec<u8>,
}

impl Document {
    pub fn text(&self) -> Result<&str, String> {
        std::str::from_utf8(&self.bytes).map_err(|e| format!("is not UTF-8 after {} bytes", e.valid_up_to()))
    }
}

/// Every document that may hold releases, in the order of their names.
pub(super) fn documents(path: &Path, problems: &mut Vec<Problem>) -> Result<Vec<Document>> {
    let mut found = Vec::new();
    if path.is_dir() {
        folder(path, 0, &mut found, problems)?;
        found.sort_by(|a: &Document, b| a.place.cmp(&b.place));
        return Ok(found);
    }
    let name = path.to_string_lossy().to_lowercase();
    let file = std::fs::File::open(path)
        .map_err(|e| Error::invalid(path.display().to_string(), format!("cannot be read: {e}")))?;
    if name.ends_with(".tar.gz") || name.ends_with(".tgz") {
        archive(path, GzDecoder::new(file), &mut found, problems)?;
    } else if name.ends_with(".tar") {
        archive(path, file, &mut found, problems)?;
    } else {
        match document(path, file) {
            Ok(Some(document)) => found.push(document),
            Ok(None) => {
                let what = "is none of: a folder, .tar.gz, .toml, .json, .csv, .xml (each may be gzipped)";
                return Err(Error::invalid(path.display().to_string(), what));
            }
            Err(what) => problems.push(problem(path, what)),
        }
    }
    Ok(found)
}

fn folder(path: &Path, depth: usize, found: &mut Vec<Document>, problems: &mut Vec<Problem>) -> Result<()> {
    let unreadable =
        |e: std::io::Error| Error::invalid(path.display().to_string(), format!("cannot be read: {e}"));
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let (at, kind) = (entry.path(), entry.file_type().map_err(unreadable)?);
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if kind.is_dir() && depth < MAX_DEPTH && !hidden {
            folder(&at, depth + 1, found, problems)?;
        } else if kind.is_file() && found.len() < MAX_DOCUMENTS {
            let opened = std::fs::File::open(&at).map_err(|e| format!("cannot be read: {e}"));
            match opened.and_then(|file| document(&at, file)) {
                Ok(document) => found.extend(document),
                Err(what) => problems.push(problem(&at, what)),
            }
        }
    }
    Ok(())
}

fn archive(
    path: &Path,
    packed: impl Read,
    found: &mut Vec<Document>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let broken = |e: std::io::Error| {
        Error::invalid(path.display().to_string(), format!("is no readable archive: {e}"))
    };
    let mut archive = tar::Archive::new(packed.take(MAX_ARCHIVE));
    let mut total = 0u64;
    for entry in archive.entries().map_err(broken)? {
        let entry = entry.map_err(broken)?;
        total += entry.size();
        if total > MAX_ARCHIVE || found.len() >= MAX_DOCUMENTS {
            return Err(Error::invalid(path.display().to_string(), "holds more than 512 MB or 20,000 files"));
        }
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let inside = entry.path().map_err(broken)?.into_owned();
        let place = path.join(&inside);
        match document(&place, entry) {
            Ok(document) => found.extend(document),
            Err(what) => problems.push(problem(&place, what)),
        }
    }
    Ok(())
}

/// Reads one document; none when its name says that it is something else.
fn document(place: &Path, raw: impl Read) -> Result<Option<Document>, String> {
    let name = place.to_string_lossy().to_lowercase();
    let (name, gzipped) = match name.strip_suffix(".gz") {
        Some(inner) => (inner.to_string(), true),
        None => (name, false),
    };
    let ending = name.rsplit(['.', '/']).next().unwrap_or_default().to_string();
    if !["json", "toml", "csv", "xml", "rss", "appcast"].contains(&ending.as_str()) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let read = if gzipped {
        GzDecoder::new(raw).take(MAX_DOCUMENT + 1).read_to_end(&mut bytes)
    } else {
        raw.take(MAX_DOCUMENT + 1).read_to_end(&mut bytes)
    };
    read.map_err(|e| format!("cannot be read: {e}"))?;
    if bytes.len() as u64 > MAX_DOCUMENT {
        return Err(format!("is larger than {} MB", MAX_DOCUMENT / 1024 / 1024));
    }
    Ok(Some(Document { place: place.to_owned(), ending, bytes }))
}

fn problem(place: &Path, what: String) -> Problem {
    Problem { file: place.to_owned(), line: None, key: None, what }
}
