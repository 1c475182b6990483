//! Writing articles. The first statement of every write takes the change counter, whose row lock lets
//! one writer in at a time: what follows may read, compare and write.
use firstline_core::store::{Db, Tx};
use firstline_core::{Clock, Error, Result, Time, on_tx};
use sqlx::types::Json;

use super::ArticleRow;
use super::clean::clean;
use super::row::with_words;
use crate::article::{Article, Draft};

/// What became of a draft.
#[derive(Clone, Debug, PartialEq)]
pub enum Upserted {
    New(Article),
    Changed(Article),
    Same(Article),
}

impl Upserted {
    pub fn article(&self) -> &Article {
        match self {
            Upserted::New(a) | Upserted::Changed(a) | Upserted::Same(a) => a,
        }
    }
}

/// Writes drafts in one transaction; one that cannot be stored spoils only itself. Results are in the order of `drafts`.
pub(crate) async fn upsert_batch(
    db: &Db,
    clock: &Clock,
    drafts: &[Draft],
    author: &str,
) -> Result<Vec<Result<Upserted>>> {
    let mut results: Vec<Option<Result<Upserted>>> = Vec::with_capacity(drafts.len());
    let mut cleaned = Vec::with_capacity(drafts.len());
    for (at, draft) in drafts.iter().enumerate() {
        match clean(draft) {
            Ok(draft) => {
                cleaned.push((at, draft));
                results.push(None);
            }
            Err(e) => results.push(Some(Err(e))),
        }
    }
    if !cleaned.is_empty() {
        write(db, clock, cleaned, author, &mut results).await?;
    }
    Ok(results.into_iter().flatten().collect())
}

async fn write(
    db: &Db,
    clock: &Clock,
    cleaned: Vec<(usize, Draft)>,
    author: &str,
    results: &mut [Option<Result<Upserted>>],
) -> Result<()> {
    let mut tx = db.begin().await?;
    let count = cleaned.len() as i64;
    let mut change = take_changes(&mut tx, count).await? - count;
    let mut changed = false;
    for (at, draft) in cleaned {
        change += 1;
        let upserted = upsert_one(&mut tx, clock, draft, author, change).await?;
        changed |= !matches!(upserted, Upserted::Same(_));
        results[at] = Some(Ok(upserted));
    }
    // Nothing new: the numbers taken are given back.
    if changed { tx.commit().await } else { tx.rollback().await }
}

/// Takes `count` numbers and gives the last of them.
pub(crate) async fn take_changes(tx: &mut Tx, count: i64) -> Result<i64> {
    let last = on_tx!(tx, c => sqlx::query_scalar(
        "update kb_change set value = value + $1 where name = 'article' returning value")
        .bind(count).fetch_one(c).await)?;
    Ok(last)
}

/// Writes one cleaned draft as change number `change`.
pub(crate) async fn upsert_one(
    tx: &mut Tx,
    clock: &Clock,
    draft: Draft,
    author: &str,
    change: i64,
) -> Result<Upserted> {
    match find(tx, &draft.external_id).await? {
        None => {
            let article = insert(tx, clock, draft, change).await?;
            add_revision(tx, &article, author).await?;
            put_on_bench(tx, &article, author).await?;
            Ok(Upserted::New(article))
        }
        Some(row) if !row.deleted && row.draft() == draft => Ok(Upserted::Same(row.into_article())),
        Some(row) => {
            let last = last_revision(tx, &row).await?;
            if !row.deleted {
                bind_translations(tx, &row.external_id, row.revision).await?;
            }
            let article = update(tx, clock, row, draft, change, last + 1).await?;
            add_revision(tx, &article, author).await?;
            tell_bench(tx, &article, author).await?;
            Ok(Upserted::Changed(article))
        }
    }
}

async fn find(tx: &mut Tx, external_id: &str) -> Result<Option<ArticleRow>> {
    let row = on_tx!(tx, c => sqlx::query_as("select * from kb_article where external_id = $1")
        .bind(external_id).fetch_optional(c).await)?;
    Ok(row)
}

async fn insert(tx: &mut Tx, clock: &Clock, d: Draft, change: i64) -> Result<Article> {
    let (id, now) = (clock.id(), clock.now());
    let row: ArticleRow = on_tx!(tx, c => sqlx::query_as(
        "insert into kb_article (id, external_id, lang, kind, category, title, body_md, product, versions, tags, codes, \
         symptoms, frequent, translates, revision, change_no, deleted, created_at, updated_at, questions) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $15, $16, $17, $17, $18) returning *")
        .bind(&id).bind(&d.external_id).bind(&d.lang).bind(d.kind.as_str()).bind(&d.category).bind(&d.title)
        .bind(&d.body_md).bind(&d.product).bind(&d.versions).bind(Json(&d.tags)).bind(Json(&d.codes))
        .bind(Json(&d.symptoms)).bind(d.frequent).bind(&d.translates).bind(change).bind(false).bind(now).bind(Json(&d.questions))
        .fetch_one(c).await)?;
    Ok(row.into_article())
}

