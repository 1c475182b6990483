//! Telling staff of a promise before or after it is due: each step once, repeated until somebody takes it.
use super::{Change, Desk, Notice};
use crate::plan::{Escalation, Milestone, Moment, Plan, Recipient};
use crate::staff::{Role, Staff};
use crate::store::Tx;
use crate::ticket::{self, Actor, EscalationStep, Ticket, TimelineEntry, rows};
use crate::{Result, Time, clocks, jobs, outbox};

/// A step that repeats gives up after so many times: by then nobody reads it.
const MAX_REPEATS: i64 = 100;

impl Desk {
    /// Runs an `escalate` job and marks it done, in one transaction: of two nodes one tells.
    pub async fn escalate(&self, job: &jobs::Job, data: &EscalationStep) -> Result<()> {
        let mut tx = self.db.begin().await?;
        // The ticket first, as everywhere: who changes it may touch its jobs, and two orders would lock each other out.
        let locked = rows::lock(&mut tx, data.ticket).await?;
        if !jobs::done(&mut tx, &self.clock, &job.id).await? {
            return tx.rollback().await;
        }
        let mut changes = Vec::new();
        if let Some(mut ticket) = locked {
            let plan = self.plan_in(&mut tx, &ticket).await?;
            let timeline = rows::timeline_in(&mut tx, &ticket.id).await?;
            let events = ticket::clock_events(&ticket, &timeline);
            let readings = clocks::replay(&plan, &events, ticket::as_of(&timeline, self.clock.now()));
            let duty = duty_step(&plan);
            let step = if data.step == DUTY_STEP { Some(&duty) } else { plan.escalation.get(data.step) };
            if let Some(step) = step.filter(|s| still(s, &ticket, &readings, data)) {
                changes = self.tell_step(&mut tx, &plan, &mut ticket, step, data).await?;
            }
        }
        tx.commit().await?;
        self.signals.tell(changes);
        Ok(())
    }

    async fn tell_step(
        &self,
        tx: &mut Tx,
        plan: &Plan,
        ticket: &mut Ticket,
        step: &Escalation,
        data: &EscalationStep,
    ) -> Result<Vec<Change>> {
        let mut told = Vec::new();
        let mut changes = vec![Change::Ticket(ticket.number)];
        for recipient in &step.to {
            if let Recipient::Chat(channel, chat) = recipient {
                changes.extend(self.tell_chat(tx, ticket, step, data, channel, chat).await?);
                told.push(recipient.to_string());
                continue;
            }
            for member in self.members(tx, plan, ticket, recipient).await? {
                if self.tell_member(tx, ticket, step, data, &member).await? {
                    told.push(member.name);
                }
            }
        }
        let entry =
            TimelineEntry::Escalated { milestone: step.milestone, due_at: data.due_at, to: told, n: data.n };
        ticket::apply(tx, &self.clock, plan, ticket, &Actor::System, vec![entry]).await?;
        if let Some(pace) = step.repeat.filter(|_| data.n < MAX_REPEATS) {
            let again = EscalationStep { n: data.n + 1, ..data.clone() };
            // Who is on duty is called at night, too: there no calendar counts.
            let at = match step.to.contains(&Recipient::Duty) {
                true => self.clock.now().plus_seconds(pace.seconds()),
                false => clocks::later(pace, &plan.calendar_of(step.milestone), self.clock.now()),
            };
            ticket::enqueue_escalation(tx, &self.clock, ticket, &again, at).await?;
        }
        Ok(changes)
    }

    /// False when this member was told of the same before.
    async fn tell_member(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        step: &Escalation,
        data: &EscalationStep,
        member: &Staff,
    ) -> Result<bool> {
        let added = on_tx!(tx, c => sqlx::query(
            "insert into staff_notice (staff_id, ticket_id, milestone, due_at, step, n, created_at) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (ticket_id, step, due_at, n, staff_id) do nothing")
            .bind(&member.id).bind(&ticket.id).bind(step.milestone.as_str()).bind(data.due_at)
            .bind(data.step as i64).bind(data.n).bind(self.clock.now())
            .execute(c).await.map(|done| done.rows_affected()))?;
        Ok(added == 1)
    }

