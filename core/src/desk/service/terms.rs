//! Cause, exclusion and whose ticket it is; each decides anew what is covered, and the customer is told
//! before work starts.
use sqlx::types::Json;

use super::Job;
use crate::customers::rows as kept;
use crate::desk::place::{Placed, answer, service, settle};
use crate::desk::route::{About, excluded, previous, route};
use crate::desk::{Desk, Notice};
use crate::entitlement::{Cause, Entitlement};
use crate::ticket::service::{self, Placement, Service};
use crate::ticket::{Actor, Number, Ticket, TimelineEntry};
use crate::{Error, Result};

impl Desk {
    /// P1-04: staff correct the cause. What is covered follows, and the ticket goes to those who know it
    /// unless somebody has it already.
    pub async fn set_cause(&self, number: Number, actor: &Actor, cause: Option<Cause>) -> Result<Ticket> {
        let mut job = self.on_ticket(number).await?;
        let mut placed = job.placed().await?;
        let from = placed.placement.known_cause();
        if from == cause && !placed.placement.cause_guessed {
            return Ok(job.ticket);
        }
        placed.placement.cause = cause.map(|c| c.to_string());
        placed.placement.cause_guessed = false;
        let mut entries = vec![service(Service::Cause { from, to: cause, guessed: false })];
        entries.extend(job.answered(&mut placed).await?);
        if job.ticket.assignee_id.is_none() {
            let about = About::of(&placed);
            let mut placement = placed.placement.clone();
            entries.extend(route(self, &mut job.tx, &job.ticket, &mut placement, about).await?);
            placed.placement = placement;
        }
        job.keep(&placed.placement).await?;
        job.finish(actor, entries).await
    }

    /// P2-08: staff pick an exclusion of the plan, or take it back; the customer is told in plain words.
    pub async fn set_exclusion(&self, number: Number, actor: &Actor, id: Option<&str>) -> Result<Ticket> {
        let mut job = self.on_ticket(number).await?;
        let mut placed = job.placed().await?;
        if let Some(id) = id {
            let terms = placed.terms();
            terms
                .exclusion(id)
                .ok_or_else(|| Error::invalid("exclusion", format!("{id:?} is none of this plan")))?;
        }
        if placed.placement.exclusion.as_deref() == id {
            return Ok(job.ticket);
        }
        placed.placement.exclusion = id.map(str::to_owned);
        let mut entries = vec![service(Service::Exclusion { id: id.map(str::to_owned) })];
        entries.extend(job.answered(&mut placed).await?);
        job.keep(&placed.placement).await?;
        job.finish(actor, entries).await
    }

    /// Puts a ticket under an installation, or a contract, of its customer. Its plan follows and the
    /// clocks are replayed under it.
    pub async fn place_under(
        &self,
        number: Number,
        actor: &Actor,
        contract_id: Option<&str>,
        installation_id: Option<&str>,
    ) -> Result<Ticket> {
        let mut job = self.on_ticket(number).await?;
        let mut placed = job.placed().await?;
        let customer = placed.customer.clone();
        let customer_id = customer.as_ref().map(|c| c.id.clone());
        let customer_id = customer_id.ok_or_else(|| Error::invalid("customer", "is not known yet"))?;
        let installation = match installation_id {
            Some(id) => {
                let all = kept::installation::of_customer_in(&mut job.tx, &customer_id).await?;
                let found = all.into_iter().find(|i| i.id == id);
                Some(found.ok_or_else(|| Error::invalid("installation", "is none of this customer's"))?)
            }
            None => None,
        };
        let wanted = contract_id.or_else(|| installation.as_ref().and_then(|i| i.contract_id.as_deref()));
        let contract = match wanted {
            Some(id) => {
                let found =
                    kept::contract::by_id_in(&mut job.tx, id).await?.filter(|c| c.customer_id == customer_id);
                Some(found.ok_or_else(|| Error::invalid("contract", "is none of this customer's"))?)
            }
            None => None,
        };
        settle(self, &mut job.tx, &mut placed, customer, contract, installation).await?;
        let mut entries = placed_entry(&placed);
        entries.extend(job.answered(&mut placed).await?);
        job.under_plan(&placed).await?;
        job.keep(&placed.placement).await?;
        job.finish(actor, entries).await
    }

