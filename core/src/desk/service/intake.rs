//! P3-07: a case that came by phone, letter, fax or e-mail, logged by staff.
use crate::customers::{self, text_of};
use crate::desk::open::open_ticket;
use crate::desk::respond::{MAX_TEXT, required};
use crate::desk::{Change, Desk, NewRequest, Opened};
use crate::people::{self, Person};
use crate::store::Tx;
use crate::ticket::{Actor, Kind, NewTicket, Packet};
use crate::{Error, Result};

/// How a logged case came in.
pub const SOURCES: &[&str] = &["phone", "letter", "fax", "email", "internet"];

/// What staff write down. One of address and phone number is enough.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// One of `SOURCES`.
    pub source: String,
    /// `customer_email` may be empty here.
    pub request: NewRequest,
    pub phone: Option<String>,
}

impl Desk {
    pub async fn take_case(&self, actor: &Actor, case: &NewCase) -> Result<Opened> {
        let request = &case.request;
        required("title", &request.title, 200)?;
        required("text", &request.text, MAX_TEXT)?;
        if !SOURCES.contains(&case.source.as_str()) {
            return Err(Error::invalid("source", format!("is none of: {}", SOURCES.join(", "))));
        }
        let mut tx = self.db.begin().await?;
        let person = self.caller(&mut tx, actor, case).await?;
        let new = NewTicket {
            kind: request.kind,
            title: request.title.clone(),
            product: request.product.clone(),
            product_version: request.version.clone(),
            situation: request.situation,
            channel: case.source.clone(),
            conversation_id: None,
            person_id: person.id.clone(),
            packet: Packet::default(),
        };
        let opened =
            open_ticket(self, &mut tx, &new, Some(&request.text), &Actor::Customer(person.id)).await?;
        if let (Kind::Complaint, Actor::Staff(id)) = (request.kind, actor) {
            // P5-17: whoever takes a complaint watches it until it is closed.
            on_tx!(&mut tx, c => sqlx::query("update ticket set watcher_id = $2 where id = $1")
                .bind(&opened.ticket.id).bind(id).execute(c).await.map(drop))?;
        }
        customers::audit(&mut tx, &self.clock, actor, "case_logged", &opened.ticket.id, &case.source).await?;
        tx.commit().await?;
        self.signals.tell(vec![Change::Ticket(opened.ticket.number)]);
        Ok(opened)
    }

    /// Who called: by address, else by phone number; a contact with that number is they.
    async fn caller(&self, tx: &mut Tx, actor: &Actor, case: &NewCase) -> Result<Person> {
        let name = text_of("customer_name", &case.request.customer_name, 100)?;
        let email = case.request.customer_email.trim();
        if !email.is_empty() {
            return people::of_email(tx, &self.clock, email, &name).await;
        }
        let phone: String =
            case.phone.iter().flat_map(|p| p.chars()).filter(|c| c.is_ascii_digit() || *c == '+').collect();
        if !(5..=20).contains(&phone.len()) {
            return Err(Error::invalid("phone", "is required where there is no e-mail address"));
        }
        let person = people::of_identity(tx, &self.clock, "phone", "-", &phone, &name).await?;
        let contacts: Vec<customers::Contact> = on_tx!(&mut *tx, c => sqlx::query_as(
            "select * from contact where left_at is null and replace(replace(phone, '-', ''), ' ', '') = $1 limit 2")
            .bind(&phone).fetch_all(c).await)?;
        if let [contact] = contacts.as_slice() {
            customers::rows::contact::link(tx, &self.clock, &person.id, contact, "staff", actor).await?;
        }
        Ok(person)
    }
}
