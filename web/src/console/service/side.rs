//! What the ticket page shows of service: customer, contract, what is covered, group, handling, work,
//! estimates, related tickets.
use std::borrow::Cow;

use firstline_core::customers::{Contact, Contract, Customer, Installation, rows};
use firstline_core::desk::contracts::QuotaUse;
use firstline_core::desk::overrides::contract_terms;
use firstline_core::desk::place::suggested_exclusion;
use firstline_core::desk::service::quote::{self, QuoteRow};
use firstline_core::desk::service::work::{self, WORK_KINDS, WorkRow};
use firstline_core::desk::view::TicketView;
use firstline_core::entitlement::terms_of;
use firstline_core::groups;
use firstline_core::ticket::related::{self, Related};
use firstline_core::ticket::service::{Handling, Placement, Service};
use firstline_core::ticket::{Author, TimelineEntry};

use super::choices::{Choice, causes, choices, entitled, standing};
use crate::App;
use crate::pages::error::PageResult;
use crate::pages::said::service::reasons;
use crate::pages::{Page, times};

pub struct Side {
    pub customer: Option<Customer>,
    pub contact: Option<Contact>,
    pub contract: Option<Contract>,
    pub installation: Option<Installation>,
    pub standing: String,
    /// What was told the customer, in sentences.
    pub entitled: Vec<String>,
    /// `free`, `not_covered` and so on; empty where nothing is known.
    pub answer: String,
    pub group: String,
    /// Why it lies where it lies.
    pub why: String,
    pub attention: i64,
    pub causes: Vec<Choice>,
    pub guessed: bool,
    pub exclusions: Vec<Choice>,
    /// An exclusion that the words suggest and nobody picked.
    pub suggested: String,
    pub handling: Vec<Choice>,
    pub work: Vec<WorkRow>,
    pub work_total: String,
    pub work_kinds: Vec<Choice>,
    pub quotas: Vec<QuotaUse>,
    pub quotes: Vec<QuoteRow>,
    pub related: Vec<Related>,
    pub installations: Vec<Choice>,
    pub contacts: Vec<(String, String)>,
    pub today: String,
    pub watcher: String,
}

impl Side {
    pub fn quota_words(&self, quota: &QuotaUse, p: &Page) -> String {
        let title = quota.title.get(p.lang.tag()).cloned().unwrap_or_default();
        let (used, limit) = (quota.used_minutes as f64 / 480.0, quota.limit_minutes / 480);
        format!("{title} {used:.1} / {limit}")
    }
}

