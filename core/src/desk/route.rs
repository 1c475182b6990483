//! Putting a ticket into the right hands, with the reasons kept.
use super::place::service;
use super::{Desk, place::Placed};
use crate::Result;
use crate::entitlement::Period;
use crate::groups;
use crate::routing::{self, Decision, GroupView, Member, Request, Routing};
use crate::store::Tx;
use crate::ticket::service::{Placement, Service};
use crate::ticket::{Number, Ticket, TimelineEntry};

/// What routing needs beyond the ticket's row.
pub(super) struct About {
    pub rules: Routing,
    pub region: Option<String>,
    pub period: Option<Period>,
    pub named: Option<String>,
    pub previous: Option<(String, Number)>,
}

impl About {
    pub fn of(placed: &Placed) -> About {
        About {
            rules: placed.terms().routing.clone(),
            region: placed.region(),
            period: placed.placement.entitlement.as_ref().and_then(|e| e.period),
            named: placed.contract.as_ref().and_then(|c| c.named_engineer_id.clone()),
            previous: None,
        }
    }
}

/// Chooses group and person. Sets the group and gives the entries; empty where there is nobody to choose
/// or nothing changes.
pub(super) async fn route(
    desk: &Desk,
    tx: &mut Tx,
    ticket: &Ticket,
    placement: &mut Placement,
    about: About,
) -> Result<Vec<TimelineEntry>> {
    let groups = groups::views(tx, desk.clock.now(), &desk.plans.holidays()).await?;
    let complaint = ticket.kind == crate::ticket::Kind::Complaint;
    if groups.is_empty() && !complaint {
        return Ok(Vec::new());
    }
    let managers = if complaint { groups::managers(tx).await? } else { Vec::new() };
    let request = Request {
        kind: ticket.kind,
        severity: ticket.severity as u8,
        cause: placement.known_cause(),
        region: about.region,
        period: about.period,
        named: about.named,
        previous: about.previous,
        excluded: excluded(tx, &ticket.id).await?,
    };
    match routing::pick(&about.rules, &request, &groups, &managers) {
        Some(decision) => Ok(entries(ticket, placement, decision, &groups, &managers)),
        None => Ok(Vec::new()),
    }
}

/// The entries of a decision; the group is set on the row.
pub(super) fn entries(
    ticket: &Ticket,
    placement: &mut Placement,
    decision: Decision,
    groups: &[GroupView],
    managers: &[Member],
) -> Vec<TimelineEntry> {
    let group = groups.iter().find(|g| Some(&g.id) == decision.group.as_ref());
    let everybody = groups.iter().flat_map(|g| &g.members).chain(managers);
    let person = everybody.into_iter().find(|m| Some(&m.staff_id) == decision.assignee.as_ref());
    if decision.group.is_some() {
        placement.group_id.clone_from(&decision.group);
    }
    let mut entries = vec![service(Service::Routed {
        group: group.map(|g| g.name.clone()),
        person: person.map(|m| m.name.clone()),
        why: decision.why,
    })];
    if decision.assignee.is_some() && decision.assignee != ticket.assignee_id {
        entries.push(TimelineEntry::Assigned { from: ticket.assignee_id.clone(), to: decision.assignee });
    }
    entries
}

/// Whom this ticket's customer does not want any more.
pub(super) async fn excluded(tx: &mut Tx, ticket_id: &str) -> Result<Vec<String>> {
    Ok(
        on_tx!(tx, c => sqlx::query_scalar("select staff_id from excluded_engineer where ticket_id = $1 order by staff_id")
        .bind(ticket_id).fetch_all(c).await)?,
    )
}

/// Who had the newest other ticket of the same customer (or person) with the same fingerprint (P5-03).
pub(super) async fn previous(
    tx: &mut Tx,
    ticket: &Ticket,
    placement: &Placement,
) -> Result<Option<(String, Number)>> {
    let Some(fingerprint) = &placement.fingerprint else { return Ok(None) };
    Ok(on_tx!(tx, c => sqlx::query_as(
        "select assignee_id, number from ticket where fingerprint = $1 and id <> $2 and assignee_id is not null \
         and (person_id = $3 or customer_id = $4) order by created_at desc, number desc limit 1")
        .bind(fingerprint).bind(&ticket.id).bind(&ticket.person_id).bind(&placement.customer_id)
        .fetch_optional(c).await)?)
}
