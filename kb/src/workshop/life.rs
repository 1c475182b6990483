//! Review, publication, retirement. The reviewer is never one of the authors: that rule is here and nowhere else.
use firstline_core::store::Tx;
use firstline_core::{Error, Result, Time, on_tx};
use serde_json::json;
use sqlx::types::Json;

use super::rows::{self, Wording};
use super::{Bench, Curator, Revision, State, Work, Workshop};
use crate::article::Draft;
use crate::eval::Moved;
use crate::{gap, store};

/// What became of a publication.
#[derive(Clone, Debug, PartialEq)]
pub enum Published {
    Done(Box<Bench>),
    /// Saved questions would be answered worse; a reason lets it through.
    Refused(Vec<Moved>),
}

impl Workshop {
    /// Hands the words on the bench to a reviewer.
    pub async fn submit(&self, who: &Curator, id: &str, version: i64) -> Result<Bench> {
        self.step(who, id, version, "submitted", "", |work| {
            expect(work, &[State::Draft], "only a draft can be handed to review")?;
            Ok(State::InReview)
        })
        .await
    }

    /// Gives them back with what is to be mended.
    pub async fn send_back(&self, who: &Curator, id: &str, version: i64, why: &str) -> Result<Bench> {
        who.must_publish("reviewing")?;
        required(why)?;
        self.step(who, id, version, "sent_back", why, |work| {
            expect(work, &[State::InReview], "it is not in review")?;
            Ok(State::Draft)
        })
        .await
    }

    async fn step(
        &self,
        who: &Curator,
        id: &str,
        version: i64,
        action: &str,
        why: &str,
        to: impl FnOnce(&Work) -> Result<State>,
    ) -> Result<Bench> {
        let mut tx = self.library.db().begin().await?;
        let work = rows::lock(&mut tx, id, version, who, self.library.clock().now()).await?;
        let state = to(&work)?;
        set_state(&mut tx, id, state).await?;
        let detail = json!({ "revision": work.head, "reason": why });
        self.note(&mut tx, who, action, id, &work.title, detail).await?;
        tx.commit().await?;
        self.must(id).await
    }

    /// Publishes the words in review. Saved questions that would be answered worse refuse it unless a
    /// `waiver` says why it is right all the same.
    pub async fn publish(&self, who: &Curator, id: &str, version: i64, waiver: &str) -> Result<Published> {
        who.must_publish("publishing")?;
        let worse = self.check(id).await?.worse();
        if !worse.is_empty() && waiver.trim().is_empty() {
            return Ok(Published::Refused(worse));
        }
        let now = self.library.clock().now();
        let mut tx = self.library.db().begin().await?;
        let change = store::take_changes(&mut tx, 1).await?;
        let mut work = rows::lock(&mut tx, id, version, who, now).await?;
        expect(&work, &[State::InReview], "it must be in review first")?;
        refuse_authors(&mut tx, who, &work).await?;
        let head = rows::revision_in(&mut tx, id, work.head).await?;
        if work.live.is_some_and(|live| live > work.head) {
            work.head = renumber(&mut tx, &work, &head, now).await?;
        }
        store::bind_translations(&mut tx, &work.external_id, work.live.unwrap_or(0)).await?;
        go_live(&mut tx, &work, &head.draft.0, head.source_revision, change, now).await?;
        mark_published(&mut tx, who, &work, now).await?;
        let detail = json!({ "revision": work.head, "worse": worse.len(), "waiver": waiver.trim() });
        self.note(&mut tx, who, "published", id, &head.draft.title, detail).await?;
        if let Some(gap_id) = &work.gap_id {
            gap::close_by(&mut tx, self.library.clock(), &who.actor(), gap_id, id).await?;
        }
        tx.commit().await?;
        self.library.tell_changed();
        Ok(Published::Done(Box::new(self.must(id).await?)))
    }

    /// Takes an article from the customers. Its revisions stay, and so do words on the bench.
    pub async fn retire(&self, who: &Curator, id: &str, version: i64, why: &str) -> Result<Bench> {
        who.must_publish("retiring")?;
        required(why)?;
        let now = self.library.clock().now();
        let mut tx = self.library.db().begin().await?;
        let change = store::take_changes(&mut tx, 1).await?;
        let work = rows::lock(&mut tx, id, version, who, now).await?;
        if work.live.is_none() && work.state == State::Retired {
            return Err(Error::Conflict("it is retired already".into()));
        }
        on_tx!(&mut tx, c => sqlx::query(
            "update kb_article set deleted = $2, change_no = $3, updated_at = $4 where id = $1")
            .bind(id).bind(true).bind(change).bind(now).execute(c).await.map(drop))?;
        set_state(&mut tx, id, State::Retired).await?;
        let detail = json!({ "revision": work.live, "reason": why.trim() });
        self.note(&mut tx, who, "retired", id, &work.title, detail).await?;
        tx.commit().await?;
        self.library.tell_changed();
        self.must(id).await
    }

