//! Work that only one process may do at a time, such as polling a bot. On PostgreSQL a session's
//! advisory lock says who does it: it is free the instant that process dies, whatever clocks say.
use sqlx::{Connection, PgConnection};

use super::Db;
use crate::Result;

/// The right to do something alone, until it is dropped or its connection breaks.
pub struct Exclusive(Option<PgConnection>);

impl Db {
    /// Takes the right to do `what`; `None` while another process has it. A SQLite file has one
    /// server only, so there it is always free.
    pub async fn try_exclusive(&self, what: &str) -> Result<Option<Exclusive>> {
        let Db::Postgres(pool) = self else { return Ok(Some(Exclusive(None))) };
        // Out of the pool: given back, the connection would keep the lock for whoever uses it next.
        let mut session = pool.acquire().await?.detach();
        let taken: bool = sqlx::query_scalar("select pg_try_advisory_lock(hashtextextended($1, 0))")
            .bind(what)
            .fetch_one(&mut session)
            .await?;
        if taken {
            return Ok(Some(Exclusive(Some(session))));
        }
        session.close().await?;
        Ok(None)
    }
}

impl Exclusive {
    /// False once the session that holds the right is gone: another process may have it now.
    pub async fn holds(&mut self) -> bool {
        match &mut self.0 {
            None => true,
            Some(session) => session.ping().await.is_ok(),
        }
    }

    /// Gives the right back at once.
    pub async fn give_back(self) {
        if let Some(session) = self.0
            && let Err(error) = session.close().await
        {
            tracing::debug!(%error, "the session of an exclusive right ended by itself");
        }
    }
}
