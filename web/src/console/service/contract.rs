//! `/console/contracts/{id}`: the terms, where it stands, quotas, suspension, the named engineer.
use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use firstline_core::Error;
use firstline_core::customers::{AuditRow, Contract, Customer, EngineerChange, NewContract, Quotas, rows};
use firstline_core::desk::overrides::contract_terms;
use firstline_core::staff::{self, Staff};

use super::choices::{Choice, choices, date, person_days, standing};
use super::customer::plans;
use super::fields::{Fields, problem};
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, html, to};

pub struct QuotaLine {
    pub id: String,
    pub title: String,
    pub clause: String,
    pub used: String,
    pub limit: String,
    pub days: i64,
    pub percent: i64,
    pub year: String,
    pub look: &'static str,
}

#[derive(Template)]
#[template(path = "console/service/contract.html")]
struct ContractPage {
    p: Page,
    seat: Seat,
    k: Contract,
    c: Customer,
    standing: String,
    plans: Vec<Choice>,
    exclusions: Vec<Choice>,
    quotas: Vec<QuotaLine>,
    staff: Vec<Staff>,
    names: HashMap<String, String>,
    changes: Vec<EngineerChange>,
    record: Vec<AuditRow>,
    /// What its plan has other than the plan named; and the version of the two together.
    overridden: Vec<String>,
    plan_version: u32,
    overrides: String,
    problem: String,
}

impl ContractPage {
    fn name(&self, id: &str) -> String {
        self.names.get(id).cloned().unwrap_or_default()
    }

    fn months(&self, n: &Option<i64>) -> String {
        n.map(|n| n.to_string()).unwrap_or_default()
    }
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page }: Console,
    Path(id): Path<String>,
) -> PageResult {
    draw(&app, page, seat, &id, String::new(), None).await
}

/// `draft` holds overrides that were refused.
async fn draw(
    app: &App,
    mut p: Page,
    seat: Seat,
    id: &str,
    problem: String,
    draft: Option<String>,
) -> PageResult {
    let desk = &app.desk;
    p.path = format!("/console/contracts/{id}");
    let k = desk.contract(id).await?;
    let in_force = desk.contract_plan(&k).await?;
    let stands = desk.standing_of(&k).await?;
    let terms = contract_terms(&k);
    let coverage = terms.coverage.as_ref();
    let waived: Vec<&str> = k.exclusions.0.iter().map(String::as_str).collect();
    let words = coverage.iter().flat_map(|c| &c.exclusions);
    let words: HashMap<&str, String> =
        words.map(|e| (e.id.as_str(), e.clause.get(p.lang.tag()).cloned().unwrap_or_default())).collect();
    let ids = coverage.iter().flat_map(|c| &c.exclusions).map(|e| e.id.as_str());
    let exclusions = choices(ids, &waived, |id| words.get(id).cloned().unwrap_or_default());
    let staff = staff::all(&desk.db).await?;
    let shown = ContractPage {
        c: desk.customer(&k.customer_id).await?,
        standing: standing(&p, stands.as_ref()),
        plans: plans(app, &p, &k.plan),
        quotas: quotas(app, &p, &k).await?,
        changes: rows::contract::changes(&desk.db, id).await?,
        record: rows::customer::audit_of(&desk.db, id, 20).await?,
        names: staff.iter().map(|s| (s.id.clone(), s.name.clone())).collect(),
        staff: staff.into_iter().filter(|s| !s.disabled).collect(),
        overridden: in_force.base.as_ref().map(|b| b.overridden()).unwrap_or_default(),
        plan_version: in_force.version,
        overrides: draft.unwrap_or_else(|| k.overrides.clone()),
        exclusions,
        k,
        p,
        seat,
        problem,
    };
    Ok(html(&shown))
}

