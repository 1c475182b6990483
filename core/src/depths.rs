//! How much lies in the queues, for metrics: rows of the inbox, the outbox and the jobs by state.
use crate::Result;
use crate::store::Db;

/// `(state, rows)` of each queue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Depths {
    pub inbox: Vec<(String, i64)>,
    pub outbox: Vec<(String, i64)>,
    pub jobs: Vec<(String, i64)>,
}

/// Each count walks an index, not the rows.
pub async fn read(db: &Db) -> Result<Depths> {
    let inbox =
        on!(db, p => sqlx::query_as("select state, count(*) from inbox group by state").fetch_all(p).await)?;
    let outbox =
        on!(db, p => sqlx::query_as("select state, count(*) from outbox group by state").fetch_all(p).await)?;
    let jobs =
        on!(db, p => sqlx::query_as("select state, count(*) from job group by state").fetch_all(p).await)?;
    Ok(Depths { inbox, outbox, jobs })
}
