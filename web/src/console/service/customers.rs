//! `/console/customers`: the organisations we serve.
use askama::Template;
use axum::extract::{Query, State};
use firstline_core::customers::{CustomerRow, NewCustomer, rows};
use serde::Deserialize;

use super::fields::{Fields, problem};
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, html, to};

pub const ROWS: i64 = 50;

#[derive(Template)]
#[template(path = "console/service/customers.html")]
struct CustomersPage {
    p: Page,
    seat: Seat,
    q: String,
    rows: Vec<CustomerRow>,
    /// The next page; empty on the last.
    more: String,
    problem: String,
    draft: NewCustomer,
}

#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub q: String,
    /// Where the page before ended: a name and an id.
    #[serde(default)]
    pub after: String,
    #[serde(default)]
    pub id: String,
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page }: Console,
    Query(asked): Query<Asked>,
) -> PageResult {
    draw(&app, page, seat, asked, String::new(), NewCustomer::default()).await
}

async fn draw(
    app: &App,
    p: Page,
    seat: Seat,
    asked: Asked,
    problem: String,
    draft: NewCustomer,
) -> PageResult {
    let q = asked.q.trim().to_owned();
    let after = (!asked.id.is_empty()).then_some((asked.after.as_str(), asked.id.as_str()));
    let text = (!q.is_empty()).then_some(q.as_str());
    let mut rows = rows::customer::list(&app.desk.db, text, after, ROWS + 1).await?;
    let more = match rows.get(ROWS as usize - 1) {
        Some(last) if rows.len() as i64 > ROWS => {
            link("/console/customers", &q, &last.name.to_lowercase(), &last.id)
        }
        _ => String::new(),
    };
    rows.truncate(ROWS as usize);
    Ok(html(&CustomersPage { p, seat, q, rows, more, problem, draft }))
}

/// The link to the next page of a list.
pub fn link(path: &str, q: &str, after: &str, id: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("q", q)
        .append_pair("after", after)
        .append_pair("id", id)
        .finish();
    format!("{path}?{query}")
}

pub async fn add(State(app): State<App>, form: Fields) -> PageResult {
    let new = of_form(&form);
    match app.desk.add_customer(&form.seat.actor(), &new).await {
        Ok(made) => Ok(to(&format!("/console/customers/{}?done=saved", made.id))),
        Err(error) => {
            let problem = problem(&form.page, error)?;
            draw(&app, form.page, form.seat, Asked::default(), problem, new).await
        }
    }
}

pub fn of_form(form: &Fields) -> NewCustomer {
    NewCustomer {
        name: form.get("name"),
        region: form.some("region"),
        zone: form.get("zone"),
        note: form.get("note"),
    }
}