    async fn tell_chat(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        step: &Escalation,
        data: &EscalationStep,
        channel: &str,
        chat: &str,
    ) -> Result<Option<Change>> {
        // Any bot of ours that was ever in that channel can speak there.
        let bot: Option<String> = on_tx!(tx, c => sqlx::query_scalar(
            "select bot from conversation where channel = $1 order by (chat = $2) desc limit 1")
            .bind(channel).bind(chat).fetch_optional(c).await)?;
        let Some(bot) = bot else { return Ok(None) };
        let notice = Notice::Escalated {
            number: ticket.number,
            title: ticket.title.clone(),
            severity: ticket.severity as u8,
            milestone: step.milestone,
            due_at: data.due_at,
        };
        let payload =
            serde_json::to_value(&notice).map_err(|e| crate::Error::invalid("notice", e.to_string()))?;
        let out = outbox::Outgoing {
            channel,
            bot: &bot,
            chat,
            conversation_id: None,
            ticket_id: Some(&ticket.id),
            message_id: None,
            payload: &payload,
        };
        outbox::queue(tx, &self.clock, &out).await?;
        Ok(Some(Change::Chat { channel: channel.to_owned(), chat: chat.to_owned() }))
    }

    /// Who a recipient is now. A chair that nobody holds falls to the managers, so that somebody hears it.
    async fn members(
        &self,
        tx: &mut Tx,
        plan: &Plan,
        ticket: &Ticket,
        recipient: &Recipient,
    ) -> Result<Vec<Staff>> {
        let found: Vec<Staff> = match recipient {
            Recipient::Assignee => on_tx!(tx, c => sqlx::query_as(
                "select * from staff where id = $1 and disabled = false")
                .bind(&ticket.assignee_id).fetch_all(c).await)?,
            Recipient::Person(address) => by_address(tx, address).await?,
            Recipient::Role(role) => with_role(tx, *role).await?,
            Recipient::Duty => on_duty(tx, plan, ticket, self.clock.now()).await?,
            Recipient::Group(name) => of_group(tx, name).await?,
            Recipient::Chat(..) => Vec::new(),
        };
        if found.is_empty() { with_role(tx, Role::Manager).await } else { Ok(found) }
    }
}

/// Whether the step still has something to tell: the promise is open and its due time the same.
fn still(
    step: &Escalation,
    ticket: &Ticket,
    readings: &[clocks::ClockReading],
    data: &EscalationStep,
) -> bool {
    if data.step == DUTY_STEP {
        return ticket.status.is_open() && ticket.taken_at.is_none();
    }
    let open = |r: &&clocks::ClockReading| r.milestone == step.milestone && r.is_running();
    let Some(reading) = readings.iter().find(open) else { return false };
    let same: bool = step.moment == Moment::Opening || reading.due_at == data.due_at;
    // Repeats, and what is told at the opening, end when somebody takes it.
    let taken = ticket.taken_at.is_some() && (data.n > 1 || step.moment == Moment::Opening);
    ticket.status.is_open() && step.concerns(ticket) && same && !taken
}

/// Out of hours an urgent ticket reaches the person on duty, although no step of the plan says so (P9-06).
const DUTY_STEP: usize = 1000;
/// Again at this pace until somebody takes it.
const DUTY_PACE: &str = "10min";

fn duty_step(plan: &Plan) -> Escalation {
    let promised = |m: Milestone| plan.targets.iter().any(|t| t.milestone == m);
    let milestone =
        if promised(Milestone::FirstResponse) { Milestone::FirstResponse } else { Milestone::Resolve };
    Escalation {
        milestone,
        severity: None,
        kinds: None,
        moment: Moment::Opening,
        to: vec![Recipient::Duty],
        repeat: DUTY_PACE.parse().ok(),
    }
}

