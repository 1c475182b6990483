//! `/console/contacts`: people at customers; one page for each with their links, leaving and successor.
use askama::Template;
use axum::extract::{Path, Query, State};
use firstline_core::customers::{Contact, Customer, Linked, rows};
use firstline_core::{Error, people};

use super::choices::Choice;
use super::customer::{contact_of, roles};
use super::customers::Asked;
use super::fields::{Fields, problem};
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, html, to};

#[derive(Template)]
#[template(path = "console/service/contacts.html")]
struct ContactsPage {
    p: Page,
    seat: Seat,
    q: String,
    rows: Vec<(Contact, String)>,
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Query(asked): Query<Asked>,
) -> PageResult {
    let q = asked.q.trim().to_owned();
    let rows = rows::contact::search(&app.desk.db, &q, 200).await?;
    Ok(html(&ContactsPage { p, seat, q, rows }))
}

#[derive(Template)]
#[template(path = "console/service/contact.html")]
struct ContactPage {
    p: Page,
    seat: Seat,
    k: Contact,
    c: Customer,
    /// Who else is there.
    others: Vec<Contact>,
    links: Vec<(Linked, String)>,
    roles: Vec<Choice>,
    join: String,
    problem: String,
}

pub async fn one(
    State(app): State<App>,
    Console { seat, page }: Console,
    Path(id): Path<String>,
) -> PageResult {
    draw(&app, page, seat, &id, String::new()).await
}

async fn draw(app: &App, mut p: Page, seat: Seat, id: &str, problem: String) -> PageResult {
    let db = &app.desk.db;
    p.path = format!("/console/contacts/{id}");
    let found = rows::contact::by_id(db, id).await?;
    let k = found.ok_or_else(|| Error::not_found("contact", id))?;
    let c = app.desk.customer(&k.customer_id).await?;
    let all = rows::contact::of_customer(db, &c.id).await?;
    let others = all.into_iter().filter(|o| o.id != k.id && o.left_at.is_none()).collect();
    let mut links = Vec::new();
    for link in rows::contact::links(db, id).await? {
        let name = people::by_id(db, &link.person_id).await?.map(|person| person.name).unwrap_or_default();
        links.push((link, name));
    }
    let roles = roles(&p, k.role.as_str());
    let join = app.desk.links.contact(&k.id);
    Ok(html(&ContactPage { p, seat, k, c, others, links, roles, join, problem }))
}

async fn done<T>(app: &App, form: Fields, id: &str, result: firstline_core::Result<T>) -> PageResult {
    match result {
        Ok(_) => Ok(to(&format!("/console/contacts/{id}?done=saved"))),
        Err(error) => {
            let problem = problem(&form.page, error)?;
            draw(app, form.page, form.seat, id, problem).await
        }
    }
}

pub async fn change(State(app): State<App>, Path(id): Path<String>, form: Fields) -> PageResult {
    let result = match contact_of(&form) {
        Ok(new) => app.desk.change_contact(&form.seat.actor(), &id, &new).await,
        Err(error) => Err(error),
    };
    done(&app, form, &id, result).await
}

pub async fn leave(State(app): State<App>, Path(id): Path<String>, form: Fields) -> PageResult {
    let successor = form.some("successor");
    let result = app.desk.contact_leaves(&form.seat.actor(), &id, successor.as_deref()).await;
    done(&app, form, &id, result).await
}
