//! Following the tickets: one that is solved becomes a case, one that is opened again is none any more.
use std::collections::HashMap;

use firstline_core::Result;
use firstline_core::store::Db;
use firstline_core::ticket::{Author, Ticket, moved, rows};

use super::store::{self, CaseRow};

/// Another process's clock may be behind, and what began earlier may be committed later: so far back is read again
/// (milliseconds).
const OVERLAP: i64 = 600_000;
/// Entries read, and cases written, at a time.
const PAGE: i64 = 200;
/// More of what was said is noise (characters).
const LONGEST: usize = 4000;

/// Tickets seen lately and their versions, so that the overlap costs one query.
pub(crate) type Seen = HashMap<String, i64>;

/// Brings the cases up to what happened on tickets so far. Doing it again, or beside another process, changes nothing.
pub(crate) async fn follow(db: &Db, lately: &mut Seen) -> Result<()> {
    let seen = store::seen(db).await?;
    let mut newest = seen;
    let mut place = moved::place_at(seen.plus_millis(-OVERLAP));
    let mut met = Seen::new();
    loop {
        let page = moved::after(db, &place, PAGE).await?;
        let Some(last) = page.last() else { break };
        place = last.entry_id.clone();
        let mut cases = Vec::new();
        for entry in page {
            newest = newest.max(entry.at);
            if met.insert(entry.ticket_id.clone(), entry.version) != Some(entry.version)
                && lately.get(&entry.ticket_id) != Some(&entry.version)
            {
                cases.extend(news(db, &entry.ticket_id).await?);
            }
        }
        store::put(db, &cases).await?;
    }
    if newest > seen {
        store::set_seen(db, newest).await?;
    }
    *lately = met;
    Ok(())
}

/// What a ticket's case must become, when it is not that already.
async fn news(db: &Db, ticket_id: &str) -> Result<Option<CaseRow>> {
    let Some(ticket) = rows::by_id(db, ticket_id).await? else { return Ok(None) };
    let known = store::version(db, ticket_id).await?;
    if known.is_some_and(|version| version >= ticket.version) || known.is_none() && ticket.status.is_open() {
        return Ok(None);
    }
    case_of(db, &ticket).await.map(Some)
}

async fn case_of(db: &Db, ticket: &Ticket) -> Result<CaseRow> {
    let messages = rows::messages(db, &ticket.id).await?;
    let said = messages.iter().filter(|m| m.author == Author::Customer).map(|m| m.text.trim());
    let question = said.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    let by_staff = |m: &&firstline_core::ticket::Message| m.author == Author::Staff && !m.internal;
    let answered = messages.iter().rev().filter(by_staff).find(|m| !m.text.trim().is_empty());
    Ok(CaseRow {
        ticket_id: ticket.id.clone(),
        ticket_version: ticket.version,
        number: ticket.number,
        title: ticket.title.clone(),
        product: ticket.product.clone(),
        product_version: ticket.product_version.clone(),
        question: question.chars().take(LONGEST).collect(),
        resolution: answered.map(|m| m.text.trim().chars().take(LONGEST).collect()).unwrap_or_default(),
        resolved_at: ticket.resolved_at.unwrap_or(ticket.updated_at),
        deleted: ticket.status.is_open(),
        change_no: 0,
    })
}
