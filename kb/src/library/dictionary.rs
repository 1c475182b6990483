//! The dictionary and the register of codes as the other rooms use them.
use std::sync::{Arc, PoisonError};

use firstline_core::{Error, Result, Time};

use super::Library;
use crate::Article;
use crate::codes::{self, CodeDraft, CodeEntry, Written};
use crate::dictionary::entry::{Entry, Settings, Stored};
use crate::dictionary::log;
use crate::dictionary::{Dictionary, season, store};
use crate::index::document::product_key;

impl Library {
    /// The dictionary searches use now.
    pub(crate) fn dictionary(&self) -> Arc<Dictionary> {
        match self.1.as_ref().and_then(|trial| trial.dictionary.clone()) {
            Some(dictionary) => dictionary,
            None => self.0.dictionary.read().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    /// Reads the dictionary anew when it was changed, here or in another process.
    pub(super) async fn follow_dictionary(&self) -> Result<()> {
        let change = log::changes(&self.0.db).await?;
        if self.0.dictionary.read().unwrap_or_else(PoisonError::into_inner).change == change {
            return Ok(());
        }
        // A change made while this reads is seen at the next look.
        let fresh = Arc::new(Dictionary::load(&self.0.db, change).await?);
        let mut current = self.0.dictionary.write().unwrap_or_else(PoisonError::into_inner);
        if current.change < fresh.change {
            *current = fresh;
        }
        Ok(())
    }

    /// The entries of a kind, newest first.
    pub async fn entries(&self, kind: &str) -> Result<Vec<Stored>> {
        store::of_kind(&self.0.db, kind).await
    }

    pub async fn entry(&self, id: &str) -> Result<Option<Stored>> {
        store::by_id(&self.0.db, id).await
    }

    /// Adds an entry; searches use it at once, here, and within a second elsewhere. `actor` (`staff:ID`, or a program) goes on the trail.
    pub async fn add_entry(&self, entry: Entry, until: Option<Time>, actor: &str) -> Result<Stored> {
        let entry = entry.clean()?;
        self.known_article(&entry).await?;
        let id = matches!(entry, Entry::Settings(_)).then_some(store::SETTINGS);
        let stored = store::add(&self.0.db, &self.0.clock, id, &entry, until, actor).await?;
        self.follow_dictionary().await?;
        Ok(stored)
    }

    /// Changes an entry that is still at `version`; `Conflict` when somebody else was first.
    pub async fn change_entry(
        &self,
        id: &str,
        version: i64,
        entry: Entry,
        until: Option<Time>,
        actor: &str,
    ) -> Result<Stored> {
        let entry = entry.clean()?;
        self.known_article(&entry).await?;
        let stored = store::change(&self.0.db, &self.0.clock, id, version, &entry, until, actor).await?;
        self.follow_dictionary().await?;
        Ok(stored)
    }

    pub async fn remove_entry(&self, id: &str, actor: &str) -> Result<bool> {
        let removed = store::remove(&self.0.db, &self.0.clock, id, actor).await?;
        self.follow_dictionary().await?;
        Ok(removed)
    }

    /// A pin or a frequent question names an article there is.
    async fn known_article(&self, entry: &Entry) -> Result<()> {
        let (Entry::Pin { article, .. } | Entry::Frequent { article, .. }) = entry else { return Ok(()) };
        if self.article(article).await?.is_some_and(|a| a.external_id == *article) {
            return Ok(());
        }
        Err(Error::invalid("article", format!("there is no article with the external id {article:?}")))
    }

    /// How the dictionary behaves, with the version to change it from; 0 while nobody has.
    pub async fn settings(&self) -> Result<(Settings, i64)> {
        Ok(match store::by_id(&self.0.db, store::SETTINGS).await? {
            Some(Stored { entry: Entry::Settings(settings), version, .. }) => (settings, version),
            _ => (Settings::default(), 0),
        })
    }

    /// Changes the settings that are still at `version`.
    pub async fn set_settings(&self, version: i64, settings: Settings, actor: &str) -> Result<()> {
        let entry = Entry::Settings(settings);
        match version {
            0 => self.add_entry(entry, None, actor).await.map(drop),
            _ => self.change_entry(store::SETTINGS, version, entry, None, actor).await.map(drop),
        }
    }

    /// Writes codes into the register, a few hundred a transaction; the results are in the same order. The same
    /// again changes nothing.
    pub async fn put_codes(
        &self,
        drafts: &[CodeDraft],
        actor: &str,
    ) -> Result<Vec<Result<(Written, CodeEntry)>>> {
        const BATCH: usize = 300;
        let mut results = Vec::with_capacity(drafts.len());
        for batch in drafts.chunks(BATCH) {
            results.extend(codes::store::put(&self.0.db, &self.0.clock, batch, actor).await?);
            self.0.changed.notify_one();
        }
        self.follow_dictionary().await?;
        Ok(results)
    }

    /// Takes a code out of the register; false when there is none.
    pub async fn remove_code(&self, id: &str, actor: &str) -> Result<bool> {
        let removed = codes::store::remove(&self.0.db, &self.0.clock, id, actor).await?;
        self.0.changed.notify_one();
        self.follow_dictionary().await?;
        Ok(removed)
    }

    pub async fn code(&self, id: &str) -> Result<Option<CodeEntry>> {
        codes::store::by_id(&self.0.db, id).await
    }

    /// Entries by code, from the `skip`th on; `text` is looked for in code, module and meaning.
    pub async fn codes(&self, text: &str, skip: usize, limit: usize) -> Result<Vec<CodeEntry>> {
        codes::store::page(&self.0.db, text, skip as i64, limit as i64).await
    }

    /// Articles to offer before anything was asked (猜你想问): what curators chose for the product and the season,
    /// then what is marked as frequent.
    pub async fn offered(&self, lang: &str, product: Option<&str>, limit: usize) -> Result<Vec<Article>> {
        let dictionary = self.dictionary();
        let product = product.map(|p| product_key(&dictionary.product(p)));
        let chosen = season::offered(&dictionary.frequent, lang, product.as_deref(), self.0.clock.now());
        let mut articles = Vec::new();
        for id in chosen.iter().take(limit) {
            articles.extend(self.article(id).await?);
        }
        if articles.len() < limit {
            let marked = self.frequent(lang, limit).await?;
            articles.extend(marked.into_iter().filter(|a| !chosen.contains(&a.id)));
            articles.truncate(limit);
        }
        Ok(articles)
    }
}
