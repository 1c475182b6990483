//! Writing: a new article, an edit, an earlier wording brought back. Every save is a revision.
use firstline_core::store::Tx;
use firstline_core::{Error, Result, on_tx};
use serde_json::json;

use super::rows::{self, Wording};
use super::{Bench, Curator, Revision, Saved, State, Work, Workshop};
use crate::article::Draft;
use crate::audit::{self, Deed};
use crate::store;

impl Workshop {
    /// An article by our id or the id at its source, also one that is not published.
    pub async fn bench(&self, id: &str) -> Result<Option<Bench>> {
        let db = self.library.db();
        let Some(work) = rows::work(db, id).await? else { return Ok(None) };
        let head = rows::revision(db, &work.article_id, work.head).await?;
        let head = head.ok_or_else(|| Error::Inconsistent {
            table: "kb_work",
            row: work.article_id.clone(),
            reason: format!("revision {} does not exist", work.head),
        })?;
        let live = if work.live.is_some() { self.library.article(&work.article_id).await? } else { None };
        Ok(Some(Bench { work, head, live }))
    }

    pub(super) async fn must(&self, id: &str) -> Result<Bench> {
        self.bench(id).await?.ok_or_else(|| Error::not_found("article", id))
    }

    /// Every wording of an article, newest first, at most `limit`.
    pub async fn revisions(&self, id: &str, limit: i64) -> Result<Vec<Revision>> {
        rows::revisions(self.library.db(), id, limit).await
    }

    pub async fn revision(&self, id: &str, revision: i64) -> Result<Option<Revision>> {
        rows::revision(self.library.db(), id, revision).await
    }

    /// Begins an article. An empty external id gets one made; `gap` is the gap it is to close.
    pub async fn create(&self, who: &Curator, draft: &Draft, note: &str, gap: Option<&str>) -> Result<Bench> {
        let clock = self.library.clock();
        let (id, now) = (clock.id(), clock.now());
        let mut draft = draft.clone();
        if draft.external_id.trim().is_empty() {
            draft.external_id = format!("kb/{id}");
        }
        let draft = store::clean(&draft)?;
        let mut tx = self.library.db().begin().await?;
        let change = store::take_changes(&mut tx, 1).await?;
        store::insert_unseen(&mut tx, &id, &draft, change, now).await?;
        let added = on_tx!(&mut tx, c => sqlx::query(
            "insert into kb_work (article_id, state, title, head, last, base, version, owner, gap_id, changed_by, changed_at) \
             values ($1, 'draft', $2, 1, 1, 0, 1, $3, $4, $5, $6)")
            .bind(&id).bind(&draft.title).bind(&who.id).bind(gap).bind(who.actor()).bind(now)
            .execute(c).await.map(drop));
        added?;
        let source_revision = self.source_now(&mut tx, &draft).await?;
        let author = who.actor();
        let wording = Wording { id: &id, revision: 1, draft: &draft, author: &author, note, source_revision };
        rows::add_revision(&mut tx, &wording, now).await?;
        self.note(&mut tx, who, "created", &id, &draft.title, json!({ "revision": 1, "note": note })).await?;
        tx.commit().await?;
        self.must(&id).await
    }

    /// Saves words as a new revision and takes them back from review. `version` is the one the writer read.
    /// `source_revision` is what a translation was written from; `None` keeps what it was.
    pub async fn save(
        &self,
        who: &Curator,
        id: &str,
        version: i64,
        draft: &Draft,
        note: &str,
        source_revision: Option<i64>,
    ) -> Result<Saved> {
        let before = self.must(id).await?;
        let draft = store::clean(&Draft {
            external_id: before.work.external_id.clone(),
            lang: before.work.lang.clone(),
            ..draft.clone()
        })?;
        if before.work.version != version {
            return Ok(if before.head.draft.0 == draft {
                Saved::Same(before)
            } else {
                Saved::Overtaken(before)
            });
        }
        let rebound = source_revision.is_some() && source_revision != before.head.source_revision;
        if before.head.draft.0 == draft && !rebound {
            return Ok(Saved::Same(before));
        }
        let source_revision = source_revision.or(before.head.source_revision);
        match self.write(who, id, version, &draft, note, source_revision, "saved").await {
            Ok(()) => Ok(Saved::Saved(self.must(id).await?)),
            Err(Error::Conflict(_)) => Ok(Saved::Overtaken(self.must(id).await?)),
            Err(e) => Err(e),
        }
    }

    /// Puts an earlier wording on the bench, as a new revision.
    pub async fn restore(&self, who: &Curator, id: &str, version: i64, revision: i64) -> Result<Bench> {
        let old = rows::revision(self.library.db(), id, revision).await?;
        let old = old.ok_or_else(|| Error::not_found("revision", format!("{id} {revision}")))?;
        let note = format!("= {revision}");
        self.write(who, id, version, &old.draft.0, &note, old.source_revision, "restored").await?;
        self.must(id).await
    }

    #[expect(clippy::too_many_arguments, reason = "each is one column of the revision")]
    async fn write(
        &self,
        who: &Curator,
        id: &str,
        version: i64,
        draft: &Draft,
        note: &str,
        source_revision: Option<i64>,
        action: &str,
    ) -> Result<()> {
        let now = self.library.clock().now();
        let mut tx = self.library.db().begin().await?;
        let work = rows::lock(&mut tx, id, version, who, now).await?;
        let revision = work.last + 1;
        let author = who.actor();
        let wording = Wording { id, revision, draft, author: &author, note, source_revision };
        rows::add_revision(&mut tx, &wording, now).await?;
        let base = staged_base(&work);
        on_tx!(&mut tx, c => sqlx::query(
            "update kb_work set state = 'draft', title = $2, head = $3, last = $3, base = $4 where article_id = $1")
            .bind(id).bind(&draft.title).bind(revision).bind(base).execute(c).await.map(drop))?;
        self.note(&mut tx, who, action, id, &draft.title, json!({ "revision": revision, "note": note }))
            .await?;
        tx.commit().await
    }

    /// Notes a deed on an article.
    pub(super) async fn note(
        &self,
        tx: &mut Tx,
        who: &Curator,
        action: &str,
        id: &str,
        subject: &str,
        detail: serde_json::Value,
    ) -> Result<()> {
        let actor = who.actor();
        let deed = Deed { article_id: Some(id), detail, ..Deed::of(&actor, action, "article", subject) };
        audit::note(tx, self.library.clock(), &deed).await
    }
}

/// Staged words keep the base they began from; the first edit of a live article begins from what is live.
fn staged_base(work: &Work) -> i64 {
    match work.state {
        State::Draft | State::InReview => work.base,
        State::Published | State::Retired => work.live.unwrap_or(0),
    }
}
