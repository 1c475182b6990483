//! The record of messages that held a sensitive word.
use firstline_core::{Result, Time, on};
use sqlx::FromRow;

use crate::Library;

/// One message, by its word.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Hit {
    pub word: String,
    pub text: String,
    /// The conversation's id, or the channel of somebody without one.
    pub who: String,
    pub at: Time,
}

impl Library {
    /// The newest messages with a word, or with any.
    pub async fn sensitive_hits(&self, word: Option<&str>, limit: i64) -> Result<Vec<Hit>> {
        let rows = on!(self.db(), p => sqlx::query_as(
            "select word, text, who, at from kb_sensitive_hit where ($1 is null or word = $1) order by at desc, id desc limit $2")
            .bind(word).bind(limit).fetch_all(p).await)?;
        Ok(rows)
    }
}
