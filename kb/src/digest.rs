//! The digest: from what was asked to gaps and figures, again and again over the newest events. Everything it
//! writes has a key, so that reading an event twice, on two nodes or after a crash, changes nothing.
use std::time::Duration;

use firstline_core::store::{Db, Tx};
use firstline_core::{Result, Time, on, on_tx};
use sqlx::FromRow;
use sqlx::types::Json;
use tokio_util::sync::CancellationToken;

use crate::Library;
use crate::events::{Shown, UNSURE};
use crate::gap::profile::{ALIKE, Wording};
use crate::gap::{Asked, Why, place};

/// An event may become visible so much later than its time says.
const OVERLAP: i64 = 10 * 60 * 1000;
const PAGE: i64 = 300;
/// The same question again after this is a return; before, it is the same visit.
const VISIT: i64 = 30 * 60 * 1000;
const WEEK: i64 = 7 * 24 * 3600 * 1000;

#[derive(Clone, Debug, FromRow)]
struct Search {
    id: String,
    query: String,
    lang: Option<String>,
    product: Option<String>,
    answer: Option<String>,
    shown: Json<Vec<Shown>>,
    total: i64,
    unknown_codes: Json<Vec<String>>,
    who: String,
    at: Time,
}

#[derive(Clone, Debug, FromRow)]
struct Rejection {
    id: String,
    search_id: String,
    article_id: Option<String>,
    at: Time,
}

/// How often the digest reads by itself.
const EVERY: Duration = Duration::from_secs(60);

impl Library {
    /// Digests once a minute until told to stop, so that a page never has much to catch up with.
    pub async fn keep_digesting(&self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
            if let Err(error) = self.digest().await {
                tracing::warn!(%error, "what was asked could not be digested; trying again in a minute");
            }
        }
    }

    /// Reads what was asked since the last time. Cheap when there is nothing new.
    pub async fn digest(&self) -> Result<()> {
        let began = counter(self.db(), "digest_at").await?;
        let mut cursor = (Time(began - OVERLAP), String::new());
        loop {
            let page = searches(self.db(), &cursor).await?;
            let Some(last) = page.last() else { break };
            cursor = (last.at, last.id.clone());
            self.take_searches(&page).await?;
        }
        let began = counter(self.db(), "digest_verdict_at").await?;
        let mut cursor = (Time(began - OVERLAP), String::new());
        loop {
            let page = rejections(self.db(), &cursor).await?;
            let Some(last) = page.last() else { break };
            cursor = (last.at, last.id.clone());
            self.take_rejections(&page).await?;
        }
        Ok(())
    }

    async fn take_searches(&self, page: &[Search]) -> Result<()> {
        let mut tx = self.begin_digest().await?;
        let mut known = None;
        for search in page {
            keep_shown(&mut tx, search).await?;
            mark_returns(&mut tx, search).await?;
            let nothing = match search.answer.as_deref() {
                None => search.total == 0,
                Some(answer) => answer == "nothing" || answer == UNSURE,
            };
            // A code nobody knows is a gap whatever else was shown.
            if nothing || !search.unknown_codes.0.is_empty() {
                let asked = asked(search, Why::Nothing, None, search.at);
                self.find_place(&mut tx, &mut known, &asked).await?;
            }
        }
        reach(&mut tx, "digest_at", page.last().map_or(0, |s| s.at.0)).await?;
        tx.commit().await
    }

    async fn take_rejections(&self, page: &[Rejection]) -> Result<()> {
        let mut tx = self.begin_digest().await?;
        let mut known = None;
        for rejection in page {
            if solved_later(&mut tx, rejection).await? {
                continue;
            }
            let search: Option<Search> = on_tx!(&mut tx, c => sqlx::query_as("select * from kb_search where id = $1")
                .bind(&rejection.search_id).fetch_optional(c).await)?;
            let Some(search) = search.filter(|s| !s.query.trim().is_empty()) else { continue };
            let asked = asked(&search, Why::Rejected, rejection.article_id.clone(), rejection.at);
            self.find_place(&mut tx, &mut known, &asked).await?;
        }
        reach(&mut tx, "digest_verdict_at", page.last().map_or(0, |r| r.at.0)).await?;
        tx.commit().await
    }

    /// One digest at a time, also over several nodes: two would begin the same gap twice.
    async fn begin_digest(&self) -> Result<Tx> {
        let mut tx = self.db().begin().await?;
        on_tx!(&mut tx, c => sqlx::query("update kb_change set value = value + 1 where name = 'digest'")
            .execute(c).await.map(drop))?;
        Ok(tx)
    }

    /// Reads the gaps only when a question needs a place.
    async fn find_place(
        &self,
        tx: &mut Tx,
        known: &mut Option<Vec<place::Known>>,
        asked: &Asked,
    ) -> Result<()> {
        if known.is_none() {
            let all: Vec<place::Known> = on_tx!(tx, c => sqlx::query_as(
                "select id, state, title, settled_at, profile from kb_gap order by last_at desc limit 5000")
                .fetch_all(c).await)?;
            *known = Some(all);
        }
        if let Some(known) = known {
            place::place(tx, self.clock(), known, asked).await?;
        }
        Ok(())
    }
}