async fn update(
    tx: &mut Tx,
    clock: &Clock,
    old: ArticleRow,
    d: Draft,
    change: i64,
    revision: i64,
) -> Result<Article> {
    let now = clock.now();
    on_tx!(tx, c => sqlx::query(
        "update kb_article set lang = $2, kind = $3, category = $4, title = $5, body_md = $6, product = $7, versions = $8, \
         tags = $9, codes = $10, symptoms = $11, frequent = $12, translates = $13, revision = $18, source_revision = null, \
         change_no = $14, deleted = $15, updated_at = $16, questions = $17 where id = $1")
        .bind(&old.id).bind(&d.lang).bind(d.kind.as_str()).bind(&d.category).bind(&d.title).bind(&d.body_md)
        .bind(&d.product).bind(&d.versions).bind(Json(&d.tags)).bind(Json(&d.codes)).bind(Json(&d.symptoms))
        .bind(d.frequent).bind(&d.translates).bind(change).bind(false).bind(now).bind(Json(&d.questions)).bind(revision)
        .execute(c).await.map(drop))?;
    Ok(Article { revision, updated_at: now, ..with_words(old.into_article(), d) })
}

async fn add_revision(tx: &mut Tx, a: &Article, author: &str) -> Result<()> {
    let draft = Draft::from(a);
    on_tx!(tx, c => sqlx::query(
        "insert into kb_revision (article_id, revision, draft, author, at, published_at, published_by) \
         values ($1, $2, $3, $4, $5, $5, $4)")
        .bind(&a.id).bind(a.revision).bind(Json(&draft)).bind(author).bind(a.updated_at)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The newest revision, staged ones included.
async fn last_revision(tx: &mut Tx, row: &ArticleRow) -> Result<i64> {
    let last: Option<i64> = on_tx!(tx, c => sqlx::query_scalar("select last from kb_work where article_id = $1")
        .bind(&row.id).fetch_optional(c).await)?;
    Ok(last.unwrap_or(row.revision))
}

/// An article that comes published from outside lies on the bench as it is.
async fn put_on_bench(tx: &mut Tx, a: &Article, author: &str) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "insert into kb_work (article_id, state, title, head, last, base, version, changed_by, changed_at) \
         values ($1, 'published', $2, $3, $3, $3, 1, $4, $5)")
        .bind(&a.id).bind(&a.title).bind(a.revision).bind(author).bind(a.updated_at)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// What is live changed from outside. Words that a curator has staged stay on the bench.
async fn tell_bench(tx: &mut Tx, a: &Article, author: &str) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "update kb_work set last = $2, version = version + 1, changed_by = $3, changed_at = $4, \
         title = case when state in ('draft', 'in_review') then title else $5 end, \
         head = case when state in ('draft', 'in_review') then head else $2 end, \
         base = case when state in ('draft', 'in_review') then base else $2 end, \
         state = case when state in ('draft', 'in_review') then state else 'published' end where article_id = $1")
        .bind(&a.id).bind(a.revision).bind(author).bind(a.updated_at).bind(&a.title)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Translations that were up to date belong to the revision that is about to be replaced.
pub(crate) async fn bind_translations(tx: &mut Tx, source: &str, revision: i64) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "update kb_article set source_revision = $2 where translates = $1 and source_revision is null")
        .bind(source).bind(revision).execute(c).await.map(drop))?;
    Ok(())
}

/// Withdraws an article; its revisions stay. False when there is none.
pub(crate) async fn remove(db: &Db, clock: &Clock, external_id: &str) -> Result<bool> {
    let mut tx = db.begin().await?;
    let change = take_changes(&mut tx, 1).await?;
    let removed = on_tx!(&mut tx, c => sqlx::query(
        "update kb_article set deleted = $2, change_no = $3, updated_at = $4 where external_id = $1 and deleted = $5")
        .bind(external_id).bind(true).bind(change).bind(clock.now()).bind(false)
        .execute(c).await.map(|done| done.rows_affected()))?;
    if removed == 0 {
        tx.rollback().await?;
        return Ok(false);
    }
    on_tx!(&mut tx, c => sqlx::query(
        "update kb_work set state = 'retired', version = version + 1 where state = 'published' \
         and article_id = (select id from kb_article where external_id = $1)")
        .bind(external_id).execute(c).await.map(drop))?;
    tx.commit().await?;
    Ok(true)
}

/// Orders every process on this database to build its index anew; gives the order's number.
pub(crate) async fn order_rebuild(db: &Db) -> Result<i64> {
    let mut tx = db.begin().await?;
    let order: Option<i64> = on_tx!(&mut tx, c => sqlx::query_scalar(
        "update kb_change set value = value + 1 where name = 'rebuild' returning value").fetch_optional(c).await)?;
    tx.commit().await?;
    order.ok_or_else(|| Error::Inconsistent {
        table: "kb_change",
        row: "rebuild".into(),
        reason: "the counter is missing".into(),
    })
}

/// The row of an article nobody may see yet: it holds no words.
pub(crate) async fn insert_unseen(tx: &mut Tx, id: &str, d: &Draft, change: i64, now: Time) -> Result<()> {
    let none: Vec<String> = Vec::new();
    let inserted = on_tx!(tx, c => sqlx::query(
        "insert into kb_article (id, external_id, lang, kind, title, body_md, tags, codes, symptoms, frequent, revision, \
         change_no, deleted, created_at, updated_at) values ($1, $2, $3, $4, '', '', $5, $5, $5, $6, 0, $7, $8, $9, $9)")
        .bind(id).bind(&d.external_id).bind(&d.lang).bind(d.kind.as_str()).bind(Json(&none)).bind(false)
        .bind(change).bind(true).bind(now).execute(c).await.map(drop));
    match inserted {
        Err(sqlx::Error::Database(e)) if e.is_unique_violation() => {
            Err(Error::Conflict(format!("there is an article {:?} already", d.external_id)))
        }
        other => Ok(other?),
    }
}
