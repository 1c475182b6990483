//! Bringing articles in: a folder of Markdown, lines of JSON, or a sheet of questions and answers. A row or
//! file that cannot be used is named and left out; the rest goes on. Doing it again changes nothing.
mod batch;
mod codes;
pub(crate) mod front_matter;
mod help_centre;
mod html;
mod jsonl;
pub(crate) mod life;
mod markdown;
mod sheet;
pub(crate) mod text;

use std::fmt;
use std::path::{Path, PathBuf};

use firstline_core::{Error, Result};

use self::batch::Batch;
pub use self::codes::codes;
use crate::Library;
pub use crate::library::{Progress, Unit};

/// Who is noted as the author of imported revisions.
pub(crate) const AUTHOR: &str = "import";

/// The saved questions in a folder of articles.
pub(crate) const QUESTIONS: &str = "questions.jsonl";

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub new: usize,
    pub changed: usize,
    pub same: usize,
    pub bad: Vec<Problem>,
}

/// A file or row that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub file: PathBuf,
    /// Counts from 1.
    pub line: Option<u64>,
    /// The key or column at fault.
    pub key: Option<String>,
    /// What is wrong and what to do about it.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(key) = &self.key {
            write!(f, ": {key}")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// Imports a folder (Markdown, HTML) or a file (`.md`, `.html`, `.json` of a help centre, `.jsonl`, `.jsonl.gz`, `.csv`, `.tsv`).
pub async fn import(
    library: &Library,
    path: &Path,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Report> {
    let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
    let mut batch = Batch::new(library, path);
    if path.is_dir() {
        markdown::folder(&mut batch, path, progress).await?;
    } else if !path.exists() {
        return Err(Error::invalid(path.display().to_string(), "there is no such file or folder"));
    } else if name.ends_with(".jsonl") || name.ends_with(".jsonl.gz") {
        jsonl::file(&mut batch, path, progress).await?;
    } else if name.ends_with(".csv") || name.ends_with(".tsv") {
        sheet::file(&mut batch, path, progress).await?;
    } else if name.ends_with(".json") {
        help_centre::json(&mut batch, path, progress).await?;
    } else if name.ends_with(".html") || name.ends_with(".htm") {
        help_centre::page(&mut batch, path, name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem))
            .await?;
    } else if name.ends_with(".md") {
        markdown::file(&mut batch, path, path).await?;
    } else {
        let what =
            "is none of: a folder of Markdown or HTML, .md, .html, .json, .jsonl, .jsonl.gz, .csv, .tsv";
        return Err(Error::invalid(path.display().to_string(), what));
    }
    let report = batch.finish().await?;
    let questions = path.join(QUESTIONS);
    if questions.is_file() {
        let lines = std::fs::read_to_string(&questions)
            .map_err(|e| Error::invalid(questions.display().to_string(), format!("cannot be read: {e}")))?;
        return take_questions(library, &questions, &lines, report).await;
    }
    Ok(report)
}

/// The saved questions an export wrote beside the articles.
async fn take_questions(library: &Library, file: &Path, lines: &str, mut report: Report) -> Result<Report> {
    let done = library.save_questions_as(AUTHOR, lines).await?;
    report.bad.extend(done.bad.into_iter().map(|(line, what)| Problem {
        file: file.to_path_buf(),
        line: Some(line as u64),
        key: None,
        what,
    }));
    Ok(report)
}
