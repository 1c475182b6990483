//! The one way a ticket changes: entries are appended to its timeline, the row follows, the clocks are
//! replayed, and the jobs for what comes due are enqueued, all in the caller's transaction.
use sqlx::types::Json;

use super::rows::timeline_in;
use super::{Author, Status, Ticket, TimelineEntry, TimelineRow};
use crate::clocks::{self, ClockEvent, ClockReading, ClockState, What};
use crate::jobs;
use crate::plan::Plan;
use crate::store::Tx;
use crate::{Clock, Error, Result, Time};

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Customer(String),
    /// Staff, by id.
    Staff(String),
    /// An API token, by id; acts as staff.
    Token(String),
    System,
}

impl Actor {
    pub fn kind(&self) -> &'static str {
        match self {
            Actor::Customer(_) => "customer",
            Actor::Staff(_) => "staff",
            Actor::Token(_) => "token",
            Actor::System => "system",
        }
    }

    pub fn id(&self) -> Option<&str> {
        match self {
            Actor::Customer(id) | Actor::Staff(id) | Actor::Token(id) => Some(id),
            Actor::System => None,
        }
    }

    pub fn author(&self) -> Author {
        match self {
            Actor::Customer(_) => Author::Customer,
            Actor::Staff(_) | Actor::Token(_) => Author::Staff,
            Actor::System => Author::System,
        }
    }
}

/// Appends `entries` to a locked ticket (`rows::lock`, or one just inserted) and brings row and clocks up to date.
pub async fn apply(
    tx: &mut Tx,
    clock: &Clock,
    plan: &Plan,
    ticket: &mut Ticket,
    actor: &Actor,
    entries: Vec<TimelineEntry>,
) -> Result<Vec<ClockReading>> {
    let now = clock.now();
    let before = ticket.version;
    for entry in entries {
        ticket.version += 1;
        fold(ticket, &entry, now);
        append(tx, clock, ticket, actor, &entry, now).await?;
        if matches!(entry, TimelineEntry::Status { to: Status::Resolved, .. }) {
            await_sign_off(tx, clock, ticket, now).await?;
        }
    }
    let rows = timeline_in(tx, &ticket.id).await?;
    let readings = replay(plan, &rows, now);
    for entry in new_breaches(&rows, &readings) {
        ticket.version += 1;
        append(tx, clock, ticket, &Actor::System, &entry, now).await?;
    }
    ticket.updated_at = now;
    ticket.next_due_at = next_due(&readings);
    save(tx, ticket, before).await?;
    save_clocks(tx, clock, ticket, &readings, now).await?;
    Ok(readings)
}

/// P3-11: the customer checks the work; after a set time without a word it is closed.
async fn await_sign_off(tx: &mut Tx, clock: &Clock, ticket: &Ticket, now: Time) -> Result<()> {
    let key = format!("{}:{}", ticket.id, ticket.version);
    let data = serde_json::json!({ "ticket": ticket.number, "resolved_at": now });
    let due = now.plus_seconds(crate::desk::service::SIGN_OFF_DAYS * 86_400);
    jobs::enqueue(tx, clock, jobs::SIGN_OFF, &key, &data, due).await
}

/// What an entry does to the row.
fn fold(ticket: &mut Ticket, entry: &TimelineEntry, now: Time) {
    match entry {
        TimelineEntry::Status { to, .. } => {
            ticket.status = *to;
            match to {
                Status::Resolved => ticket.resolved_at = Some(now),
                Status::Closed => {
                    ticket.resolved_at.get_or_insert(now);
                }
                _ => ticket.resolved_at = None,
            }
        }
        TimelineEntry::Severity { to, .. } => {
            ticket.severity = i64::from(to.level);
            ticket.severity_reason = Json(to.reason.clone());
        }
        TimelineEntry::Assigned { to, .. } => ticket.assignee_id = to.clone(),
        _ => {}
    }
}

