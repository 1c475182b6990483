//! The workshop's rows. Whoever changes what customers see takes the change counter before anything else,
//! as imports do: one order of locks for all writers.
use firstline_core::store::{Db, Tx};
use firstline_core::{Error, Result, Time, on, on_tx};
use sqlx::types::Json;

use super::{Curator, Revision, Work};
use crate::article::Draft;

/// The rows of `Work`, with what follows.
macro_rules! work_sql {
    ($rest:literal) => {
        concat!(
            "select w.*, a.external_id, a.lang, case when a.deleted then null else a.revision end as live \
             from kb_work w join kb_article a on a.id = w.article_id ",
            $rest
        )
    };
}
pub(super) use work_sql;

macro_rules! revision_sql {
    ($rest:literal) => {
        concat!("select revision, draft, author, at, note, published_at, published_by, source_revision from kb_revision ", $rest)
    };
}

pub(super) async fn work(db: &Db, id: &str) -> Result<Option<Work>> {
    let row = on!(db, p => sqlx::query_as(work_sql!("where w.article_id = $1 or a.external_id = $1 order by w.article_id limit 1"))
        .bind(id).fetch_optional(p).await)?;
    Ok(row)
}

pub(super) async fn work_in(tx: &mut Tx, id: &str) -> Result<Work> {
    let row = on_tx!(tx, c => sqlx::query_as(work_sql!("where w.article_id = $1")).bind(id).fetch_optional(c).await)?;
    row.ok_or_else(|| Error::not_found("article", id))
}

/// Takes the article for this change; a conflict when it changed since `version` was read.
pub(super) async fn lock(tx: &mut Tx, id: &str, version: i64, who: &Curator, now: Time) -> Result<Work> {
    let taken = on_tx!(tx, c => sqlx::query(
        "update kb_work set version = version + 1, changed_by = $3, changed_at = $4 where article_id = $1 and version = $2")
        .bind(id).bind(version).bind(who.actor()).bind(now)
        .execute(c).await.map(|done| done.rows_affected()))?;
    let work = work_in(tx, id).await?;
    if taken == 1 { Ok(work) } else { Err(overtaken(&work)) }
}

pub(super) fn overtaken(work: &Work) -> Error {
    Error::Conflict(format!("{:?} was changed by somebody else meanwhile; read it again", work.title))
}

pub(super) async fn revision(db: &Db, id: &str, revision: i64) -> Result<Option<Revision>> {
    let row = on!(db, p => sqlx::query_as(revision_sql!("where article_id = $1 and revision = $2"))
        .bind(id).bind(revision).fetch_optional(p).await)?;
    Ok(row)
}

pub(super) async fn revision_in(tx: &mut Tx, id: &str, revision: i64) -> Result<Revision> {
    let row = on_tx!(tx, c => sqlx::query_as(revision_sql!("where article_id = $1 and revision = $2"))
        .bind(id).bind(revision).fetch_optional(c).await)?;
    row.ok_or_else(|| Error::Inconsistent {
        table: "kb_revision",
        row: format!("{id} {revision}"),
        reason: "the bench names it and it does not exist".into(),
    })
}

/// Every wording, newest first.
pub(super) async fn revisions(db: &Db, id: &str, limit: i64) -> Result<Vec<Revision>> {
    let rows = on!(db, p => sqlx::query_as(revision_sql!("where article_id = $1 order by revision desc limit $2"))
        .bind(id).bind(limit).fetch_all(p).await)?;
    Ok(rows)
}

/// Who wrote the words that a publication of `head` would show for the first time.
pub(super) async fn authors_since(tx: &mut Tx, id: &str, base: i64, head: i64) -> Result<Vec<String>> {
    let rows = on_tx!(tx, c => sqlx::query_scalar(
        "select distinct author from kb_revision where article_id = $1 and revision > $2 and revision <= $3 and published_at is null")
        .bind(id).bind(base).bind(head).fetch_all(c).await)?;
    Ok(rows)
}

/// A wording not published yet.
pub(super) struct Wording<'a> {
    pub id: &'a str,
    pub revision: i64,
    pub draft: &'a Draft,
    pub author: &'a str,
    pub note: &'a str,
    pub source_revision: Option<i64>,
}

pub(super) async fn add_revision(tx: &mut Tx, w: &Wording<'_>, now: Time) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "insert into kb_revision (article_id, revision, draft, author, at, note, source_revision) values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(w.id).bind(w.revision).bind(Json(w.draft)).bind(w.author).bind(now).bind(w.note).bind(w.source_revision)
        .execute(c).await.map(drop))?;
    Ok(())
}
