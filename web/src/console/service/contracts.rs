//! `/console/contracts`: all contracts with where they stand.
use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use firstline_core::customers::rows;

use super::choices::standing;
use super::customer::{ContractLine, plan_title};
use super::customers::{Asked, ROWS, link};
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, html};

#[derive(Template)]
#[template(path = "console/service/contracts.html")]
struct ContractsPage {
    p: Page,
    seat: Seat,
    q: String,
    rows: Vec<(ContractLine, String)>,
    more: String,
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Query(asked): Query<Asked>,
) -> PageResult {
    let q = asked.q.trim().to_owned();
    let after = Some(asked.id.as_str()).filter(|id| !id.is_empty());
    let mut found = rows::contract::list(&app.desk.db, &q, after, ROWS + 1).await?;
    let more = match found.get(ROWS as usize - 1) {
        Some(last) if found.len() as i64 > ROWS => link("/console/contracts", &q, "", &last.id),
        _ => String::new(),
    };
    found.truncate(ROWS as usize);
    let mut names: HashMap<String, String> = HashMap::new();
    let mut lines = Vec::new();
    for contract in found {
        if !names.contains_key(&contract.customer_id) {
            let name = app.desk.customer(&contract.customer_id).await?.name;
            names.insert(contract.customer_id.clone(), name);
        }
        let stands = app.desk.standing_of(&contract).await?;
        let name = names[&contract.customer_id].clone();
        let plan = plan_title(&app, &p, &contract.plan);
        lines.push((ContractLine { standing: standing(&p, stands.as_ref()), plan, contract }, name));
    }
    Ok(html(&ContractsPage { p, seat, q, rows: lines, more }))
}
