//! `/console/installations`: what runs where.
use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use firstline_core::customers::{Installation, rows};

use super::customers::{Asked, ROWS, link};
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, html};

#[derive(Template)]
#[template(path = "console/service/installations.html")]
struct InstallationsPage {
    p: Page,
    seat: Seat,
    q: String,
    rows: Vec<(Installation, String)>,
    more: String,
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Query(asked): Query<Asked>,
) -> PageResult {
    let q = asked.q.trim().to_owned();
    let after = Some(asked.id.as_str()).filter(|id| !id.is_empty());
    let mut found = rows::installation::list(&app.desk.db, &q, after, ROWS + 1).await?;
    let more = match found.get(ROWS as usize - 1) {
        Some(last) if found.len() as i64 > ROWS => link("/console/installations", &q, "", &last.id),
        _ => String::new(),
    };
    found.truncate(ROWS as usize);
    let mut names: HashMap<String, String> = HashMap::new();
    let mut lines = Vec::new();
    for i in found {
        if !names.contains_key(&i.customer_id) {
            names.insert(i.customer_id.clone(), app.desk.customer(&i.customer_id).await?.name);
        }
        let name = names[&i.customer_id].clone();
        lines.push((i, name));
    }
    Ok(html(&InstallationsPage { p, seat, q, rows: lines, more }))
}
