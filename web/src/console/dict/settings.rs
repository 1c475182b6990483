//! How the dictionary behaves, and the questions a change is tried on.
use askama::Template;
use axum::extract::State;
use firstline_core::Error;
use firstline_kb::dictionary::entry::Settings;
use serde::Deserialize;

use super::{curator, tabs};
use crate::App;
use crate::console::seat::{Console, Seat, Signed};
use crate::pages::error::PageResult;
use crate::pages::{Page, html, to};

#[derive(Template)]
#[template(path = "dict/settings.html")]
struct SettingsPage {
    p: Page,
    seat: Seat,
    tabs: Vec<(&'static str, String)>,
    tab: String,
    settings: Settings,
    version: i64,
    problem: String,
}

impl SettingsPage {
    fn threshold(&self) -> String {
        format!("{:.2}", self.settings.talk_threshold)
    }
}

pub async fn show(State(app): State<App>, Console { seat, page: p }: Console) -> PageResult {
    curator(&app, &seat).await?;
    let (settings, version) = app.library.settings().await?;
    let tab = "settings".into();
    Ok(html(&SettingsPage { p, seat, tabs: tabs(), tab, settings, version, problem: String::new() }))
}

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    version: String,
    #[serde(default)]
    talk_threshold: String,
    #[serde(default)]
    sensitive_on: String,
    #[serde(default)]
    sensitive_reply_zh: String,
    #[serde(default)]
    sensitive_reply_en: String,
}

pub async fn save(State(app): State<App>, p: Page, Signed { seat, form }: Signed<Typed>) -> PageResult {
    curator(&app, &seat).await?;
    let p = p.in_lang(seat.lang);
    let settings = Settings {
        // What is no number lies in no range and is refused as such.
        talk_threshold: form.talk_threshold.trim().parse().unwrap_or(-1.0),
        sensitive_on: !form.sensitive_on.is_empty(),
        sensitive_reply_zh: form.sensitive_reply_zh,
        sensitive_reply_en: form.sensitive_reply_en,
    };
    let version = form.version.parse().unwrap_or_default();
    let problem = match app.library.set_settings(version, settings.clone(), &seat.id).await {
        Ok(()) => return Ok(to("/console/dict/settings?done=dict-saved")),
        Err(Error::Invalid { field, reason }) => {
            format!("{}: {reason}", p.word("dict-field", &field.replace('_', "-")))
        }
        Err(Error::Conflict(_)) => p.t("dict-conflict"),
        Err(e) => return Err(e.into()),
    };
    Ok(html(&SettingsPage { p, seat, tabs: tabs(), tab: "settings".into(), settings, version, problem }))
}

#[derive(Template)]
#[template(path = "dict/questions.html")]
struct QuestionsPage {
    p: Page,
    seat: Seat,
    tabs: Vec<(&'static str, String)>,
    tab: String,
    lines: String,
    problem: String,
}

pub async fn questions(State(app): State<App>, Console { seat, page: p }: Console) -> PageResult {
    curator(&app, &seat).await?;
    let saved = app.library.saved_questions().await?;
    let lines: Vec<String> = saved.iter().filter_map(|q| serde_json::to_string(q).ok()).collect();
    let tab = "questions".into();
    Ok(html(&QuestionsPage { p, seat, tabs: tabs(), tab, lines: lines.join("\n"), problem: String::new() }))
}

#[derive(Deserialize)]
pub struct Lines {
    #[serde(default)]
    lines: String,
}

pub async fn save_questions(
    State(app): State<App>,
    p: Page,
    Signed { seat, form }: Signed<Lines>,
) -> PageResult {
    curator(&app, &seat).await?;
    let p = p.in_lang(seat.lang);
    let problem = match app.library.save_questions(&form.lines).await {
        Ok(_) => return Ok(to("/console/dict/questions?done=dict-saved")),
        Err(Error::Invalid { field, reason }) => format!("{field}: {reason}"),
        Err(e) => return Err(e.into()),
    };
    let tab = "questions".into();
    Ok(html(&QuestionsPage { p, seat, tabs: tabs(), tab, lines: form.lines, problem }))
}
