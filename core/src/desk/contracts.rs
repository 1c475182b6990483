//! Contracts: signing, changing, suspending, and the named engineer whom nobody replaces without the
//! customer's consent.
use super::overrides::contract_terms;
use super::{Change, Desk};
use crate::customers::{self, Contract, EngineerChange, NewContract, rows};
use crate::entitlement::{ContractYear, Standing, contract_year, terms_of};
use crate::staff::rights::{Right, demand};
use crate::store::Tx;
use crate::ticket::Actor;
use crate::{Error, Result};

/// How much of a quota is used in the contract year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotaUse {
    pub id: String,
    pub title: crate::entitlement::Words,
    pub clause: crate::entitlement::Words,
    pub year: ContractYear,
    pub used_minutes: i64,
    pub limit_minutes: i64,
}

/// A person-day of work.
pub const PERSON_DAY_MINUTES: i64 = 8 * 60;
/// From this share on a quota warns, in percent.
const NEARLY: i64 = 80;

impl QuotaUse {
    pub fn used_up(&self) -> bool {
        self.used_minutes >= self.limit_minutes
    }

    pub fn nearly(&self) -> bool {
        self.used_minutes * 100 >= self.limit_minutes * NEARLY
    }
}

impl Desk {
    pub async fn sign_contract(
        &self,
        actor: &Actor,
        customer_id: &str,
        new: &NewContract,
    ) -> Result<Contract> {
        let mut tx = self.db.begin().await?;
        demand(&mut tx, actor, Right::SignContracts).await?;
        let customer = rows::customer::by_id_in(&mut tx, customer_id).await?;
        customer.ok_or_else(|| Error::not_found("customer", customer_id))?;
        let new = self.checked_contract(new)?;
        let made = rows::contract::insert(&mut tx, &self.clock, customer_id, &new).await?;
        let base = self.plans.get(&made.plan)?;
        self.keep_contract_plan(&mut tx, &base, &made).await?;
        customers::audit(&mut tx, &self.clock, actor, "contract_signed", &made.id, &made).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// `before` is what the writer saw. Tickets keep what they were told.
    pub async fn change_contract(
        &self,
        actor: &Actor,
        before: &Contract,
        new: &NewContract,
    ) -> Result<Contract> {
        let mut tx = self.db.begin().await?;
        demand(&mut tx, actor, Right::SignContracts).await?;
        let new = self.checked_contract(new)?;
        let made = rows::contract::update(&mut tx, before, &new).await?;
        let base = self.plans.get(&made.plan)?;
        self.keep_contract_plan(&mut tx, &base, &made).await?;
        customers::audit(&mut tx, &self.clock, actor, "contract_changed", &made.id, &made).await?;
        tx.commit().await?;
        Ok(made)
    }

    fn checked_contract(&self, new: &NewContract) -> Result<NewContract> {
        let id = new.plan.trim();
        self.plans.get(id).map_err(|_| Error::invalid("plan", "is no plan of ours"))?;
        let new = new.checked(terms_of(id).coverage.as_ref())?;
        self.check_overrides(&new)?;
        Ok(new)
    }

    pub async fn contract(&self, id: &str) -> Result<Contract> {
        rows::contract::by_id(&self.db, id).await?.ok_or_else(|| Error::not_found("contract", id))
    }

    /// P2-01: where a contract stands today, in its customer's zone; `None` when its plan covers nothing.
    pub async fn standing_of(&self, contract: &Contract) -> Result<Option<Standing>> {
        let customer = self.customer(&contract.customer_id).await?;
        let on = customers::today(&customer.zone, self.clock.now());
        let terms = contract_terms(contract);
        Ok(terms.coverage.as_ref().map(|coverage| contract.standing(coverage, on)))
    }

    /// P3-13: suspends with a reason, or resumes with `None`. Reports are taken all the same.
    pub async fn suspend_contract(&self, actor: &Actor, id: &str, reason: Option<&str>) -> Result<Contract> {
        let reason = reason.map(|r| customers::text_of("reason", r, 500)).transpose()?;
        let mut tx = self.db.begin().await?;
        demand(&mut tx, actor, Right::SignContracts).await?;
        let made = rows::contract::suspend(&mut tx, &self.clock, id, reason.as_deref()).await?;
        let what = if reason.is_some() { "contract_suspended" } else { "contract_resumed" };
        customers::audit(&mut tx, &self.clock, actor, what, id, &reason).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// P7-09: names the engineer. Where somebody is named already the customer is asked first, and gives
    /// the question; until they agree nothing changes.
    pub async fn name_engineer(
        &self,
        actor: &Actor,
        contract_id: &str,
        staff_id: &str,
        reason: &str,
    ) -> Result<Option<EngineerChange>> {
        let mut tx = self.db.begin().await?;
        demand(&mut tx, actor, Right::SignContracts).await?;
        let contract = rows::contract::lock(&mut tx, contract_id).await?;
        let known = crate::staff::by_id_in(&mut tx, staff_id).await?;
        known.filter(|s| !s.disabled).ok_or_else(|| Error::invalid("engineer", "is nobody of the staff"))?;
        let asked = match contract.named_engineer_id.as_deref() {
            Some(now) if now == staff_id => return tx.rollback().await.map(|()| None),
            Some(now) => {
                let reason = customers::text_of("reason", reason, 500)?;
                let (clock, who) = (&self.clock, (now, staff_id));
                Some(rows::contract::ask_change(&mut tx, clock, &contract, who, &reason, actor).await?)
            }
            None => {
                rows::contract::set_engineer(&mut tx, contract_id, Some(staff_id)).await?;
                None
            }
        };
        let what = if asked.is_some() { "engineer_change_asked" } else { "engineer_named" };
        customers::audit(&mut tx, &self.clock, actor, what, contract_id, &staff_id).await?;
        tx.commit().await?;
        Ok(asked)
    }

    /// The customer's word on a change of the engineer. `by` is who said it at the customer; a second
    /// answer is refused.
    pub async fn decide_engineer(
        &self,
        actor: &Actor,
        change_id: &str,
        agreed: bool,
        by: &str,
    ) -> Result<()> {
        let by = customers::text_of("by", by, 100)?;
        let mut tx = self.db.begin().await?;
        let change = rows::contract::change_by_id(&mut tx, change_id).await?;
        let change = change.ok_or_else(|| Error::not_found("question", change_id))?;
        rows::contract::lock(&mut tx, &change.contract_id).await?;
        if !rows::contract::decide_change(&mut tx, &self.clock, change_id, agreed, &by).await? {
            return Err(Error::Conflict("this was decided already".into()));
        }
        if agreed {
            rows::contract::set_engineer(&mut tx, &change.contract_id, Some(&change.to_id)).await?;
        }
        let data = serde_json::json!({ "agreed": agreed, "by": by, "to": change.to_id });
        customers::audit(&mut tx, &self.clock, actor, "engineer_change_decided", &change.contract_id, &data)
            .await?;
        tx.commit().await?;
        self.signals.tell(Vec::<Change>::new());
        Ok(())
    }

    /// Every quota of a contract with its use in the contract year of today.
    pub async fn quotas_of(&self, contract: &Contract) -> Result<Vec<QuotaUse>> {
        let customer = self.customer(&contract.customer_id).await?;
        let on = customers::today(&customer.zone, self.clock.now());
        let mut tx = self.db.begin().await?;
        let uses = self.quotas_in(&mut tx, contract, on).await?;
        tx.rollback().await?;
        Ok(uses)
    }

    /// As `quotas_of` for the contract year that `on` lies in, inside a transaction.
    pub(super) async fn quotas_in(
        &self,
        tx: &mut Tx,
        contract: &Contract,
        on: jiff::civil::Date,
    ) -> Result<Vec<QuotaUse>> {
        let terms = contract_terms(contract);
        let (Some(coverage), Some(year)) = (&terms.coverage, contract_year(contract.accepted(), on)) else {
            return Ok(Vec::new());
        };
        let mut uses = Vec::new();
        for quota in &coverage.quotas {
            let mut used_minutes = 0;
            for kind in &quota.work {
                used_minutes += minutes(tx, &contract.id, kind, year).await?;
            }
            let days = contract.quotas.0.get(&quota.id).copied().unwrap_or(quota.person_days);
            let (title, clause) = (quota.title.clone(), quota.clause.clone());
            let limit_minutes = days * PERSON_DAY_MINUTES;
            uses.push(QuotaUse { id: quota.id.clone(), title, clause, year, used_minutes, limit_minutes });
        }
        Ok(uses)
    }
}

/// Minutes of work of one kind under a contract in a year.
async fn minutes(tx: &mut Tx, contract_id: &str, kind: &str, year: ContractYear) -> Result<i64> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "select cast(coalesce(sum(minutes), 0) as bigint) from work_log where contract_id = $1 and kind = $2 and on_date >= $3 and on_date < $4")
        .bind(contract_id).bind(kind).bind(year.from.to_string()).bind(year.to.to_string()).fetch_one(c).await)?)
}
