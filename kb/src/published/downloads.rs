//! Who took what: a row for the answers that sent bytes, alike ones of one second together.
use firstline_core::store::{Db, Tx};
use firstline_core::{Clock, Result, Time, on, on_tx};
use sqlx::FromRow;

/// Answers with bytes of a file to one asker that went alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    pub file_id: String,
    /// `Asker::key`.
    pub who: String,
    /// It began behind the first byte.
    pub resumed: bool,
    /// The last byte of the file left this process.
    pub completed: bool,
    /// How many answers these were.
    pub times: i64,
    /// Bytes of the file that left this process, in all of them.
    pub sent: i64,
    pub at: Time,
}

/// How often a file was begun, gone on with and brought to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Counts {
    pub started: i64,
    pub resumed: i64,
    pub completed: i64,
}

pub async fn record(tx: &mut Tx, clock: &Clock, d: &Download) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "insert into kb_download (id, file_id, who, resumed, completed, times, sent, at) values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(clock.id()).bind(&d.file_id).bind(&d.who).bind(d.resumed).bind(d.completed).bind(d.times).bind(d.sent).bind(d.at)
        .execute(c).await.map(drop))?;
    Ok(())
}

pub async fn counts(db: &Db, file_id: &str) -> Result<Counts> {
    let counts = on!(db, p => sqlx::query_as(
        "select cast(coalesce(sum(case when resumed then 0 else times end), 0) as bigint) as started, \
         cast(coalesce(sum(case when resumed then times else 0 end), 0) as bigint) as resumed, \
         cast(coalesce(sum(case when completed then times else 0 end), 0) as bigint) as completed \
         from kb_download where file_id = $1")
        .bind(file_id).fetch_one(p).await)?;
    Ok(counts)
}

/// The ids of the persons who took a file to its end or in part: those to tell when it is withdrawn.
pub async fn takers(db: &Db, file_id: &str) -> Result<Vec<String>> {
    let who: Vec<String> = on!(db, p => sqlx::query_scalar(
        "select distinct who from kb_download where file_id = $1 order by who").bind(file_id).fetch_all(p).await)?;
    Ok(who.iter().filter_map(|w| w.strip_prefix("person:")).map(str::to_owned).collect())
}