fn asked(search: &Search, why: Why, article_id: Option<String>, at: Time) -> Asked {
    Asked {
        search_id: search.id.clone(),
        query: search.query.clone(),
        lang: search.lang.clone(),
        product: search.product.clone(),
        why,
        article_id,
        at,
    }
}

async fn counter(db: &Db, name: &str) -> Result<i64> {
    let value: Option<i64> = on!(db, p => sqlx::query_scalar("select value from kb_change where name = $1")
        .bind(name).fetch_optional(p).await)?;
    Ok(value.unwrap_or(0))
}

/// The digest got so far; it never goes back.
async fn reach(tx: &mut Tx, name: &str, at: i64) -> Result<()> {
    on_tx!(tx, c => sqlx::query("update kb_change set value = $2 where name = $1 and value < $2")
        .bind(name).bind(at).execute(c).await.map(drop))?;
    Ok(())
}

async fn searches(db: &Db, after: &(Time, String)) -> Result<Vec<Search>> {
    let rows = on!(db, p => sqlx::query_as(
        "select * from kb_search where at > $1 or (at = $1 and id > $2) order by at, id limit $3")
        .bind(after.0).bind(&after.1).bind(PAGE).fetch_all(p).await)?;
    Ok(rows)
}

async fn rejections(db: &Db, after: &(Time, String)) -> Result<Vec<Rejection>> {
    let rows = on!(db, p => sqlx::query_as(
        "select id, search_id, article_id, at from kb_verdict where verdict in ('still_broken', 'asked_for_person') \
         and (at > $1 or (at = $1 and id > $2)) order by at, id limit $3")
        .bind(after.0).bind(&after.1).bind(PAGE).fetch_all(p).await)?;
    Ok(rows)
}

/// The next answer helped: what was rejected before it is no gap.
async fn solved_later(tx: &mut Tx, rejection: &Rejection) -> Result<bool> {
    let solved: i64 = on_tx!(tx, c => sqlx::query_scalar(
        "select count(*) from kb_verdict where search_id = $1 and verdict = 'solved' and at >= $2")
        .bind(&rejection.search_id).bind(rejection.at).fetch_one(c).await)?;
    Ok(solved > 0)
}

async fn keep_shown(tx: &mut Tx, search: &Search) -> Result<()> {
    for shown in &search.shown.0 {
        on_tx!(tx, c => sqlx::query(
            "insert into kb_shown (search_id, article_id, revision, rank, at) values ($1, $2, $3, $4, $5) \
             on conflict (search_id, article_id) do nothing")
            .bind(&search.id).bind(&shown.article_id).bind(shown.revision).bind(shown.rank).bind(search.at)
            .execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Marks the earlier searches of the same conversation that this one repeats. Visitors without a conversation
/// have a channel's name for it, and nobody can say whether they came back.
async fn mark_returns(tx: &mut Tx, search: &Search) -> Result<()> {
    let is_conversation = search.who.len() == 32 && search.who.bytes().all(|b| b.is_ascii_hexdigit());
    if !is_conversation {
        return Ok(());
    }
    let earlier: Vec<(String, String, Json<Vec<Shown>>)> = on_tx!(tx, c => sqlx::query_as(
        "select id, query, shown from kb_search where who = $1 and at >= $2 and at <= $3 order by at desc limit 20")
        .bind(&search.who).bind(search.at.plus_millis(-WEEK)).bind(search.at.plus_millis(-VISIT))
        .fetch_all(c).await)?;
    let wording = Wording::of(&search.query);
    for (id, query, shown) in earlier {
        let same_answer = match (shown.0.first(), search.shown.0.first()) {
            (Some(before), Some(now)) => before.article_id == now.article_id,
            _ => false,
        };
        if same_answer || Wording::of(&query).likeness(&wording) >= ALIKE {
            on_tx!(tx, c => sqlx::query(
                "insert into kb_return (search_id, again_id, at) values ($1, $2, $3) on conflict (search_id) do nothing")
                .bind(&id).bind(&search.id).bind(search.at).execute(c).await.map(drop))?;
        }
    }
    Ok(())
}
