//! Reading articles.
use std::collections::HashMap;

use firstline_core::store::Db;
use firstline_core::{Clock, Result, Time, on, on_tx};
use sqlx::types::Json;

use super::ArticleRow;
use crate::article::{Article, Draft};
use crate::index::mark::Mark;
use crate::index::schema;

/// By our id or by the id at its source.
pub(crate) async fn article(db: &Db, id: &str) -> Result<Option<Article>> {
    Ok(row(db, id).await?.map(ArticleRow::into_article))
}

/// A withdrawn article is not found by its current id any more.
async fn row(db: &Db, id: &str) -> Result<Option<ArticleRow>> {
    let rows: Vec<ArticleRow> = on!(db, p => sqlx::query_as(
        "select * from kb_article where (id = $1 or external_id = $1) and deleted = $2")
        .bind(id).bind(false).fetch_all(p).await)?;
    // Our own id wins over an external id that happens to look the same.
    let exact = rows.iter().position(|r| r.id == id).unwrap_or(0);
    Ok(rows.into_iter().nth(exact))
}

/// What an article said at a revision, also after it was withdrawn: a chat showed it. Words that were never
/// published are not there.
pub(crate) async fn article_revision(db: &Db, id: &str, revision: i64) -> Result<Option<Article>> {
    let row: Option<ArticleRow> = on!(db, p => sqlx::query_as("select * from kb_article where id = $1").bind(id).fetch_optional(p).await)?;
    let words: Option<(Json<Draft>, Time)> = on!(db, p => sqlx::query_as(
        "select draft, at from kb_revision where article_id = $1 and revision = $2 and published_at is not null")
        .bind(id).bind(revision).fetch_optional(p).await)?;
    Ok(row.zip(words).map(|(row, (draft, at))| row.at_revision(revision, draft.0, at)))
}

/// A page of articles by id, oldest first.
pub(crate) async fn articles(
    db: &Db,
    after: Option<&str>,
    limit: i64,
    lang: Option<&str>,
) -> Result<Vec<Article>> {
    let rows: Vec<ArticleRow> = on!(db, p => sqlx::query_as(
        "select * from kb_article where id > $1 and deleted = $2 and ($3 is null or lang = $3) order by id limit $4")
        .bind(after.unwrap_or_default()).bind(false).bind(lang).bind(limit).fetch_all(p).await)?;
    Ok(rows.into_iter().map(ArticleRow::into_article).collect())
}

/// What to offer at the start of a chat: marked as frequent, most asked for first.
pub(crate) async fn frequent(db: &Db, lang: &str, limit: i64) -> Result<Vec<Article>> {
    let rows: Vec<ArticleRow> = on!(db, p => sqlx::query_as(
        "select a.* from kb_article a where frequent = $1 and lang = $2 and deleted = $3 \
         order by (select count(*) from kb_verdict v where v.article_id = a.id and v.verdict in ('solved', 'chosen')) desc, a.id \
         limit $4")
        .bind(true).bind(lang).bind(false).bind(limit).fetch_all(p).await)?;
    Ok(rows.into_iter().map(ArticleRow::into_article).collect())
}

/// The same article in another language: the one it translates, or one that translates it.
pub(crate) async fn translation(db: &Db, of: &Article) -> Result<Option<Article>> {
    let row: Option<ArticleRow> = on!(db, p => sqlx::query_as(
        "select * from kb_article where (external_id = $1 or translates = $2) and lang <> $3 and deleted = $4 \
         order by id limit 1")
        .bind(of.translates.as_deref().unwrap_or_default()).bind(&of.external_id).bind(&of.lang).bind(false)
        .fetch_optional(p).await)?;
    Ok(row.map(ArticleRow::into_article))
}

/// The products articles are about, by name.
pub(crate) async fn products(db: &Db) -> Result<Vec<String>> {
    let mut names: Vec<String> = on!(db, p => sqlx::query_scalar(
        "select distinct product from kb_article where product is not null and deleted = $1")
        .bind(false).fetch_all(p).await)?;
    names.sort();
    Ok(names)
}

/// Articles changed after `change`, withdrawn ones included, in the order of their changes.
pub(crate) async fn changed_since(db: &Db, change: i64, limit: i64) -> Result<Vec<ArticleRow>> {
    let rows = on!(db, p => sqlx::query_as(
        "select * from kb_article where change_no > $1 order by change_no limit $2")
        .bind(change).bind(limit).fetch_all(p).await)?;
    Ok(rows)
}

/// Where the database is: the number of the last change, of the last order to rebuild, and which database it is.
pub(crate) async fn counters(db: &Db, clock: &Clock) -> Result<Mark> {
    let mut found = read_counters(db).await?;
    if !found.contains_key("store") {
        name_store(db, clock).await?;
        found = read_counters(db).await?;
    }
    let get = |name: &str| found.get(name).copied().unwrap_or(0);
    Ok(Mark { schema: schema::VERSION, store: get("store"), rebuild: get("rebuild"), change: get("article") })
}

async fn read_counters(db: &Db) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> =
        on!(db, p => sqlx::query_as("select name, value from kb_change").fetch_all(p).await)?;
    Ok(rows.into_iter().collect())
}

/// Gives a database its name, once: an index of another one must not be taken for its own.
async fn name_store(db: &Db, clock: &Clock) -> Result<()> {
    // The last 15 hexadecimal digits of an id are random and fit.
    let id = clock.id();
    let name = i64::from_str_radix(&id[id.len() - 15..], 16).unwrap_or(1);
    let mut tx = db.begin().await?;
    on_tx!(&mut tx, c => sqlx::query("insert into kb_change (name, value) values ('store', $1) on conflict (name) do nothing")
        .bind(name).execute(c).await.map(drop))?;
    tx.commit().await
}

/// How many articles there are, withdrawn ones included.
pub(crate) async fn count(db: &Db) -> Result<u64> {
    let count: i64 = on!(db, p => sqlx::query_scalar("select count(*) from kb_article").fetch_one(p).await)?;
    Ok(count.max(0) as u64)
}
