//! The desk: the use cases that chat, console and API share. Each writes in one transaction and tells
//! the rest of the process afterwards what changed.
mod attention;
mod clock_due;
pub mod contracts;
mod customer;
mod customers;
mod escalate;
mod groups;
mod happen;
mod idempotency;
mod message;
mod notify;
mod open;
pub mod overrides;
pub mod place;
mod plans;
mod prune;
mod rate;
mod receive;
pub mod renewal;
mod respond;
mod route;
pub mod service;
mod turn;
pub mod view;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, broadcast};

use crate::files::Files;
use crate::plan::Plans;
use crate::severity::Assessment;
use crate::store::{Db, settings};
use crate::ticket::{Number, Status};
use crate::{Clock, Result, secret};

pub use escalate::StaffNotice;
pub use happen::Happening;
pub use idempotency::{Begun, Idempotent};
pub use plans::{import_holidays, plan_of, refresh_plans};
pub use respond::{NewRequest, Patch, Reply};
pub use turn::{Opened, Turn, TurnTx};

/// Everything a use case needs. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    pub db: Db,
    pub clock: Clock,
    pub plans: Plans,
    pub files: Files,
    pub signals: Signals,
    pub links: Links,
}

impl Desk {
    /// `public_url` is the root of all links, without a slash at its end.
    pub async fn new(db: Db, clock: Clock, files: Files, public_url: &str) -> Result<Desk> {
        let links = Links::open(&db, &clock, public_url).await?;
        let desk = Desk { db, clock, plans: Plans::built_in(), files, signals: Signals::default(), links };
        desk.refresh_plans().await?;
        desk.renew_contract_plans().await?;
        Ok(desk)
    }
}

/// Wakes the workers of this process. Other nodes find the rows by looking.
#[derive(Clone)]
pub struct Signals {
    /// Something arrived.
    pub inbox: Arc<Notify>,
    /// Something is to be sent.
    pub outbox: Arc<Notify>,
    /// A job was enqueued.
    pub jobs: Arc<Notify>,
    /// What people looking at a page may want to see.
    pub changes: broadcast::Sender<Change>,
}

impl Default for Signals {
    fn default() -> Signals {
        let (changes, _) = broadcast::channel(256);
        Signals { inbox: Default::default(), outbox: Default::default(), jobs: Default::default(), changes }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A chat has a new message for its reader: `(channel, chat)`.
    Chat {
        channel: String,
        chat: String,
    },
    Ticket(Number),
}

impl Signals {
    pub(crate) fn tell(&self, changes: Vec<Change>) {
        // All bots wait here, each for its own rows; a waiter registers before it looks, so none is missed.
        self.outbox.notify_waiters();
        // What is only said in a chat enqueues no job.
        let only_said = !changes.is_empty() && changes.iter().all(|c| matches!(c, Change::Chat { .. }));
        if !only_said {
            self.jobs.notify_one();
        }
        for change in changes {
            // An error only means that nobody looks at a page now.
            let _ = self.changes.send(change);
        }
    }
}

/// Links that prove by themselves that their holder may follow them.
#[derive(Clone)]
pub struct Links {
    pub public_url: Arc<str>,
    secret: Arc<str>,
}

impl Links {
    /// The links of one installation: its address and the secret all its nodes share.
    pub async fn open(db: &Db, clock: &Clock, public_url: &str) -> Result<Links> {
        let secret = settings::link_secret(db, clock).await?;
        Ok(Links { public_url: public_url.trim_end_matches('/').into(), secret: secret.into() })
    }

    /// The customer's page of a ticket, openable by whoever has the link.
    pub fn ticket(&self, number: Number, ticket_id: &str) -> String {
        format!("{}/t/{number}?key={}", self.public_url, self.ticket_key(ticket_id))
    }

    pub fn ticket_key(&self, ticket_id: &str) -> String {
        secret::sign(&self.secret, &format!("ticket:{ticket_id}"))
    }

    /// A path on our own site.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// The download link of an attachment.
    pub fn attachment_key(&self, attachment_id: &str) -> String {
        secret::sign(&self.secret, &format!("attachment:{attachment_id}"))
    }

    /// The proof of a link to one hosted file that ends in second `expires` and speaks for `who`.
    pub fn download_key(&self, file_id: &str, expires: i64, who: &str) -> String {
        secret::sign(&self.secret, &format!("download:{file_id}:{expires}:{who}"))
    }

    /// The proof in the cookie of a customer who opened a link of theirs.
    pub fn guest_key(&self, person_id: &str, expires: i64) -> String {
        secret::sign(&self.secret, &format!("guest:{person_id}:{expires}"))
    }
}

/// Something that happened on a ticket and that the customer is told in the chat. The bots room
/// renders it when it is sent, in the customer's language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    StaffReply {
        number: Number,
        title: String,
        text: String,
        staff: Option<String>,
        files: Vec<NoticeFile>,
    },
    Status {
        number: Number,
        title: String,
        status: Status,
        note: Option<String>,
    },
    Severity {
        number: Number,
        title: String,
        severity: Assessment,
        resolve_due: Option<crate::Time>,
    },
    Assigned {
        number: Number,
        staff: String,
    },
    /// To staff, in a chat that a plan names.
    Escalated {
        number: Number,
        title: String,
        severity: u8,
        milestone: crate::plan::Milestone,
        due_at: crate::Time,
    },
    /// What is covered, said before work starts.
    Entitlement {
        number: Number,
        title: String,
        entitlement: Box<crate::entitlement::Entitlement>,
    },
    /// What a change would take and cost; the customer decides on the ticket's page.
    Quote {
        number: Number,
        title: String,
        days: i64,
        cents: i64,
        currency: String,
        note: String,
        link: String,
    },
    /// Solved, and no word from the customer.
    ClosedUnanswered {
        number: Number,
        title: String,
        days: i64,
    },
    FileTooLarge {
        number: Option<Number>,
        name: String,
    },
    Release(Box<ReleaseNotice>),
}

/// A release came out or was withdrawn. Pairs are Chinese and English; an empty one stands for the other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReleaseNotice {
    /// The product's key.
    pub product: String,
    pub title: (String, String),
    pub version: String,
    pub withdrawn: bool,
    pub security: bool,
    pub urgent: bool,
    /// Error codes it fixes.
    pub codes: Vec<String>,
    /// What it changes, in Markdown.
    pub notes: (String, String),
    /// Why it was withdrawn and what to do.
    pub reason: (String, String),
    /// The reader's ticket about a fault it fixes.
    pub number: Option<Number>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoticeFile {
    pub attachment_id: String,
    pub name: String,
    pub mime: String,
    pub sha256: String,
    pub size: i64,
}
