//! `/console/installations/{id}`: the operation archive of one system.
use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use firstline_core::customers::{Contract, Customer, EntryKind, Installation, InstallationEntry, rows};
use firstline_core::staff;
use firstline_core::ticket::queue::{self, QueueRow};

use super::choices::{Choice, choices};
use super::customer::installation_of;
use super::fields::{Fields, problem};
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, html, to};

#[derive(Template)]
#[template(path = "console/service/installation.html")]
struct InstallationPage {
    p: Page,
    seat: Seat,
    i: Installation,
    c: Customer,
    contracts: Vec<Contract>,
    entries: Vec<InstallationEntry>,
    names: HashMap<String, String>,
    tickets: Vec<QueueRow>,
    kinds: Vec<Choice>,
    today: String,
    problem: String,
}

impl InstallationPage {
    fn name(&self, id: &Option<String>) -> String {
        id.as_ref().and_then(|id| self.names.get(id)).cloned().unwrap_or_default()
    }

    fn under(&self, contract: &Contract) -> bool {
        self.i.contract_id.as_ref() == Some(&contract.id)
    }
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
    p.path = format!("/console/installations/{id}");
    let i = app.desk.installation(id).await?;
    let c = app.desk.customer(&i.customer_id).await?;
    let names = staff::all(db).await?.into_iter().map(|s| (s.id, s.name)).collect();
    let kinds = choices(EntryKind::ALL.iter().map(|k| k.as_str()), &["state"], |k| p.word("entry", k));
    let shown = InstallationPage {
        contracts: rows::contract::of_customer(db, &c.id).await?,
        entries: rows::installation::entries(db, id).await?,
        tickets: queue::of_installation(db, id, 100).await?,
        today: rows::customer::today(&c, &app.desk.clock).to_string(),
        names,
        kinds,
        i,
        c,
        p,
        seat,
        problem,
    };
    Ok(html(&shown))
}

async fn done<T>(app: &App, form: Fields, id: &str, result: firstline_core::Result<T>) -> PageResult {
    match result {
        Ok(_) => Ok(to(&format!("/console/installations/{id}?done=saved"))),
        Err(error) => {
            let problem = problem(&form.page, error)?;
            draw(app, form.page, form.seat, id, problem).await
        }
    }
}

pub async fn change(State(app): State<App>, Path(id): Path<String>, form: Fields) -> PageResult {
    let before = app.desk.installation(&id).await?;
    let version = form.number("version").ok().flatten().unwrap_or(-1);
    let seen = Installation { version, ..before };
    let result = app.desk.change_installation(&form.seat.actor(), &seen, &installation_of(&form)).await;
    done(&app, form, &id, result).await
}

pub async fn note(State(app): State<App>, Path(id): Path<String>, form: Fields) -> PageResult {
    app.desk.installation(&id).await?;
    let result = match form.get("kind").parse() {
        Ok(kind) => {
            let (on, text) = (form.get("on"), form.get("text"));
            app.desk.note_installation(&form.seat.actor(), &id, &on, kind, &text).await
        }
        Err(error) => Err(error),
    };
    done(&app, form, &id, result).await
}
