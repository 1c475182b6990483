//! Files, content-addressed by SHA-256 in an object store: a local folder by default.
mod large;

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, ObjectStoreExt};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;

pub use large::Stored;

use crate::secret::sha256_hex;
use crate::store::{Db, Tx};
use crate::{Clock, Error, Result, Time};

/// The largest file taken from anyone; also the limit of Telegram's `getFile`.
pub const MAX_BYTES: u64 = 20 * 1024 * 1024;

text_enum! {
    /// `Waiting`: the bytes are still at the platform. `TooLarge`: they will never come by this channel.
    AttachmentState ("state") { Waiting = "waiting", Stored = "stored", TooLarge = "too_large", Failed = "failed" }
}

#[derive(Clone, Debug, FromRow)]
pub struct Attachment {
    pub id: String,
    pub message_id: Option<String>,
    pub name: String,
    pub mime: String,
    pub size: i64,
    pub sha256: Option<String>,
    #[sqlx(try_from = "String")]
    pub state: AttachmentState,
    /// What the channel's adapter needs to fetch the bytes; never shown to anyone.
    pub source: Json<Value>,
    pub created_at: Time,
}

/// A file as a channel announced it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileOffer {
    pub name: String,
    pub mime: String,
    pub size: u64,
    /// Already stored (web upload), or `source` says where the bytes are.
    pub sha256: Option<String>,
    pub source: Value,
}

impl FileOffer {
    fn state(&self) -> AttachmentState {
        match (&self.sha256, self.size) {
            (Some(_), _) => AttachmentState::Stored,
            (None, size) if size > MAX_BYTES => AttachmentState::TooLarge,
            _ => AttachmentState::Waiting,
        }
    }
}

/// Where the bytes lie. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    folder: Arc<Path>,
}

impl Files {
    /// A folder, made when missing.
    pub fn folder(path: &Path) -> Result<Files> {
        std::fs::create_dir_all(path)
            .map_err(|e| Error::Config(format!("file folder {}: {e}", path.display())))?;
        let store = LocalFileSystem::new_with_prefix(path)?.with_fsync(true);
        Ok(Files { store: Arc::new(store), folder: path.into() })
    }

    /// Stores bytes and gives their SHA-256. Storing the same bytes again is harmless.
    pub async fn put(&self, bytes: Bytes) -> Result<String> {
        let sha256 = sha256_hex(&bytes);
        self.store.put(&location(&sha256)?, bytes.into()).await?;
        Ok(sha256)
    }

    /// The bytes, checked against their address.
    pub async fn get(&self, sha256: &str) -> Result<Bytes> {
        let bytes = self.store.get(&location(sha256)?).await?.bytes().await?;
        if sha256_hex(&bytes) == sha256 {
            Ok(bytes)
        } else {
            Err(Error::Inconsistent {
                table: "attachment",
                row: sha256.into(),
                reason: "the stored bytes have another hash".into(),
            })
        }
    }
}

/// Two levels of folders, so that none grows too large.
fn location(sha256: &str) -> Result<object_store::path::Path> {
    if sha256.len() != 64 || !sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Error::invalid("sha256", "must be 64 hexadecimal digits"));
    }
    Ok(object_store::path::Path::from(format!("{}/{sha256}", &sha256[..2])))
}

pub async fn insert(tx: &mut Tx, clock: &Clock, message_id: &str, offer: &FileOffer) -> Result<Attachment> {
    let attachment = Attachment {
        id: clock.id(),
        message_id: Some(message_id.to_string()),
        name: clean_name(&offer.name),
        mime: offer.mime.clone(),
        size: offer.size as i64,
        sha256: offer.sha256.clone(),
        state: offer.state(),
        source: Json(offer.source.clone()),
        created_at: clock.now(),
    };
    on_tx!(tx, c => sqlx::query(
        "insert into attachment (id, message_id, name, mime, size, sha256, state, source, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(&attachment.id).bind(&attachment.message_id).bind(&attachment.name).bind(&attachment.mime)
        .bind(attachment.size).bind(&attachment.sha256).bind(attachment.state.as_str())
        .bind(&attachment.source).bind(attachment.created_at)
        .execute(c).await.map(drop))?;
    Ok(attachment)
}

pub async fn by_id(db: &Db, id: &str) -> Result<Option<Attachment>> {
    let row = on!(db, p => sqlx::query_as("select * from attachment where id = $1").bind(id).fetch_optional(p).await)?;
    Ok(row)
}

/// The ids of a message's attachments, in the order they came.
pub async fn ids_of_message(db: &Db, message_id: &str) -> Result<Vec<String>> {
    let ids = on!(db, p => sqlx::query_scalar("select id from attachment where message_id = $1 order by id")
        .bind(message_id).fetch_all(p).await)?;
    Ok(ids)
}

/// Records that the bytes arrived, or that they never will.
pub async fn settle(
    tx: &mut Tx,
    id: &str,
    state: AttachmentState,
    stored: Option<(&str, i64)>,
) -> Result<()> {
    let (sha256, size) = stored.map_or((None, None), |(hash, size)| (Some(hash), Some(size)));
    on_tx!(tx, c => sqlx::query(
        "update attachment set state = $2, sha256 = coalesce($3, sha256), size = coalesce($4, size) where id = $1")
        .bind(id).bind(state.as_str()).bind(sha256).bind(size).execute(c).await.map(drop))?;
    Ok(())
}

/// The last path segment without control characters, at most 120 characters; never empty.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(120).collect();
    if clean.trim().is_empty() || clean.chars().all(|c| c == '.') { "file".into() } else { clean }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_loses_its_path_and_control_characters() {
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("C:\\temp\\日志\u{0}\n.txt"), "日志.txt");
        assert_eq!(clean_name(".."), "file");
        assert_eq!(clean_name(""), "file");
    }
}