async fn quotas(app: &App, p: &Page, contract: &Contract) -> PageResult<Vec<QuotaLine>> {
    let uses = app.desk.quotas_of(contract).await?;
    let words = |w: &firstline_core::entitlement::Words| w.get(p.lang.tag()).cloned().unwrap_or_default();
    Ok(uses
        .iter()
        .map(|u| QuotaLine {
            id: u.id.clone(),
            title: words(&u.title),
            clause: words(&u.clause),
            used: person_days(u.used_minutes),
            limit: person_days(u.limit_minutes),
            days: u.limit_minutes / 480,
            percent: (u.used_minutes * 100 / u.limit_minutes.max(1)).min(100),
            year: format!(
                "{} – {}",
                date(p, u.year.from),
                date(p, u.year.to.yesterday().unwrap_or(u.year.to))
            ),
            look: match (u.used_up(), u.nearly()) {
                (true, _) => "overdue",
                (_, true) => "soon",
                _ => "running",
            },
        })
        .collect())
}

async fn done<T>(app: &App, form: Fields, id: &str, result: firstline_core::Result<T>) -> PageResult {
    match result {
        Ok(_) => Ok(to(&format!("/console/contracts/{id}?done=saved"))),
        Err(error) => {
            let draft = form.some("overrides");
            let problem = match error {
                // Every fault with its key, as `plan check` names them.
                Error::Invalid { field, reason } if field == "overrides" => reason,
                error => problem(&form.page, error)?,
            };
            draw(app, form.page, form.seat, id, problem, draft).await
        }
    }
}

pub async fn change(State(app): State<App>, Path(id): Path<String>, form: Fields) -> PageResult {
    let before = app.desk.contract(&id).await?;
    let result = match of_form(&form) {
        Ok((new, version)) => {
            let seen = Contract { version, ..before };
            app.desk.change_contract(&form.seat.actor(), &seen, &new).await
        }
        Err(error) => Err(error),
    };
    done(&app, form, &id, result).await
}

fn of_form(form: &Fields) -> Result<(NewContract, i64), Error> {
    let mut quotas = Quotas::new();
    for (id, days) in
        form.all("quota").iter().filter_map(|id| Some((id.clone(), form.some(&format!("quota-{id}"))?)))
    {
        let days = days.parse().map_err(|_| Error::invalid("quotas", "is not a whole number"))?;
        quotas.insert(id, days);
    }
    let new = NewContract {
        number: form.get("number"),
        plan: form.get("plan"),
        accepted_on: form.some("accepted_on"),
        warranty_months: form.number("warranty_months")?,
        maintenance_months: form.number("maintenance_months")?,
        products: form.list("products"),
        exclusions: form.all("exclusions"),
        quotas,
        overrides: form.get("overrides").replace("\r\n", "\n"),
    };
    Ok((new, form.number("version")?.unwrap_or(-1)))
}

pub async fn suspend(State(app): State<App>, Path(id): Path<String>, form: Fields) -> PageResult {
    let suspends = form.get("do") == "suspend";
    let reason = form.get("reason");
    let reason = suspends.then_some(reason.as_str());
    let result = app.desk.suspend_contract(&form.seat.actor(), &id, reason).await;
    done(&app, form, &id, result).await
}

pub async fn engineer(State(app): State<App>, Path(id): Path<String>, form: Fields) -> PageResult {
    let (staff_id, reason) = (form.get("engineer"), form.get("reason"));
    let result = app.desk.name_engineer(&form.seat.actor(), &id, &staff_id, &reason).await;
    done(&app, form, &id, result).await
}

/// What the customer said about a change of the engineer, as staff heard it.
pub async fn decide(State(app): State<App>, Path(id): Path<String>, form: Fields) -> PageResult {
    let agreed = form.get("do") == "agreed";
    let (change, by) = (form.get("change"), form.get("by"));
    let result = app.desk.decide_engineer(&form.seat.actor(), &change, agreed, &by).await;
    done(&app, form, &id, result).await
}
