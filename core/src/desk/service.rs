//! Service on a ticket: whose it is, its cause and what is covered, who works on it and how, what was
//! done, quoted and agreed.
pub mod access;
mod handling;
mod intake;
mod link;
pub mod quote;
mod sign_off;
mod terms;
pub mod work;

use super::{Change, Desk, Notice, notify::notify};
use crate::clocks::ClockReading;
use crate::store::Tx;
use crate::ticket::{self, Actor, Number, Ticket, TimelineEntry, rows};
use crate::{Error, Result};

pub use handling::Authorisation;
pub use intake::{NewCase, SOURCES};
pub use quote::QuoteRow;
pub use sign_off::SIGN_OFF_DAYS;
pub use work::{NewWork, WORK_KINDS, WorkRow};

/// An open transaction on one locked ticket.
struct Job<'a> {
    desk: &'a Desk,
    tx: Tx,
    ticket: Ticket,
    changes: Vec<Change>,
}

impl Desk {
    async fn on_ticket(&self, number: Number) -> Result<Job<'_>> {
        let mut tx = self.db.begin().await?;
        let found = rows::lock(&mut tx, number).await?;
        let ticket = found.ok_or_else(|| Error::not_found("ticket", number.to_string()))?;
        Ok(Job { desk: self, tx, ticket, changes: vec![Change::Ticket(number)] })
    }
}

impl Job<'_> {
    async fn tell(&mut self, notice: &Notice) -> Result<()> {
        let change = notify(self.desk, &mut self.tx, &self.ticket, None, notice).await?;
        self.changes.extend(change);
        Ok(())
    }

    async fn apply(&mut self, actor: &Actor, entries: Vec<TimelineEntry>) -> Result<Vec<ClockReading>> {
        let plan = self.desk.plan_in(&mut self.tx, &self.ticket).await?;
        ticket::apply(&mut self.tx, &self.desk.clock, &plan, &mut self.ticket, actor, entries).await
    }

    async fn finish(mut self, actor: &Actor, entries: Vec<TimelineEntry>) -> Result<Ticket> {
        self.apply(actor, entries).await?;
        self.commit().await
    }

    async fn commit(self) -> Result<Ticket> {
        self.tx.commit().await?;
        self.desk.signals.tell(self.changes);
        Ok(self.ticket)
    }
}
