//! Tickets: what they are. How they are stored is in `ticket/rows.rs`, how they change in `ticket/change.rs`.
pub mod belonging;
mod change;
mod escalation;
pub mod first_line;
pub mod moved;
mod packet;
pub mod queue;
pub mod related;
pub mod reporters;
pub mod rows;
pub mod service;

use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use sqlx::types::Json;

pub use change::{Actor, apply, as_of, clock_events};
pub use escalation::{Step as EscalationStep, enqueue as enqueue_escalation};
pub use packet::{ArticleShown, Heard, Packet, SearchMade};
pub use service::{Handling, Placement, Service};

use crate::plan::{Difficulty, Milestone};
use crate::severity::{Assessment, Effect, Scope, Situation};
use crate::{Error, Result, Time};

text_enum! {
    Status ("status") {
        New = "new",
        Open = "open",
        WaitingForCustomer = "waiting_for_customer",
        WaitingForThirdParty = "waiting_for_third_party",
        Resolved = "resolved",
        Closed = "closed",
    }
}

impl Status {
    /// Nobody has solved it yet.
    pub fn is_open(self) -> bool {
        !matches!(self, Status::Resolved | Status::Closed)
    }

    /// It waits for somebody outside; any word of the customer ends that.
    pub fn is_waiting(self) -> bool {
        matches!(self, Status::WaitingForCustomer | Status::WaitingForThirdParty)
    }
}

text_enum! {
    /// What sort of request it is (P1-02).
    Kind ("kind") {
        Fault = "fault",
        Question = "question",
        ChangeRequest = "change_request",
        Suggestion = "suggestion",
        Complaint = "complaint",
        DataProcessing = "data_processing",
        Inquiry = "inquiry",
        Usability = "usability",
        Performance = "performance",
        Emergency = "emergency",
        EquipmentFault = "equipment_fault",
        Return = "return",
    }
}

text_enum! {
    /// How a case is handled (P2-10): the order is the one in which it moves on.
    Mode ("handling mode") { Chat = "chat", Phone = "phone", Remote = "remote", OnSite = "on_site" }
}

text_enum! {
    Author ("author") { Customer = "customer", Staff = "staff", Bot = "bot", System = "system" }
}

/// The number people say: `FL-1024`. Never given twice, gaps are possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, sqlx::Type)]
#[sqlx(transparent)]
pub struct Number(pub i64);

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FL-{}", self.0)
    }
}

