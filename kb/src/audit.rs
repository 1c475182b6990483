//! The one trail of what curators did: who, when, to what. Appended inside the transaction of the deed, never changed.
use firstline_core::store::{Db, Tx};
use firstline_core::{Clock, Result, Time, on, on_tx};
use serde_json::{Value, json};
use sqlx::FromRow;
use sqlx::types::Json;

/// What a deed is done to: an article, a gap, a saved question, an import, an error code, or an entry of the
/// dictionary by its kind.
pub const KINDS: [&str; 13] = [
    "article",
    "gap",
    "question",
    "import",
    "code",
    "synonym",
    "product",
    "pin",
    "stop_gap",
    "talk",
    "sensitive",
    "frequent",
    "settings",
];

/// One deed.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Entry {
    pub id: String,
    pub at: Time,
    /// `staff:ID`, `token:NAME`, `import` or `system`.
    pub actor: String,
    /// One word, such as `published`.
    pub action: String,
    /// One of `KINDS`.
    pub kind: String,
    pub article_id: Option<String>,
    /// The gap, entry or code it was done to.
    pub subject_id: Option<String>,
    /// What it was done to, for people: a title, a question, a file's name.
    pub subject: String,
    /// What else there is to know, such as `revision` and `reason`, or how an entry was `before` and `after`.
    pub detail: Json<Value>,
}

/// A deed as its doer notes it.
#[derive(Clone, Debug)]
pub struct Deed<'a> {
    pub actor: &'a str,
    pub action: &'a str,
    pub kind: &'a str,
    pub article_id: Option<&'a str>,
    pub subject_id: Option<&'a str>,
    pub subject: &'a str,
    pub detail: Value,
}

impl<'a> Deed<'a> {
    /// A deed of which nothing more is known; the rest is filled in by `..`.
    pub fn of(actor: &'a str, action: &'a str, kind: &'a str, subject: &'a str) -> Deed<'a> {
        Deed { actor, action, kind, article_id: None, subject_id: None, subject, detail: json!({}) }
    }
}

/// Notes a deed in the transaction that does it.
pub async fn note(tx: &mut Tx, clock: &Clock, deed: &Deed<'_>) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "insert into kb_audit (id, at, actor, action, kind, article_id, subject_id, subject, detail) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(clock.id()).bind(clock.now()).bind(deed.actor).bind(deed.action).bind(deed.kind).bind(deed.article_id)
        .bind(deed.subject_id).bind(deed.subject).bind(Json(&deed.detail))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// What to show of the trail.
#[derive(Clone, Debug, Default)]
pub struct Filter<'a> {
    pub article_id: Option<&'a str>,
    pub subject_id: Option<&'a str>,
    pub kind: Option<&'a str>,
    pub actor: Option<&'a str>,
    /// The id of the last entry of the page before.
    pub before: Option<&'a str>,
}

/// The trail, newest first.
pub async fn trail(db: &Db, filter: &Filter<'_>, limit: i64) -> Result<Vec<Entry>> {
    let rows = on!(db, p => sqlx::query_as(
        "select * from kb_audit where ($1 is null or article_id = $1) and ($2 is null or subject_id = $2) \
         and ($3 is null or kind = $3) and ($4 is null or actor = $4) and ($5 is null or id < $5) \
         order by id desc limit $6")
        .bind(filter.article_id).bind(filter.subject_id).bind(filter.kind).bind(filter.actor).bind(filter.before)
        .bind(limit).fetch_all(p).await)?;
    Ok(rows)
}
