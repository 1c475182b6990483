//! The customer itself.
use serde::Serialize;
use sqlx::FromRow;
use sqlx::types::Json;

use super::{refuse_nul, text_of};
use crate::{Error, Result, Time};

/// Where a customer is unless somebody says otherwise.
pub const DEFAULT_ZONE: &str = "Asia/Shanghai";

#[derive(Clone, Debug, PartialEq, FromRow, Serialize)]
pub struct Customer {
    pub id: String,
    pub name: String,
    /// A word of our own for where they are, such as `beijing`: plans and groups refer to it.
    pub region: Option<String>,
    /// IANA name of their time zone.
    pub zone: String,
    pub note: String,
    pub created_at: Time,
    pub version: i64,
}

/// A line of the list.
#[derive(Clone, Debug, FromRow)]
pub struct CustomerRow {
    pub id: String,
    pub name: String,
    pub region: Option<String>,
    pub contracts: i64,
    pub installations: i64,
    pub open_tickets: i64,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct NewCustomer {
    pub name: String,
    pub region: Option<String>,
    /// Empty: `DEFAULT_ZONE`.
    pub zone: String,
    pub note: String,
}

impl NewCustomer {
    pub(super) fn checked(&self) -> Result<NewCustomer> {
        let zone = if self.zone.trim().is_empty() { DEFAULT_ZONE } else { self.zone.trim() };
        jiff::tz::TimeZone::get(zone)
            .map_err(|_| Error::invalid("zone", format!("{zone:?} is no time zone such as Asia/Shanghai")))?;
        Ok(NewCustomer {
            name: text_of("name", &self.name, 200)?,
            region: region(self.region.as_deref())?,
            zone: zone.to_owned(),
            note: refuse_nul("note", &self.note, 4000)?,
        })
    }
}

/// A region's word: lower case, so that it compares.
pub(crate) fn region(text: Option<&str>) -> Result<Option<String>> {
    let text = refuse_nul("region", text.unwrap_or_default(), 60)?.to_lowercase();
    Ok(Some(text).filter(|t| !t.is_empty()))
}

#[derive(Clone, Debug, FromRow)]
pub struct AuditRow {
    pub at: Time,
    pub actor: String,
    pub actor_id: Option<String>,
    pub what: String,
    pub data: Json<serde_json::Value>,
}

pub mod rows {
    use super::{AuditRow, Customer, CustomerRow, NewCustomer};
    use crate::store::{Db, Tx};
    use crate::{Clock, Error, Result, customers};

    /// A name given twice is refused: two rows of one hospital would split its history.
    pub async fn insert(tx: &mut Tx, clock: &Clock, new: &NewCustomer) -> Result<Customer> {
        let new = new.checked()?;
        let made = on_tx!(tx, c => sqlx::query_as(
            "insert into customer (id, name, name_key, region, zone, note, created_at, version) \
             values ($1, $2, $3, $4, $5, $6, $7, 0) on conflict (name_key) do nothing returning *")
            .bind(clock.id()).bind(&new.name).bind(new.name.to_lowercase()).bind(&new.region).bind(&new.zone)
            .bind(&new.note).bind(clock.now()).fetch_optional(c).await)?;
        made.ok_or_else(|| Error::Conflict(format!("there is a customer called {:?} already", new.name)))
    }

    /// `version` is the one the writer saw.
    pub async fn update(tx: &mut Tx, id: &str, version: i64, new: &NewCustomer) -> Result<Customer> {
        let new = new.checked()?;
        let key = new.name.to_lowercase();
        let taken: Option<String> = on_tx!(&mut *tx, c => sqlx::query_scalar("select id from customer where name_key = $1 and id <> $2")
            .bind(&key).bind(id).fetch_optional(c).await)?;
        if taken.is_some() {
            return Err(Error::Conflict(format!("there is a customer called {:?} already", new.name)));
        }
        let changed = on_tx!(tx, c => sqlx::query_as(
            "update customer set name = $3, name_key = $4, region = $5, zone = $6, note = $7, version = version + 1 \
             where id = $1 and version = $2 returning *")
            .bind(id).bind(version).bind(&new.name).bind(key).bind(&new.region).bind(&new.zone).bind(&new.note)
            .fetch_optional(c).await)?;
        changed.ok_or_else(|| Error::Conflict("this customer was changed meanwhile".into()))
    }

    pub async fn by_id(db: &Db, id: &str) -> Result<Option<Customer>> {
        Ok(
            on!(db, p => sqlx::query_as("select * from customer where id = $1").bind(id).fetch_optional(p).await)?,
        )
    }

    pub async fn by_id_in(tx: &mut Tx, id: &str) -> Result<Option<Customer>> {
        Ok(
            on_tx!(tx, c => sqlx::query_as("select * from customer where id = $1").bind(id).fetch_optional(c).await)?,
        )
    }

    /// By name, after `(name_key, id)`; `text` is part of a name.
    pub async fn list(
        db: &Db,
        text: Option<&str>,
        after: Option<(&str, &str)>,
        limit: i64,
    ) -> Result<Vec<CustomerRow>> {
        let text = text.map(|t| format!("%{}%", t.trim().to_lowercase().replace(['%', '_', '\\'], "")));
        let (name, id) = after.unwrap_or(("", ""));
        Ok(on!(db, p => sqlx::query_as(
            "select u.id, u.name, u.region, \
             (select count(*) from contract k where k.customer_id = u.id) as contracts, \
             (select count(*) from installation i where i.customer_id = u.id and i.retired_at is null) as installations, \
             (select count(*) from ticket t where t.customer_id = u.id and t.resolved_at is null) as open_tickets \
             from customer u where (cast($1 as text) is null or u.name_key like $1) \
             and (u.name_key > $2 or (u.name_key = $2 and u.id > $3)) order by u.name_key, u.id limit $4")
            .bind(text).bind(name).bind(id).bind(limit).fetch_all(p).await)?)
    }

    /// After an id, in the order they were added; `text` is part of a name.
    pub async fn all(db: &Db, text: &str, after: Option<&str>, limit: i64) -> Result<Vec<Customer>> {
        let text = format!("%{}%", text.trim().to_lowercase().replace(['%', '_', '\\'], ""));
        Ok(
            on!(db, p => sqlx::query_as("select * from customer where id > $2 and name_key like $1 order by id limit $3")
            .bind(text).bind(after.unwrap_or("")).bind(limit).fetch_all(p).await)?,
        )
    }

    /// Ids and names, for choices; at most 500.
    pub async fn names(db: &Db) -> Result<Vec<(String, String)>> {
        Ok(
            on!(db, p => sqlx::query_as("select id, name from customer order by name_key limit 500").fetch_all(p).await)?,
        )
    }

    /// What was changed about a thing, newest first.
    pub async fn audit_of(db: &Db, subject_id: &str, limit: i64) -> Result<Vec<AuditRow>> {
        Ok(on!(db, p => sqlx::query_as(
            "select at, actor, actor_id, what, data from desk_audit where subject_id = $1 order by at desc, id desc limit $2")
            .bind(subject_id).bind(limit).fetch_all(p).await)?)
    }

    /// The customer's date today.
    pub fn today(customer: &Customer, clock: &Clock) -> jiff::civil::Date {
        customers::today(&customer.zone, clock.now())
    }
}
