//! `/console/dict/log`: who changed what and when.
use askama::Template;
use axum::extract::State;
use firstline_core::staff;
use firstline_kb::dictionary::log::Logged;
use serde_json::Value;

use super::entry::who;
use super::{curator, tabs};
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, html};

const LINES: usize = 200;
/// Enough of an entry to know it again (characters).
const EXCERPT: usize = 300;

struct Row {
    line: Logged,
    who: String,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "dict/log.html")]
struct LogPage {
    p: Page,
    seat: Seat,
    tabs: Vec<(&'static str, String)>,
    tab: String,
    rows: Vec<Row>,
}

pub async fn show(State(app): State<App>, Console { seat, page: p }: Console) -> PageResult {
    curator(&app, &seat).await?;
    let staff = staff::all(&app.desk.db).await?;
    let lines = app.library.entry_log(None, LINES).await?;
    let rows = lines
        .into_iter()
        .map(|line| Row {
            who: who(&staff, &line.actor),
            before: line.before.as_ref().map(|v| excerpt(&v.0)).unwrap_or_default(),
            after: line.after.as_ref().map(|v| excerpt(&v.0)).unwrap_or_default(),
            line,
        })
        .collect();
    Ok(html(&LogPage { p, seat, tabs: tabs(), tab: "log".into(), rows }))
}

/// The values of an entry, without the names of its fields.
fn excerpt(value: &Value) -> String {
    let text = match value {
        Value::Object(fields) => {
            let told = fields.iter().filter(|(name, v)| *name != "kind" && !v.is_null());
            told.map(|(_, v)| excerpt(v)).filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" · ")
        }
        Value::Array(items) => items.iter().map(excerpt).collect::<Vec<_>>().join(", "),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.chars().take(EXCERPT).collect()
}
