//! How a case is handled: chat, phone, remote, on site, in this order (P2-10, P10-02). A remote session
//! cannot be recorded without who authorised it (P3-08); a visit needs the customer's agreement.
use crate::customers::text_of;
use crate::desk::Desk;
use crate::desk::place::service;
use crate::ticket::service::{Handling, Service, placement_in};
use crate::ticket::{Actor, Number, Ticket};
use crate::{Error, Result, Time};

/// Who at the customer allowed a remote session, and when.
#[derive(Clone, Debug)]
pub struct Authorisation {
    pub by: String,
    pub at: Time,
}

impl Desk {
    /// Moves on to the next way of handling, or back to any earlier one. `agreed_by` is who at the
    /// customer agreed to a visit. A step may be skipped with a note that says why.
    pub async fn handle_by(
        &self,
        number: Number,
        actor: &Actor,
        to: Handling,
        agreed_by: Option<&str>,
        note: Option<&str>,
    ) -> Result<Ticket> {
        let filled = |t: Option<&str>| t.map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        let (agreed_by, note) = (filled(agreed_by), filled(note));
        let mut job = self.on_ticket(number).await?;
        let mut placement = placement_in(&mut job.tx, &job.ticket.id).await?;
        let from = placement.handling;
        if from == to {
            return Ok(job.ticket);
        }
        if to == Handling::OnSite && agreed_by.is_none() {
            return Err(Error::invalid("agreed_by", "is required: a visit needs the customer's agreement"));
        }
        let step = |h: Handling| Handling::ALL.iter().position(|x| *x == h).unwrap_or_default();
        if step(to) > step(from) + 1 && note.is_none() {
            let next = Handling::ALL[step(from) + 1];
            return Err(Error::invalid(
                "note",
                format!("is required to skip {next}: say why it cannot help"),
            ));
        }
        placement.handling = to;
        job.keep(&placement).await?;
        let entry = service(Service::Handling { from, to, agreed_by, note });
        job.finish(actor, vec![entry]).await
    }

    /// Records a remote session with its authorisation.
    pub async fn log_remote(
        &self,
        number: Number,
        actor: &Actor,
        authorised: &Authorisation,
        note: &str,
    ) -> Result<Ticket> {
        let by = text_of("authorised_by", &authorised.by, 100)?;
        let note = crate::customers::refuse_nul("note", note, 4000)?;
        let now = self.clock.now();
        if authorised.at > now {
            return Err(Error::invalid("authorised_at", "lies in the future: ask before you connect"));
        }
        let mut job = self.on_ticket(number).await?;
        on_tx!(&mut job.tx, c => sqlx::query(
            "insert into remote_session (id, ticket_id, staff_id, authorised_by, authorised_at, note, created_at) values ($1, $2, $3, $4, $5, $6, $7)")
            .bind(self.clock.id()).bind(&job.ticket.id).bind(actor.id()).bind(&by).bind(authorised.at).bind(&note).bind(now)
            .execute(c).await.map(drop))?;
        let entry = service(Service::Remote { authorised_by: by, authorised_at: authorised.at, note });
        job.finish(actor, vec![entry]).await
    }
}
