//! Contracts: which plan applies to a customer from which day, with what lengths, quotas and exceptions.
use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use sqlx::types::Json;

use super::{date_of, refuse_nul, text_of};
use crate::entitlement::{Agreed, Coverage, Length, Standing, standing};
use crate::{Error, Result, Time};

/// Person-days a contract year by quota id, where they differ from the plan's.
pub type Quotas = BTreeMap<String, i64>;

#[derive(Clone, Debug, PartialEq, FromRow, Serialize)]
pub struct Contract {
    pub id: String,
    pub customer_id: String,
    /// The number on paper; nobody else has it.
    pub number: String,
    /// A plan's id.
    pub plan: String,
    /// `YYYY-MM-DD`; `None`: not accepted yet.
    pub accepted_on: Option<String>,
    /// Instead of the plan's lengths.
    pub warranty_months: Option<i64>,
    pub maintenance_months: Option<i64>,
    pub suspended_at: Option<Time>,
    pub suspended_reason: Option<String>,
    pub named_engineer_id: Option<String>,
    /// Products on the contract; empty: every one of ours.
    pub products: Json<Vec<String>>,
    /// Exclusions of the plan that this contract waives.
    pub exclusions: Json<Vec<String>>,
    pub quotas: Json<Quotas>,
    /// Keys of a plan file that differ, as TOML; empty: none.
    pub overrides: String,
    pub created_at: Time,
    pub version: i64,
}

impl Contract {
    pub fn accepted(&self) -> Option<Date> {
        self.accepted_on.as_deref().and_then(|text| text.parse().ok())
    }

    /// As entitlement reads it.
    pub fn agreed(&self) -> Agreed {
        let length = |months: Option<i64>| months.and_then(|n| Length::months(n).ok());
        Agreed {
            accepted_on: self.accepted(),
            warranty: length(self.warranty_months),
            maintenance: length(self.maintenance_months),
            suspended: self.suspended_at.is_some(),
            products: self.products.0.clone(),
            waived: self.exclusions.0.clone(),
        }
    }

