//! Fetches what a step wants to know, and nothing else.
use firstline_core::desk::Turn;
use firstline_core::ticket::{Author, Heard, Number, rows};
use firstline_core::{Result, Time, conversation, files};

use super::Operator;
use crate::step::{Facts, TicketCard, TicketRef, Wants};
use crate::texts::Lang;

const TICKETS: i64 = 20;
const TRANSCRIPT: i64 = 60;
const FREQUENT: usize = 6;

impl Operator {
    pub(super) async fn look_up(&self, turn: &Turn, wants: &Wants, lang: Lang) -> Result<Facts> {
        let mut facts = Facts::default();
        let (known, tickets) = (&mut facts, self.tickets(turn, wants));
        let know = self.know(known, wants, lang, turn.person.product.as_deref(), FREQUENT);
        // The search works while the store answers.
        let ((), tickets) = tokio::try_join!(know, tickets)?;
        facts.tickets = tickets;
        if let Some(group) = &wants.group {
            facts.group = self.asked_in(turn, group).await?;
        }
        self.advise(turn, &mut facts, wants).await?;
        if let Some(number) = wants.ticket {
            facts.ticket = self.card(turn, number).await?;
        }
        if let Some(since) = wants.transcript {
            facts.transcript = self.transcript(&turn.conversation.id, since).await?;
        }
        for message in &wants.files_of {
            facts.attachments.extend(files::ids_of_message(&self.desk.db, message).await?);
        }
        Ok(facts)
    }

    async fn tickets(&self, turn: &Turn, wants: &Wants) -> Result<Vec<TicketRef>> {
        if !wants.tickets {
            return Ok(Vec::new());
        }
        let tickets = rows::of_person(&self.desk.db, &turn.person.id, TICKETS).await?;
        Ok(tickets.iter().map(TicketRef::from).collect())
    }

    /// One of the person's own tickets; another's is not found, as a missing one is not.
    async fn card(&self, turn: &Turn, number: Number) -> Result<Option<TicketCard>> {
        let db = &self.desk.db;
        let found = rows::by_number(db, number).await?.filter(|t| t.person_id == turn.person.id);
        let Some(ticket) = found else { return Ok(None) };
        let messages = rows::messages(db, &ticket.id).await?;
        let last = messages.into_iter().rev().find(|m| !m.internal);
        Ok(Some(TicketCard {
            clocks: rows::clocks(db, &ticket.id).await?,
            timeline: rows::timeline(db, &ticket.id).await?,
            link: self.desk.links.ticket(number, &ticket.id),
            last: last.map(|m| (m.author, m.text, m.created_at)),
            ticket,
        }))
    }

    /// What this person asked last in a group. A link of somebody else's tells nothing.
    async fn asked_in(&self, turn: &Turn, conversation_id: &str) -> Result<Option<String>> {
        let db = &self.desk.db;
        let found = conversation::by_id(db, conversation_id).await?;
        if found.is_none_or(|c| c.person_id != turn.person.id) {
            return Ok(None);
        }
        let said = conversation::transcript(db, conversation_id, None, TRANSCRIPT).await?;
        // A tap has no id of the platform, a command is no question.
        let asked = said.into_iter().rev().find(|m| {
            m.author == Author::Customer && m.external_id.is_some() && !m.text.trim_start().starts_with('/')
        });
        Ok(asked.map(|m| m.text))
    }

    async fn transcript(&self, conversation_id: &str, since: Time) -> Result<Vec<Heard>> {
        let messages = conversation::transcript(&self.desk.db, conversation_id, None, TRANSCRIPT).await?;
        let recent = messages.into_iter().filter(|m| m.created_at >= since);
        Ok(recent.map(|m| Heard { author: m.author, text: m.text, at: m.created_at }).collect())
    }
}
