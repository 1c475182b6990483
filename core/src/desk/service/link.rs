//! Saying which contact a chat person is: by staff on the ticket page, or by the contact's own link.
use crate::customers::{Contact, rows as kept};
use crate::desk::place::{self, service};
use crate::desk::{Change, Desk, Links};
use crate::store::Tx;
use crate::ticket::service::Service;
use crate::ticket::{Actor, NewTicket, Number, Packet, Ticket, rows};
use crate::{Error, Result, people, secret};

impl Links {
    /// The link by which a contact says who they are.
    pub fn contact(&self, contact_id: &str) -> String {
        format!("{}/join/{contact_id}?key={}", self.public_url, self.contact_key(contact_id))
    }

    pub fn contact_key(&self, contact_id: &str) -> String {
        secret::sign(&self.secret, &format!("contact:{contact_id}"))
    }
}

impl Desk {
    /// The contact behind their own link. A wrong key and an unknown contact are told alike.
    pub async fn contact_by_link(&self, contact_id: &str, key: &str) -> Result<Contact> {
        let found = kept::contact::by_id(&self.db, contact_id).await?.filter(|c| c.left_at.is_none());
        found
            .filter(|c| secret::same(&self.links.contact_key(&c.id), key))
            .ok_or_else(|| Error::not_found("contact", contact_id))
    }

    /// Staff say on a ticket's page who its reporter is. All their open tickets follow.
    pub async fn link_reporter(
        &self,
        number: Number,
        actor: &Actor,
        contact_id: &str,
    ) -> Result<Vec<Number>> {
        let ticket = rows::by_number(&self.db, number).await?;
        let ticket = ticket.ok_or_else(|| Error::not_found("ticket", number.to_string()))?;
        self.link_person(&ticket.person_id, contact_id, "staff", actor).await
    }

    /// The holder of a contact's own link says that an account of a channel is theirs; it is made where it
    /// is new.
    pub async fn join(&self, contact: &Contact, channel: &str, bot: &str, account: &str) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let person = people::of_identity(&mut tx, &self.clock, channel, bot, account, &contact.name).await?;
        tx.commit().await?;
        let actor = Actor::Customer(person.id.clone());
        self.link_person(&person.id, &contact.id, "invitation", &actor).await.map(drop)
    }

    /// Links a person to a contact and puts their open tickets that have no customer under that contact's.
    pub async fn link_person(
        &self,
        person_id: &str,
        contact_id: &str,
        how: &str,
        actor: &Actor,
    ) -> Result<Vec<Number>> {
        let mut tx = self.db.begin().await?;
        let contact = kept::contact::by_id_in(&mut tx, contact_id).await?.filter(|c| c.left_at.is_none());
        let contact = contact.ok_or_else(|| Error::not_found("contact", contact_id))?;
        kept::contact::link(&mut tx, &self.clock, person_id, &contact, how, actor).await?;
        let data = serde_json::json!({ "person": person_id, "contact": contact.name, "how": how });
        crate::customers::audit(&mut tx, &self.clock, actor, "person_linked", &contact.customer_id, &data)
            .await?;
        let open: Vec<Number> = on_tx!(&mut tx, c => sqlx::query_scalar(
            "select number from ticket where person_id = $1 and resolved_at is null and customer_id is null order by number")
            .bind(person_id).fetch_all(c).await)?;
        for &number in &open {
            if let Some(ticket) = rows::lock(&mut tx, number).await? {
                self.follow(&mut tx, ticket, actor).await?;
            }
        }
        tx.commit().await?;
        self.signals.tell(open.iter().map(|n| Change::Ticket(*n)).collect());
        Ok(open)
    }

    /// Places a ticket that was opened before its reporter was known.
    async fn follow(&self, tx: &mut Tx, mut ticket: Ticket, actor: &Actor) -> Result<()> {
        let before = crate::ticket::service::placement_in(tx, &ticket.id).await?;
        let new = NewTicket {
            kind: ticket.kind,
            title: ticket.title.clone(),
            product: ticket.product.clone(),
            product_version: ticket.product_version.clone(),
            situation: ticket.situation(),
            channel: ticket.channel.clone(),
            conversation_id: ticket.conversation_id.clone(),
            person_id: ticket.person_id.clone(),
            packet: Packet::default(),
        };
        let said = rows::messages_in(tx, &ticket.id).await?;
        let words: Vec<&str> = said.iter().filter(|m| !m.internal).map(|m| m.text.as_str()).collect();
        let placed = place::place(self, tx, &new, &format!("{}\n{}", ticket.title, words.join("\n"))).await?;
        let mut placement = placed.placement.clone();
        placement.cause = before.cause.or(placement.cause);
        placement.cause_guessed = before.cause_guessed;
        placement.group_id = before.group_id;
        placement.attention = before.attention;
        placement.handling = before.handling;
        (placement.about_id, placement.watcher_id) = (before.about_id, before.watcher_id);
        if ticket.plan != placed.plan.id {
            ticket.plan.clone_from(&placed.plan.id);
            ticket.plan_version = i64::from(placed.plan.version);
            on_tx!(&mut *tx, c => sqlx::query("update ticket set plan = $2, plan_version = $3 where id = $1")
                .bind(&ticket.id).bind(&ticket.plan).bind(ticket.plan_version).execute(c).await.map(drop))?;
        }
        crate::ticket::service::save(tx, &ticket.id, &placement).await?;
        let mut entries = placed.entries();
        if entries.is_empty() {
            entries.push(service(Service::Placed { customer: None, contract: None, installation: None }));
        }
        crate::ticket::apply(tx, &self.clock, &placed.plan, &mut ticket, actor, entries).await?;
        Ok(())
    }
}
