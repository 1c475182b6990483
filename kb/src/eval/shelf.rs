//! A throw-away library with the articles of a corpus, for measuring without touching the real one.
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use firstline_core::store::{self, Db};
use firstline_core::{Clock, Error, Result};
use serde::Deserialize;

use super::case::read_lines;
use crate::import::{self, Report};
use crate::{Draft, Library, Progress};

/// Other words for an article of the corpus.
#[derive(Clone, Debug, Deserialize)]
pub struct Patch {
    pub id: String,
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub body_md: Option<String>,
}

/// The patches of a file, one a line.
pub fn patches(path: &Path) -> Result<Vec<Patch>> {
    read_lines(path)
}

/// The library and the folder it lives in, which is removed with it.
pub struct Shelf {
    pub library: Library,
    db: Db,
    folder: PathBuf,
}

impl Shelf {
    /// Imports `corpus` (anything `kb import` takes), puts the patches in and indexes it all. Rows that could
    /// not be imported are in the report; a patch for an article that is not there is an error.
    pub async fn fill(
        corpus: &Path,
        patches: &[Patch],
        clock: Clock,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<(Shelf, Report)> {
        let shelf = Shelf::empty(clock).await?;
        let report = import::import(&shelf.library, corpus, progress).await?;
        shelf.patch(patches).await?;
        shelf.library.reindex(progress).await?;
        Ok((shelf, report))
    }

    async fn empty(clock: Clock) -> Result<Shelf> {
        let folder = std::env::temp_dir().join(format!("firstline-eval-{}", clock.id()));
        std::fs::create_dir_all(&folder)
            .map_err(|e| Error::invalid(folder.display().to_string(), format!("cannot be made: {e}")))?;
        let db = Db::open(&format!("sqlite:{}", folder.join("kb.db").display())).await?;
        store::migrate(&db, vec![crate::migrations()]).await?;
        let library = Library::open(db.clone(), clock, &folder.join("index")).await?;
        Ok(Shelf { library, db, folder })
    }

    async fn patch(&self, patches: &[Patch]) -> Result<()> {
        for batch in merged(patches).chunks(300) {
            let mut drafts = Vec::with_capacity(batch.len());
            for patch in batch {
                let article = self.library.article(&patch.id).await?;
                let mut draft: Draft =
                    article.as_ref().ok_or_else(|| Error::not_found("article", patch.id.as_str()))?.into();
                if let Some(title) = &patch.title {
                    draft.title.clone_from(title);
                }
                if let Some(body) = &patch.body_md {
                    draft.body_md.clone_from(body);
                }
                drafts.push(draft);
            }
            for written in self.library.upsert_many(&drafts, "patch").await? {
                written?;
            }
        }
        Ok(())
    }

    /// Closes the store before its folder goes.
    pub async fn close(self) {
        self.db.close().await;
    }
}

/// One patch for each article: a later one adds to an earlier one, and wins where both speak.
fn merged(patches: &[Patch]) -> Vec<Patch> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut merged: Vec<Patch> = Vec::new();
    for patch in patches {
        let at = *places.entry(&patch.id).or_insert(merged.len());
        match merged.get_mut(at) {
            None => merged.push(patch.clone()),
            Some(first) => {
                first.title = patch.title.clone().or(first.title.take());
                first.body_md = patch.body_md.clone().or(first.body_md.take());
            }
        }
    }
    merged
}

impl Drop for Shelf {
    fn drop(&mut self) {
        // What stays lies in the folder for temporary files.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
