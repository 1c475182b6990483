//! `/console/kb/trail`: who did what, newest first.
use askama::Template;
use axum::extract::{Query, State};
use firstline_kb::audit::{self, Entry, Filter};
use serde::Deserialize;

use super::{Names, SECTIONS, Section, filled, names};
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, html};

const ROWS: i64 = 100;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    article: String,
    #[serde(default)]
    who: String,
    #[serde(default)]
    before: String,
}

#[derive(Template)]
#[template(path = "kb/trail.html")]
struct TrailPage {
    p: Page,
    seat: Seat,
    sections: &'static [Section],
    entries: Vec<Entry>,
    names: Names,
    who: String,
    older: String,
}

impl TrailPage {
    /// What else the trail knows of a deed, in words that need no language.
    fn detail(&self, entry: &Entry) -> String {
        let Some(known) = entry.detail.as_object() else { return String::new() };
        let told = known.iter().filter_map(|(key, value)| {
            let text = match value {
                serde_json::Value::String(text) if key == "assignee" || key == "owner" => self.names.of(text),
                serde_json::Value::String(text) => text.clone(),
                serde_json::Value::Number(n) if n.as_i64() != Some(0) => n.to_string(),
                _ => return None,
            };
            let hidden = matches!(key.as_str(), "gap" | "article") || text.is_empty();
            (!hidden).then(|| format!("{}: {text}", self.p.word("kb-detail", key)))
        });
        told.collect::<Vec<_>>().join(" · ")
    }
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Query(asked): Query<Asked>,
) -> PageResult {
    let actor = filled(&asked.who).map(|id| format!("staff:{id}"));
    let filter =
        Filter { article_id: filled(&asked.article), actor: actor.as_deref(), before: filled(&asked.before) };
    let mut entries = audit::trail(&app.desk.db, &filter, ROWS + 1).await?;
    let more = entries.len() as i64 > ROWS;
    entries.truncate(ROWS as usize);
    let older = entries.last().filter(|_| more).map(|last| p.here("before", &last.id)).unwrap_or_default();
    let names = names(&app).await?;
    Ok(html(&TrailPage { p, seat, sections: &SECTIONS, entries, names, who: asked.who, older }))
}
