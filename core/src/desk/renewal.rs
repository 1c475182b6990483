//! Running tickets and what changes under them: a newer version of their plan waits until somebody applies it,
//! other holidays count for them at once.
use serde::{Deserialize, Serialize};

use super::{Change, Desk};
use crate::calendar::Holidays;
use crate::customers;
use crate::staff::rights::{Right, demand};
use crate::store::Tx;
use crate::ticket::{self, Actor, DueTime, Number, PlanRef, TimelineEntry, rows};
use crate::{Clock, Result, jobs};

/// Tickets shown and applied at a time.
const AT_ONCE: i64 = 50;
/// Tickets replayed by one job.
const BATCH: i64 = 200;

/// A running ticket under an older version, with its due times under both.
#[derive(Clone, Debug)]
pub struct Renewal {
    pub number: Number,
    pub title: String,
    pub from: PlanRef,
    pub to: PlanRef,
    pub before: Vec<DueTime>,
    pub after: Vec<DueTime>,
}

/// Data of a `recount` job.
#[derive(Debug, Serialize, Deserialize)]
struct Recount {
    /// The ticket id the last job ended with.
    after: String,
    /// Which import it belongs to.
    mark: String,
}

impl Desk {
    /// Open tickets that run under an older version of a plan, or of a contract's plan made from it.
    pub async fn renewals(&self, plan_id: &str) -> Result<Vec<Renewal>> {
        let found: Vec<(Number, String, String, i64, i64)> = on!(&self.db, p => sqlx::query_as(
            "select t.number, t.title, t.plan, t.plan_version, v.newest from ticket t join \
             (select id, max(version) as newest from plan_version group by id) v on v.id = t.plan \
             where t.resolved_at is null and (t.plan = $1 or t.plan like $2) and t.plan_version < v.newest \
             order by t.number limit $3")
            .bind(plan_id).bind(format!("{plan_id}@%")).bind(AT_ONCE).fetch_all(p).await)?;
        let version = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        let mut all = Vec::new();
        for (number, title, id, old, newest) in found {
            let to = PlanRef { id: id.clone(), version: version(newest) };
            let seen = self.apply_plan(number, &Actor::System, &to, "", false).await?;
            if let TimelineEntry::PlanChanged { before, after, .. } = seen {
                all.push(Renewal {
                    number,
                    title,
                    from: PlanRef { id, version: version(old) },
                    to,
                    before,
                    after,
                });
            }
        }
        Ok(all)
    }

    /// How many `renewals` there are.
    pub async fn count_renewals(&self, plan_id: &str) -> Result<i64> {
        Ok(on!(&self.db, p => sqlx::query_scalar(
            "select count(*) from ticket t join (select id, max(version) as newest from plan_version group by id) v on v.id = t.plan \
             where t.resolved_at is null and (t.plan = $1 or t.plan like $2) and t.plan_version < v.newest")
            .bind(plan_id).bind(format!("{plan_id}@%")).fetch_one(p).await)?)
    }

    /// Imports the days of a set, takes them in this process and recounts every running ticket.
    pub async fn take_holidays(&self, actor: &Actor, set: &str, days: &Holidays) -> Result<()> {
        let mut tx = self.db.begin().await?;
        demand(&mut tx, actor, Right::EditPlans).await?;
        customers::audit(&mut tx, &self.clock, actor, "holidays_imported", set, &days.days().len()).await?;
        tx.commit().await?;
        super::import_holidays(&self.db, &self.clock, set, days).await?;
        self.refresh_plans().await?;
        self.signals.tell(Vec::new());
        Ok(())
    }

    /// What another process changed in plans and holidays; looks only when something did. Gives the mark to
    /// compare with next time.
    pub async fn follow_plans(&self, seen: Option<(i64, i64, i64)>) -> Result<Option<(i64, i64, i64)>> {
        let now: (i64, i64, i64) = on!(&self.db, p => sqlx::query_as(
            "select (select count(*) from plan_version), (select count(*) from holiday), \
             (select cast(coalesce(max(imported_at), 0) as bigint) from holiday)").fetch_one(p).await)?;
        if seen != Some(now) {
            self.refresh_plans().await?;
        }
        Ok(Some(now))
    }

    /// Runs a `recount` job: replays a batch of open tickets, each in a transaction of its own, and leaves the
    /// next batch to the next job. Harmless when run again.
    pub async fn recount(&self, job: &jobs::Job) -> Result<()> {
        let data: Recount = serde_json::from_value(job.data.0.clone())
            .map_err(|e| crate::Error::invalid("job", format!("data of a recount: {e}")))?;
        self.refresh_plans().await?;
        let open: Vec<(String, Number)> = on!(&self.db, p => sqlx::query_as(
            "select id, number from ticket where resolved_at is null and id > $1 order by id limit $2")
            .bind(&data.after).bind(BATCH).fetch_all(p).await)?;
        for (_, number) in &open {
            match self.recount_one(*number).await {
                Err(error) if error.is_transient() => return Err(error),
                // One ticket that cannot be counted must not keep the others from it.
                Err(error) => tracing::error!(%number, %error, "a ticket could not be counted anew"),
                Ok(()) => {}
            }
        }
        let mut tx = self.db.begin().await?;
        if let Some((last, _)) = open.last() {
            enqueue(&mut tx, &self.clock, &Recount { after: last.clone(), mark: data.mark.clone() }).await?;
        }
        jobs::done(&mut tx, &self.clock, &job.id).await?;
        tx.commit().await?;
        self.signals.tell(open.into_iter().map(|(_, number)| Change::Ticket(number)).collect());
        Ok(())
    }

    async fn recount_one(&self, number: Number) -> Result<()> {
        let mut tx = self.db.begin().await?;
        if let Some(mut ticket) = rows::lock(&mut tx, number).await? {
            let plan = self.plan_in(&mut tx, &ticket).await?;
            ticket::apply(&mut tx, &self.clock, &plan, &mut ticket, &Actor::System, Vec::new()).await?;
        }
        tx.commit().await
    }
}

/// Other holidays: every running ticket is counted anew.
pub(super) async fn recount_all(tx: &mut Tx, clock: &Clock) -> Result<()> {
    enqueue(tx, clock, &Recount { after: String::new(), mark: clock.id() }).await
}

async fn enqueue(tx: &mut Tx, clock: &Clock, data: &Recount) -> Result<()> {
    let key = format!("{}:{}", data.mark, data.after);
    let data = serde_json::json!({ "after": data.after, "mark": data.mark });
    jobs::enqueue(tx, clock, jobs::RECOUNT, &key, &data, clock.now()).await
}
