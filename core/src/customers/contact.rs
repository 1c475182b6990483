//! People at a customer: their role there, which chat persons they are, leaving and successors.
use serde::Serialize;
use sqlx::FromRow;

use super::{refuse_nul, text_of};
use crate::people::normal_email;
use crate::{Result, Time};

text_enum! {
    /// What somebody does at the customer (P6-01); it orders the answers they get (P1-01).
    ContactRole ("role") {
        Administrator = "administrator",
        Dba = "dba",
        Operator = "operator",
        BusinessUser = "business_user",
        Retailer = "retailer",
        Manager = "manager",
    }
}

#[derive(Clone, Debug, PartialEq, FromRow, Serialize)]
pub struct Contact {
    pub id: String,
    pub customer_id: String,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    #[sqlx(try_from = "String")]
    pub role: ContactRole,
    /// When they left; their successor has their tickets since.
    pub left_at: Option<Time>,
    pub successor_id: Option<String>,
    pub created_at: Time,
}

#[derive(Clone, Debug, Serialize)]
pub struct NewContact {
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub role: ContactRole,
}

impl NewContact {
    pub(super) fn checked(&self) -> Result<NewContact> {
        let some = |t: &Option<String>| t.clone().filter(|t| !t.trim().is_empty());
        let email = some(&self.email).map(|e| normal_email(&e)).transpose()?;
        let phone = some(&self.phone).map(|p| refuse_nul("phone", &p, 40)).transpose()?;
        Ok(NewContact { name: text_of("name", &self.name, 100)?, email, phone, role: self.role })
    }
}

/// A chat person and the contact they are.
#[derive(Clone, Debug, FromRow)]
pub struct Linked {
    pub person_id: String,
    pub contact_id: String,
    /// `email`, `staff` or `invitation`.
    pub how: String,
    pub linked_at: Time,
}

pub mod rows {
    use super::{Contact, Linked, NewContact};
    use crate::store::{Db, Tx};
    use crate::ticket::Actor;
    use crate::{Clock, Error, Result};

    pub async fn insert(tx: &mut Tx, clock: &Clock, customer_id: &str, new: &NewContact) -> Result<Contact> {
        let new = new.checked()?;
        free_email(tx, new.email.as_deref(), "").await?;
        let made: Contact = on_tx!(&mut *tx, c => sqlx::query_as(
            "insert into contact (id, customer_id, name, email, phone, role, created_at) values ($1, $2, $3, $4, $5, $6, $7) returning *")
            .bind(clock.id()).bind(customer_id).bind(&new.name).bind(&new.email).bind(&new.phone)
            .bind(new.role.as_str()).bind(clock.now()).fetch_one(c).await)?;
        link_by_email(tx, clock, &made).await?;
        Ok(made)
    }

    pub async fn update(tx: &mut Tx, clock: &Clock, id: &str, new: &NewContact) -> Result<Contact> {
        let new = new.checked()?;
        free_email(tx, new.email.as_deref(), id).await?;
        let changed: Option<Contact> = on_tx!(&mut *tx, c => sqlx::query_as(
            "update contact set name = $2, email = $3, phone = $4, role = $5 where id = $1 and left_at is null returning *")
            .bind(id).bind(&new.name).bind(&new.email).bind(&new.phone).bind(new.role.as_str()).fetch_optional(c).await)?;
        let contact = changed.ok_or_else(|| Error::not_found("contact", id))?;
        link_by_email(tx, clock, &contact).await?;
        Ok(contact)
    }

    /// One address belongs to one contact who has not left.
    async fn free_email(tx: &mut Tx, email: Option<&str>, own_id: &str) -> Result<()> {
        let Some(email) = email else { return Ok(()) };
        let taken: Option<String> = on_tx!(tx, c => sqlx::query_scalar(
            "select name from contact where email = $1 and left_at is null and id <> $2")
            .bind(email).bind(own_id).fetch_optional(c).await)?;
        match taken {
            Some(name) => Err(Error::Conflict(format!("{email} is the address of {name} already"))),
            None => Ok(()),
        }
    }

    /// Whoever wrote from this address before is this contact.
    async fn link_by_email(tx: &mut Tx, clock: &Clock, contact: &Contact) -> Result<()> {
        let Some(email) = &contact.email else { return Ok(()) };
        let person: Option<String> = on_tx!(&mut *tx, c => sqlx::query_scalar("select id from person where email = $1")
            .bind(email).fetch_optional(c).await)?;
        match person {
            Some(person_id) => link(tx, clock, &person_id, contact, "email", &Actor::System).await,
            None => Ok(()),
        }
    }

