//! One entry: its form, what it would do to the saved questions, and saving it.
use askama::Template;
use axum::extract::{Path, State};
use firstline_core::Error;
use firstline_core::staff::{self, Staff};
use firstline_kb::dictionary::entry::{KINDS, Stored};
use firstline_kb::dictionary::log::Logged;
use firstline_kb::dictionary::preview::{Change, Effect};
use serde::Deserialize;

use super::form::{Typed, has, words_key};
use super::{curator, tabs};
use crate::App;
use crate::console::seat::{Console, Seat, Signed};
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html, to};

#[derive(Template)]
#[template(path = "dict/entry.html")]
struct EntryPage {
    p: Page,
    seat: Seat,
    tabs: Vec<(&'static str, String)>,
    tab: String,
    /// Where the form goes.
    action: String,
    /// The entry there is already.
    known: Option<Stored>,
    typed: Typed,
    problem: String,
    effect: Option<Effect>,
    log: Vec<Logged>,
    staff: Vec<Staff>,
}

impl EntryPage {
    fn has(&self, field: &str) -> bool {
        has(&self.tab, field)
    }

    fn words_key(&self) -> &'static str {
        words_key(&self.tab)
    }

    fn who(&self, actor: &str) -> String {
        who(&self.staff, actor)
    }

    fn percent(&self, share: &f64) -> String {
        format!("{:.0} %", share * 100.0)
    }

    fn place(&self, place: &Option<usize>) -> String {
        place.map_or_else(|| "–".to_owned(), |n| n.to_string())
    }
}

/// The name of a member of staff, or the program's own.
pub fn who(staff: &[Staff], actor: &str) -> String {
    staff.iter().find(|s| s.id == actor).map_or_else(|| actor.to_owned(), |s| s.name.clone())
}

async fn page(app: &App, p: Page, seat: Seat, kind: String, known: Option<Stored>) -> PageResult<EntryPage> {
    let log = match &known {
        Some(stored) => app.library.entry_log(Some(&stored.id), 20).await?,
        None => Vec::new(),
    };
    let action = match &known {
        Some(stored) => format!("/console/dict/entry/{}", stored.id),
        None => format!("/console/dict/of/{kind}/new"),
    };
    let typed = known.as_ref().map(|stored| Typed::of(&p, stored)).unwrap_or_default();
    let staff = staff::all(&app.desk.db).await?;
    let (problem, effect) = (String::new(), None);
    Ok(EntryPage { p, seat, tabs: tabs(), tab: kind, action, known, typed, problem, effect, log, staff })
}

pub async fn fresh(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Path(kind): Path<String>,
) -> PageResult {
    curator(&app, &seat).await?;
    if !KINDS.contains(&kind.as_str()) {
        return Err(PageError::NotFound);
    }
    Ok(html(&page(&app, p, seat, kind, None).await?))
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Path(id): Path<String>,
) -> PageResult {
    curator(&app, &seat).await?;
    let stored = listed(&app, &id).await?;
    let kind = stored.entry.kind().to_owned();
    Ok(html(&page(&app, p, seat, kind, Some(stored)).await?))
}

/// An entry that has a page here.
async fn listed(app: &App, id: &str) -> PageResult<Stored> {
    let stored = app.library.entry(id).await?.ok_or(PageError::NotFound)?;
    if KINDS.contains(&stored.entry.kind()) { Ok(stored) } else { Err(PageError::NotFound) }
}

pub async fn add(
    State(app): State<App>,
    p: Page,
    Path(kind): Path<String>,
    Signed { seat, form }: Signed<Typed>,
) -> PageResult {
    curator(&app, &seat).await?;
    let p = p.in_lang(seat.lang);
    let drawn = page(&app, p, seat, kind, None).await?;
    take(&app, drawn, form).await
}

pub async fn change(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Signed { seat, form }: Signed<Typed>,
) -> PageResult {
    curator(&app, &seat).await?;
    let stored = listed(&app, &id).await?;
    let p = p.in_lang(seat.lang);
    let kind = stored.entry.kind().to_owned();
    let drawn = page(&app, p, seat, kind, Some(stored)).await?;
    take(&app, drawn, form).await
}

/// Shows the effect, or saves. What cannot be saved is shown again as it was typed.
async fn take(app: &App, mut drawn: EntryPage, typed: Typed) -> PageResult {
    drawn.typed = typed;
    let entry = drawn.typed.entry(&drawn.tab)?;
    let Ok(until) = drawn.typed.ends(&drawn.p) else {
        drawn.problem = drawn.p.t("dict-bad-day");
        return Ok(html(&drawn));
    };
    let id = drawn.known.as_ref().map(|stored| stored.id.clone());
    let made = if drawn.typed.action == "preview" {
        let change = match &id {
            Some(id) => Change::Replace { id, entry, until },
            None => Change::Add { entry, until },
        };
        app.library.preview(change).await.map(Some)
    } else {
        let version = drawn.typed.version.parse().unwrap_or_default();
        let actor = drawn.seat.id.clone();
        let saved = match &id {
            Some(id) => app.library.change_entry(id, version, entry, until, &actor).await,
            None => app.library.add_entry(entry, until, &actor).await,
        };
        saved.map(|_| None)
    };
    match made {
        Ok(None) => Ok(to(&format!("/console/dict/of/{}?done=dict-saved", drawn.tab))),
        Ok(Some(effect)) => {
            drawn.effect = Some(effect);
            Ok(html(&drawn))
        }
        Err(Error::Invalid { field, reason }) => {
            drawn.problem = format!("{}: {reason}", drawn.p.word("dict-field", &field.replace('_', "-")));
            Ok(html(&drawn))
        }
        Err(Error::Conflict(_)) => {
            drawn.problem = drawn.p.t("dict-conflict");
            Ok(html(&drawn))
        }
        Err(e) => Err(e.into()),
    }
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn remove(
    State(app): State<App>,
    Path(id): Path<String>,
    Signed { seat, .. }: Signed<Nothing>,
) -> PageResult {
    curator(&app, &seat).await?;
    let stored = listed(&app, &id).await?;
    app.library.remove_entry(&id, &seat.id).await?;
    Ok(to(&format!("/console/dict/of/{}?done=dict-removed", stored.entry.kind())))
}
