//! Opening a ticket: number, row, first message, first timeline entry, clocks.
use super::message::{NewMessage, insert_message};
use super::{Desk, Opened};
use crate::store::Tx;
use crate::ticket::{self, Actor, NewTicket, Ticket, TimelineEntry, rows};
use crate::{Result, plan};

/// Inserts the row, its first message and its first timeline entry, and starts its clocks.
/// Without `text` the caller moves the first message onto the ticket.
pub(super) async fn open_ticket(
    desk: &Desk,
    tx: &mut Tx,
    new: &NewTicket,
    text: Option<&str>,
    actor: &Actor,
) -> Result<Opened> {
    let plan = desk.plans.get(plan::DEFAULT)?;
    let severity = plan.severity.assess(new.situation);
    let number = rows::next_number(tx).await?;
    let now = desk.clock.now();
    let mut ticket: Ticket = on_tx!(tx, c => sqlx::query_as(
        "insert into ticket (id, number, kind, status, severity, severity_reason, scope, effect, workaround, title, product, \
         product_version, plan, plan_version, channel, conversation_id, person_id, created_at, updated_at, version) \
         values ($1, $2, $3, 'new', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, 0) returning *")
        .bind(desk.clock.id()).bind(number).bind(new.kind.as_str()).bind(i64::from(severity.level))
        .bind(sqlx::types::Json(&severity.reason)).bind(new.situation.scope.map(|s| s.as_str()))
        .bind(new.situation.effect.map(|e| e.as_str())).bind(new.situation.workaround).bind(clip(&new.title, 200))
        .bind(&new.product).bind(&new.product_version).bind(&plan.id).bind(i64::from(plan.version)).bind(&new.channel)
        .bind(&new.conversation_id).bind(&new.person_id).bind(now)
        .fetch_one(c).await)?;
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
    let entry = TimelineEntry::Opened {
        severity,
        packet: Box::new(new.packet.clone()),
        request: Some(new.kind),
        region: None,
    };
    let clocks = ticket::apply(tx, &desk.clock, &plan, &mut ticket, actor, vec![entry]).await?;
    let link = desk.links.ticket(number, &ticket.id);
    let next_opening = plan.service.next_opening(now).filter(|at| *at > now);
    Ok(Opened { ticket, clocks, next_opening, link })
}

/// The first `max` characters, ending in an ellipsis where something was cut.
fn clip(text: &str, max: usize) -> String {
    let text = text.trim();
    if text.chars().count() <= max {
        return text.to_string();
    }
    text.chars().take(max - 1).chain(['…']).collect()
}