/// A ticket opened while nobody works: who is on duty hears of it now, when the plan calls its level urgent.
/// Gives the names; empty where nobody is on duty or it can wait.
pub(super) async fn reach_duty(
    desk: &Desk,
    tx: &mut Tx,
    plan: &Plan,
    ticket: &Ticket,
    urgent: &[u8],
    readings: &[clocks::ClockReading],
) -> Result<Vec<String>> {
    if !urgent.iter().any(|level| i64::from(*level) == ticket.severity) {
        return Ok(Vec::new());
    }
    let names = on_duty(tx, plan, ticket, desk.clock.now()).await?.into_iter().map(|s| s.name).collect();
    let runs = |s: &Escalation| readings.iter().any(|r| r.milestone == s.milestone && r.is_running());
    let told_anyway = |s: &Escalation| {
        s.moment == Moment::Opening && s.to.contains(&Recipient::Duty) && s.concerns(ticket) && runs(s)
    };
    if !plan.escalation.iter().any(told_anyway) {
        let due_at = ticket.created_at;
        let step = EscalationStep { ticket: ticket.number, step: DUTY_STEP, due_at, n: 1 };
        ticket::enqueue_escalation(tx, &desk.clock, ticket, &step, desk.clock.now()).await?;
    }
    Ok(names)
}

/// Who is on duty now: of the ticket's group, else of any; and those who stand by in a special period (P6-33).
async fn on_duty(tx: &mut Tx, plan: &Plan, ticket: &Ticket, now: Time) -> Result<Vec<Staff>> {
    let group: Option<String> = on_tx!(&mut *tx, c => sqlx::query_scalar("select group_id from ticket where id = $1")
        .bind(&ticket.id).fetch_one(c).await)?;
    let all: Vec<(String, String)> = on_tx!(&mut *tx, c => sqlx::query_as(
        "select group_id, staff_id from duty where starts_at <= $1 and ends_at > $1 order by starts_at, id")
        .bind(now).fetch_all(c).await)?;
    let near: Vec<&(String, String)> = all.iter().filter(|(g, _)| Some(g) == group.as_ref()).collect();
    let ids: Vec<&String> = match near.is_empty() {
        true => all.iter().map(|(_, id)| id).collect(),
        false => near.into_iter().map(|(_, id)| id).collect(),
    };
    let mut found: Vec<Staff> = Vec::new();
    for id in ids {
        found.extend(crate::staff::by_id_in(tx, id).await?);
    }
    for address in plan.special_period(ticket.created_at).iter().flat_map(|p| &p.people) {
        found.extend(by_address(tx, address).await?);
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|s| !s.disabled && seen.insert(s.id.clone()));
    Ok(found)
}

async fn by_address(tx: &mut Tx, address: &str) -> Result<Vec<Staff>> {
    Ok(on_tx!(tx, c => sqlx::query_as("select * from staff where email = $1 and disabled = false")
        .bind(address.to_lowercase()).fetch_all(c).await)?)
}

/// The people of the groups that a plan means by a name: a kind of group, such as `emergency`, or a group's own.
async fn of_group(tx: &mut Tx, name: &str) -> Result<Vec<Staff>> {
    Ok(on_tx!(tx, c => sqlx::query_as(
        "select s.* from staff s where s.disabled = false and exists (select 1 from group_member m \
         join support_group g on g.id = m.group_id where m.staff_id = s.id and (g.kind = $1 or g.name_key = $1)) order by s.id")
        .bind(name.to_lowercase()).fetch_all(c).await)?)
}

async fn with_role(tx: &mut Tx, role: Role) -> Result<Vec<Staff>> {
    let rows = on_tx!(tx, c => sqlx::query_as("select * from staff where role = $1 and disabled = false order by created_at")
        .bind(role.as_str()).fetch_all(c).await)?;
    Ok(rows)
}

/// A promise somebody was told of and has not looked at.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StaffNotice {
    pub number: ticket::Number,
    pub title: String,
    pub severity: i64,
    #[sqlx(try_from = "String")]
    pub milestone: crate::plan::Milestone,
    pub due_at: Time,
    pub n: i64,
    pub created_at: Time,
}

impl Desk {
    /// What a member was told of tickets that nobody took yet, newest first.
    pub async fn staff_notices(&self, staff_id: &str) -> Result<Vec<StaffNotice>> {
        let rows = on!(&self.db, p => sqlx::query_as(
            "select t.number, t.title, t.severity, s.milestone, s.due_at, s.n, s.created_at from staff_notice s \
             join ticket t on t.id = s.ticket_id where s.staff_id = $1 and s.seen_at is null and t.taken_at is null \
             and t.status not in ('resolved', 'closed') order by s.created_at desc limit 50")
            .bind(staff_id).fetch_all(p).await)?;
        Ok(rows)
    }
}
