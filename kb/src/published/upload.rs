//! Files that curators send in pieces over lines that break: begun with a name and a length, gone on with from the
//! last safe byte, looked over when complete, and only then a hosted file, still a draft.
use std::path::Path;

use firstline_core::files::Files;
use firstline_core::store::{Db, Tx};
use firstline_core::{Clock, Error, Result, Time, on, on_tx, text_enum};
use sqlx::FromRow;
use sqlx::types::Json;

use super::inspect::{Flaw, Looked};
use super::write::add_in;
use super::{FileAccess, FileState, HostedFile, MAX_FILE_BYTES, NewFile, check_name};

/// Uploads one person may have under way.
const MOST_OPEN: i64 = 50;
/// An upload nobody went on with for so long is given up, in milliseconds: a week.
const PATIENCE_MILLIS: i64 = 7 * 24 * 3_600_000;

text_enum! {
    UploadState ("state") { Open = "open", Done = "done", Refused = "refused" }
}

#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Upload {
    pub id: String,
    pub name: String,
    /// Of the whole file, in bytes.
    pub size: i64,
    /// Bytes that are safe.
    pub received: i64,
    #[sqlx(try_from = "String")]
    pub state: UploadState,
    /// Why it was refused.
    pub flaw: Option<Json<Flaw>>,
    /// What was found in it.
    pub looked: Option<Json<Looked>>,
    pub file_id: Option<String>,
    /// The member of staff.
    pub begun_by: String,
    pub created_at: Time,
    pub touched_at: Time,
}

impl Upload {
    pub fn complete(&self) -> bool {
        self.received == self.size
    }

    /// Where its bytes lie, below `Files::incoming`.
    pub fn place(&self) -> String {
        format!("upload-{}", self.id)
    }
}

/// Begins an upload. Two of one name at once are two uploads and know nothing of each other.
pub async fn begin(db: &Db, clock: &Clock, name: &str, size: u64, by: &str) -> Result<Upload> {
    let name = check_name(name)?;
    if size == 0 {
        return Err(Error::invalid("size", "the file is empty"));
    }
    if size > MAX_FILE_BYTES {
        return Err(Error::invalid("size", format!("more than {MAX_FILE_BYTES} bytes are not taken")));
    }
    let mut tx = db.begin().await?;
    let open: i64 = on_tx!(&mut tx, c => sqlx::query_scalar("select count(*) from kb_upload where begun_by = $1 and state = 'open'")
        .bind(by).fetch_one(c).await)?;
    if open >= MOST_OPEN {
        return Err(Error::Conflict(format!(
            "{open} uploads are under way; finish or give up some of them first"
        )));
    }
    let upload: Upload = on_tx!(&mut tx, c => sqlx::query_as(
        "insert into kb_upload (id, name, size, received, state, begun_by, created_at, touched_at) \
         values ($1, $2, $3, 0, 'open', $4, $5, $5) returning *")
        .bind(clock.id()).bind(name).bind(size as i64).bind(by).bind(clock.now()).fetch_one(c).await)?;
    tx.commit().await?;
    Ok(upload)
}

pub async fn by_id(db: &Db, id: &str) -> Result<Option<Upload>> {
    let row = on!(db, p => sqlx::query_as("select * from kb_upload where id = $1").bind(id).fetch_optional(p).await)?;
    Ok(row)
}

/// A person's uploads that are under way or were refused, the newest first.
pub async fn unfinished(db: &Db, by: &str) -> Result<Vec<Upload>> {
    let rows = on!(db, p => sqlx::query_as(
        "select * from kb_upload where begun_by = $1 and state <> 'done' order by created_at desc, id desc limit 100")
        .bind(by).fetch_all(p).await)?;
    Ok(rows)
}

/// Notes that the bytes up to `to` are safe, where `from` was the last that was. False: somebody else was faster.
pub async fn advance(db: &Db, clock: &Clock, id: &str, from: i64, to: i64) -> Result<bool> {
    let mut tx = db.begin().await?;
    let moved = on_tx!(&mut tx, c => sqlx::query(
        "update kb_upload set received = $3, touched_at = $4 where id = $1 and received = $2 and state = 'open' and size >= $3")
        .bind(id).bind(from).bind(to).bind(clock.now()).execute(c).await.map(|done| done.rows_affected()))?;
    tx.commit().await?;
    Ok(moved == 1)
}

