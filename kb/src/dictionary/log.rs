//! Who changed what of the dictionary and when, and the number every process follows.
use firstline_core::store::{Db, Tx};
use firstline_core::{Clock, Result, Time, on, on_tx, text_enum};
use serde::Serialize;
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;

text_enum! {
    Action ("action") { Created = "created", Changed = "changed", Removed = "removed" }
}

/// What is noted besides the words before and after.
pub(crate) struct Line<'a> {
    /// The id of a member of staff, or the name of a program.
    pub actor: &'a str,
    pub action: Action,
    /// `code`, or the kind of an entry.
    pub kind: &'a str,
    /// Its id.
    pub subject: &'a str,
}

/// A line of the log.
#[derive(Clone, Debug, FromRow)]
pub struct Logged {
    pub id: String,
    pub at: Time,
    pub actor: String,
    #[sqlx(try_from = "String")]
    pub action: Action,
    pub kind: String,
    pub subject: String,
    pub before: Option<Json<Value>>,
    pub after: Option<Json<Value>>,
}

pub(crate) async fn write<T: Serialize + Sync + Send, U: Serialize + Sync + Send>(
    tx: &mut Tx,
    clock: &Clock,
    line: &Line<'_>,
    before: Option<T>,
    after: Option<U>,
) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "insert into kb_entry_log (id, at, actor, action, kind, subject, before, after) values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(clock.id()).bind(clock.now()).bind(line.actor).bind(line.action.as_str()).bind(line.kind).bind(line.subject)
        .bind(before.map(Json)).bind(after.map(Json)).execute(c).await.map(drop))?;
    Ok(())
}

/// Tells every process that the dictionary is another one now.
pub(crate) async fn count_change(tx: &mut Tx) -> Result<()> {
    on_tx!(tx, c => sqlx::query("update kb_change set value = value + 1 where name = 'dictionary'").execute(c).await.map(drop))?;
    Ok(())
}

/// How often the dictionary was changed so far.
pub(crate) async fn changes(db: &Db) -> Result<i64> {
    let value: Option<i64> = on!(db, p => sqlx::query_scalar("select value from kb_change where name = 'dictionary'")
        .fetch_optional(p).await)?;
    Ok(value.unwrap_or(0))
}

/// The newest lines, of one subject or of all.
pub(crate) async fn lines(db: &Db, subject: Option<&str>, limit: i64) -> Result<Vec<Logged>> {
    let rows = on!(db, p => sqlx::query_as(
        "select * from kb_entry_log where ($1 is null or subject = $1) order by id desc limit $2")
        .bind(subject).bind(limit).fetch_all(p).await)?;
    Ok(rows)
}
