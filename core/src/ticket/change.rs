//! The one way a ticket changes: entries are appended to its timeline, the row follows, the clocks are
//! replayed, and the jobs for what comes due are enqueued, all in the caller's transaction.
use sqlx::types::Json;

use super::rows::timeline_in;
use super::{Author, MilestoneStep, Mode, Status, Ticket, TimelineEntry, TimelineRow};
use crate::clocks::{self, ClockEvent, ClockReading, What};
use crate::jobs;
use crate::plan::{Difficulty, Milestone, Plan};
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
    let before = ticket.version;
    // The promises of a new ticket count from the very instant it shows as its beginning.
    let now = if before == 0 { ticket.created_at } else { clock.now() };
    for entry in entries {
        ticket.version += 1;
        fold(ticket, &entry, by_hand(actor), now);
        append(tx, clock, ticket, actor, &entry, now).await?;
        if matches!(entry, TimelineEntry::Status { to: Status::Resolved, .. }) {
            await_sign_off(tx, clock, ticket, now).await?;
        }
    }
    let rows = timeline_in(tx, &ticket.id).await?;
    let readings = replay(plan, ticket, &rows, as_of(&rows, now));
    for entry in new_breaches(&rows, &readings) {
        ticket.version += 1;
        append(tx, clock, ticket, &Actor::System, &entry, now).await?;
    }
    ticket.updated_at = now;
    ticket.next_due_at = next_due(&readings);
    save(tx, ticket, before).await?;
    if before > 0 {
        forget_clocks(tx, ticket, &readings).await?;
    }
    save_clocks(tx, clock, ticket, &readings, now).await?;
    super::escalation::schedule(tx, clock, plan, ticket, &readings).await?;
    Ok(readings)
}

/// P3-11: the customer checks the work; after a set time without a word it is closed.
async fn await_sign_off(tx: &mut Tx, clock: &Clock, ticket: &Ticket, now: Time) -> Result<()> {
    let key = format!("{}:{}", ticket.id, ticket.version);
    let data = serde_json::json!({ "ticket": ticket.number, "resolved_at": now });
    let due = now.plus_seconds(crate::desk::service::SIGN_OFF_DAYS * 86_400);
    jobs::enqueue(tx, clock, jobs::SIGN_OFF, &key, &data, due).await
}

/// A routing rule may give a ticket to somebody who sleeps: only a person's word means that somebody takes
/// care of it (P6-34).
fn by_hand(actor: &Actor) -> bool {
    matches!(actor, Actor::Staff(_) | Actor::Token(_))
}

