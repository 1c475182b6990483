//! What staff and customers record about a case beside words and status: what sort of request it is,
//! how hard, where, how it is handled, what was promised and done. The clocks follow.
use super::{Change, Desk};
use crate::plan::Difficulty;
use crate::ticket::{self, Actor, Kind, MilestoneStep, Mode, Number, PlanRef, Ticket, TimelineEntry, rows};
use crate::{Error, Result, Time};

/// One thing that happened. Notes are kept with it.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    Kind(Kind, String),
    Difficulty(Difficulty, String),
    /// Where the installation stands, in the plan's words.
    Region(Option<String>),
    /// Moving on to on site needs a note of who agreed to it (P2-10).
    Handling(Mode, Option<String>),
    Step(MilestoneStep, Option<String>),
    /// The customer confirmed a plan with this date (P4-07).
    PlanConfirmed(Time, Option<String>),
    /// Somebody takes care of what was escalated.
    Taken,
    /// The customer disagrees with the level.
    Contested(String),
    Attention(String),
}

impl Desk {
    /// Records it and replays the clocks, in one transaction. Saying what is so already changes nothing.
    pub async fn happened(&self, number: Number, actor: &Actor, what: &Happening) -> Result<Ticket> {
        let mut tx = self.db.begin().await?;
        let mut ticket = rows::lock(&mut tx, number)
            .await?
            .ok_or_else(|| Error::not_found("ticket", number.to_string()))?;
        let plan = self.plan_in(&mut tx, &ticket).await?;
        let Some(entry) = entry(&ticket, &plan.regions, what)? else {
            tx.rollback().await?;
            return Ok(ticket);
        };
        ticket::apply(&mut tx, &self.clock, &plan, &mut ticket, actor, vec![entry]).await?;
        tx.commit().await?;
        self.signals.tell(vec![Change::Ticket(number)]);
        Ok(ticket)
    }

    /// Moves a ticket to another version of a plan, or to another plan. Gives the entry that says what
    /// changed: every clock before and after. With `really` false nothing is written.
    pub async fn apply_plan(
        &self,
        number: Number,
        actor: &Actor,
        to: &PlanRef,
        note: &str,
        really: bool,
    ) -> Result<TimelineEntry> {
        let mut tx = self.db.begin().await?;
        let mut ticket = rows::lock(&mut tx, number)
            .await?
            .ok_or_else(|| Error::not_found("ticket", number.to_string()))?;
        let old = self.plan_in(&mut tx, &ticket).await?;
        let new = self.version_in(&mut tx, to).await?;
        let timeline = rows::timeline_in(&mut tx, &ticket.id).await?;
        let events = ticket::clock_events(&ticket, &timeline);
        let now = ticket::as_of(&timeline, self.clock.now());
        let entry = TimelineEntry::PlanChanged {
            from: PlanRef::of(&ticket),
            to: to.clone(),
            note: note.trim().to_owned(),
            before: due_times(&old, &events, now),
            after: due_times(&new, &events, now),
        };
        if !really {
            tx.rollback().await?;
            return Ok(entry);
        }
        if note.trim().is_empty() {
            return Err(Error::invalid("note", "is required to apply another plan"));
        }
        ticket::apply(&mut tx, &self.clock, &new, &mut ticket, actor, vec![entry.clone()]).await?;
        tx.commit().await?;
        self.signals.tell(vec![Change::Ticket(number)]);
        Ok(entry)
    }
}

fn due_times(
    plan: &crate::plan::Plan,
    events: &[crate::clocks::ClockEvent],
    now: Time,
) -> Vec<ticket::DueTime> {
    let readings = crate::clocks::replay(plan, events, now);
    let one = |r: &crate::clocks::ClockReading| ticket::DueTime {
        milestone: r.milestone,
        due_at: r.due_at,
        state: r.state,
    };
    readings.iter().map(one).collect()
}

/// The timeline's entry, or none when it is so already.
fn entry(ticket: &Ticket, regions: &[String], what: &Happening) -> Result<Option<TimelineEntry>> {
    let noted = |note: &str| match note.trim() {
        "" => Err(Error::invalid("note", "is required: say why")),
        note => Ok(note.to_owned()),
    };
    Ok(match what {
        Happening::Kind(kind, _) if *kind == ticket.kind => None,
        Happening::Kind(kind, note) => {
            Some(TimelineEntry::Request { from: ticket.kind, to: *kind, note: noted(note)? })
        }
        Happening::Difficulty(difficulty, _) if *difficulty == ticket.difficulty => None,
        Happening::Difficulty(difficulty, note) => {
            Some(TimelineEntry::Difficulty { from: ticket.difficulty, to: *difficulty, note: noted(note)? })
        }
        Happening::Region(region) if *region == ticket.region => None,
        Happening::Region(region) => {
            if let Some(region) = region.as_ref().filter(|r| !regions.contains(r)) {
                let known = regions.join(", ");
                return Err(Error::invalid("region", format!("{region:?} is none of the plan's: {known}")));
            }
            Some(TimelineEntry::Region { from: ticket.region.clone(), to: region.clone() })
        }
        Happening::Handling(mode, _) if *mode == ticket.mode => None,
        Happening::Handling(mode, note) => {
            let note = note.as_deref().map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned);
            if *mode == Mode::OnSite && note.is_none() {
                return Err(Error::invalid("note", "is required to go on site: who agreed to it"));
            }
            Some(TimelineEntry::Handling { from: ticket.mode, to: *mode, note })
        }
        Happening::Step(step, note) => Some(TimelineEntry::Milestone { step: *step, note: note.clone() }),
        Happening::PlanConfirmed(due_at, note) => {
            Some(TimelineEntry::PlanConfirmed { due_at: *due_at, note: note.clone() })
        }
        Happening::Taken if ticket.taken_at.is_some() => None,
        Happening::Taken => Some(TimelineEntry::Taken),
        Happening::Contested(words) => Some(TimelineEntry::Contested { words: noted(words)? }),
        Happening::Attention(why) => Some(TimelineEntry::Attention { why: noted(why)? }),
    })
}
