//! Collects drafts and writes a few hundred at a time.
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use firstline_core::{Error, Result};
use serde_json::json;

use super::life::{self, Life};
use super::{AUTHOR, Problem, Report};
use crate::audit::{self, Deed};
use crate::store::Upserted;
use crate::workshop::State;
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
    lives: Vec<Life>,
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
            lives: Vec::new(),
            origins: Vec::new(),
            bytes: 0,
            seen: HashMap::new(),
            report: Report::default(),
        }
    }

    /// A draft of which nothing is said but its words: it is published.
    pub async fn add(&mut self, draft: Draft, origin: Origin) -> Result<()> {
        self.add_with(draft, Life::default(), origin).await
    }

    pub async fn add_with(&mut self, draft: Draft, life: Life, origin: Origin) -> Result<()> {
        // A live article and the words staged for it are two files of one id.
        let key = format!("{}{}", draft.external_id, if life.is_unpublished() { "\0staged" } else { "" });
        if let Some(first) = self.seen.get(&key) {
            let place =
                first.line.map_or_else(|| first.file.display().to_string(), |line| format!("line {line}"));
            let what = format!(
                "{:?} was already given in {place}, which is kept; give this one another id or remove it",
                draft.external_id
            );
            self.bad(origin.file, origin.line, Some("id"), what);
            return Ok(());
        }
        self.seen.insert(key, origin.clone());
        if life.is_unpublished() {
            // What is live of it comes first.
            self.write().await?;
            return self.stage(draft, life, origin).await;
        }
        self.bytes += draft.body_md.len();
        self.lives.push(life);
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
        let lives = std::mem::take(&mut self.lives);
        let origins = std::mem::take(&mut self.origins);
        self.bytes = 0;
        let results = self.library.upsert_many(&drafts, AUTHOR).await?;
        for ((result, life), origin) in results.into_iter().zip(lives).zip(origins) {
            if let Some(id) = self.count(result, origin)? {
                life.settle(self.library, &id).await?;
            }
        }
        Ok(())
    }

    /// Words that are not to be published.
    async fn stage(&mut self, draft: Draft, life: Life, origin: Origin) -> Result<()> {
        let state = life.state.unwrap_or(State::Draft);
        let stored = life::put_on_bench(self.library, &draft, state).await.map(|(upserted, _)| upserted);
        if let Some(id) = self.count(stored, origin)? {
            life.settle(self.library, &id).await?;
        }
        Ok(())
    }

    /// Counts what became of a draft; gives the article's id when it was stored.
    fn count(&mut self, result: Result<Upserted>, origin: Origin) -> Result<Option<String>> {
        let id = result.as_ref().ok().map(|upserted| upserted.article().id.clone());
        match result {
            Ok(Upserted::New(_)) => self.report.new += 1,
            Ok(Upserted::Changed(_)) => self.report.changed += 1,
            Ok(Upserted::Same(_)) => self.report.same += 1,
            Err(Error::Invalid { field, reason }) => self.bad(origin.file, origin.line, Some(&field), reason),
            Err(e) => return Err(e),
        }
        Ok(id)
    }

    /// An import that did something is on the curators' trail.
    async fn note(&self) -> Result<()> {
        let report = &self.report;
        if report.new + report.changed == 0 {
            return Ok(());
        }
        let detail = json!({ "new": report.new, "changed": report.changed, "bad": report.bad.len() });
        let file = self.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let deed = Deed { detail, ..Deed::of(AUTHOR, "imported", "import", &file) };
        let mut tx = self.library.db().begin().await?;
        audit::note(&mut tx, self.library.clock(), &deed).await?;
        tx.commit().await
    }

    pub async fn finish(mut self) -> Result<Report> {
        self.write().await?;
        self.note().await?;
        Ok(self.report)
    }
}
