//! Adding, publishing and withdrawing hosted files.
use std::path::Path;

use firstline_core::files::{Files, Stored};
use firstline_core::store::{Db, Tx};
use firstline_core::{Clock, Error, Result, on_tx};

use crate::manual;

use super::{FileAccess, FileState, HostedFile, MAX_FILE_BYTES, check_name, media_type};

/// What somebody says of a file they add.
#[derive(Clone, Debug)]
pub struct NewFile {
    pub name: String,
    pub access: FileAccess,
    /// `Draft` or `Published`.
    pub state: FileState,
    /// The member of staff, or `cli`.
    pub by: String,
}

/// Stores a file of this machine and adds it.
pub async fn add_path(
    db: &Db,
    files: &Files,
    clock: &Clock,
    path: &Path,
    new: &NewFile,
) -> Result<HostedFile> {
    check_name(&new.name)?;
    let stored = files.take_path(clock, path, MAX_FILE_BYTES).await?;
    add(db, clock, &stored, new).await
}

/// Adds stored bytes as a file. The same bytes under the same name give the file that is there already, as
/// it is; one that was withdrawn does not come back this way.
pub async fn add(db: &Db, clock: &Clock, stored: &Stored, new: &NewFile) -> Result<HostedFile> {
    let mut tx = db.begin().await?;
    let file = add_in(&mut tx, clock, stored, new).await?;
    tx.commit().await?;
    Ok(file)
}

pub(super) async fn add_in(tx: &mut Tx, clock: &Clock, stored: &Stored, new: &NewFile) -> Result<HostedFile> {
    let name = check_name(&new.name)?;
    if new.state == FileState::Withdrawn {
        return Err(Error::invalid("state", "a file begins as draft or published"));
    }
    let now = clock.now();
    let published_at = (new.state == FileState::Published).then_some(now);
    // The empty update makes the row that is there come back.
    let file: HostedFile = on_tx!(tx, c => sqlx::query_as(
        "insert into kb_file (id, sha256, name, size, media_type, access, state, added_by, created_at, published_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         on conflict (sha256, name) do update set name = excluded.name returning *")
        .bind(clock.id()).bind(&stored.sha256).bind(name).bind(stored.size as i64).bind(media_type(name))
        .bind(new.access.as_str()).bind(new.state.as_str()).bind(&new.by).bind(now).bind(published_at)
        .fetch_one(c).await)?;
    if file.state == FileState::Withdrawn {
        let why = file.reason.unwrap_or_default();
        return Err(Error::Conflict(format!(
            "{name:?} with these bytes was withdrawn ({why}) and is not published again"
        )));
    }
    Ok(file)
}

/// From draft to published. Publishing what is published changes nothing; what was withdrawn stays so.
pub async fn publish(db: &Db, clock: &Clock, id: &str) -> Result<()> {
    let mut tx = db.begin().await?;
    publish_in(&mut tx, clock, id).await?;
    tx.commit().await
}

pub async fn publish_in(tx: &mut Tx, clock: &Clock, id: &str) -> Result<()> {
    on_tx!(&mut *tx, c => sqlx::query("update kb_file set state = 'published', published_at = $2 where id = $1 and state = 'draft'")
        .bind(id).bind(clock.now()).execute(c).await.map(drop))?;
    match state_of(tx, id).await? {
        FileState::Published => manual::settle_in(tx, clock, id).await,
        _ => Err(Error::Conflict("a withdrawn file is not published again; add it under a new name".into())),
    }
}

/// Ends a file for everybody, with the reason its readers are shown. The first reason stays.
pub async fn withdraw(db: &Db, clock: &Clock, id: &str, reason: &str) -> Result<()> {
    let mut tx = db.begin().await?;
    withdraw_in(&mut tx, clock, id, reason).await?;
    tx.commit().await
}

pub async fn withdraw_in(tx: &mut Tx, clock: &Clock, id: &str, reason: &str) -> Result<()> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 1000 {
        return Err(Error::invalid("reason", "say in at most 1000 characters why the file is withdrawn"));
    }
    state_of(tx, id).await?;
    on_tx!(&mut *tx, c => sqlx::query(
        "update kb_file set state = 'withdrawn', reason = $2, withdrawn_at = $3 where id = $1 and state <> 'withdrawn'")
        .bind(id).bind(reason).bind(clock.now()).execute(c).await.map(drop))?;
    manual::settle_in(tx, clock, id).await
}

async fn state_of(tx: &mut Tx, id: &str) -> Result<FileState> {
    let state: Option<String> = on_tx!(tx, c => sqlx::query_scalar("select state from kb_file where id = $1")
        .bind(id).fetch_optional(c).await)?;
    state.ok_or_else(|| Error::not_found("file", id))?.parse()
}

/// Who may have a file. The text of a manual is in the search only while everybody may.
pub async fn set_access(db: &Db, clock: &Clock, id: &str, access: FileAccess) -> Result<()> {
    let mut tx = db.begin().await?;
    state_of(&mut tx, id).await?;
    on_tx!(&mut tx, c => sqlx::query("update kb_file set access = $2 where id = $1")
        .bind(id).bind(access.as_str()).execute(c).await.map(drop))?;
    manual::settle_in(&mut tx, clock, id).await?;
    tx.commit().await
}

/// Keeps the text of a minisign signature file with the file it signs. Check it first.
pub async fn set_signature(db: &Db, id: &str, signature: &str) -> Result<()> {
    let mut tx = db.begin().await?;
    state_of(&mut tx, id).await?;
    on_tx!(&mut tx, c => sqlx::query("update kb_file set signature = $2 where id = $1")
        .bind(id).bind(signature).execute(c).await.map(drop))?;
    tx.commit().await
}
