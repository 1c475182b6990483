//! Work logs: what was done when and for how long. They use up quotas (P7-02, P7-03), and a visit carries
//! its costs and who pays them (P3-10).
use sqlx::FromRow;

use super::Job;
use crate::customers::{Contract, date_of, refuse_nul, rows as kept};
use crate::desk::overrides::contract_terms;
use crate::desk::place::service;
use crate::desk::{Desk, contracts::QuotaUse};
use crate::entitlement::Payer;
use crate::store::Db;
use crate::ticket::service::Service;
use crate::ticket::{Actor, Number, TimelineEntry};
use crate::{Error, Result, Time};

/// Kinds of work a log may be of. Plans name these in their quotas.
pub const WORK_KINDS: &[&str] =
    &["support", "phone", "remote", "on_site", "resident", "development", "training"];

/// A day has no more.
const MAX_MINUTES: i64 = 24 * 60;
const MAX_CENTS: i64 = 100_000_000;

#[derive(Clone, Debug, Default)]
pub struct NewWork {
    /// `YYYY-MM-DD`.
    pub on: String,
    /// One of `WORK_KINDS`.
    pub kind: String,
    pub minutes: i64,
    pub note: String,
    pub travel_cents: i64,
    pub lodging_cents: i64,
}

#[derive(Clone, Debug, FromRow)]
pub struct WorkRow {
    pub on_date: String,
    pub kind: String,
    pub minutes: i64,
    pub note: String,
    pub travel_cents: i64,
    pub lodging_cents: i64,
    /// `customer` or `us`; `None` without costs.
    pub payer: Option<String>,
    pub staff_name: Option<String>,
    pub created_at: Time,
}

impl NewWork {
    fn check(&self) -> Result<()> {
        date_of("on", &self.on)?;
        refuse_nul("note", &self.note, 4000)?;
        if !WORK_KINDS.contains(&self.kind.as_str()) {
            return Err(Error::invalid(
                "kind",
                format!("{:?} is none of: {}", self.kind, WORK_KINDS.join(", ")),
            ));
        }
        if !(1..=MAX_MINUTES).contains(&self.minutes) {
            return Err(Error::invalid("minutes", format!("must be 1 to {MAX_MINUTES}")));
        }
        for (field, cents) in [("travel_cents", self.travel_cents), ("lodging_cents", self.lodging_cents)] {
            if !(0..=MAX_CENTS).contains(&cents) {
                return Err(Error::invalid(field, format!("must be 0 to {MAX_CENTS}")));
            }
            if cents > 0 && self.kind != "on_site" {
                return Err(Error::invalid(field, "belongs to work on site only"));
            }
        }
        Ok(())
    }
}

impl Desk {
    /// Logs work. Gives the quota it used, with what is left, where it used one.
    pub async fn log_work(&self, number: Number, actor: &Actor, work: &NewWork) -> Result<Option<QuotaUse>> {
        work.check()?;
        let mut job = self.on_ticket(number).await?;
        if work.kind == "remote" {
            job.authorised().await?;
        }
        let placed = job.placed().await?;
        let costs = work.travel_cents + work.lodging_cents > 0;
        // Where the plan does not say, the visit is on us until something else is agreed.
        let payer =
            placed.terms().coverage.as_ref().and_then(|c| c.on_site.as_ref()).map_or(Payer::Us, |o| o.travel);
        job.insert(actor, work, placed.contract.as_ref(), costs.then_some(payer)).await?;
        let mut entries = vec![service(Service::Work {
            kind: work.kind.clone(),
            minutes: work.minutes,
            on: work.on.trim().to_owned(),
            note: work.note.trim().to_owned(),
        })];
        let used = match &placed.contract {
            Some(contract) => job.use_up(contract, work, &mut entries).await?,
            None => None,
        };
        job.finish(actor, entries).await?;
        Ok(used)
    }
}

impl Job<'_> {
    /// P3-08: remote work needs a recorded session.
    async fn authorised(&mut self) -> Result<()> {
        let found: Option<String> = on_tx!(&mut self.tx, c => sqlx::query_scalar(
            "select id from remote_session where ticket_id = $1 limit 1").bind(&self.ticket.id).fetch_optional(c).await)?;
        let missing = "no remote session is recorded: record first who authorised it and when";
        found.map(drop).ok_or_else(|| Error::invalid("kind", missing))
    }

    async fn insert(
        &mut self,
        actor: &Actor,
        work: &NewWork,
        contract: Option<&Contract>,
        payer: Option<Payer>,
    ) -> Result<()> {
        let clock = &self.desk.clock;
        if let Some(contract) = contract {
            // Two logs that would both pass a limit wait for each other.
            kept::contract::lock(&mut self.tx, &contract.id).await?;
        }
        on_tx!(&mut self.tx, c => sqlx::query(
            "insert into work_log (id, ticket_id, contract_id, staff_id, on_date, kind, minutes, note, travel_cents, lodging_cents, payer, created_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
            .bind(clock.id()).bind(&self.ticket.id).bind(contract.map(|c| &c.id))
            .bind(match actor { Actor::Staff(id) => Some(id), _ => None }).bind(work.on.trim()).bind(&work.kind)
            .bind(work.minutes).bind(work.note.trim()).bind(work.travel_cents).bind(work.lodging_cents)
            .bind(payer.map(|p| p.as_str())).bind(clock.now()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// The quota of this work after it; an entry when it just came near its limit or reached it.
    async fn use_up(
        &mut self,
        contract: &Contract,
        work: &NewWork,
        entries: &mut Vec<TimelineEntry>,
    ) -> Result<Option<QuotaUse>> {
        let terms = contract_terms(contract);
        let Some(quota) = terms.coverage.as_ref().and_then(|c| c.quota_of(&work.kind)) else {
            return Ok(None);
        };
        let on = date_of("on", &work.on)?;
        let uses = self.desk.quotas_in(&mut self.tx, contract, on).await?;
        let Some(now) = uses.into_iter().find(|u| u.id == quota.id) else { return Ok(None) };
        let before = QuotaUse { used_minutes: now.used_minutes - work.minutes, ..now.clone() };
        if now.used_up() != before.used_up() || now.nearly() != before.nearly() {
            entries.push(service(Service::Quota {
                id: now.id.clone(),
                used_minutes: now.used_minutes,
                limit_minutes: now.limit_minutes,
                used_up: now.used_up(),
            }));
        }
        Ok(Some(now))
    }
}

/// The work done on a ticket, in order.
pub async fn of_ticket(db: &Db, ticket_id: &str) -> Result<Vec<WorkRow>> {
    Ok(on!(db, p => sqlx::query_as(
        "select w.on_date, w.kind, w.minutes, w.note, w.travel_cents, w.lodging_cents, w.payer, s.name as staff_name, w.created_at \
         from work_log w left join staff s on s.id = w.staff_id where w.ticket_id = $1 order by w.on_date, w.id")
        .bind(ticket_id).fetch_all(p).await)?)
}
