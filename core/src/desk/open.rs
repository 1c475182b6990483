//! Opening a ticket: whose it is, number, row, first message, first timeline entries, clocks, and who gets it.
use super::escalate::reach_duty;
use super::message::{NewMessage, insert_message};
use super::place::{Placed, place, service};
use super::route::{About, previous, route};
use super::{Desk, Opened, attention};
use crate::Result;
use crate::severity::Assessment;
use crate::store::Tx;
use crate::ticket::service::{self, Service};
use crate::ticket::{self, Actor, Kind, NewTicket, Ticket, TimelineEntry, rows};

/// Inserts the row, its first message and its first timeline entries, and starts its clocks.
/// Without `text` the caller moves the first message onto the ticket.
pub(super) async fn open_ticket(
    desk: &Desk,
    tx: &mut Tx,
    new: &NewTicket,
    text: Option<&str>,
    actor: &Actor,
) -> Result<Opened> {
    let mut placed = place(desk, tx, new, &words(new, text)).await?;
    let severity = placed.plan.severity.assess(new.situation);
    let mut ticket = insert(desk, tx, new, &placed, &severity).await?;
    if let Some(text) = text {
        let message = NewMessage {
            conversation_id: None,
            ticket_id: Some(&ticket.id),
            actor,
            author: actor.author(),
            text,
            internal: false,
            external_id: None,
        };
        insert_message(tx, &desk.clock, &message).await?;
    }
    let mut entries = vec![TimelineEntry::Opened {
        severity,
        packet: Box::new(new.packet.clone()),
        request: Some(new.kind),
        region: placed.region().filter(|region| placed.plan.regions.contains(region)),
    }];
    entries.extend(placed.entries());
    if new.kind == Kind::Complaint {
        entries.extend(about_newest(tx, &ticket, &mut placed, actor).await?);
    }
    let duty_levels = placed.terms().routing.duty_levels.clone();
    let about = About { previous: previous(tx, &ticket, &placed.placement).await?, ..About::of(&placed) };
    let mut placement = placed.placement.clone();
    entries.extend(route(desk, tx, &ticket, &mut placement, about).await?);
    entries.extend(attention::same_fault(desk, tx, &ticket, &mut placement).await?);
    service::save(tx, &ticket.id, &placement).await?;
    let clocks = ticket::apply(tx, &desk.clock, &placed.plan, &mut ticket, actor, entries).await?;
    let link = desk.links.ticket(ticket.number, &ticket.id);
    let entitlement = placement.entitlement.map(|e| e.0);
    let now = desk.clock.now();
    let next_opening = placed.plan.service.next_opening(now).filter(|at| *at > now);
    let on_duty = match next_opening {
        Some(_) => reach_duty(desk, tx, &placed.plan, &ticket, &duty_levels, &clocks).await?,
        None => Vec::new(),
    };
    Ok(Opened { ticket, clocks, next_opening, on_duty, link, entitlement })
}

async fn insert(
    desk: &Desk,
    tx: &mut Tx,
    new: &NewTicket,
    placed: &Placed,
    severity: &Assessment,
) -> Result<Ticket> {
    let number = rows::next_number(tx).await?;
    Ok(on_tx!(tx, c => sqlx::query_as(
        "insert into ticket (id, number, kind, status, severity, severity_reason, scope, effect, workaround, title, product, \
         product_version, plan, plan_version, channel, conversation_id, person_id, created_at, updated_at, version) \
         values ($1, $2, $3, 'new', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, 0) returning *")
        .bind(desk.clock.id()).bind(number).bind(new.kind.as_str()).bind(i64::from(severity.level))
        .bind(sqlx::types::Json(&severity.reason)).bind(new.situation.scope.map(|s| s.as_str()))
        .bind(new.situation.effect.map(|e| e.as_str())).bind(new.situation.workaround).bind(clip(&new.title, 200))
        .bind(&new.product).bind(&new.product_version).bind(&placed.plan.id).bind(i64::from(placed.plan.version))
        .bind(&new.channel)
        .bind(&new.conversation_id).bind(&new.person_id).bind(desk.clock.now())
        .fetch_one(c).await)?)
}

/// Everything the report says: title, text, and what the guided report was told.
fn words(new: &NewTicket, text: Option<&str>) -> String {
    let told = new.packet.answers.iter().filter(|(key, _)| key == "what" || key == "error_code");
    let told = told.map(|(_, value)| value.as_str());
    std::iter::once(new.title.as_str()).chain(text).chain(told).collect::<Vec<_>>().join("\n")
}

/// P5-17: a complaint is linked to this person's newest ticket, and watched by whoever took it.
async fn about_newest(
    tx: &mut Tx,
    ticket: &Ticket,
    placed: &mut Placed,
    actor: &Actor,
) -> Result<Vec<TimelineEntry>> {
    if let Actor::Staff(id) = actor {
        placed.placement.watcher_id = Some(id.clone());
    }
    let newest: Option<Ticket> = on_tx!(&mut *tx, c => sqlx::query_as(
        "select * from ticket where person_id = $1 and id <> $2 and kind <> 'complaint' order by created_at desc, number desc limit 1")
        .bind(&ticket.person_id).bind(&ticket.id).fetch_optional(c).await)?;
    let Some(newest) = newest else { return Ok(Vec::new()) };
    placed.placement.about_id = Some(newest.id);
    Ok(vec![service(Service::About { number: newest.number })])
}

/// The first `max` characters, ending in an ellipsis where something was cut.
fn clip(text: &str, max: usize) -> String {
    let text = text.trim();
    if text.chars().count() <= max {
        return text.to_string();
    }
    text.chars().take(max - 1).chain(['…']).collect()
}
