//! `/console/customers/{id}`: everything about one customer.
use askama::Template;
use axum::extract::{Path, State};
use firstline_core::customers::{
    AuditRow, Contact, ContactRole, Contract, Customer, Installation, NewContact, NewContract,
    NewInstallation, rows,
};
use firstline_core::ticket::queue::{self, QueueRow};

use super::choices::{Choice, choices, standing};
use super::customers::of_form;
use super::fields::{Fields, problem};
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, html, to};

/// How much of the record and of the tickets one page shows.
const RECENT: i64 = 20;

pub struct ContractLine {
    pub contract: Contract,
    pub plan: String,
    pub standing: String,
}

#[derive(Template)]
#[template(path = "console/service/customer.html")]
struct CustomerPage {
    p: Page,
    seat: Seat,
    c: Customer,
    contacts: Vec<Contact>,
    contracts: Vec<ContractLine>,
    installations: Vec<Installation>,
    tickets: Vec<QueueRow>,
    record: Vec<AuditRow>,
    roles: Vec<Choice>,
    plans: Vec<Choice>,
    problem: String,
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page }: Console,
    Path(id): Path<String>,
) -> PageResult {
    draw(&app, page, seat, &id, String::new()).await
}

async fn draw(app: &App, mut p: Page, seat: Seat, id: &str, problem: String) -> PageResult {
    let db = &app.desk.db;
    let c = app.desk.customer(id).await?;
    p.path = format!("/console/customers/{id}");
    let mut contracts = Vec::new();
    for contract in rows::contract::of_customer(db, id).await? {
        let stands = app.desk.standing_of(&contract).await?;
        let plan = plan_title(app, &p, &contract.plan);
        contracts.push(ContractLine { standing: standing(&p, stands.as_ref()), plan, contract });
    }
    let shown = CustomerPage {
        contacts: rows::contact::of_customer(db, id).await?,
        installations: rows::installation::of_customer(db, id).await?,
        tickets: queue::of_customer(db, id, RECENT).await?,
        record: rows::customer::audit_of(db, id, RECENT).await?,
        roles: roles(&p, "operator"),
        plans: plans(app, &p, ""),
        contracts,
        c,
        p,
        seat,
        problem,
    };
    Ok(html(&shown))
}

pub fn roles(p: &Page, chosen: &str) -> Vec<Choice> {
    choices(ContactRole::ALL.iter().map(|r| r.as_str()), &[chosen], |value| p.word("contact-role", value))
}

pub fn plans(app: &App, p: &Page, chosen: &str) -> Vec<Choice> {
    let ids = app.desk.plans.all().into_iter().map(|plan| plan.id.clone());
    choices(ids, &[chosen], |id| plan_title(app, p, id))
}

pub fn plan_title(app: &App, p: &Page, id: &str) -> String {
    let title = app.desk.plans.get(id).ok().and_then(|plan| plan.title.get(p.lang.tag()).cloned());
    title.map_or_else(|| id.to_owned(), |title| format!("{id} · {title}"))
}

/// Back to the page, or the page again with what was wrong.
async fn done<T>(app: &App, form: Fields, id: &str, result: firstline_core::Result<T>) -> PageResult {
    match result {
        Ok(_) => Ok(to(&format!("/console/customers/{id}?done=saved"))),
        Err(error) => {
            let problem = problem(&form.page, error)?;
            draw(app, form.page, form.seat, id, problem).await
        }
    }
}

pub async fn change(State(app): State<App>, Path(id): Path<String>, form: Fields) -> PageResult {
    let version = form.number("version").ok().flatten().unwrap_or(-1);
    let result = app.desk.change_customer(&form.seat.actor(), &id, version, &of_form(&form)).await;
    done(&app, form, &id, result).await
}

pub fn contact_of(form: &Fields) -> firstline_core::Result<NewContact> {
    let role = form.get("role").parse()?;
    Ok(NewContact { name: form.get("name"), email: form.some("email"), phone: form.some("phone"), role })
}

pub async fn add_contact(State(app): State<App>, Path(id): Path<String>, form: Fields) -> PageResult {
    let result = match contact_of(&form) {
        Ok(new) => app.desk.add_contact(&form.seat.actor(), &id, &new).await,
        Err(error) => Err(error),
    };
    done(&app, form, &id, result).await
}

pub fn installation_of(form: &Fields) -> NewInstallation {
    NewInstallation {
        contract_id: form.some("contract"),
        name: form.get("name"),
        product: form.get("product"),
        product_version: form.some("product_version"),
        region: form.some("region"),
    }
}

pub async fn add_installation(State(app): State<App>, Path(id): Path<String>, form: Fields) -> PageResult {
    let result = app.desk.add_installation(&form.seat.actor(), &id, &installation_of(&form)).await;
    done(&app, form, &id, result).await
}

pub async fn sign(State(app): State<App>, Path(id): Path<String>, form: Fields) -> PageResult {
    let new = NewContract {
        number: form.get("number"),
        plan: form.get("plan"),
        accepted_on: form.some("accepted_on"),
        ..NewContract::default()
    };
    match app.desk.sign_contract(&form.seat.actor(), &id, &new).await {
        Ok(made) => Ok(to(&format!("/console/contracts/{}?done=saved", made.id))),
        Err(error) => done::<()>(&app, form, &id, Err(error)).await,
    }
}
