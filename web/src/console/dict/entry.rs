//! One entry: its form, what it would do to the saved questions, and saving it.
use askama::Template;
use axum::extract::{Path, State};
use firstline_core::staff::Right;
use firstline_core::{Error, Time};
use firstline_kb::audit::{self, Entry as Deed, Filter};
use firstline_kb::dictionary::entry::{Entry, KINDS, Stored};
use firstline_kb::dictionary::preview::Change;
use firstline_kb::dictionary::sensitive::Hit;
use firstline_kb::eval::Effect;
use serde::Deserialize;

use super::effect::{Shown, Wish, shown_first};
use super::form::{Typed, has, words_key};
use super::tabs;
use crate::App;
use crate::console::kb::{Names, names};
use crate::console::seat::{Console, Seat, Signed};
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html, to};

/// Messages shown beside a sensitive word.
const HITS: i64 = 50;

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
    effect: Option<Shown>,
    /// What was done to it, newest first.
    trail: Vec<Deed>,
    names: Names,
    /// The messages it was the answer to, when it is a sensitive word.
    hits: Vec<Hit>,
    /// The effect shown is that of its removal.
    removing: bool,
}

impl EntryPage {
    fn has(&self, field: &str) -> bool {
        has(&self.tab, field)
    }

    fn words_key(&self) -> &'static str {
        words_key(&self.tab)
    }

    fn may_insist(&self) -> bool {
        self.effect.as_ref().is_some_and(|shown| shown.stops)
    }
}

async fn page(app: &App, p: Page, seat: Seat, kind: String, known: Option<Stored>) -> PageResult<EntryPage> {
    let trail = match &known {
        Some(stored) => {
            let filter = Filter { subject_id: Some(&stored.id), ..Filter::default() };
            audit::trail(&app.desk.db, &filter, 20).await?
        }
        None => Vec::new(),
    };
    let hits = match known.as_ref().map(|stored| &stored.entry) {
        Some(Entry::Sensitive { word }) => app.library.sensitive_hits(Some(word), HITS).await?,
        _ => Vec::new(),
    };
    let action = match &known {
        Some(stored) => format!("/console/dict/entry/{}", stored.id),
        None => format!("/console/dict/of/{kind}/new"),
    };
    let typed = known.as_ref().map(|stored| Typed::of(&p, stored)).unwrap_or_default();
    let names = names(app, seat.lang).await?;
    let (problem, effect) = (String::new(), None);
    Ok(EntryPage {
        p,
        seat,
        tabs: tabs(),
        tab: kind,
        action,
        known,
        typed,
        problem,
        effect,
        trail,
        names,
        hits,
        removing: false,
    })
}

pub async fn fresh(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Path(kind): Path<String>,
) -> PageResult {
    seat.must(Right::Curate)?;
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
    seat.must(Right::Curate)?;
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
    seat.must(Right::Curate)?;
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
    seat.must(Right::Curate)?;
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
    let wish = Wish::of(&drawn.typed.action);
    match write(app, &drawn, &wish, id.as_deref(), entry, until).await {
        Ok(None) => Ok(to(&format!("/console/dict/of/{}?done=dict-saved", drawn.tab))),
        Ok(Some(effect)) => {
            drawn.effect = Some(Shown::of(effect, &wish));
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

/// Saves it, or gives the effect that is to be seen before.
async fn write(
    app: &App,
    drawn: &EntryPage,
    wish: &Wish,
    id: Option<&str>,
    entry: Entry,
    until: Option<Time>,
) -> firstline_core::Result<Option<Effect>> {
    let change = match id {
        Some(id) => Change::Replace { id, entry: entry.clone(), until },
        None => Change::Add { entry: entry.clone(), until },
    };
    if let Some(effect) = shown_first(app, wish, change).await? {
        return Ok(Some(effect));
    }
    let actor = drawn.seat.curator().actor();
    match id {
        Some(id) => {
            let version = drawn.typed.version.parse().unwrap_or_default();
            app.library.change_entry(id, version, entry, until, &actor).await?;
        }
        None => drop(app.library.add_entry(entry, until, &actor).await?),
    }
    Ok(None)
}

#[derive(Deserialize)]
pub struct Removal {
    #[serde(default, rename = "do")]
    action: String,
}

/// Removes an entry. Where that makes questions worse, its page says so first.
pub async fn remove(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Signed { seat, form }: Signed<Removal>,
) -> PageResult {
    seat.must(Right::Curate)?;
    let stored = listed(&app, &id).await?;
    let kind = stored.entry.kind().to_owned();
    let wish = Wish::of(&form.action);
    if let Some(effect) = shown_first(&app, &wish, Change::Remove { id: &id }).await? {
        let mut drawn = page(&app, p.in_lang(seat.lang), seat, kind, Some(stored)).await?;
        drawn.p.path = format!("/console/dict/entry/{id}");
        drawn.effect = Some(Shown::of(effect, &wish));
        drawn.removing = true;
        return Ok(html(&drawn));
    }
    app.library.remove_entry(&id, &seat.curator().actor()).await?;
    Ok(to(&format!("/console/dict/of/{kind}?done=dict-removed")))
}