/// What an entry does to the row.
fn fold(ticket: &mut Ticket, entry: &TimelineEntry, by_hand: bool, now: Time) {
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
        TimelineEntry::Assigned { to, .. } => {
            ticket.assignee_id = to.clone();
            ticket.taken_at = ticket.taken_at.or(by_hand.then_some(now)).filter(|_| to.is_some());
        }
        TimelineEntry::Request { to, .. } => ticket.kind = *to,
        TimelineEntry::Difficulty { to, .. } => ticket.difficulty = *to,
        TimelineEntry::Region { to, .. } => ticket.region = to.clone(),
        TimelineEntry::Handling { to, .. } => ticket.mode = *to,
        TimelineEntry::PlanChanged { to, .. } => {
            ticket.plan = to.id.clone();
            ticket.plan_version = i64::from(to.version);
        }
        TimelineEntry::Taken => ticket.taken_at = Some(now),
        // An answer to the customer takes it, too.
        TimelineEntry::Message { author: Author::Staff, internal: false, .. } => {
            ticket.taken_at.get_or_insert(now);
        }
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

fn replay(plan: &Plan, ticket: &Ticket, rows: &[TimelineRow], now: Time) -> Vec<ClockReading> {
    clocks::replay(plan, &clock_events(ticket, rows), now)
}

/// A ticket's timeline as the clocks see it.
pub fn clock_events(ticket: &Ticket, rows: &[TimelineRow]) -> Vec<ClockEvent> {
    let mut seen = None;
    let event = |row: &TimelineRow| {
        // The order of the timeline is the truth: after the machine's clock was set back, what comes later
        // happened no earlier than what came before.
        let at = seen.map_or(row.at, |s: Time| s.max(row.at));
        seen = Some(at);
        what(ticket, &row.data.0).map(|what| ClockEvent { at, what })
    };
    rows.iter().filter_map(event).collect()
}

/// The instant to replay up to: never before what is on record.
pub fn as_of(rows: &[TimelineRow], now: Time) -> Time {
    rows.iter().map(|row| row.at).max().map_or(now, |last| last.max(now))
}

/// Every broken promise is recorded once and stays on record, whatever a later change makes of its due time (P4-10).
fn new_breaches(rows: &[TimelineRow], readings: &[ClockReading]) -> Vec<TimelineEntry> {
    let known = |m: Milestone, due: Time| {
        let same = |row: &TimelineRow| matches!(&row.data.0, TimelineEntry::Breached { milestone, due_at } if *milestone == m && *due_at == due);
        rows.iter().any(same)
    };
    let all = readings.iter().flat_map(|r| r.breaches.iter().map(|b| (r.milestone, b.due_at)));
    let new = all.filter(|(m, due)| !known(*m, *due));
    new.map(|(milestone, due_at)| TimelineEntry::Breached { milestone, due_at }).collect()
}

/// What a timeline entry means to the clocks.
fn what(ticket: &Ticket, entry: &TimelineEntry) -> Option<What> {
    match entry {
        TimelineEntry::Opened { severity, request, region, .. } => Some(What::Opened {
            kind: request.unwrap_or(ticket.kind),
            severity: severity.level,
            difficulty: Difficulty::Ordinary,
            region: region.clone(),
            // Every ticket begins in a chat or on paper: what is promised on site waits for the decision to go.
            mode: Some(Mode::Chat),
        }),
        TimelineEntry::Message { author: Author::Staff, internal: false, .. } => Some(What::AgentMessage),
        TimelineEntry::Message { author: Author::Customer, .. } => Some(What::CustomerMessage),
        TimelineEntry::Status { to, .. } => Some(What::Status(*to)),
        TimelineEntry::Severity { to, .. } => Some(What::Severity(to.level)),
        TimelineEntry::Request { to, .. } => Some(What::Kind(*to)),
        TimelineEntry::Difficulty { to, .. } => Some(What::Difficulty(*to)),
        TimelineEntry::Region { to, .. } => Some(What::Region(to.clone())),
        TimelineEntry::Handling { to, .. } => Some(What::Mode(*to)),
        TimelineEntry::PlanConfirmed { due_at, .. } => Some(What::PlanConfirmed(*due_at)),
        TimelineEntry::Milestone { step, .. } => Some(match step {
            MilestoneStep::PlanProposed => What::PlanProposed,
            MilestoneStep::Arrived => What::Arrived,
            MilestoneStep::SubstituteProvided => What::SubstituteProvided,
            MilestoneStep::RepairedOnSite => What::RepairedOnSite,
            MilestoneStep::Returned => What::Returned,
            MilestoneStep::ReportSent => What::ReportSent,
        }),
        _ => None,
    }
}

/// The due time the queue is ordered by: the earliest promise still open.
fn next_due(readings: &[ClockReading]) -> Option<Time> {
    readings.iter().filter(|r| r.is_running()).map(|r| r.due_at).min()
}

async fn save(tx: &mut Tx, ticket: &Ticket, version_before: i64) -> Result<()> {
    let changed = on_tx!(tx, c => sqlx::query(
        "update ticket set status = $1, severity = $2, severity_reason = $3, assignee_id = $4, next_due_at = $5, \
         updated_at = $6, resolved_at = $7, version = $8, kind = $9, difficulty = $10, region = $11, mode = $12, plan = $13, \
         plan_version = $14, taken_at = $15 where id = $16 and version = $17")
        .bind(ticket.status.as_str()).bind(ticket.severity).bind(&ticket.severity_reason)
        .bind(&ticket.assignee_id).bind(ticket.next_due_at).bind(ticket.updated_at)
        .bind(ticket.resolved_at).bind(ticket.version).bind(ticket.kind.as_str()).bind(ticket.difficulty.as_str())
        .bind(&ticket.region).bind(ticket.mode.as_str()).bind(&ticket.plan).bind(ticket.plan_version)
        .bind(ticket.taken_at).bind(&ticket.id).bind(version_before)
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
            "insert into clock (ticket_id, milestone, target, target_seconds, calendar, due_at, state, paused, met_at, \
             breached_at, breached_by_seconds, applies) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
             on conflict (ticket_id, milestone) do update set target = excluded.target, \
             target_seconds = excluded.target_seconds, calendar = excluded.calendar, due_at = excluded.due_at, \
             state = excluded.state, paused = excluded.paused, met_at = excluded.met_at, \
             breached_at = excluded.breached_at, breached_by_seconds = excluded.breached_by_seconds, \
             applies = excluded.applies")
            .bind(&ticket.id).bind(r.milestone.as_str()).bind(r.target.to_string()).bind(r.target_seconds)
            .bind(&r.calendar).bind(r.due_at).bind(r.state.as_str()).bind(r.paused).bind(r.met_at)
            .bind(r.breached_at).bind(r.breached_by_seconds).bind(r.applies)
            .execute(c).await.map(drop))?;
        // A due time that has passed is on record already; one that comes gets a job.
        if r.is_running() && r.due_at >= now {
            let key = format!("{}:{}:{}", ticket.id, r.milestone, r.due_at.millis());
            let data = serde_json::json!({ "ticket": ticket.number, "milestone": r.milestone });
            // One millisecond after the due time: reaching it exactly still keeps the promise.
            jobs::enqueue(tx, clock, jobs::CLOCK_DUE, &key, &data, r.due_at.plus_millis(1).max(now)).await?;
        }
    }
    Ok(())
}

/// Clocks of promises that this kind or level does not have, and that were never broken.
async fn forget_clocks(tx: &mut Tx, ticket: &Ticket, readings: &[ClockReading]) -> Result<()> {
    let kept: String = readings.iter().map(|r| format!(",{},", r.milestone)).collect();
    // In one statement, on both engines alike: what is not in the list is left over.
    on_tx!(tx, c => sqlx::query(
        "delete from clock where ticket_id = $1 and replace($2, ',' || milestone || ',', '') = $2")
        .bind(&ticket.id).bind(&kept).execute(c).await.map(drop))?;
    Ok(())
}
