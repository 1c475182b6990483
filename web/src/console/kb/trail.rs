//! `/console/kb/trail`: who did what, newest first.
use askama::Template;
use axum::extract::{Query, State};
use firstline_kb::audit::{self, Entry, Filter, KINDS};
use serde::Deserialize;
use serde_json::Value;

use super::{Names, SECTIONS, Section, filled, names};
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, html};

const ROWS: i64 = 100;
/// Enough of an entry to know it again (characters).
const EXCERPT: usize = 200;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    article: String,
    #[serde(default)]
    who: String,
    #[serde(default)]
    kind: String,
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
    kinds: &'static [&'static str],
    kind: String,
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
            let hidden = matches!(key.as_str(), "gap" | "article" | "before" | "after") || text.is_empty();
            (!hidden).then(|| format!("{}: {text}", self.p.word("kb-detail", key)))
        });
        told.collect::<Vec<_>>().join(" · ")
    }

    /// How an entry of the dictionary was before, or is after; empty where there is nothing.
    fn entry(&self, entry: &Entry, which: &str) -> String {
        let text = entry.detail.get(which).map(values).unwrap_or_default();
        text.chars().take(EXCERPT).collect()
    }

    /// Where what it was done to can be looked at.
    fn link(&self, entry: &Entry) -> String {
        match (entry.kind.as_str(), &entry.article_id, &entry.subject_id) {
            ("gap", _, Some(id)) => format!("/console/kb/gaps/{id}"),
            ("article", Some(id), _) => format!("/console/kb/a/{id}"),
            ("question", ..) => "/console/kb/questions".into(),
            ("settings", ..) => "/console/dict/settings".into(),
            ("code", _, Some(id)) if entry.action != "removed" => format!("/console/dict/codes/{id}"),
            (_, _, Some(id)) if entry.action != "removed" => format!("/console/dict/entry/{id}"),
            _ => String::new(),
        }
    }
}

/// The values of an entry, without the names of its fields.
fn values(value: &Value) -> String {
    let joined = |parts: Vec<String>, by: &str| {
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(by)
    };
    match value {
        Value::Object(fields) => {
            joined(fields.iter().filter(|(name, _)| *name != "kind").map(|(_, v)| values(v)).collect(), " · ")
        }
        Value::Array(items) => joined(items.iter().map(values).collect(), ", "),
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Query(asked): Query<Asked>,
) -> PageResult {
    let actor = filled(&asked.who).map(|id| format!("staff:{id}"));
    let filter = Filter {
        article_id: filled(&asked.article),
        kind: filled(&asked.kind),
        actor: actor.as_deref(),
        before: filled(&asked.before),
        ..Filter::default()
    };
    let mut entries = audit::trail(&app.desk.db, &filter, ROWS + 1).await?;
    let more = entries.len() as i64 > ROWS;
    entries.truncate(ROWS as usize);
    let older = entries.last().filter(|_| more).map(|last| p.here("before", &last.id)).unwrap_or_default();
    let names = names(&app, seat.lang).await?;
    Ok(html(&TrailPage {
        p,
        seat,
        sections: &SECTIONS,
        entries,
        names,
        who: asked.who,
        kinds: &KINDS,
        kind: asked.kind,
        older,
    }))
}
