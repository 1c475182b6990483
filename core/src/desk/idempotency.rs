//! Idempotency keys: the first answer to a key is kept and given again; the same key with another
//! request is an error. The key's row is taken in the transaction of the effect, so two requests
//! with one key cannot both have it.
use serde_json::Value;
use sqlx::types::Json;

use crate::secret::sha256_hex;
use crate::store::Tx;
use crate::{Clock, Error, Result};

/// The longest key taken.
pub const MAX_KEY: usize = 255;

/// Who sent which key with which request.
#[derive(Clone, Debug)]
pub struct Idempotent {
    /// The API token's id: keys of different callers do not meet.
    pub scope: String,
    pub key: String,
    pub request_hash: String,
}

pub enum Begun {
    /// Do the work, then `keep` its answer.
    First,
    /// It was done before: `(HTTP status, body)`.
    Again(u16, Value),
}

impl Idempotent {
    pub fn new(scope: &str, key: &str, method_and_path: &str, body: &[u8]) -> Result<Idempotent> {
        if key.is_empty() || key.len() > MAX_KEY {
            return Err(Error::invalid("Idempotency-Key", format!("must have 1 to {MAX_KEY} bytes")));
        }
        let hash = sha256_hex(&[method_and_path.as_bytes(), b"\n", body].concat());
        Ok(Idempotent { scope: scope.into(), key: key.into(), request_hash: hash })
    }

    /// Takes the key, or waits for whoever has it and gives their answer.
    pub async fn begin(&self, tx: &mut Tx, clock: &Clock) -> Result<Begun> {
        let added = on_tx!(tx, c => sqlx::query(
            "insert into idempotency (scope, key, request_hash, status, body, created_at) values ($1, $2, $3, 0, $4, $5) \
             on conflict (scope, key) do nothing")
            .bind(&self.scope).bind(&self.key).bind(&self.request_hash).bind(Json(Value::Null)).bind(clock.now())
            .execute(c).await.map(|done| done.rows_affected()))?;
        if added == 1 {
            return Ok(Begun::First);
        }
        let (hash, status, body): (String, i64, Json<Value>) = on_tx!(tx, c => sqlx::query_as(
            "select request_hash, status, body from idempotency where scope = $1 and key = $2")
            .bind(&self.scope).bind(&self.key).fetch_one(c).await)?;
        if hash != self.request_hash {
            return Err(Error::Conflict("this Idempotency-Key was used with another request".into()));
        }
        Ok(Begun::Again(status as u16, body.0))
    }

    pub async fn keep(&self, tx: &mut Tx, status: u16, body: &Value) -> Result<()> {
        on_tx!(tx, c => sqlx::query("update idempotency set status = $3, body = $4 where scope = $1 and key = $2")
            .bind(&self.scope).bind(&self.key).bind(i64::from(status)).bind(Json(body)).execute(c).await.map(drop))?;
        Ok(())
    }
}