    /// P9-09: after a complaint somebody else takes it; the engineer of today is not asked again.
    pub async fn reassign_after_complaint(
        &self,
        number: Number,
        actor: &Actor,
        reason: &str,
    ) -> Result<Ticket> {
        let reason = crate::customers::text_of("reason", reason, 500)?;
        let mut job = self.on_ticket(number).await?;
        let assignee = job.ticket.assignee_id.clone();
        let staff_id = assignee.ok_or_else(|| Error::Conflict(format!("nobody has {number}")))?;
        let name = crate::staff::by_id_in(&mut job.tx, &staff_id).await?.map(|s| s.name).unwrap_or_default();
        on_tx!(&mut job.tx, c => sqlx::query(
            "insert into excluded_engineer (ticket_id, staff_id, reason, at) values ($1, $2, $3, $4) on conflict (ticket_id, staff_id) do nothing")
            .bind(&job.ticket.id).bind(&staff_id).bind(&reason).bind(self.clock.now()).execute(c).await.map(drop))?;
        let mut entries = vec![service(Service::Excluded { name, reason })];
        let placed = job.placed().await?;
        let mut placement = placed.placement.clone();
        let routed = route(self, &mut job.tx, &job.ticket, &mut placement, About::of(&placed)).await?;
        if routed.iter().all(|e| !matches!(e, TimelineEntry::Assigned { .. })) {
            entries.push(TimelineEntry::Assigned { from: Some(staff_id), to: None });
        }
        entries.extend(routed);
        job.keep(&placement).await?;
        job.finish(actor, entries).await
    }

    /// Chooses group and person anew, and says why.
    pub async fn reroute(&self, number: Number, actor: &Actor) -> Result<Ticket> {
        let mut job = self.on_ticket(number).await?;
        let placed = job.placed().await?;
        let mut placement = placed.placement.clone();
        let previous = previous(&mut job.tx, &job.ticket, &placement).await?;
        let about = About { previous, ..About::of(&placed) };
        let entries = route(self, &mut job.tx, &job.ticket, &mut placement, about).await?;
        job.keep(&placement).await?;
        job.finish(actor, entries).await
    }

    /// Whether the customer refused this engineer for the ticket.
    pub async fn is_excluded(&self, number: Number, staff_id: &str) -> Result<bool> {
        let mut job = self.on_ticket(number).await?;
        Ok(excluded(&mut job.tx, &job.ticket.id).await?.iter().any(|id| id == staff_id))
    }
}

fn placed_entry(placed: &Placed) -> Vec<TimelineEntry> {
    let customer = placed.customer.as_ref().map(|c| c.name.clone());
    let contract = placed.contract.as_ref().map(|c| c.number.clone());
    let installation = placed.installation.as_ref().map(|i| i.name.clone());
    vec![service(Service::Placed { customer, contract, installation })]
}

impl Job<'_> {
    /// The ticket's placement with its rows, as they are now.
    pub(super) async fn placed(&mut self) -> Result<Placed> {
        let placement = service::placement_in(&mut self.tx, &self.ticket.id).await?;
        let customer = match &placement.customer_id {
            Some(id) => kept::customer::by_id_in(&mut self.tx, id).await?,
            None => None,
        };
        let contract = match &placement.contract_id {
            Some(id) => kept::contract::by_id_in(&mut self.tx, id).await?,
            None => None,
        };
        let installation = match (&customer, &placement.installation_id) {
            (Some(customer), Some(id)) => {
                let all = kept::installation::of_customer_in(&mut self.tx, &customer.id).await?;
                all.into_iter().find(|i| i.id == *id)
            }
            _ => None,
        };
        let plan = match &contract {
            Some(contract) => self.desk.contract_plan_in(&mut self.tx, contract).await?,
            None => self.desk.plans.get(&self.ticket.plan)?,
        };
        Ok(Placed { plan, placement, customer, contract, installation })
    }

    /// Answers anew what is covered; tells the customer where it changed.
    pub(super) async fn answered(&mut self, placed: &mut Placed) -> Result<Vec<TimelineEntry>> {
        let case = (self.ticket.kind, self.ticket.product.as_deref(), self.desk.clock.now());
        let now = answer(placed, case);
        let before: Option<Entitlement> = placed.placement.entitlement.take().map(|e| e.0);
        placed.placement.entitlement = now.clone().map(Json);
        let Some(entitlement) = now else { return Ok(Vec::new()) };
        let same = before.is_some_and(|b| b.answer == entitlement.answer && b.clause == entitlement.clause);
        if same {
            return Ok(Vec::new());
        }
        let (number, title) = (self.ticket.number, self.ticket.title.clone());
        self.tell(&Notice::Entitlement { number, title, entitlement: Box::new(entitlement.clone()) }).await?;
        Ok(vec![service(Service::Entitled { entitlement })])
    }

    /// The plan's id goes onto the row; the clocks follow when the entries are applied.
    pub(super) async fn under_plan(&mut self, placed: &Placed) -> Result<()> {
        if self.ticket.plan == placed.plan.id {
            return Ok(());
        }
        self.ticket.plan.clone_from(&placed.plan.id);
        self.ticket.plan_version = i64::from(placed.plan.version);
        on_tx!(&mut self.tx, c => sqlx::query("update ticket set plan = $2, plan_version = $3 where id = $1")
            .bind(&self.ticket.id).bind(&self.ticket.plan).bind(self.ticket.plan_version)
            .execute(c).await.map(drop))?;
        Ok(())
    }

    pub(super) async fn keep(&mut self, placement: &Placement) -> Result<()> {
        service::save(&mut self.tx, &self.ticket.id, placement).await
    }
}