async fn append(
    tx: &mut Tx,
    clock: &Clock,
    ticket: &Ticket,
    actor: &Actor,
    entry: &TimelineEntry,
    now: Time,
) -> Result<()> {
    let data = Json(entry);
    let kind = serde_json::to_value(entry).ok().and_then(|v| v["kind"].as_str().map(str::to_owned));
    on_tx!(tx, c => sqlx::query(
        "insert into ticket_event (id, ticket_id, seq, at, actor, actor_id, kind, data) values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(clock.id()).bind(&ticket.id).bind(ticket.version).bind(now)
        .bind(actor.kind()).bind(actor.id()).bind(kind.unwrap_or_default()).bind(data)
        .execute(c).await.map(drop))?;
    Ok(())
}

fn replay(plan: &Plan, rows: &[TimelineRow], now: Time) -> Vec<ClockReading> {
    let event = |row: &TimelineRow| what(&row.data.0).map(|what| ClockEvent { at: row.at, what });
    let events: Vec<ClockEvent> = rows.iter().filter_map(event).collect();
    clocks::replay(plan, &events, now)
}

/// Every broken promise is recorded once and stays on record, whatever a later change makes of its due time (P4-10).
fn new_breaches(rows: &[TimelineRow], readings: &[ClockReading]) -> Vec<TimelineEntry> {
    let recorded = |r: &ClockReading| {
        let same = |row: &TimelineRow| matches!(&row.data.0, TimelineEntry::Breached { milestone, .. } if *milestone == r.milestone);
        rows.iter().any(same)
    };
    let broken = readings.iter().filter(|r| r.state == ClockState::Breached && !recorded(r));
    broken.map(|r| TimelineEntry::Breached { milestone: r.milestone, due_at: r.due_at }).collect()
}

/// What a timeline entry means to the clocks.
fn what(entry: &TimelineEntry) -> Option<What> {
    match entry {
        TimelineEntry::Opened { severity, .. } => Some(What::Opened { severity: severity.level }),
        TimelineEntry::Message { author: Author::Staff, internal: false, .. } => Some(What::StaffMessage),
        TimelineEntry::Status { to, .. } => Some(What::Status(*to)),
        TimelineEntry::Severity { to, .. } => Some(What::Severity(to.level)),
        _ => None,
    }
}

/// The due time the queue is ordered by: the earliest promise still open.
fn next_due(readings: &[ClockReading]) -> Option<Time> {
    readings.iter().filter(|r| r.met_at.is_none() && r.state != ClockState::Paused).map(|r| r.due_at).min()
}

async fn save(tx: &mut Tx, ticket: &Ticket, version_before: i64) -> Result<()> {
    let changed = on_tx!(tx, c => sqlx::query(
        "update ticket set status = $1, severity = $2, severity_reason = $3, assignee_id = $4, next_due_at = $5, \
         updated_at = $6, resolved_at = $7, version = $8 where id = $9 and version = $10")
        .bind(ticket.status.as_str()).bind(ticket.severity).bind(&ticket.severity_reason)
        .bind(&ticket.assignee_id).bind(ticket.next_due_at).bind(ticket.updated_at)
        .bind(ticket.resolved_at).bind(ticket.version).bind(&ticket.id).bind(version_before)
        .execute(c).await.map(|done| done.rows_affected()))?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Conflict(format!("{} was changed meanwhile", ticket.number)))
    }
}

async fn save_clocks(
    tx: &mut Tx,
    clock: &Clock,
    ticket: &Ticket,
    readings: &[ClockReading],
    now: Time,
) -> Result<()> {
    for r in readings {
        on_tx!(tx, c => sqlx::query(
            "insert into clock (ticket_id, milestone, target_seconds, due_at, state, met_at, breached_at) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (ticket_id, milestone) do update set \
             target_seconds = excluded.target_seconds, due_at = excluded.due_at, state = excluded.state, \
             met_at = excluded.met_at, breached_at = excluded.breached_at")
            .bind(&ticket.id).bind(r.milestone.as_str()).bind(r.target_seconds).bind(r.due_at)
            .bind(r.state.as_str()).bind(r.met_at).bind(r.breached_at)
            .execute(c).await.map(drop))?;
        if r.state == ClockState::Running {
            let key = format!("{}:{}:{}", ticket.id, r.milestone, r.due_at.millis());
            let data = serde_json::json!({ "ticket": ticket.number, "milestone": r.milestone });
            // One millisecond after the due time: reaching it exactly still keeps the promise.
            jobs::enqueue(tx, clock, jobs::CLOCK_DUE, &key, &data, r.due_at.plus_millis(1).max(now)).await?;
        }
    }
    Ok(())
}