impl std::str::FromStr for Number {
    type Err = Error;
    /// Accepts `FL-1024`, `fl1024`, `#1024` and `1024`.
    fn from_str(text: &str) -> Result<Number> {
        let lower = text.trim().to_ascii_lowercase();
        let digits = match lower.strip_prefix("fl") {
            Some(rest) => rest.trim_start_matches(['-', '#', ' ']),
            None => lower.strip_prefix('#').unwrap_or(&lower),
        };
        let valid = (1..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        match digits.parse() {
            Ok(n) if valid => Ok(Number(n)),
            _ => Err(Error::invalid("number", format!("{text:?} is not a ticket number such as FL-1024"))),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Number, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[derive(Clone, Debug, FromRow)]
pub struct Ticket {
    pub id: String,
    pub number: Number,
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    #[sqlx(try_from = "String")]
    pub status: Status,
    pub severity: i64,
    pub severity_reason: Json<crate::severity::Reason>,
    pub scope: Option<String>,
    pub effect: Option<String>,
    pub workaround: Option<bool>,
    pub title: String,
    pub product: Option<String>,
    pub product_version: Option<String>,
    /// The plan it runs under and its version; a newer version does not touch it by itself.
    pub plan: String,
    pub plan_version: i64,
    #[sqlx(try_from = "String")]
    pub difficulty: Difficulty,
    /// Of the installation.
    pub region: Option<String>,
    #[sqlx(try_from = "String")]
    pub mode: Mode,
    /// Who takes care of what was escalated.
    pub taken_at: Option<Time>,
    pub channel: String,
    pub conversation_id: Option<String>,
    pub person_id: String,
    pub assignee_id: Option<String>,
    pub next_due_at: Option<Time>,
    pub created_at: Time,
    pub updated_at: Time,
    pub resolved_at: Option<Time>,
    /// Number of timeline entries so far; the next entry's `seq` is one more.
    pub version: i64,
}

impl Ticket {
    pub fn situation(&self) -> Situation {
        Situation {
            scope: self.scope.as_deref().and_then(|s| s.parse::<Scope>().ok()),
            effect: self.effect.as_deref().and_then(|e| e.parse::<Effect>().ok()),
            workaround: self.workaround,
        }
    }

    /// The timeline entry of a change of status; `note` says why.
    pub fn status_entry(&self, to: Status, note: Option<&str>) -> TimelineEntry {
        TimelineEntry::Status { from: self.status, to, note: note.map(str::to_owned) }
    }

    pub fn assessment(&self) -> Assessment {
        Assessment { level: self.severity as u8, reason: self.severity_reason.0.clone() }
    }
}

/// What is needed to open a ticket.
#[derive(Clone, Debug)]
pub struct NewTicket {
    pub kind: Kind,
    pub title: String,
    pub product: Option<String>,
    pub product_version: Option<String>,
    pub situation: Situation,
    pub channel: String,
    pub conversation_id: Option<String>,
    pub person_id: String,
    pub packet: Packet,
}

/// One entry of the timeline. The words of a message are in `message`; this says that it happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TimelineEntry {
    Opened {
        severity: Assessment,
        packet: Box<Packet>,
        /// Absent on tickets opened before kinds could change: then it is the ticket's own.
        #[serde(default)]
        request: Option<Kind>,
        #[serde(default)]
        region: Option<String>,
    },
    Message {
        message_id: String,
        author: Author,
        internal: bool,
    },
    Edited {
        message_id: String,
        revision: i64,
    },
    Status {
        from: Status,
        to: Status,
        note: Option<String>,
    },
    Severity {
        from: u8,
        to: Assessment,
    },
    Assigned {
        from: Option<String>,
        to: Option<String>,
    },
    Rated {
        stars: i64,
        comment: Option<String>,
        cycle: i64,
    },
    Breached {
        milestone: Milestone,
        due_at: Time,
    },
    Request {
        from: Kind,
        to: Kind,
        note: String,
    },
    Difficulty {
        from: Difficulty,
        to: Difficulty,
        note: String,
    },
    Region {
        from: Option<String>,
        to: Option<String>,
    },
    /// Handling moved on, such as from phone to on site; `note` says who agreed to it (P2-10).
    Handling {
        from: Mode,
        to: Mode,
        note: Option<String>,
    },
    /// Something happened that a promise waits for.
    Milestone {
        step: MilestoneStep,
        note: Option<String>,
    },
    /// The customer confirmed a plan with this date (P4-07).
    PlanConfirmed {
        due_at: Time,
        note: Option<String>,
    },
    /// The ticket moved to another plan or version, with the due times before and after.
    PlanChanged {
        from: PlanRef,
        to: PlanRef,
        note: String,
        before: Vec<DueTime>,
        after: Vec<DueTime>,
    },
    /// Somebody was told of a promise; `n` counts repeats.
    Escalated {
        milestone: Milestone,
        due_at: Time,
        to: Vec<String>,
        n: i64,
    },
    /// Somebody takes care: nobody is told again.
    Taken,
    /// The customer thinks the level is wrong (the words say why).
    Contested {
        words: String,
    },
    /// It deserves a look beyond its level (P5-18).
    Attention {
        why: String,
    },
    /// Customer, contract, cause, people, work: see `service`.
    Service {
        entry: Box<service::Service>,
    },
}

text_enum! {
    /// What happened on a case, where a plan promises it.
    MilestoneStep ("step") {
        PlanProposed = "plan_proposed",
        Arrived = "arrived",
        SubstituteProvided = "substitute_provided",
        RepairedOnSite = "repaired_on_site",
        Returned = "returned",
        ReportSent = "report_sent",
    }
}

/// A version of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRef {
    pub id: String,
    pub version: u32,
}

impl PlanRef {
    pub fn of(ticket: &Ticket) -> PlanRef {
        PlanRef { id: ticket.plan.clone(), version: ticket.plan_version.try_into().unwrap_or(1) }
    }
}

/// What a clock said, for before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueTime {
    pub milestone: Milestone,
    pub due_at: Time,
    pub state: crate::clocks::ClockState,
}

#[derive(Clone, Debug, FromRow)]
pub struct TimelineRow {
    pub id: String,
    pub seq: i64,
    pub at: Time,
    pub actor: String,
    pub actor_id: Option<String>,
    pub data: Json<TimelineEntry>,
}

#[derive(Clone, Debug, FromRow)]
pub struct Message {
    pub id: String,
    pub conversation_id: Option<String>,
    pub ticket_id: Option<String>,
    #[sqlx(try_from = "String")]
    pub author: Author,
    pub author_id: Option<String>,
    pub text: String,
    pub internal: bool,
    pub external_id: Option<String>,
    pub created_at: Time,
    pub edited_at: Option<Time>,
}

#[derive(Clone, Debug, FromRow)]
pub struct MessageRevision {
    pub message_id: String,
    pub n: i64,
    pub text: String,
    pub at: Time,
}

#[derive(Clone, Debug, FromRow)]
pub struct ClockRow {
    pub ticket_id: String,
    #[sqlx(try_from = "String")]
    pub milestone: Milestone,
    pub target: String,
    pub target_seconds: i64,
    pub calendar: String,
    pub due_at: Time,
    #[sqlx(try_from = "String")]
    pub state: crate::clocks::ClockState,
    pub paused: bool,
    pub met_at: Option<Time>,
    pub breached_at: Option<Time>,
    /// Of the longest breach so far; grows while it is open.
    pub breached_by_seconds: i64,
    /// False: it was broken before the ticket's kind or level changed, and nothing is owed any more.
    pub applies: bool,
}

impl ClockRow {
    /// The stored state brought up to `now`: a running clock past its due time is breached, whether or
    /// not the job that records it has run yet.
    pub fn state_at(&self, now: Time) -> crate::clocks::ClockState {
        use crate::clocks::ClockState::{Breached, Running};
        if self.state == Running && now > self.due_at { Breached } else { self.state }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ticket_numbers_as_people_type_them() {
        for text in ["FL-1024", "fl-1024", "FL1024", " #1024", "1024"] {
            assert_eq!(text.parse::<Number>().unwrap(), Number(1024), "{text}");
        }
        for text in ["", "FL-", "FL-10x", "E-1042", "-5", "99999999999999999999"] {
            assert!(text.parse::<Number>().is_err(), "{text}");
        }
    }
}
