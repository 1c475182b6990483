//! The plan and the terms of a contract: its plan's, with what the contract overrides. Each combination is
//! kept as a version of its own, so that tickets keep what they were promised.
use std::borrow::Cow;
use std::sync::Arc;

use super::Desk;
use crate::customers::{Contract, NewContract, rows};
use crate::entitlement::{Terms, source_of, terms_of};
use crate::plan::{Fault, Plan, overrides};
use crate::store::Tx;
use crate::ticket::PlanRef;
use crate::{Error, Result};

/// What a contract's overrides are called in errors.
fn file(number: &str) -> String {
    format!("overrides of {number}")
}

fn refused(number: &str, faults: &[Fault]) -> Error {
    let all: Vec<String> = faults.iter().map(|f| format!("{}: {f}", file(number))).collect();
    Error::invalid("overrides", all.join("\n"))
}

/// The terms of a contract. Overrides are checked when they are signed; should a later change of the plan not
/// go with them, the plan's own terms hold.
pub fn contract_terms(contract: &Contract) -> Cow<'static, Terms> {
    let plain = terms_of(&contract.plan);
    if contract.overrides.trim().is_empty() {
        return Cow::Borrowed(plain);
    }
    match overrides::merge_terms(&file(&contract.number), source_of(&contract.plan), &contract.overrides) {
        Ok(terms) => Cow::Owned(terms),
        Err(error) => {
            tracing::error!(%error, contract = contract.number, "the plan's own terms hold instead");
            Cow::Borrowed(plain)
        }
    }
}

impl Desk {
    /// The plan that a contract's new tickets get.
    pub async fn contract_plan(&self, contract: &Contract) -> Result<Arc<Plan>> {
        let mut tx = self.db.begin().await?;
        let plan = self.contract_plan_in(&mut tx, contract).await?;
        tx.commit().await?;
        Ok(plan)
    }

    /// As `contract_plan`: the newest version that was kept.
    pub(super) async fn contract_plan_in(&self, tx: &mut Tx, contract: &Contract) -> Result<Arc<Plan>> {
        let base = self.plans.get(&contract.plan)?;
        if contract.overrides.trim().is_empty() {
            return Ok(base);
        }
        let id = overrides::id_of(&base.id, &contract.id);
        let newest: Option<i64> = on_tx!(&mut *tx, c => sqlx::query_scalar(
            "select max(version) from plan_version where id = $1").bind(&id).fetch_one(c).await)?;
        match newest.and_then(|n| u32::try_from(n).ok()) {
            Some(version) => self.version_in(tx, &PlanRef { id, version }).await,
            // A report is never refused because of a slip in a contract.
            None => {
                tracing::error!(
                    contract = contract.number,
                    "its overrides make no plan; the plan itself holds"
                );
                Ok(base)
            }
        }
    }

    /// Keeps the plan of a contract as its next version, unless nothing changed. A process takes it up when
    /// it is committed, with the next ticket.
    pub(super) async fn keep_contract_plan(
        &self,
        tx: &mut Tx,
        base: &Plan,
        contract: &Contract,
    ) -> Result<()> {
        if contract.overrides.trim().is_empty() {
            return Ok(());
        }
        let source = overrides::merge(base, &contract.number, &contract.overrides, &self.plans.holidays())
            .map_err(|faults| refused(&contract.number, &faults))?;
        let id = overrides::id_of(&base.id, &contract.id);
        let newest: Option<(i64, String)> = on_tx!(&mut *tx, c => sqlx::query_as(
            "select version, source from plan_version where id = $1 order by version desc limit 1")
            .bind(&id).fetch_optional(c).await)?;
        if newest.as_ref().is_some_and(|(_, kept)| *kept == source) {
            return Ok(());
        }
        // Two nodes that start at once make the same version from the same words: the second finds it there.
        on_tx!(tx, c => sqlx::query(
            "insert into plan_version (id, version, source, note, created_by, created_at) values ($1, $2, $3, '', null, $4) \
             on conflict (id, version) do nothing")
            .bind(&id).bind(newest.map_or(1, |(n, _)| n + 1)).bind(source).bind(self.clock.now())
            .execute(c).await.map(drop))?;
        Ok(())
    }

    /// The plans of every contract under an edited plan. Refused where some overrides would not go together
    /// with it.
    pub(super) async fn keep_plans_of_contracts(&self, tx: &mut Tx, base: &Plan) -> Result<()> {
        for contract in rows::contract::overriding(tx, &base.id).await? {
            self.keep_contract_plan(tx, base, &contract).await?;
        }
        Ok(())
    }

    /// At the start: a newer program may bring a newer plan.
    pub(super) async fn renew_contract_plans(&self) -> Result<()> {
        let mut tx = self.db.begin().await?;
        for base in self.plans.all() {
            for contract in rows::contract::overriding(&mut tx, &base.id).await? {
                if let Err(error) = self.keep_contract_plan(&mut tx, &base, &contract).await {
                    tracing::error!(%error, contract = contract.number, "what was agreed last holds");
                }
            }
        }
        tx.commit().await
    }

    /// Refuses overrides that do not make a plan; every fault with its key.
    pub(super) fn check_overrides(&self, new: &NewContract) -> Result<()> {
        if new.overrides.trim().is_empty() {
            return Ok(());
        }
        let base = self.plans.get(&new.plan)?;
        overrides::merge(&base, &new.number, &new.overrides, &self.plans.holidays())
            .map_err(|faults| refused(&new.number, &faults))?;
        overrides::merge_terms(&file(&new.number), source_of(&new.plan), &new.overrides)
            .map_err(|e| Error::invalid("overrides", e.to_string()))?;
        Ok(())
    }
}
