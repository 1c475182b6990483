//! Which plan a ticket runs under: the version it was opened with, until someone applies another.
use std::sync::Arc;

use super::Desk;
use crate::calendar::Holidays;
use crate::calendar::holidays::HolidayDay;
use crate::plan::{Plan, Plans};
use crate::store::{Db, Tx};
use crate::ticket::{PlanRef, Ticket};
use crate::{Error, Result};

impl Desk {
    /// The plan of a ticket, read from the store when another process made this version.
    pub(crate) async fn plan_in(&self, tx: &mut Tx, ticket: &Ticket) -> Result<Arc<Plan>> {
        self.version_in(tx, &PlanRef::of(ticket)).await
    }

    pub(crate) async fn version_in(&self, tx: &mut Tx, plan: &PlanRef) -> Result<Arc<Plan>> {
        if let Some(known) = self.plans.version(&plan.id, plan.version) {
            return Ok(known);
        }
        let source: Option<String> = on_tx!(tx, c => sqlx::query_scalar(
            "select source from plan_version where id = $1 and version = $2")
            .bind(&plan.id).bind(i64::from(plan.version)).fetch_optional(c).await)?;
        keep(&self.plans, plan, source)
    }

    /// Stores an edited plan as the next version. New tickets take it; running ones keep theirs until
    /// someone applies it. The id stays what it is.
    pub async fn save_plan(&self, id: &str, source: &str, note: &str, by: &str) -> Result<Arc<Plan>> {
        let shipped = self.plans.get(id)?;
        let mut plan = Plan::parse(id, source, &self.plans.holidays())?;
        if plan.id != id {
            return Err(Error::invalid("id", format!("is {:?}; the plan's id stays {id:?}", plan.id)));
        }
        let mut tx = self.db.begin().await?;
        let stored: Option<i64> = on_tx!(&mut tx, c => sqlx::query_scalar(
            "select max(version) from plan_version where id = $1").bind(id).fetch_one(c).await)?;
        let next = stored.unwrap_or(0).max(i64::from(shipped.version)) + 1;
        on_tx!(&mut tx, c => sqlx::query(
            "insert into plan_version (id, version, source, note, created_by, created_at) values ($1, $2, $3, $4, $5, $6)")
            .bind(id).bind(next).bind(source).bind(note.trim()).bind(by).bind(self.clock.now())
            .execute(c).await.map(drop))?;
        plan.version = u32::try_from(next).unwrap_or(u32::MAX);
        self.keep_plans_of_contracts(&mut tx, &plan).await?;
        tx.commit().await?;
        Ok(self.plans.put(plan))
    }

    /// Takes imported holidays and the newest stored versions, also those of other nodes.
    pub async fn refresh_plans(&self) -> Result<()> {
        refresh_plans(&self.db, &self.plans).await
    }

    /// As `plan_in`, outside a transaction.
    pub async fn plan_of(&self, ticket: &Ticket) -> Result<Arc<Plan>> {
        plan_of(&self.db, &self.plans, ticket).await
    }
}

/// As `Desk::refresh_plans`, for commands that need no desk.
pub async fn refresh_plans(db: &Db, plans: &Plans) -> Result<()> {
    let imported: Vec<(String, String, String, bool)> = on!(db, p => sqlx::query_as(
        "select set_id, day, name, off from holiday order by set_id, day").fetch_all(p).await)?;
    let mut sets = crate::calendar::HolidaySets::built_in();
    for (set, day, name, off) in imported {
        let date = day.parse().map_err(|_| Error::Inconsistent {
            table: "holiday",
            row: day.clone(),
            reason: "is no date".into(),
        })?;
        sets.add(&set, &Holidays::of_days([(date, HolidayDay { name, off })]));
    }
    plans.set_holidays(sets)?;
    let newest: Vec<(String, i64, String)> = on!(db, p => sqlx::query_as(
        "select id, version, source from plan_version v where version = \
         (select max(version) from plan_version w where w.id = v.id)").fetch_all(p).await)?;
    for (id, version, source) in newest {
        let wanted = PlanRef { id, version: version.try_into().unwrap_or(u32::MAX) };
        if plans.version(&wanted.id, wanted.version).is_none() {
            // A version stored before a check was made stricter must not stop everything else.
            if let Err(error) = keep(plans, &wanted, Some(source)) {
                tracing::error!(%error, plan = wanted.id, version = wanted.version, "this version cannot be used");
            }
        }
    }
    Ok(())
}

/// As `Desk::plan_of`, for commands that need no desk.
pub async fn plan_of(db: &Db, plans: &Plans, ticket: &Ticket) -> Result<Arc<Plan>> {
    let plan = PlanRef::of(ticket);
    if let Some(known) = plans.version(&plan.id, plan.version) {
        return Ok(known);
    }
    let source: Option<String> = on!(db, p => sqlx::query_scalar(
        "select source from plan_version where id = $1 and version = $2")
        .bind(&plan.id).bind(i64::from(plan.version)).fetch_optional(p).await)?;
    keep(plans, &plan, source)
}

fn keep(plans: &Plans, wanted: &PlanRef, source: Option<String>) -> Result<Arc<Plan>> {
    let name = format!("{} version {}", wanted.id, wanted.version);
    let source = source.ok_or_else(|| Error::not_found("plan", &name))?;
    let mut plan = Plan::parse(&name, &source, &plans.holidays())?;
    // A stored version goes by the number it was stored under.
    (plan.id, plan.version) = (wanted.id.clone(), wanted.version);
    Ok(plans.put(plan))
}

/// Stores the days of an imported set beside the shipped ones; a date that is there already is replaced.
/// Running processes take them within seconds, and count running tickets anew.
pub async fn import_holidays(db: &Db, clock: &crate::Clock, set: &str, days: &Holidays) -> Result<()> {
    let valid =
        !set.is_empty() && set.len() <= 40 && set.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !valid {
        return Err(Error::invalid("set", "must have 1 to 40 letters, digits or hyphens, such as cn"));
    }
    let mut tx = db.begin().await?;
    for (date, day) in days.days() {
        on_tx!(&mut tx, c => sqlx::query(
            "insert into holiday (set_id, day, name, off, imported_at) values ($1, $2, $3, $4, $5) \
             on conflict (set_id, day) do update set name = excluded.name, off = excluded.off, imported_at = excluded.imported_at")
            .bind(set).bind(date.to_string()).bind(&day.name).bind(day.off).bind(clock.now())
            .execute(c).await.map(drop))?;
    }
    super::renewal::recount_all(&mut tx, clock).await?;
    tx.commit().await
}
