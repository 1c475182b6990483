//! What happened to a ticket, as far as clocks care.
use crate::Time;
use crate::plan::{Difficulty, Trigger};
use crate::ticket::{Kind, Mode, Status};

/// In the order it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockEvent {
    pub at: Time,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Opened {
        kind: Kind,
        severity: u8,
        difficulty: Difficulty,
        region: Option<String>,
        /// How it is handled at first. Known: a clock that starts with another mode, or with equipment
        /// coming back, waits for that. Not known: it counts from the opening.
        mode: Option<Mode>,
    },
    CustomerMessage,
    /// A person of the staff wrote to the customer.
    AgentMessage,
    /// Sent by the system: never a first response.
    AutomaticMessage,
    Status(Status),
    Severity(u8),
    Kind(Kind),
    Difficulty(Difficulty),
    Region(Option<String>),
    Mode(Mode),
    /// A plan was handed over; it still needs the customer's word to replace a due time.
    PlanProposed,
    /// The customer confirmed a plan with this date.
    PlanConfirmed(Time),
    Arrived,
    SubstituteProvided,
    RepairedOnSite,
    /// Equipment arrived at the factory.
    Returned,
    ReportSent,
}

impl What {
    /// An opening of which no handling mode is known.
    pub fn opened(kind: Kind, severity: u8, difficulty: Difficulty, region: Option<String>) -> What {
        What::Opened { kind, severity, difficulty, region, mode: None }
    }

    pub fn changes_facts(&self) -> bool {
        matches!(self, What::Severity(_) | What::Kind(_) | What::Difficulty(_) | What::Region(_))
    }

    /// True for the event a conditional clock starts with.
    pub fn triggers(&self, trigger: Trigger) -> bool {
        match trigger {
            Trigger::OnSite => match self {
                What::Mode(mode) => *mode == Mode::OnSite,
                What::Opened { mode, .. } => *mode == Some(Mode::OnSite),
                _ => false,
            },
            Trigger::Returned => *self == What::Returned,
            Trigger::RepairedOnSite => *self == What::RepairedOnSite,
        }
    }
}
