//! What nobody will ask for again is deleted, a little every day. Tickets, their messages, timelines and
//! breaches are never touched.
use serde_json::Value;
use sqlx::AssertSqlSafe;

use super::Desk;
use crate::store::Tx;
use crate::{Result, Time, jobs};

const DAY: i64 = 24 * 60 * 60 * 1000;
/// Rows of one transaction: the writer is never held for long.
const BATCH: i64 = 500;

/// What goes, by what it is and how old it is. A row's id begins with the milliseconds of its making.
struct Rule {
    table: &'static str,
    rows: &'static str,
    days: i64,
}

const RULES: [Rule; 4] = [
    // A platform repeats a delivery for a day at most.
    Rule { table: "inbox", rows: "state = 'done'", days: 30 },
    // What belongs to a ticket stays: an answer to it must find that ticket.
    Rule {
        table: "outbox_sent",
        rows: "not exists (select 1 from outbox o where o.id = outbox_id and o.ticket_id is not null)",
        days: 90,
    },
    Rule {
        table: "outbox",
        rows: "ticket_id is null and state <> 'queued' and not exists (select 1 from outbox_sent s where s.outbox_id = outbox.id)",
        days: 90,
    },
    Rule { table: "job", rows: "state = 'done' and kind in ('fetch_file', 'prune')", days: 30 },
];

impl Rule {
    /// The column that holds the id with the time in it.
    fn id(&self) -> &'static str {
        if self.table == "outbox_sent" { "outbox_id" } else { "id" }
    }

    fn sql(&self) -> String {
        let Rule { table, rows, .. } = self;
        let id = self.id();
        format!(
            "delete from {table} where {id} in (select {id} from {table} where {id} < $1 and {rows} order by {id} limit $2)"
        )
    }
}

impl Desk {
    /// Makes sure that today's pruning will run, by whichever node is there.
    pub async fn keep_pruning(&self) -> Result<()> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        enqueue(&mut tx, self, now, now).await?;
        tx.commit().await
    }

    /// Runs a `prune` job and enqueues tomorrow's. Harmless when run again.
    pub async fn prune(&self, job: &jobs::Job) -> Result<()> {
        let now = self.clock.now();
        for rule in &RULES {
            while self.prune_batch(rule, now).await? == BATCH.unsigned_abs() {}
        }
        let mut tx = self.db.begin().await?;
        forget_answers(&mut tx, now).await?;
        enqueue(&mut tx, self, now.plus_millis(DAY), now.plus_millis(DAY)).await?;
        jobs::done(&mut tx, &self.clock, &job.id).await?;
        tx.commit().await
    }

    async fn prune_batch(&self, rule: &Rule, now: Time) -> Result<u64> {
        let sql = rule.sql();
        let before = format!("{:012x}", now.plus_millis(-rule.days * DAY).millis().max(0));
        let mut tx = self.db.begin().await?;
        let gone = on_tx!(&mut tx, c => sqlx::query(AssertSqlSafe(sql.as_str())).bind(&before).bind(BATCH)
            .execute(c).await.map(|done| done.rows_affected()))?;
        tx.commit().await?;
        Ok(gone)
    }
}

/// One job a day, whichever node asks.
async fn enqueue(tx: &mut Tx, desk: &Desk, day: Time, due: Time) -> Result<()> {
    let key = (day.millis() / DAY).to_string();
    jobs::enqueue(tx, &desk.clock, jobs::PRUNE, &key, &Value::Null, due).await
}

/// An `Idempotency-Key` is remembered for a week.
async fn forget_answers(tx: &mut Tx, now: Time) -> Result<()> {
    on_tx!(tx, c => sqlx::query("delete from idempotency where created_at < $1").bind(now.plus_millis(-7 * DAY))
        .execute(c).await.map(drop))?;
    Ok(())
}
