//! How the dictionary behaves.
use askama::Template;
use axum::extract::State;
use firstline_core::Error;
use firstline_core::staff::Right;
use firstline_kb::dictionary::entry::{Entry, Settings};
use firstline_kb::dictionary::preview::Change;
use serde::Deserialize;

use super::effect::{Shown, Wish, shown_first};
use super::tabs;
use crate::App;
use crate::console::seat::{Console, Seat, Signed};
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html, to};

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
    effect: Option<Shown>,
}

impl SettingsPage {
    fn may_insist(&self) -> bool {
        self.effect.as_ref().is_some_and(|shown| shown.stops)
    }

    fn threshold(&self) -> String {
        format!("{:.2}", self.settings.talk_threshold)
    }
}

pub async fn show(State(app): State<App>, Console { seat, page: p }: Console) -> PageResult {
    seat.must(Right::Curate)?;
    let (settings, version) = app.library.settings().await?;
    let tab = "settings".into();
    Ok(html(&SettingsPage {
        p,
        seat,
        tabs: tabs(),
        tab,
        settings,
        version,
        problem: String::new(),
        effect: None,
    }))
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
    #[serde(default, rename = "do")]
    action: String,
}

pub async fn save(State(app): State<App>, p: Page, Signed { seat, form }: Signed<Typed>) -> PageResult {
    seat.must(Right::Curate)?;
    let p = p.in_lang(seat.lang);
    let settings = Settings {
        // What is no number lies in no range and is refused as such.
        talk_threshold: form.talk_threshold.trim().parse().unwrap_or(-1.0),
        sensitive_on: !form.sensitive_on.is_empty(),
        sensitive_reply_zh: form.sensitive_reply_zh,
        sensitive_reply_en: form.sensitive_reply_en,
    };
    let version = form.version.parse().unwrap_or_default();
    let wish = Wish::of(&form.action);
    let change = Change::Add { entry: Entry::Settings(settings.clone()), until: None };
    let (mut problem, mut effect) = (String::new(), None);
    match shown_first(&app, &wish, change).await {
        Ok(Some(shown)) => effect = Some(Shown::of(shown, &wish)),
        Ok(None) => {
            match app.library.set_settings(version, settings.clone(), &seat.curator().actor()).await {
                Ok(()) => return Ok(to("/console/dict/settings?done=dict-saved")),
                Err(error) => problem = refused(&p, error)?,
            }
        }
        Err(error) => problem = refused(&p, error)?,
    }
    let tab = "settings".into();
    Ok(html(&SettingsPage { p, seat, tabs: tabs(), tab, settings, version, problem, effect }))
}

fn refused(p: &Page, error: Error) -> Result<String, PageError> {
    match error {
        Error::Invalid { field, reason } => {
            Ok(format!("{}: {reason}", p.word("dict-field", &field.replace('_', "-"))))
        }
        Error::Conflict(_) => Ok(p.t("dict-conflict")),
        e => Err(e.into()),
    }
}