pub async fn of(app: &App, p: &Page, view: &TicketView) -> PageResult<Side> {
    let db = &app.desk.db;
    let t = &view.ticket;
    let place = firstline_core::ticket::service::placement(db, &t.id).await?;
    let customer = match &place.customer_id {
        Some(id) => rows::customer::by_id(db, id).await?,
        None => None,
    };
    let contact = match &place.contact_id {
        Some(id) => rows::contact::by_id(db, id).await?,
        None => None,
    };
    let contract = match &place.contract_id {
        Some(id) => rows::contract::by_id(db, id).await?,
        None => None,
    };
    let installation = match &place.installation_id {
        Some(id) => rows::installation::by_id(db, id).await?,
        None => None,
    };
    let stands = match &contract {
        Some(contract) => app.desk.standing_of(contract).await?,
        None => None,
    };
    let terms = contract.as_ref().map_or_else(|| Cow::Borrowed(terms_of(&t.plan)), contract_terms);
    let said = view.messages.iter().filter(|m| m.author == Author::Customer).map(|m| m.text.as_str());
    let words = std::iter::once(t.title.as_str()).chain(said).collect::<Vec<_>>().join("\n");
    let suggested = suggested_exclusion(&terms, &words).filter(|_| place.exclusion.is_none());
    let clause = |id: &str| {
        let found = terms.exclusion(id);
        found.and_then(|e| e.clause.get(p.lang.tag()).cloned()).unwrap_or_default()
    };
    let ids: Vec<&str> = terms.coverage.iter().flat_map(|c| &c.exclusions).map(|e| e.id.as_str()).collect();
    let picked = place.exclusion.clone().unwrap_or_default();
    let work = work::of_ticket(db, &t.id).await?;
    let today = match &customer {
        Some(customer) => rows::customer::today(customer, &app.desk.clock).to_string(),
        None => p.now.timestamp().to_zoned(p.zone.clone()).date().to_string(),
    };
    Ok(Side {
        standing: standing(p, stands.as_ref()),
        entitled: place.entitlement.as_ref().map(|e| entitled(p, e)).unwrap_or_default(),
        answer: place.entitlement.as_ref().map(|e| e.answer.to_string()).unwrap_or_default(),
        group: group_name(app, &place).await?,
        why: why(p, view),
        attention: place.attention,
        causes: causes(p, &[place.cause.as_deref().unwrap_or_default()]),
        guessed: place.cause_guessed && place.cause.is_some(),
        exclusions: choices(ids, &[picked.as_str()], clause),
        suggested: suggested.map(|id| clause(&id)).unwrap_or_default(),
        handling: choices(Handling::ALL.iter().map(|h| h.as_str()), &[place.handling.as_str()], |h| {
            p.word("handling", h)
        }),
        work_total: times::span(p.lang, work.iter().map(|w| w.minutes).sum::<i64>() * 60_000),
        work,
        work_kinds: choices(WORK_KINDS, &["support"], |k| p.word("work", k)),
        quotas: match &contract {
            Some(contract) => app.desk.quotas_of(contract).await?,
            None => Vec::new(),
        },
        quotes: quote::of_ticket(db, &t.id).await?,
        related: related::of(db, &t.id, 10).await?,
        installations: installations(app, &place).await?,
        contacts: match &customer {
            Some(_) => Vec::new(),
            None => offered(app).await?,
        },
        watcher: watcher(app, &place).await?,
        today,
        customer,
        contact,
        contract,
        installation,
    })
}

async fn group_name(app: &App, place: &Placement) -> PageResult<String> {
    let Some(id) = &place.group_id else { return Ok(String::new()) };
    Ok(groups::rows::by_id(&app.desk.db, id).await?.map(|g| g.name).unwrap_or_default())
}

async fn watcher(app: &App, place: &Placement) -> PageResult<String> {
    let Some(id) = &place.watcher_id else { return Ok(String::new()) };
    Ok(firstline_core::staff::by_id(&app.desk.db, id).await?.map(|s| s.name).unwrap_or_default())
}

async fn installations(app: &App, place: &Placement) -> PageResult<Vec<Choice>> {
    let Some(id) = &place.customer_id else { return Ok(Vec::new()) };
    let all = rows::installation::of_customer(&app.desk.db, id).await?;
    let one = |i: Installation| Choice {
        label: format!("{} · {} {}", i.name, i.product, i.product_version.unwrap_or_default()),
        chosen: place.installation_id.as_ref() == Some(&i.id),
        value: i.id,
    };
    Ok(all.into_iter().filter(|i| i.retired_at.is_none()).map(one).collect())
}

/// Contacts somebody unknown may be.
async fn offered(app: &App) -> PageResult<Vec<(String, String)>> {
    let found = rows::contact::search(&app.desk.db, "", 200).await?;
    let label =
        |(contact, customer): (Contact, String)| (contact.id, format!("{customer} · {}", contact.name));
    Ok(found.into_iter().map(label).collect())
}

/// The newest reason on the timeline.
fn why(p: &Page, view: &TicketView) -> String {
    let newest = view.timeline.iter().rev().find_map(|row| match &row.data.0 {
        TimelineEntry::Service { entry } => match &**entry {
            Service::Routed { why, .. } => Some(reasons(p, why)),
            _ => None,
        },
        TimelineEntry::Assigned { to: Some(_), .. } if row.actor == "staff" => Some(p.t("why-by-hand")),
        _ => None,
    });
    newest.unwrap_or_default()
}
