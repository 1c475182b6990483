//! What makes a case more urgent than its level says (P5-18): contacted again and again, several
//! customers with the same fault, a low rating. Kept on the ticket, shown in the queue, told the manager.
use super::Desk;
use super::place::service;
use crate::store::Tx;
use crate::ticket::service::{self, AttentionWhy, Placement, Service};
use crate::ticket::{Ticket, TimelineEntry};
use crate::{Result, Time};

/// Messages closer together than this are one contact.
const ONE_CONTACT_MILLIS: i64 = 10 * 60_000;
/// So many contacts without an answer in between raise attention, and again at each multiple.
const CONTACTS: i64 = 3;
/// So many tickets with one fingerprint within a day are an outbreak.
const SAME_FAULT: i64 = 3;
const DAY_MILLIS: i64 = 86_400_000;

/// After a customer's word was written: counts how often they came back without an answer.
pub(super) async fn repeated(tx: &mut Tx, ticket: &Ticket) -> Result<Vec<TimelineEntry>> {
    let said: Vec<Time> = on_tx!(&mut *tx, c => sqlx::query_scalar(
        "select created_at from message where ticket_id = $1 and author = 'customer' and id > \
         coalesce((select max(id) from message where ticket_id = $1 and author = 'staff' and internal = $2), '') order by id")
        .bind(&ticket.id).bind(false).fetch_all(c).await)?;
    let gaps = said.windows(2).filter(|pair| pair[1].since(pair[0]) >= ONE_CONTACT_MILLIS).count() as i64;
    let times = gaps + 1;
    let fresh = said.len() < 2 || said[said.len() - 1].since(said[said.len() - 2]) >= ONE_CONTACT_MILLIS;
    if !fresh || times < CONTACTS || times % CONTACTS != 0 || !ticket.status.is_open() {
        return Ok(Vec::new());
    }
    let mut placement = service::placement_in(tx, &ticket.id).await?;
    raise(tx, ticket, &mut placement, AttentionWhy::Repeated { times }).await.map(|entry| vec![entry])
}

/// When a ticket is opened: others with the same fault within a day. The placement is saved by the caller.
pub(super) async fn same_fault(
    desk: &Desk,
    tx: &mut Tx,
    ticket: &Ticket,
    placement: &mut Placement,
) -> Result<Vec<TimelineEntry>> {
    let Some(fingerprint) = &placement.fingerprint else { return Ok(Vec::new()) };
    let since = desk.clock.now().plus_millis(-DAY_MILLIS);
    let others: i64 = on_tx!(tx, c => sqlx::query_scalar(
        "select count(distinct person_id) from ticket where fingerprint = $1 and created_at >= $2 and id <> $3 and person_id <> $4")
        .bind(fingerprint).bind(since).bind(&ticket.id).bind(&ticket.person_id).fetch_one(c).await)?;
    if others + 1 < SAME_FAULT {
        return Ok(Vec::new());
    }
    placement.attention += 1;
    let why = AttentionWhy::SameFault { tickets: others + 1 };
    Ok(vec![service(Service::Attention { level: placement.attention, why })])
}

/// Raises the attention of a locked ticket and saves it.
pub(super) async fn raise(
    tx: &mut Tx,
    ticket: &Ticket,
    placement: &mut Placement,
    why: AttentionWhy,
) -> Result<TimelineEntry> {
    placement.attention += 1;
    service::save(tx, &ticket.id, placement).await?;
    Ok(service(Service::Attention { level: placement.attention, why }))
}
