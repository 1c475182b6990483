//! The cases' rows.
use firstline_core::store::Db;
use firstline_core::ticket::Number;
use firstline_core::{Result, Time, on, on_tx};
use sqlx::FromRow;

use crate::store::upsert::take_changes;

#[derive(Clone, Debug, FromRow)]
pub(crate) struct CaseRow {
    pub ticket_id: String,
    pub ticket_version: i64,
    pub number: Number,
    pub title: String,
    pub product: Option<String>,
    pub product_version: Option<String>,
    /// What the customer said.
    pub question: String,
    pub resolution: String,
    pub resolved_at: Time,
    pub deleted: bool,
    pub change_no: i64,
}

/// Cases with a change number above `after` and up to `until`, in the order of their changes.
pub(crate) async fn changed(db: &Db, after: i64, until: i64, limit: i64) -> Result<Vec<CaseRow>> {
    let rows = on!(db, p => sqlx::query_as(
        "select * from kb_case where change_no > $1 and change_no <= $2 order by change_no limit $3")
        .bind(after).bind(until).bind(limit).fetch_all(p).await)?;
    Ok(rows)
}

/// The version of a ticket that is known as a case, solved or opened again.
pub(crate) async fn version(db: &Db, ticket_id: &str) -> Result<Option<i64>> {
    let version = on!(db, p => sqlx::query_scalar("select ticket_version from kb_case where ticket_id = $1")
        .bind(ticket_id).fetch_optional(p).await)?;
    Ok(version)
}

/// Writes cases as they are now; an older view of a ticket changes nothing.
pub(crate) async fn put(db: &Db, cases: &[CaseRow]) -> Result<()> {
    if cases.is_empty() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    let count = cases.len() as i64;
    let mut change = take_changes(&mut tx, count).await? - count;
    for case in cases {
        change += 1;
        on_tx!(&mut tx, c => sqlx::query(
            "insert into kb_case (ticket_id, ticket_version, number, title, product, product_version, question, resolution, \
             resolved_at, deleted, change_no) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             on conflict (ticket_id) do update set ticket_version = excluded.ticket_version, title = excluded.title, \
             product = excluded.product, product_version = excluded.product_version, question = excluded.question, \
             resolution = excluded.resolution, resolved_at = excluded.resolved_at, deleted = excluded.deleted, \
             change_no = excluded.change_no where kb_case.ticket_version < excluded.ticket_version")
            .bind(&case.ticket_id).bind(case.ticket_version).bind(case.number).bind(&case.title).bind(&case.product)
            .bind(&case.product_version).bind(&case.question).bind(&case.resolution).bind(case.resolved_at)
            .bind(case.deleted).bind(change).execute(c).await.map(drop))?;
    }
    tx.commit().await
}

/// Up to when the timelines were read.
pub(crate) async fn seen(db: &Db) -> Result<Time> {
    let value: Option<i64> = on!(db, p => sqlx::query_scalar("select value from kb_change where name = 'case_seen'")
        .fetch_optional(p).await)?;
    Ok(Time(value.unwrap_or(0)))
}

/// Remembers it; never backwards.
pub(crate) async fn set_seen(db: &Db, until: Time) -> Result<()> {
    let mut tx = db.begin().await?;
    on_tx!(&mut tx, c => sqlx::query("update kb_change set value = $1 where name = 'case_seen' and value < $1")
        .bind(until.millis()).execute(c).await.map(drop))?;
    tx.commit().await
}
