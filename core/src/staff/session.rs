//! Sessions of staff: rows, so that they can be ended at once and on every node.
use sqlx::FromRow;

use super::Staff;
use crate::store::{Db, Tx};
use crate::{Clock, Result, Time, secret};

const SESSION_HOURS: i64 = 12;

#[derive(Clone, Debug, FromRow)]
pub struct Session {
    /// Whose it is.
    #[sqlx(flatten)]
    pub staff: Staff,
    /// The token every form of this session carries.
    pub csrf: String,
    pub expires_at: Time,
}

/// Opens a session and gives the cookie's value; only its hash is stored.
pub async fn open_session(db: &Db, clock: &Clock, staff_id: &str) -> Result<String> {
    let token = clock.secret();
    let now = clock.now();
    let mut tx = db.begin().await?;
    on_tx!(&mut tx, c => sqlx::query("delete from session where expires_at < $1").bind(now).execute(c).await.map(drop))?;
    on_tx!(&mut tx, c => sqlx::query(
        "insert into session (token_hash, staff_id, csrf, created_at, expires_at) values ($1, $2, $3, $4, $5)")
        .bind(secret::sha256_hex(token.as_bytes())).bind(staff_id).bind(clock.secret()).bind(now)
        .bind(now.plus_seconds(SESSION_HOURS * 3600)).execute(c).await.map(drop))?;
    tx.commit().await?;
    Ok(token)
}

/// The session of a cookie and whose it is, in one read: every page begins here. `None` when it ran out or its owner
/// was disabled.
pub async fn session_of(db: &Db, clock: &Clock, token: &str) -> Result<Option<Session>> {
    let row = on!(db, p => sqlx::query_as(
        "select s.csrf, s.expires_at, f.* from session s join staff f on f.id = s.staff_id \
         where s.token_hash = $1 and s.expires_at >= $2 and f.disabled = $3")
        .bind(secret::sha256_hex(token.as_bytes())).bind(clock.now()).bind(false).fetch_optional(p).await)?;
    Ok(row)
}

pub async fn close_session(db: &Db, token: &str) -> Result<()> {
    let mut tx = db.begin().await?;
    on_tx!(&mut tx, c => sqlx::query("delete from session where token_hash = $1")
        .bind(secret::sha256_hex(token.as_bytes())).execute(c).await.map(drop))?;
    tx.commit().await
}

pub async fn close_all_sessions(tx: &mut Tx, staff_id: &str) -> Result<()> {
    on_tx!(tx, c => sqlx::query("delete from session where staff_id = $1").bind(staff_id).execute(c).await.map(drop))?;
    Ok(())
}