    /// Says that a chat person is this contact; an earlier link of theirs is replaced.
    pub async fn link(
        tx: &mut Tx,
        clock: &Clock,
        person_id: &str,
        contact: &Contact,
        how: &str,
        by: &Actor,
    ) -> Result<()> {
        on_tx!(tx, c => sqlx::query(
            "insert into contact_link (person_id, contact_id, how, linked_by, linked_at) values ($1, $2, $3, $4, $5) \
             on conflict (person_id) do update set contact_id = excluded.contact_id, how = excluded.how, \
             linked_by = excluded.linked_by, linked_at = excluded.linked_at")
            .bind(person_id).bind(&contact.id).bind(how).bind(by.id()).bind(clock.now()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// The contact a person is: by their link, else by their address. None who left.
    pub async fn of_person(tx: &mut Tx, person_id: &str) -> Result<Option<Contact>> {
        let linked: Option<Contact> = on_tx!(&mut *tx, c => sqlx::query_as(
            "select k.* from contact k join contact_link l on l.contact_id = k.id where l.person_id = $1 and k.left_at is null")
            .bind(person_id).fetch_optional(c).await)?;
        if linked.is_some() {
            return Ok(linked);
        }
        Ok(on_tx!(tx, c => sqlx::query_as(
            "select k.* from contact k join person p on p.email = k.email where p.id = $1 and k.left_at is null")
            .bind(person_id).fetch_optional(c).await)?)
    }

    pub async fn by_id(db: &Db, id: &str) -> Result<Option<Contact>> {
        Ok(
            on!(db, p => sqlx::query_as("select * from contact where id = $1").bind(id).fetch_optional(p).await)?,
        )
    }

    pub async fn by_id_in(tx: &mut Tx, id: &str) -> Result<Option<Contact>> {
        Ok(
            on_tx!(tx, c => sqlx::query_as("select * from contact where id = $1").bind(id).fetch_optional(c).await)?,
        )
    }

    /// Of a customer; who left comes last.
    pub async fn of_customer(db: &Db, customer_id: &str) -> Result<Vec<Contact>> {
        Ok(on!(db, p => sqlx::query_as(
            "select * from contact where customer_id = $1 order by (left_at is not null), name, id limit 1000")
            .bind(customer_id).fetch_all(p).await)?)
    }

    /// All who have not left, with their customer's name; for the list, by part of a name or address.
    pub async fn search(db: &Db, text: &str, limit: i64) -> Result<Vec<(Contact, String)>> {
        let text = format!("%{}%", text.trim().to_lowercase().replace(['%', '_', '\\'], ""));
        let contacts: Vec<Contact> = on!(db, p => sqlx::query_as(
            "select k.* from contact k join customer u on u.id = k.customer_id where lower(k.name) like $1 or k.email like $1 \
             or u.name_key like $1 order by u.name_key, (k.left_at is not null), k.name, k.id limit $2")
            .bind(&text).bind(limit).fetch_all(p).await)?;
        let names: Vec<(String, String)> = on!(db, p => sqlx::query_as(
            "select k.id, u.name from contact k join customer u on u.id = k.customer_id where lower(k.name) like $1 or k.email like $1 \
             or u.name_key like $1 order by u.name_key, (k.left_at is not null), k.name, k.id limit $2")
            .bind(&text).bind(limit).fetch_all(p).await)?;
        Ok(contacts.into_iter().zip(names.into_iter().map(|(_, name)| name)).collect())
    }

    pub async fn links(db: &Db, contact_id: &str) -> Result<Vec<Linked>> {
        Ok(on!(db, p => sqlx::query_as(
            "select person_id, contact_id, how, linked_at from contact_link where contact_id = $1 order by linked_at")
            .bind(contact_id).fetch_all(p).await)?)
    }

    /// P10-05: somebody left. Their open tickets pass to the successor, who must be at the same customer.
    pub async fn leave(tx: &mut Tx, clock: &Clock, id: &str, successor_id: Option<&str>) -> Result<u64> {
        let contact = by_id_in(tx, id).await?.ok_or_else(|| Error::not_found("contact", id))?;
        if let Some(next) = successor_id {
            let next = by_id_in(tx, next).await?.filter(|c| c.left_at.is_none() && c.id != contact.id);
            if next.is_none_or(|c| c.customer_id != contact.customer_id) {
                return Err(Error::invalid(
                    "successor",
                    "must be somebody else at the same customer who has not left",
                ));
            }
        }
        let left = on_tx!(&mut *tx, c => sqlx::query(
            "update contact set left_at = $2, successor_id = $3 where id = $1 and left_at is null")
            .bind(id).bind(clock.now()).bind(successor_id).execute(c).await.map(|done| done.rows_affected()))?;
        if left == 0 {
            return Err(Error::Conflict(format!("{} has left already", contact.name)));
        }
        Ok(on_tx!(tx, c => sqlx::query(
            "update ticket set contact_id = $2 where contact_id = $1 and resolved_at is null")
            .bind(id).bind(successor_id).execute(c).await.map(|done| done.rows_affected()))?)
    }
}