    /// Clears the bench: what is live stays. The staged wordings remain among the revisions.
    pub async fn discard(&self, who: &Curator, id: &str, version: i64) -> Result<Bench> {
        let mut tx = self.library.db().begin().await?;
        let work = rows::lock(&mut tx, id, version, who, self.library.clock().now()).await?;
        expect(&work, &[State::Draft, State::InReview], "nothing is staged")?;
        let Some(live) = work.live else {
            return Err(Error::Conflict("it was never published; retire it instead".into()));
        };
        let words = rows::revision_in(&mut tx, id, live).await?;
        on_tx!(&mut tx, c => sqlx::query(
            "update kb_work set state = 'published', head = $2, base = $2, title = $3 where article_id = $1")
            .bind(id).bind(live).bind(&words.draft.title).execute(c).await.map(drop))?;
        self.note(&mut tx, who, "discarded", id, &work.title, json!({ "revision": work.head })).await?;
        tx.commit().await?;
        self.must(id).await
    }

    /// Says who cares for it (a staff id, or nobody) and when it is to be read again.
    pub async fn care(
        &self,
        who: &Curator,
        id: &str,
        version: i64,
        owner: Option<&str>,
        review_at: Option<Time>,
    ) -> Result<Bench> {
        let mut tx = self.library.db().begin().await?;
        let work = rows::lock(&mut tx, id, version, who, self.library.clock().now()).await?;
        on_tx!(&mut tx, c => sqlx::query("update kb_work set owner = $2, review_at = $3 where article_id = $1")
            .bind(id).bind(owner).bind(review_at).execute(c).await.map(drop))?;
        self.note(&mut tx, who, "cared", id, &work.title, json!({ "owner": owner, "review_at": review_at }))
            .await?;
        tx.commit().await?;
        self.must(id).await
    }
}

fn expect(work: &Work, states: &[State], otherwise: &str) -> Result<()> {
    if states.contains(&work.state) {
        return Ok(());
    }
    Err(Error::Conflict(format!("{:?} is {}: {otherwise}", work.title, work.state)))
}

fn required(why: &str) -> Result<()> {
    if why.trim().is_empty() { Err(Error::invalid("reason", "is empty; say why")) } else { Ok(()) }
}

/// Nobody publishes what they wrote, not even a part of it.
async fn refuse_authors(tx: &mut Tx, who: &Curator, work: &Work) -> Result<()> {
    let authors = rows::authors_since(tx, &work.article_id, work.base, work.head).await?;
    if authors.contains(&who.actor()) {
        return Err(Error::Forbidden("the reviewer is not the author: somebody else publishes this".into()));
    }
    Ok(())
}

async fn set_state(tx: &mut Tx, id: &str, state: State) -> Result<()> {
    on_tx!(tx, c => sqlx::query("update kb_work set state = $2 where article_id = $1")
        .bind(id).bind(state.as_str()).execute(c).await.map(drop))?;
    Ok(())
}

/// What is live was published after these words were written: they become the newest revision, so that
/// revisions customers see never count backwards.
async fn renumber(tx: &mut Tx, work: &Work, head: &Revision, now: Time) -> Result<i64> {
    let revision = work.last + 1;
    let wording = Wording {
        id: &work.article_id,
        revision,
        draft: &head.draft.0,
        author: &head.author,
        note: &format!("= {}", head.revision),
        source_revision: head.source_revision,
    };
    rows::add_revision(tx, &wording, now).await?;
    on_tx!(tx, c => sqlx::query("update kb_work set head = $2, last = $2 where article_id = $1")
        .bind(&work.article_id).bind(revision).execute(c).await.map(drop))?;
    Ok(revision)
}

/// Customers see these words from now on.
async fn go_live(
    tx: &mut Tx,
    work: &Work,
    d: &Draft,
    source_revision: Option<i64>,
    change: i64,
    now: Time,
) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "update kb_article set kind = $2, category = $3, title = $4, body_md = $5, product = $6, versions = $7, tags = $8, \
         codes = $9, symptoms = $10, frequent = $11, translates = $12, source_revision = $13, revision = $14, \
         change_no = $15, deleted = $16, updated_at = $17, questions = $18 where id = $1")
        .bind(&work.article_id).bind(d.kind.as_str()).bind(&d.category).bind(&d.title).bind(&d.body_md).bind(&d.product)
        .bind(&d.versions).bind(Json(&d.tags)).bind(Json(&d.codes)).bind(Json(&d.symptoms)).bind(d.frequent)
        .bind(&d.translates).bind(source_revision).bind(work.head).bind(change).bind(false).bind(now)
        .bind(Json(&d.questions))
        .execute(c).await.map(drop))?;
    Ok(())
}

async fn mark_published(tx: &mut Tx, who: &Curator, work: &Work, now: Time) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "update kb_revision set published_at = $3, published_by = $4 where article_id = $1 and revision = $2")
        .bind(&work.article_id).bind(work.head).bind(now).bind(who.actor()).execute(c).await.map(drop))?;
    on_tx!(tx, c => sqlx::query(
        "update kb_work set state = 'published', base = head, gap_id = null where article_id = $1")
        .bind(&work.article_id).execute(c).await.map(drop))?;
    Ok(())
}