    /// Where it stands on a day of the customer's (P2-01).
    pub fn standing(&self, coverage: &Coverage, on: Date) -> Standing {
        standing(coverage, &self.agreed(), on)
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NewContract {
    pub number: String,
    pub plan: String,
    pub accepted_on: Option<String>,
    pub warranty_months: Option<i64>,
    pub maintenance_months: Option<i64>,
    pub products: Vec<String>,
    pub exclusions: Vec<String>,
    pub quotas: Quotas,
    pub overrides: String,
}

impl NewContract {
    /// `coverage` is the plan's.
    pub(crate) fn checked(&self, coverage: Option<&Coverage>) -> Result<NewContract> {
        let accepted = self.accepted_on.as_deref().filter(|t| !t.trim().is_empty());
        for (field, months) in
            [("warranty_months", self.warranty_months), ("maintenance_months", self.maintenance_months)]
        {
            if let Some(n) = months {
                Length::months(n).map_err(|_| Error::invalid(field, "must be 0 to 1200"))?;
            }
        }
        let known = |id: &str| coverage.is_some_and(|c| c.exclusion(id).is_some());
        if let Some(id) = self.exclusions.iter().find(|id| !known(id)) {
            return Err(Error::invalid("exclusions", format!("{id:?} is no exclusion of this plan")));
        }
        for (id, days) in &self.quotas {
            if !coverage.is_some_and(|c| c.quotas.iter().any(|q| q.id == *id)) {
                return Err(Error::invalid("quotas", format!("{id:?} is no quota of this plan")));
            }
            if !(0..=10_000).contains(days) {
                return Err(Error::invalid(
                    "quotas",
                    format!("{id}: {days} person-days, 0 to 10000 are possible"),
                ));
            }
        }
        let products: Result<Vec<String>> =
            self.products.iter().map(|p| text_of("products", p, 200)).collect();
        Ok(NewContract {
            number: text_of("number", &self.number, 100)?,
            plan: self.plan.trim().to_owned(),
            accepted_on: accepted.map(|t| date_of("accepted_on", t)).transpose()?.map(|d| d.to_string()),
            products: products?,
            overrides: refuse_nul("overrides", &self.overrides, 20_000)?,
            ..self.clone()
        })
    }
}

/// A replacement of the named engineer that the customer is asked about (P7-09).
#[derive(Clone, Debug, FromRow, Serialize)]
pub struct EngineerChange {
    pub id: String,
    pub contract_id: String,
    pub from_id: String,
    pub to_id: String,
    pub reason: String,
    /// `asked`, `agreed` or `declined`.
    pub state: String,
    pub asked_at: Time,
    pub decided_by: Option<String>,
    pub decided_at: Option<Time>,
}

pub mod rows {
    use sqlx::types::Json;

    use super::{Contract, EngineerChange, NewContract};
    use crate::store::{Db, Tx};
    use crate::ticket::Actor;
    use crate::{Clock, Error, Result};

    /// `new` is checked.
    pub async fn insert(
        tx: &mut Tx,
        clock: &Clock,
        customer_id: &str,
        new: &NewContract,
    ) -> Result<Contract> {
        let made = on_tx!(tx, c => sqlx::query_as(
            "insert into contract (id, customer_id, number, plan, accepted_on, warranty_months, maintenance_months, \
             products, exclusions, quotas, overrides, created_at, version) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0) on conflict (number) do nothing returning *")
            .bind(clock.id()).bind(customer_id).bind(&new.number).bind(&new.plan).bind(&new.accepted_on)
            .bind(new.warranty_months).bind(new.maintenance_months).bind(Json(&new.products))
            .bind(Json(&new.exclusions)).bind(Json(&new.quotas)).bind(&new.overrides).bind(clock.now())
            .fetch_optional(c).await)?;
        made.ok_or_else(|| Error::Conflict(format!("there is a contract {:?} already", new.number)))
    }

    /// `before` is what the writer saw; `new` is checked.
    pub async fn update(tx: &mut Tx, before: &Contract, new: &NewContract) -> Result<Contract> {
        let taken: Option<String> = on_tx!(&mut *tx, c => sqlx::query_scalar("select id from contract where number = $1 and id <> $2")
            .bind(&new.number).bind(&before.id).fetch_optional(c).await)?;
        if taken.is_some() {
            return Err(Error::Conflict(format!("there is a contract {:?} already", new.number)));
        }
        let changed = on_tx!(tx, c => sqlx::query_as(
            "update contract set number = $3, plan = $4, accepted_on = $5, warranty_months = $6, maintenance_months = $7, \
             products = $8, exclusions = $9, quotas = $10, overrides = $11, version = version + 1 \
             where id = $1 and version = $2 returning *")
            .bind(&before.id).bind(before.version).bind(&new.number).bind(&new.plan).bind(&new.accepted_on)
            .bind(new.warranty_months).bind(new.maintenance_months).bind(Json(&new.products))
            .bind(Json(&new.exclusions)).bind(Json(&new.quotas)).bind(&new.overrides).fetch_optional(c).await)?;
        changed.ok_or_else(|| Error::Conflict("this contract was changed meanwhile".into()))
    }

    /// Suspends (with a reason) or resumes.
    pub async fn suspend(tx: &mut Tx, clock: &Clock, id: &str, reason: Option<&str>) -> Result<Contract> {
        let changed = on_tx!(tx, c => sqlx::query_as(
            "update contract set suspended_at = $2, suspended_reason = $3, version = version + 1 where id = $1 returning *")
            .bind(id).bind(reason.map(|_| clock.now())).bind(reason).fetch_optional(c).await)?;
        changed.ok_or_else(|| Error::not_found("contract", id))
    }

    pub async fn set_engineer(tx: &mut Tx, id: &str, staff_id: Option<&str>) -> Result<()> {
        on_tx!(tx, c => sqlx::query("update contract set named_engineer_id = $2, version = version + 1 where id = $1")
            .bind(id).bind(staff_id).execute(c).await.map(drop))?;
        Ok(())
    }

    pub async fn by_id(db: &Db, id: &str) -> Result<Option<Contract>> {
        Ok(
            on!(db, p => sqlx::query_as("select * from contract where id = $1").bind(id).fetch_optional(p).await)?,
        )
    }

    pub async fn by_id_in(tx: &mut Tx, id: &str) -> Result<Option<Contract>> {
        Ok(
            on_tx!(tx, c => sqlx::query_as("select * from contract where id = $1").bind(id).fetch_optional(c).await)?,
        )
    }

    /// Reads it and holds its row: two decisions about one contract wait for each other.
    pub async fn lock(tx: &mut Tx, id: &str) -> Result<Contract> {
        let row = on_tx!(tx, c => sqlx::query_as("update contract set version = version where id = $1 returning *")
            .bind(id).fetch_optional(c).await)?;
        row.ok_or_else(|| Error::not_found("contract", id))
    }

    /// Contracts under a plan that override something.
    pub async fn overriding(tx: &mut Tx, plan: &str) -> Result<Vec<Contract>> {
        Ok(
            on_tx!(tx, c => sqlx::query_as("select * from contract where plan = $1 and overrides <> '' order by id")
            .bind(plan).fetch_all(c).await)?,
        )
    }

    pub async fn of_customer(db: &Db, customer_id: &str) -> Result<Vec<Contract>> {
        Ok(
            on!(db, p => sqlx::query_as("select * from contract where customer_id = $1 order by created_at desc, id limit 200")
            .bind(customer_id).fetch_all(p).await)?,
        )
    }

    pub async fn of_customer_in(tx: &mut Tx, customer_id: &str) -> Result<Vec<Contract>> {
        Ok(
            on_tx!(tx, c => sqlx::query_as("select * from contract where customer_id = $1 order by created_at desc, id limit 200")
            .bind(customer_id).fetch_all(c).await)?,
        )
    }

    /// After an id, oldest first; `text` is part of a number or a customer's name.
    pub async fn list(db: &Db, text: &str, after: Option<&str>, limit: i64) -> Result<Vec<Contract>> {
        let text = format!("%{}%", text.trim().to_lowercase().replace(['%', '_', '\\'], ""));
        Ok(on!(db, p => sqlx::query_as(
            "select k.* from contract k join customer u on u.id = k.customer_id where k.id > $2 and \
             (lower(k.number) like $1 or u.name_key like $1) order by k.id limit $3")
            .bind(text).bind(after.unwrap_or("")).bind(limit).fetch_all(p).await)?)
    }

    pub async fn ask_change(
        tx: &mut Tx,
        clock: &Clock,
        contract: &Contract,
        (from, to): (&str, &str),
        reason: &str,
        by: &Actor,
    ) -> Result<EngineerChange> {
        Ok(on_tx!(tx, c => sqlx::query_as(
            "insert into engineer_change (id, contract_id, from_id, to_id, reason, state, asked_by, asked_at) \
             values ($1, $2, $3, $4, $5, 'asked', $6, $7) returning *")
            .bind(clock.id()).bind(&contract.id).bind(from).bind(to).bind(reason).bind(by.id().unwrap_or_default())
            .bind(clock.now()).fetch_one(c).await)?)
    }

    /// The customer's word; false when somebody answered before.
    pub async fn decide_change(tx: &mut Tx, clock: &Clock, id: &str, agreed: bool, by: &str) -> Result<bool> {
        let state = if agreed { "agreed" } else { "declined" };
        let changed = on_tx!(tx, c => sqlx::query(
            "update engineer_change set state = $2, decided_by = $3, decided_at = $4 where id = $1 and state = 'asked'")
            .bind(id).bind(state).bind(by).bind(clock.now()).execute(c).await.map(|done| done.rows_affected()))?;
        Ok(changed == 1)
    }

    pub async fn change_by_id(tx: &mut Tx, id: &str) -> Result<Option<EngineerChange>> {
        Ok(
            on_tx!(tx, c => sqlx::query_as("select * from engineer_change where id = $1").bind(id).fetch_optional(c).await)?,
        )
    }

    /// Newest first.
    pub async fn changes(db: &Db, contract_id: &str) -> Result<Vec<EngineerChange>> {
        Ok(
            on!(db, p => sqlx::query_as("select * from engineer_change where contract_id = $1 order by asked_at desc, id desc limit 50")
            .bind(contract_id).fetch_all(p).await)?,
        )
    }
}
