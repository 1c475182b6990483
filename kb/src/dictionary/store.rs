//! The dictionary's rows.
use firstline_core::store::Db;
use firstline_core::{Clock, Error, Result, Time, on, on_tx};
use sqlx::FromRow;
use sqlx::types::Json;

use super::entry::{Entry, Stored};
use super::log::{self, Action};

/// The id of the one entry that holds the settings.
pub(crate) const SETTINGS: &str = "settings";

#[derive(FromRow)]
struct EntryRow {
    id: String,
    data: Json<Entry>,
    until: Option<Time>,
    version: i64,
    updated_at: Time,
}

impl EntryRow {
    fn into_stored(self) -> Stored {
        Stored {
            id: self.id,
            entry: self.data.0,
            until: self.until,
            version: self.version,
            updated_at: self.updated_at,
        }
    }
}

/// Every entry, oldest first.
pub(crate) async fn all(db: &Db) -> Result<Vec<Stored>> {
    let rows: Vec<EntryRow> =
        on!(db, p => sqlx::query_as("select * from kb_entry order by id").fetch_all(p).await)?;
    Ok(rows.into_iter().map(EntryRow::into_stored).collect())
}

/// The entries of a kind, newest first.
pub(crate) async fn of_kind(db: &Db, kind: &str) -> Result<Vec<Stored>> {
    let rows: Vec<EntryRow> = on!(db, p => sqlx::query_as("select * from kb_entry where kind = $1 order by id desc")
        .bind(kind).fetch_all(p).await)?;
    Ok(rows.into_iter().map(EntryRow::into_stored).collect())
}

pub(crate) async fn by_id(db: &Db, id: &str) -> Result<Option<Stored>> {
    let row: Option<EntryRow> = on!(db, p => sqlx::query_as("select * from kb_entry where id = $1").bind(id).fetch_optional(p).await)?;
    Ok(row.map(EntryRow::into_stored))
}

/// Adds a cleaned entry, under `id` where it has one of its own. Adding what is there already is a conflict.
pub(crate) async fn add(
    db: &Db,
    clock: &Clock,
    id: Option<&str>,
    entry: &Entry,
    until: Option<Time>,
    actor: &str,
) -> Result<Stored> {
    let id = id.map_or_else(|| clock.id(), str::to_string);
    let mut tx = db.begin().await?;
    let row: Option<EntryRow> = on_tx!(&mut tx, c => sqlx::query_as(
        "insert into kb_entry (id, kind, data, until, version, created_at, updated_at) values ($1, $2, $3, $4, 1, $5, $5) \
         on conflict (id) do nothing returning *")
        .bind(&id).bind(entry.kind()).bind(Json(entry)).bind(until).bind(clock.now()).fetch_optional(c).await)?;
    let stored =
        row.ok_or_else(|| Error::Conflict(format!("the entry {id} is there already")))?.into_stored();
    let line = log::Line { actor, action: Action::Added, kind: entry.kind(), id: &id, name: entry.name() };
    log::write(&mut tx, clock, &line, None::<&Entry>, Some(entry)).await?;
    log::count_change(&mut tx).await?;
    tx.commit().await?;
    Ok(stored)
}

/// Changes a cleaned entry that is at `version`; `Conflict` when somebody else changed it meanwhile.
pub(crate) async fn change(
    db: &Db,
    clock: &Clock,
    id: &str,
    version: i64,
    entry: &Entry,
    until: Option<Time>,
    actor: &str,
) -> Result<Stored> {
    let before = by_id(db, id).await?.ok_or_else(|| Error::not_found("entry", id))?;
    let mut tx = db.begin().await?;
    let row: Option<EntryRow> = on_tx!(&mut tx, c => sqlx::query_as(
        "update kb_entry set data = $3, until = $4, version = version + 1, updated_at = $5 \
         where id = $1 and version = $2 and kind = $6 returning *")
        .bind(id).bind(version).bind(Json(entry)).bind(until).bind(clock.now()).bind(entry.kind())
        .fetch_optional(c).await)?;
    let stored = row
        .filter(|_| before.version == version)
        .ok_or_else(|| {
            Error::Conflict("somebody else changed this entry meanwhile; look at it again".into())
        })?
        .into_stored();
    let line = log::Line { actor, action: Action::Changed, kind: entry.kind(), id, name: entry.name() };
    log::write(&mut tx, clock, &line, Some(&before.entry), Some(entry)).await?;
    log::count_change(&mut tx).await?;
    tx.commit().await?;
    Ok(stored)
}

/// Removes an entry; false when there is none.
pub(crate) async fn remove(db: &Db, clock: &Clock, id: &str, actor: &str) -> Result<bool> {
    let mut tx = db.begin().await?;
    let row: Option<EntryRow> = on_tx!(&mut tx, c => sqlx::query_as("delete from kb_entry where id = $1 returning *")
        .bind(id).fetch_optional(c).await)?;
    let Some(gone) = row else {
        tx.rollback().await?;
        return Ok(false);
    };
    let line =
        log::Line { actor, action: Action::Removed, kind: gone.data.0.kind(), id, name: gone.data.0.name() };
    log::write(&mut tx, clock, &line, Some(&gone.data.0), None::<&Entry>).await?;
    log::count_change(&mut tx).await?;
    tx.commit().await?;
    Ok(true)
}

/// The ids of an article and its translations, by language: whichever the asker reads is meant.
pub(crate) async fn readings(db: &Db, external_id: &str) -> Result<Vec<(String, String)>> {
    let rows = on!(db, p => sqlx::query_as(
        "select lang, id from kb_article where deleted = $2 and (external_id = $1 or translates = $1 \
         or external_id = (select translates from kb_article where external_id = $1)) order by (external_id <> $1), id")
        .bind(external_id).bind(false).fetch_all(p).await)?;
    Ok(rows)
}
