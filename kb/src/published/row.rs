//! A hosted file as a row, and how it is found.
use firstline_core::store::Db;
use firstline_core::{Result, Time, on, text_enum};
use sqlx::FromRow;

text_enum! {
    /// Who may have the bytes. `Chosen`: those granted one by one, and staff.
    FileAccess ("access") { Everyone = "everyone", SignedIn = "signed_in", Chosen = "chosen" }
}

text_enum! {
    /// `Draft` is for staff only. `Withdrawn` is for nobody, keeps its row and says why.
    FileState ("state") { Draft = "draft", Published = "published", Withdrawn = "withdrawn" }
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct HostedFile {
    pub id: String,
    /// 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// As customers save it; passed `check_name`.
    pub name: String,
    /// In bytes.
    pub size: i64,
    pub media_type: String,
    #[sqlx(try_from = "String")]
    pub access: FileAccess,
    #[sqlx(try_from = "String")]
    pub state: FileState,
    /// Why it was withdrawn.
    pub reason: Option<String>,
    /// The minisign signature file as text.
    pub signature: Option<String>,
    /// The member of staff, or `cli`.
    pub added_by: String,
    pub created_at: Time,
    pub published_at: Option<Time>,
    pub withdrawn_at: Option<Time>,
}

pub async fn by_id(db: &Db, id: &str) -> Result<Option<HostedFile>> {
    let row =
        on!(db, p => sqlx::query_as("select * from kb_file where id = $1").bind(id).fetch_optional(p).await)?;
    Ok(row)
}

/// All files with these bytes; the same bytes may have several names.
pub async fn by_sha256(db: &Db, sha256: &str) -> Result<Vec<HostedFile>> {
    let rows = on!(db, p => sqlx::query_as("select * from kb_file where sha256 = $1 order by id")
        .bind(sha256).fetch_all(p).await)?;
    Ok(rows)
}

/// The file behind `/downloads/{key}/{name}`, `key` being its id or the SHA-256 of its bytes in either case.
pub async fn by_address(db: &Db, key: &str, name: &str) -> Result<Option<HostedFile>> {
    let row = on!(db, p => sqlx::query_as("select * from kb_file where (id = $1 or sha256 = $1) and name = $2")
        .bind(key.to_ascii_lowercase()).bind(name).fetch_optional(p).await)?;
    Ok(row)
}

/// All files, the newest first, or those in one state.
pub async fn list(db: &Db, state: Option<FileState>, limit: i64) -> Result<Vec<HostedFile>> {
    let state = state.map(FileState::as_str);
    let rows = on!(db, p => sqlx::query_as(
        "select * from kb_file where $1 is null or state = $1 order by created_at desc, id desc limit $2")
        .bind(state).bind(limit).fetch_all(p).await)?;
    Ok(rows)
}
