//! What service adds to a ticket: whose it is and under which contract, its cause, who works on it and
//! why, how it is handled, what was done and agreed. All of it is on the timeline.
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use sqlx::types::Json;

use super::Number;
use crate::entitlement::{Cause, Entitlement};
use crate::routing::Why;
use crate::store::{Db, Tx};
use crate::{Result, Time};

text_enum! {
    /// How a case is handled; the order in which one gives way to the next (P2-10, P10-02).
    Handling ("handling") { Chat = "chat", Phone = "phone", Remote = "remote", OnSite = "on_site" }
}

/// A timeline entry of service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Service {
    /// The customer and contract it belongs to; names as they were then.
    Placed {
        customer: Option<String>,
        contract: Option<String>,
        installation: Option<String>,
    },
    /// What was told the customer before any work starts.
    Entitled {
        entitlement: Entitlement,
    },
    Cause {
        from: Option<Cause>,
        to: Option<Cause>,
        guessed: bool,
    },
    Exclusion {
        id: Option<String>,
    },
    /// Group and person with the reasons; the names are those of then.
    Routed {
        group: Option<String>,
        person: Option<String>,
        why: Vec<Why>,
    },
    Handling {
        from: Handling,
        to: Handling,
        agreed_by: Option<String>,
        note: Option<String>,
    },
    Remote {
        authorised_by: String,
        authorised_at: Time,
        note: String,
    },
    Work {
        kind: String,
        minutes: i64,
        on: String,
        note: String,
    },
    /// A quota is nearly or wholly used up.
    Quota {
        id: String,
        used_minutes: i64,
        limit_minutes: i64,
        used_up: bool,
    },
    /// Contacted again and again, or several customers with the same fault (P5-18).
    Attention {
        level: i64,
        why: AttentionWhy,
    },
    Quoted {
        days: i64,
        cents: i64,
        currency: String,
        note: String,
    },
    QuoteDecided {
        accepted: bool,
        by: String,
    },
    /// Another engineer after a complaint (P9-09).
    Excluded {
        name: String,
        reason: String,
    },
    /// Closed without a word of the customer (P3-11).
    Unanswered {
        days: i64,
    },
    /// A complaint about another ticket, and the other side of it.
    About {
        number: Number,
    },
    ComplainedOf {
        number: Number,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum AttentionWhy {
    Repeated {
        times: i64,
    },
    SameFault {
        tickets: i64,
    },
    LowRating {
        stars: i64,
    },
    /// The customer disagrees with the level.
    Contested,
}

/// The service columns of a ticket's row.
#[derive(Clone, Debug, FromRow)]
pub struct Placement {
    pub customer_id: Option<String>,
    pub contact_id: Option<String>,
    pub contract_id: Option<String>,
    pub installation_id: Option<String>,
    pub group_id: Option<String>,
    pub cause: Option<String>,
    pub cause_guessed: bool,
    pub exclusion: Option<String>,
    pub entitlement: Option<Json<Entitlement>>,
    pub fingerprint: Option<String>,
    pub attention: i64,
    #[sqlx(try_from = "String")]
    pub handling: Handling,
    /// The ticket a complaint is about.
    pub about_id: Option<String>,
    /// Who watches a complaint until it is closed.
    pub watcher_id: Option<String>,
}

impl Placement {
    pub fn known_cause(&self) -> Option<Cause> {
        self.cause.as_deref().and_then(|c| c.parse().ok())
    }
}

const COLUMNS: &str = "select customer_id, contact_id, contract_id, installation_id, group_id, cause, cause_guessed, exclusion, \
                       entitlement, fingerprint, attention, handling, about_id, watcher_id from ticket where id = $1";

pub async fn placement(db: &Db, ticket_id: &str) -> Result<Placement> {
    Ok(on!(db, p => sqlx::query_as(COLUMNS).bind(ticket_id).fetch_one(p).await)?)
}

pub async fn placement_in(tx: &mut Tx, ticket_id: &str) -> Result<Placement> {
    Ok(on_tx!(tx, c => sqlx::query_as(COLUMNS).bind(ticket_id).fetch_one(c).await)?)
}

/// Writes the service columns of a locked ticket.
pub async fn save(tx: &mut Tx, ticket_id: &str, p: &Placement) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "update ticket set customer_id = $2, contact_id = $3, contract_id = $4, installation_id = $5, group_id = $6, cause = $7, \
         cause_guessed = $8, exclusion = $9, entitlement = $10, fingerprint = $11, attention = $12, handling = $13, about_id = $14, \
         watcher_id = $15 where id = $1")
        .bind(ticket_id).bind(&p.customer_id).bind(&p.contact_id).bind(&p.contract_id).bind(&p.installation_id)
        .bind(&p.group_id).bind(&p.cause).bind(p.cause_guessed).bind(&p.exclusion).bind(&p.entitlement)
        .bind(&p.fingerprint).bind(p.attention).bind(p.handling.as_str()).bind(&p.about_id).bind(&p.watcher_id)
        .execute(c).await.map(drop))?;
    Ok(())
}
