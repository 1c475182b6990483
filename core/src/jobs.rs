//! Jobs: work due at a time, as rows. Enqueued in the transaction of the change that causes them,
//! claimed with a lease so that a dead worker's job is taken over, and written to be run twice harmlessly.
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, FromRow};

use crate::store::{Db, Tx, dialect};
use crate::{Clock, Result, Time};

/// A promise comes due: see whether it was broken and record it.
pub const CLOCK_DUE: &str = "clock_due";
/// A step of an escalation chain is due: tell whom it names, unless it is settled.
pub const ESCALATE: &str = "escalate";
/// Holidays changed: running tickets are counted anew, a batch at a time.
pub const RECOUNT: &str = "recount";
/// Bytes of an attachment are still at the platform: copy them.
pub const FETCH_FILE: &str = "fetch_file";
/// Once a day: delete what nobody will ask for again.
pub const PRUNE: &str = "prune";

/// A solved ticket whose customer said nothing is closed.
pub const SIGN_OFF: &str = "sign_off";

/// After so long a claimed job counts as abandoned.
/// Longer than a large file may take to fetch.
const LEASE_MILLIS: i64 = 180_000;
const MAX_ATTEMPTS: i64 = 12;

#[derive(Clone, Debug, FromRow)]
pub struct Job {
    pub id: String,
    pub kind: String,
    pub data: Json<Value>,
    pub attempts: i64,
}

/// Enqueues unless a job of this kind and key exists.
pub async fn enqueue(
    tx: &mut Tx,
    clock: &Clock,
    kind: &str,
    key: &str,
    data: &Value,
    due: Time,
) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "insert into job (id, kind, unique_key, data, state, due_at, created_at) values ($1, $2, $3, $4, 'todo', $5, $6) \
         on conflict (kind, unique_key) do nothing")
        .bind(clock.id()).bind(kind).bind(key).bind(Json(data)).bind(due).bind(clock.now())
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Takes the job that is due longest, or none.
pub async fn claim(db: &Db, clock: &Clock) -> Result<Option<Job>> {
    let now = clock.now();
    let due: Option<i64> = on!(db, p => sqlx::query_scalar(
        "select 1 from job where state = 'todo' and due_at <= $1 and (lease_until is null or lease_until < $1) limit 1")
        .bind(now).fetch_optional(p).await.map(|row: Option<i32>| row.map(i64::from)))?;
    if due.is_none() {
        return Ok(None); // a read costs no write lock
    }
    let sql = format!(
        "update job set lease_until = $2, attempts = attempts + 1 where id = (select id from job where state = 'todo' \
         and due_at <= $1 and (lease_until is null or lease_until < $1) order by due_at, id limit 1{}) \
         returning id, kind, data, attempts",
        dialect::skip_locked(db)
    );
    let mut tx = db.begin().await?;
    let job = on_tx!(&mut tx, c => sqlx::query_as(AssertSqlSafe(sql.as_str()))
        .bind(now).bind(now.plus_millis(LEASE_MILLIS)).fetch_optional(c).await)?;
    tx.commit().await?;
    Ok(job)
}

/// Marks a job done; true for the first who says so.
pub async fn done(tx: &mut Tx, clock: &Clock, id: &str) -> Result<bool> {
    let changed = on_tx!(tx, c => sqlx::query(
        "update job set state = 'done', done_at = $2, lease_until = null where id = $1 and state = 'todo'")
        .bind(id).bind(clock.now()).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(changed == 1)
}

/// Puts a failed job back with a growing delay, or gives it up for staff to see after too many attempts.
/// With `after_millis` it is tried again then, however often: the caller decides when to give up.
pub async fn retry(db: &Db, clock: &Clock, job: &Job, error: &str, after_millis: Option<i64>) -> Result<()> {
    let give_up = after_millis.is_none() && job.attempts >= MAX_ATTEMPTS;
    let state = if give_up { "failed" } else { "todo" };
    let delay = after_millis.unwrap_or(1000 << job.attempts.clamp(0, 10));
    let mut tx = db.begin().await?;
    on_tx!(&mut tx, c => sqlx::query("update job set state = $2, due_at = $3, error = $4, lease_until = null where id = $1 and state = 'todo'")
        .bind(&job.id).bind(state).bind(clock.now().plus_millis(delay)).bind(error)
        .execute(c).await.map(drop))?;
    tx.commit().await
}

/// When the next job is due, to sleep until then.
pub async fn next_due(db: &Db) -> Result<Option<Time>> {
    let due = on!(db, p => sqlx::query_scalar("select min(due_at) from job where state = 'todo'").fetch_one(p).await)?;
    Ok(due)
}
