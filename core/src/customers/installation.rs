//! What a customer runs (P2-04): system, product, version, place, and the operation archive with its
//! dated entries and every ticket on it.
use serde::Serialize;
use sqlx::FromRow;

use super::{record, refuse_nul, text_of};
use crate::{Result, Time};

text_enum! {
    /// What an entry of the operation archive is about.
    EntryKind ("entry kind") {
        State = "state",
        Equipment = "equipment",
        /// How well the operators know the system.
        Operators = "operators",
        /// Changes of the customer's staff.
        Staff = "staff",
        Version = "version",
        Visit = "visit",
        Other = "other",
    }
}

#[derive(Clone, Debug, PartialEq, FromRow, Serialize)]
pub struct Installation {
    pub id: String,
    pub customer_id: String,
    pub contract_id: Option<String>,
    /// What the customer calls the system.
    pub name: String,
    pub product: String,
    pub product_version: Option<String>,
    pub region: Option<String>,
    pub created_at: Time,
    pub retired_at: Option<Time>,
    pub version: i64,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct NewInstallation {
    pub contract_id: Option<String>,
    pub name: String,
    pub product: String,
    pub product_version: Option<String>,
    pub region: Option<String>,
}

impl NewInstallation {
    pub(super) fn checked(&self) -> Result<NewInstallation> {
        let some = |t: &Option<String>| t.clone().filter(|t| !t.trim().is_empty());
        Ok(NewInstallation {
            contract_id: some(&self.contract_id),
            name: text_of("name", &self.name, 200)?,
            product: text_of("product", &self.product, 200)?,
            product_version: some(&self.product_version)
                .map(|v| refuse_nul("version", &v, 200))
                .transpose()?,
            region: record::region(self.region.as_deref())?,
        })
    }
}

#[derive(Clone, Debug, FromRow, Serialize)]
pub struct InstallationEntry {
    pub id: String,
    /// `YYYY-MM-DD`.
    pub on_date: String,
    #[sqlx(try_from = "String")]
    pub kind: EntryKind,
    pub text: String,
    pub staff_id: Option<String>,
    pub created_at: Time,
}

pub mod rows {
    use super::{EntryKind, Installation, InstallationEntry, NewInstallation};
    use crate::customers::{date_of, text_of};
    use crate::store::{Db, Tx};
    use crate::{Clock, Error, Result};

    pub async fn insert(
        tx: &mut Tx,
        clock: &Clock,
        customer_id: &str,
        new: &NewInstallation,
    ) -> Result<Installation> {
        let new = new.checked()?;
        own_contract(tx, customer_id, new.contract_id.as_deref()).await?;
        Ok(on_tx!(tx, c => sqlx::query_as(
            "insert into installation (id, customer_id, contract_id, name, product, product_version, region, created_at, version) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, 0) returning *")
            .bind(clock.id()).bind(customer_id).bind(&new.contract_id).bind(&new.name).bind(&new.product)
            .bind(&new.product_version).bind(&new.region).bind(clock.now()).fetch_one(c).await)?)
    }

    pub async fn update(tx: &mut Tx, before: &Installation, new: &NewInstallation) -> Result<Installation> {
        let new = new.checked()?;
        own_contract(tx, &before.customer_id, new.contract_id.as_deref()).await?;
        let changed = on_tx!(tx, c => sqlx::query_as(
            "update installation set contract_id = $3, name = $4, product = $5, product_version = $6, region = $7, \
             version = version + 1 where id = $1 and version = $2 returning *")
            .bind(&before.id).bind(before.version).bind(&new.contract_id).bind(&new.name).bind(&new.product)
            .bind(&new.product_version).bind(&new.region).fetch_optional(c).await)?;
        changed.ok_or_else(|| Error::Conflict("this installation was changed meanwhile".into()))
    }

    async fn own_contract(tx: &mut Tx, customer_id: &str, contract_id: Option<&str>) -> Result<()> {
        let Some(id) = contract_id else { return Ok(()) };
        let found: Option<String> = on_tx!(tx, c => sqlx::query_scalar(
            "select id from contract where id = $1 and customer_id = $2").bind(id).bind(customer_id).fetch_optional(c).await)?;
        found.map(drop).ok_or_else(|| Error::invalid("contract", "is none of this customer's"))
    }

    pub async fn by_id(db: &Db, id: &str) -> Result<Option<Installation>> {
        Ok(
            on!(db, p => sqlx::query_as("select * from installation where id = $1").bind(id).fetch_optional(p).await)?,
        )
    }

    pub async fn of_customer(db: &Db, customer_id: &str) -> Result<Vec<Installation>> {
        Ok(on!(db, p => sqlx::query_as(
            "select * from installation where customer_id = $1 order by (retired_at is not null), name, id limit 1000")
            .bind(customer_id).fetch_all(p).await)?)
    }

    pub async fn of_customer_in(tx: &mut Tx, customer_id: &str) -> Result<Vec<Installation>> {
        Ok(on_tx!(tx, c => sqlx::query_as(
            "select * from installation where customer_id = $1 and retired_at is null order by name, id limit 1000")
            .bind(customer_id).fetch_all(c).await)?)
    }

    /// After `(name, id)` over all customers, with the customer's name.
    pub async fn list(db: &Db, text: &str, after: Option<&str>, limit: i64) -> Result<Vec<Installation>> {
        let text = format!("%{}%", text.trim().to_lowercase().replace(['%', '_', '\\'], ""));
        Ok(on!(db, p => sqlx::query_as(
            "select i.* from installation i join customer u on u.id = i.customer_id where i.id > $2 and \
             (lower(i.name) like $1 or lower(i.product) like $1 or u.name_key like $1) order by i.id limit $3")
            .bind(text).bind(after.unwrap_or("")).bind(limit).fetch_all(p).await)?)
    }

    /// Adds a dated entry; entries are never changed.
    pub async fn note(
        tx: &mut Tx,
        clock: &Clock,
        installation_id: &str,
        on_date: &str,
        kind: EntryKind,
        text: &str,
        staff_id: Option<&str>,
    ) -> Result<()> {
        let (on_date, text) = (date_of("date", on_date)?, text_of("text", text, 4000)?);
        on_tx!(tx, c => sqlx::query(
            "insert into installation_entry (id, installation_id, on_date, kind, text, staff_id, created_at) values ($1, $2, $3, $4, $5, $6, $7)")
            .bind(clock.id()).bind(installation_id).bind(on_date.to_string()).bind(kind.as_str()).bind(text)
            .bind(staff_id).bind(clock.now()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// The archive, newest first.
    pub async fn entries(db: &Db, installation_id: &str) -> Result<Vec<InstallationEntry>> {
        Ok(on!(db, p => sqlx::query_as(
            "select id, on_date, kind, text, staff_id, created_at from installation_entry where installation_id = $1 \
             order by on_date desc, id desc limit 1000").bind(installation_id).fetch_all(p).await)?)
    }

    pub async fn retire(tx: &mut Tx, clock: &Clock, id: &str) -> Result<()> {
        on_tx!(tx, c => sqlx::query("update installation set retired_at = $2, version = version + 1 where id = $1 and retired_at is null")
            .bind(id).bind(clock.now()).execute(c).await.map(drop))?;
        Ok(())
    }
}
