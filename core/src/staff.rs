//! Staff: who works here, their roles, sessions, and the tokens of programs.
pub mod rights;
mod session;
mod token;

use sqlx::FromRow;

use crate::people::normal_email;
use crate::store::{Db, Tx};
use crate::{Clock, Error, Result, Time, secret};

pub use rights::Right;
pub use session::{Session, close_all_sessions, close_session, open_session, session_of};
pub use token::{ApiToken, create_token, token_of};

/// The shortest password taken (ASVS 5.0, 6.2.1).
const MIN_PASSWORD: usize = 8;

text_enum! {
    Role ("role") { Agent = "agent", Engineer = "engineer", Curator = "curator", Manager = "manager", Admin = "admin" }
}

#[derive(Clone, Debug, FromRow)]
pub struct Staff {
    pub id: String,
    pub email: String,
    pub name: String,
    #[sqlx(try_from = "String")]
    pub role: Role,
    pub password_hash: String,
    pub lang: String,
    pub disabled: bool,
    pub created_at: Time,
}

pub async fn by_id(db: &Db, id: &str) -> Result<Option<Staff>> {
    let row =
        on!(db, p => sqlx::query_as("select * from staff where id = $1").bind(id).fetch_optional(p).await)?;
    Ok(row)
}

pub async fn by_id_in(tx: &mut Tx, id: &str) -> Result<Option<Staff>> {
    let row = on_tx!(tx, c => sqlx::query_as("select * from staff where id = $1").bind(id).fetch_optional(c).await)?;
    Ok(row)
}

pub async fn all(db: &Db) -> Result<Vec<Staff>> {
    let rows = on!(db, p => sqlx::query_as("select * from staff order by created_at").fetch_all(p).await)?;
    Ok(rows)
}

/// Adds somebody, or sets a new password and role for a known address and ends their sessions.
pub async fn add(
    db: &Db,
    clock: &Clock,
    email: &str,
    name: &str,
    role: Role,
    password: &str,
) -> Result<Staff> {
    let email = normal_email(email)?;
    if password.chars().count() < MIN_PASSWORD {
        return Err(Error::invalid("password", format!("must have at least {MIN_PASSWORD} characters")));
    }
    let password = password.to_owned();
    let hash = tokio::task::spawn_blocking(move || secret::hash_password(&password))
        .await
        .map_err(|e| Error::Unavailable(e.to_string()))??;
    let name = if name.trim().is_empty() { email.split('@').next().unwrap_or(&email) } else { name.trim() };
    let mut tx = db.begin().await?;
    let staff: Staff = on_tx!(&mut tx, c => sqlx::query_as(
        "insert into staff (id, email, name, role, password_hash, lang, disabled, created_at) \
         values ($1, $2, $3, $4, $5, 'zh-CN', $7, $6) \
         on conflict (email) do update set role = excluded.role, password_hash = excluded.password_hash, disabled = excluded.disabled \
         returning *")
        .bind(clock.id()).bind(&email).bind(name).bind(role.as_str()).bind(&hash).bind(clock.now()).bind(false)
        .fetch_one(c).await)?;
    close_all_sessions(&mut tx, &staff.id).await?;
    tx.commit().await?;
    Ok(staff)
}

/// Checks a password. An unknown address costs the same time as a wrong password.
pub async fn log_in(db: &Db, email: &str, password: &str) -> Result<Option<Staff>> {
    let email = email.trim().to_lowercase();
    let found: Option<Staff> = on!(db, p => sqlx::query_as("select * from staff where email = $1").bind(&email).fetch_optional(p).await)?;
    let hash = found.as_ref().map_or_else(decoy_hash, |s| s.password_hash.clone());
    let password = password.to_owned();
    let matches = tokio::task::spawn_blocking(move || secret::password_matches(&password, &hash))
        .await
        .map_err(|e| Error::Unavailable(e.to_string()))?;
    Ok(found.filter(|s| matches && !s.disabled))
}

/// Changes the language of one's own console.
pub async fn set_lang(db: &Db, staff_id: &str, lang: &str) -> Result<()> {
    let mut tx = db.begin().await?;
    on_tx!(&mut tx, c => sqlx::query("update staff set lang = $2 where id = $1").bind(staff_id).bind(lang).execute(c).await.map(drop))?;
    tx.commit().await
}

fn decoy_hash() -> String {
    use std::sync::OnceLock;
    static DECOY: OnceLock<String> = OnceLock::new();
    DECOY.get_or_init(|| secret::hash_password("nobody has this password").unwrap_or_default()).clone()
}
