//! Collects drafts and writes a few hundred at a time.
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use firstline_core::{Error, Result};

use super::{AUTHOR, Problem, Report};
use crate::store::Upserted;
use crate::{Draft, Library};

const ARTICLES: usize = 300;
/// Long articles are written earlier, to bound the memory they take.
const BYTES: usize = 4 * 1024 * 1024;

/// Where a draft comes from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub file: PathBuf,
    pub line: Option<u64>,
}

pub(super) struct Batch<'a> {
    library: &'a Library,
    path: PathBuf,
    drafts: Vec<Draft>,
    origins: Vec<Origin>,
    bytes: usize,
    /// Where each id was first seen. A second article with the same id would undo the first at every import.
    seen: HashMap<String, Origin>,
    report: Report,
}

impl<'a> Batch<'a> {
    pub fn new(library: &'a Library, path: &Path) -> Batch<'a> {
        Batch {
            library,
            path: path.to_path_buf(),
            drafts: Vec::new(),
            origins: Vec::new(),
            bytes: 0,
            seen: HashMap::new(),
            report: Report::default(),
        }
    }

    pub async fn add(&mut self, draft: Draft, origin: Origin) -> Result<()> {
        if let Some(first) = self.seen.get(&draft.external_id) {
            let place =
                first.line.map_or_else(|| first.file.display().to_string(), |line| format!("line {line}"));
            let what = format!(
                "{:?} was already given in {place}, which is kept; give this one another id or remove it",
                draft.external_id
            );
            self.bad(origin.file, origin.line, Some("id"), what);
            return Ok(());
        }
        self.seen.insert(draft.external_id.clone(), origin.clone());
        self.bytes += draft.body_md.len();
        self.drafts.push(draft);
        self.origins.push(origin);
        if self.drafts.len() >= ARTICLES || self.bytes >= BYTES { self.write().await } else { Ok(()) }
    }

    pub fn bad(&mut self, file: PathBuf, line: Option<u64>, key: Option<&str>, what: impl Into<String>) {
        self.report.bad.push(Problem { file, line, key: key.map(str::to_string), what: what.into() });
    }

    /// The same for what stands in the file being imported.
    pub fn bad_line(&mut self, line: u64, key: Option<&str>, what: impl Into<String>) {
        self.bad(self.path.clone(), Some(line), key, what);
    }

    async fn write(&mut self) -> Result<()> {
        let drafts = std::mem::take(&mut self.drafts);
        let origins = std::mem::take(&mut self.origins);
        self.bytes = 0;
        let results = self.library.upsert_many(&drafts, AUTHOR).await?;
        for (result, origin) in results.into_iter().zip(origins) {
            match result {
                Ok(Upserted::New(_)) => self.report.new += 1,
                Ok(Upserted::Changed(_)) => self.report.changed += 1,
                Ok(Upserted::Same(_)) => self.report.same += 1,
                Err(Error::Invalid { field, reason }) => {
                    self.bad(origin.file, origin.line, Some(&field), reason)
                }
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    pub async fn finish(mut self) -> Result<Report> {
        self.write().await?;
        Ok(self.report)
    }
}
