//! `/api/v1/contracts`: what was agreed with whom, and where it stands.
use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use firstline_core::customers::{Contract, NewContract, rows};
use firstline_core::{Error, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::Caller;
use super::customers::{Listing, created};
use super::doc::Refusals;
use super::extract::{Body, Params, Segment};
use super::page::Page;
use super::problem::Problem;
use crate::App;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Contract)]
#[serde(deny_unknown_fields)]
pub struct ContractOut {
    id: String,
    customer_id: String,
    number: String,
    /// The id of its service plan.
    plan: String,
    /// `YYYY-MM-DD`; null until the customer accepted the system.
    accepted_on: Option<String>,
    /// Instead of the plan's length; null: as in the plan.
    warranty_months: Option<i64>,
    maintenance_months: Option<i64>,
    suspended: bool,
    /// Where it stands today: `before`, `warranty`, `maintenance` or `after`; null when its plan covers nothing.
    period: Option<String>,
    /// The last day of that period, `YYYY-MM-DD`.
    until: Option<String>,
    /// Products on the contract; empty: all.
    products: Vec<String>,
    quotas: Vec<QuotaOut>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
}

/// Person-days of one contract year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Quota)]
#[serde(deny_unknown_fields)]
pub struct QuotaOut {
    id: String,
    person_days: i64,
    used_minutes: i64,
    limit_minutes: i64,
    /// The contract year, from and to both included, `YYYY-MM-DD`.
    from: String,
    to: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewContract, example = json!({ "customer_id": "0190…", "number": "HT-2026-001", "plan": "P3",
    "accepted_on": "2026-09-30" }))]
pub struct ContractIn {
    customer_id: String,
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\u0000]*[^\s\u0000][^\u0000]*$")]
    number: String,
    plan: String,
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    accepted_on: Option<String>,
    #[schema(minimum = 0, maximum = 1200)]
    warranty_months: Option<i64>,
    #[schema(minimum = 0, maximum = 1200)]
    maintenance_months: Option<i64>,
    products: Option<Vec<String>>,
    /// Person-days by quota id, where they differ from the plan's.
    quotas: Option<BTreeMap<String, i64>>,
}

async fn shown(app: &App, k: Contract) -> Result<ContractOut, Error> {
    let standing = app.desk.standing_of(&k).await?;
    let quotas = app.desk.quotas_of(&k).await?.into_iter().map(|u| QuotaOut {
        person_days: u.limit_minutes / firstline_core::desk::contracts::PERSON_DAY_MINUTES,
        id: u.id,
        used_minutes: u.used_minutes,
        limit_minutes: u.limit_minutes,
        from: u.year.from.to_string(),
        to: u.year.to.yesterday().unwrap_or(u.year.to).to_string(),
    });
    Ok(ContractOut {
        quotas: quotas.collect(),
        period: standing.map(|s| s.period.to_string()),
        until: standing.and_then(|s| s.until).map(|d| d.to_string()),
        suspended: k.suspended_at.is_some(),
        id: k.id,
        customer_id: k.customer_id,
        number: k.number,
        plan: k.plan,
        accepted_on: k.accepted_on,
        warranty_months: k.warranty_months,
        maintenance_months: k.maintenance_months,
        products: k.products.0,
        created_at: k.created_at,
    })
}

/// List contracts, in the order they were signed
#[utoipa::path(get, path = "/contracts", tag = "customers", operation_id = "listContracts",
    params(Listing), security(("token" = [])),
    responses((status = 200, description = "One page", body = Page<ContractOut>), Refusals))]
pub async fn list_contracts(
    State(app): State<App>,
    _caller: Caller,
    Params(listing): Params<Listing>,
) -> Result<Json<Page<ContractOut>>, Problem> {
    let limit = listing.limit()?;
    let mut found = rows::contract::list(&app.desk.db, &listing.text(), listing.after()?, limit + 1).await?;
    let more = found.len() as i64 > limit;
    found.truncate(limit as usize);
    let next_cursor = found.last().filter(|_| more).map(|k| k.id.clone());
    let mut items = Vec::with_capacity(found.len());
    for contract in found {
        items.push(shown(&app, contract).await?);
    }
    Ok(Json(Page { items, next_cursor }))
}

/// Sign a contract
#[utoipa::path(post, path = "/contracts", tag = "customers", operation_id = "signContract",
    request_body = ContractIn, security(("token" = [])),
    responses((status = 201, description = "Signed", body = ContractOut,
        headers(("Location" = String, description = "Path of the contract"))), Refusals))]
pub async fn sign_contract(
    State(app): State<App>,
    caller: Caller,
    body: Body<ContractIn>,
) -> Result<Response, Problem> {
    let new = body.value;
    let terms = NewContract {
        number: new.number,
        plan: new.plan,
        accepted_on: new.accepted_on,
        warranty_months: new.warranty_months,
        maintenance_months: new.maintenance_months,
        products: new.products.unwrap_or_default(),
        quotas: new.quotas.unwrap_or_default(),
        ..NewContract::default()
    };
    let made = match app.desk.sign_contract(&caller.actor(), &new.customer_id, &terms).await {
        Err(Error::NotFound { .. }) => return Err(Problem::invalid("customer_id", "is no customer")),
        made => made?,
    };
    let place = format!("/api/v1/contracts/{}", made.id);
    Ok(created(place, shown(&app, made).await?))
}

/// Read a contract
#[utoipa::path(get, path = "/contracts/{id}", tag = "customers", operation_id = "readContract",
    params(("id" = String, Path, description = "The contract's id")), security(("token" = [])),
    responses((status = 200, description = "The contract, where it stands, and its quotas", body = ContractOut), Refusals))]
pub async fn read_contract(
    State(app): State<App>,
    _caller: Caller,
    Segment(id): Segment,
) -> Result<Json<ContractOut>, Problem> {
    let contract = app.desk.contract(&id).await?;
    Ok(Json(shown(&app, contract).await?))
}
