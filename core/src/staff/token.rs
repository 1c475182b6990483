//! Tokens of programs that use the API. Shown once, stored as a hash.
use sqlx::FromRow;

use crate::store::Db;
use crate::{Clock, Error, Result, Time, secret};

#[derive(Clone, Debug, FromRow)]
pub struct ApiToken {
    pub id: String,
    pub name: String,
    pub created_at: Time,
    pub revoked_at: Option<Time>,
}

/// Makes a token and gives its secret: `fl_` and 64 hexadecimal digits.
pub async fn create_token(db: &Db, clock: &Clock, name: &str) -> Result<String> {
    if name.trim().is_empty() {
        return Err(Error::invalid("name", "must not be empty"));
    }
    let token = format!("fl_{}", clock.secret());
    let mut tx = db.begin().await?;
    on_tx!(&mut tx, c => sqlx::query("insert into api_token (id, name, token_hash, created_at) values ($1, $2, $3, $4)")
        .bind(clock.id()).bind(name.trim()).bind(secret::sha256_hex(token.as_bytes())).bind(clock.now())
        .execute(c).await.map(drop))?;
    tx.commit().await?;
    Ok(token)
}

/// The token with this secret, unless revoked.
pub async fn token_of(db: &Db, token: &str) -> Result<Option<ApiToken>> {
    let row = on!(db, p => sqlx::query_as(
        "select id, name, created_at, revoked_at from api_token where token_hash = $1 and revoked_at is null")
        .bind(secret::sha256_hex(token.as_bytes())).fetch_optional(p).await)?;
    Ok(row)
}
