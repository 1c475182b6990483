//! The knowledge base as the other rooms use it.
mod dictionary;
mod follow;
mod lookup;
mod rebuild;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use firstline_core::store::Db;
use firstline_core::{Clock, Result};
use tokio::sync::{Mutex, Notify};

use self::follow::Follower;
use crate::analyze::segment;
use crate::cases::follow::Seen;
use crate::dictionary::Dictionary;
use crate::index::folder::Folder;
use crate::index::live::Live;
use crate::store::{self, Upserted};
use crate::{Article, Draft};

/// How far a long task got. `total` is 0 while it is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done: u64,
    pub total: u64,
    pub unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Articles,
    Files,
    Bytes,
    Questions,
    Releases,
}

/// Articles, their index and the answers from it. Cheap to clone. One on trial searches as if something else were
/// in force; nothing else of it differs.
#[derive(Clone)]
pub struct Library(pub(crate) Arc<Inner>, pub(crate) Option<Arc<Trial>>);

/// What is searched with instead of what is in force.
#[derive(Default)]
pub(crate) struct Trial {
    pub dictionary: Option<Arc<Dictionary>>,
    pub live: Option<Arc<Live>>,
}

pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    folder: Folder,
    /// What searches read. Replaced as a whole after a rebuild.
    live: RwLock<Option<Arc<Live>>>,
    /// What staff taught the search, as of the change last seen.
    dictionary: RwLock<Arc<Dictionary>>,
    follower: Mutex<Follower>,
    /// Tickets whose solution is known already.
    tickets_seen: Mutex<Seen>,
    /// Somebody changed an article in this process.
    changed: Notify,
    /// A search met an index that cannot be read.
    damaged: AtomicBool,
}

impl Library {
    /// The store below, for what belongs to the knowledge but is no article.
    pub(crate) fn store(&self) -> (&Db, &Clock) {
        (&self.0.db, &self.0.clock)
    }

    /// Opens the index if it can be opened; `run` or `refresh` brings it up to date, or makes it. The tables must exist.
    pub async fn open(db: Db, clock: Clock, index_dir: &Path) -> Result<Library> {
        segment::warm_up();
        let folder = Folder::new(index_dir);
        let opening = folder.clone();
        let live = tokio::task::spawn_blocking(move || Live::open_current(&opening))
            .await
            .map_err(|e| crate::index::index_error("open", e))
            .and_then(|opened| opened)
            .unwrap_or_else(|e| {
                tracing::warn!(error = %e, "the index cannot be opened and is built anew");
                None
            });
        let dictionary = Dictionary::unread();
        let library = Library(
            Arc::new(Inner {
                db,
                clock,
                folder,
                live: RwLock::new(live.map(Arc::new)),
                dictionary: RwLock::new(Arc::new(dictionary)),
                follower: Mutex::new(Follower::default()),
                tickets_seen: Mutex::new(Seen::default()),
                changed: Notify::new(),
                damaged: AtomicBool::new(false),
            }),
            None,
        );
        library.follow_dictionary().await?;
        Ok(library)
    }

    /// True when searches can be answered.
    pub fn ready(&self) -> bool {
        self.live().is_some()
    }

    fn live(&self) -> Option<Arc<Live>> {
        if let Some(live) = self.1.as_ref().and_then(|trial| trial.live.clone()) {
            return Some(live);
        }
        self.0.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same library with something else in force for its searches.
    pub(crate) fn on_trial(&self, trial: Trial) -> Library {
        Library(self.0.clone(), Some(Arc::new(trial)))
    }

    fn set_live(&self, live: Arc<Live>) {
        *self.0.live.write().unwrap_or_else(PoisonError::into_inner) = Some(live);
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// What customers see changed: the index follows.
    pub(crate) fn tell_changed(&self) {
        self.0.changed.notify_one();
    }

    /// Asks the follower to look at the index; its searches fail.
    fn report_damage(&self) {
        self.0.damaged.store(true, Ordering::SeqCst);
        self.0.changed.notify_one();
    }

    /// Writes one article. The same content again changes nothing.
    pub async fn upsert(&self, draft: &Draft, author: &str) -> Result<Upserted> {
        let mut results = self.upsert_many(std::slice::from_ref(draft), author).await?;
        results.pop().unwrap_or_else(|| Err(firstline_core::Error::invalid("article", "nothing was given")))
    }

    /// Writes articles, a few hundred a transaction; the results are in the same order. An article that
    /// cannot be stored is an error of its own, a store that fails is the error of the call.
    pub async fn upsert_many(&self, drafts: &[Draft], author: &str) -> Result<Vec<Result<Upserted>>> {
        const BATCH: usize = 300;
        let mut results = Vec::with_capacity(drafts.len());
        for batch in drafts.chunks(BATCH) {
            results.extend(store::upsert_batch(&self.0.db, &self.0.clock, batch, author).await?);
            self.0.changed.notify_one();
        }
        Ok(results)
    }

    /// Withdraws an article by the id at its source; false when there is none. Its revisions stay readable.
    pub async fn remove(&self, external_id: &str) -> Result<bool> {
        let removed = store::remove(&self.0.db, &self.0.clock, external_id).await?;
        self.0.changed.notify_one();
        Ok(removed)
    }

    /// By our id or the id at its source.
    pub async fn article(&self, id_or_external_id: &str) -> Result<Option<Article>> {
        store::article(&self.0.db, id_or_external_id).await
    }

    /// What an article said at a revision.
    pub async fn article_revision(&self, id: &str, revision: i64) -> Result<Option<Article>> {
        store::article_revision(&self.0.db, id, revision).await
    }

    /// A page in order of creation; `after` is the id of the last article of the page before.
    pub async fn articles(
        &self,
        after: Option<&str>,
        limit: usize,
        lang: Option<&str>,
    ) -> Result<Vec<Article>> {
        store::articles(&self.0.db, after, limit as i64, lang).await
    }

    /// Articles to offer before anything was asked, in `lang` (`zh-CN` or `en`).
    pub async fn frequent(&self, lang: &str, limit: usize) -> Result<Vec<Article>> {
        store::frequent(&self.0.db, lang, limit as i64).await
    }

    /// The same article in the other language.
    pub async fn translation(&self, of: &Article) -> Result<Option<Article>> {
        store::translation(&self.0.db, of).await
    }

    /// The products there are articles about.
    pub async fn products(&self) -> Result<Vec<String>> {
        store::products(&self.0.db).await
    }
}