/// Makes a complete upload a hosted draft. `incoming` holds its bytes and is gone afterwards. A second time, and in
/// a second process, nothing happens twice.
pub async fn accept(
    db: &Db,
    files: &Files,
    clock: &Clock,
    upload: &Upload,
    incoming: &Path,
    looked: &Looked,
) -> Result<HostedFile> {
    let stored = files.adopt(incoming, MAX_FILE_BYTES).await?;
    if stored.size as i64 != upload.size {
        return Err(Error::invalid(
            "size",
            format!("{} bytes were announced, {} came", upload.size, stored.size),
        ));
    }
    let new = NewFile {
        name: upload.name.clone(),
        access: FileAccess::Everyone,
        state: FileState::Draft,
        by: upload.begun_by.clone(),
    };
    let mut tx = db.begin().await?;
    let file = add_in(&mut tx, clock, &stored, &new).await?;
    settle_in(&mut tx, clock, &upload.id, &file.id, looked).await?;
    tx.commit().await?;
    Ok(file)
}

/// Ends an upload that was something for a file that is here already: its signature.
pub async fn settle(db: &Db, clock: &Clock, id: &str, file_id: &str, looked: &Looked) -> Result<()> {
    let mut tx = db.begin().await?;
    settle_in(&mut tx, clock, id, file_id, looked).await?;
    tx.commit().await
}

/// An upload that was given up or refused meanwhile ends nothing; one that is done already stays as it is.
async fn settle_in(tx: &mut Tx, clock: &Clock, id: &str, file_id: &str, looked: &Looked) -> Result<()> {
    let settled = on_tx!(tx, c => sqlx::query(
        "update kb_upload set state = 'done', file_id = $2, looked = $3, touched_at = $4 where id = $1 and state = 'open'")
        .bind(id).bind(file_id).bind(Json(looked)).bind(clock.now()).execute(c).await.map(|done| done.rows_affected()))?;
    if settled == 0 {
        let done: i64 = on_tx!(tx, c => sqlx::query_scalar("select count(*) from kb_upload where id = $1 and state = 'done'")
            .bind(id).fetch_one(c).await)?;
        if done == 0 {
            return Err(Error::not_found("upload", id));
        }
    }
    Ok(())
}

/// Ends an upload whose bytes are not taken.
pub async fn refuse(db: &Db, clock: &Clock, id: &str, flaw: &Flaw) -> Result<()> {
    let mut tx = db.begin().await?;
    on_tx!(&mut tx, c => sqlx::query(
        "update kb_upload set state = 'refused', flaw = $2, touched_at = $3 where id = $1 and state = 'open'")
        .bind(id).bind(Json(flaw)).bind(clock.now()).execute(c).await.map(drop))?;
    tx.commit().await
}

/// Forgets an upload; a hosted file that came of it stays.
pub async fn forget(db: &Db, id: &str) -> Result<()> {
    let mut tx = db.begin().await?;
    forget_in(&mut tx, id).await?;
    tx.commit().await
}

async fn forget_in(tx: &mut Tx, id: &str) -> Result<()> {
    on_tx!(tx, c => sqlx::query("delete from kb_upload where id = $1").bind(id).execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets what nobody went on with for a week; gives what was forgotten, for its bytes to be removed.
pub async fn give_up(db: &Db, clock: &Clock) -> Result<Vec<Upload>> {
    let before = clock.now().plus_millis(-PATIENCE_MILLIS);
    let old: Vec<Upload> = on!(db, p => sqlx::query_as("select * from kb_upload where touched_at < $1 order by id limit 100")
        .bind(before).fetch_all(p).await)?;
    let mut tx = db.begin().await?;
    for upload in &old {
        forget_in(&mut tx, &upload.id).await?;
    }
    tx.commit().await?;
    Ok(old)
}
