//! What happens to an article: review and publication, owner and dates, its wordings and what changed.
use askama::Template;
use axum::extract::{Path, Query, State};
use firstline_core::Time;
use firstline_kb::workshop::diff::{self, Line};
use firstline_kb::workshop::{Bench, Published, Revision, State as Life};
use jiff::civil::Date;
use serde::Deserialize;

use super::article::{With, draw};
use super::words::Words;
use super::{Names, SECTIONS, Section, filled, names, number, told};
use crate::App;
use crate::console::seat::{Console, Seat, Signed};
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html, to};

/// Wordings on one page.
const SHOWN: i64 = 200;

#[derive(Deserialize)]
pub struct Step {
    #[serde(default)]
    version: String,
    r#do: String,
    #[serde(default)]
    reason: String,
}

/// `POST /console/kb/a/{id}/state`
pub async fn state(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Signed { seat, form }: Signed<Step>,
) -> PageResult {
    let workshop = app.library.workshop();
    let who = seat.curator();
    let version = number(&form.version)?;
    let reason = form.reason.trim();
    let mut with = With::default();
    let done = match form.r#do.as_str() {
        "submit" => workshop.submit(&who, &id, version).await.map(|_| "kb-submitted"),
        "send_back" => workshop.send_back(&who, &id, version, reason).await.map(|_| "kb-sent-back"),
        "retire" => workshop.retire(&who, &id, version, reason).await.map(|_| "kb-retired"),
        "discard" => workshop.discard(&who, &id, version).await.map(|_| "kb-discarded"),
        "publish" => match workshop.publish(&who, &id, version, reason).await {
            Ok(Published::Done(_)) => Ok("kb-published"),
            Ok(Published::Refused(worse)) => {
                (with.worse, with.problem) = (worse, seat.lang.text("kb-problem-worse"));
                return again(&app, p, seat, &id, with).await;
            }
            Err(error) => Err(error),
        },
        _ => return Err(PageError::BadRequest),
    };
    match done {
        Ok(done) => Ok(to(&format!("/console/kb/a/{id}?done={done}"))),
        Err(error) => {
            with.problem = told(seat.lang, error)?;
            again(&app, p, seat, &id, with).await
        }
    }
}

async fn again(app: &App, p: Page, seat: Seat, id: &str, with: With) -> PageResult {
    let bench = app.library.workshop().bench(id).await?.ok_or(PageError::NotFound)?;
    let w = Words::of(&bench.head.draft, bench.work.version);
    draw(app, p.in_lang(seat.lang), seat, Some(bench), w, with).await
}

#[derive(Deserialize)]
pub struct Care {
    version: String,
    #[serde(default)]
    owner: String,
    /// A day, `2026-12-01`; empty: none.
    #[serde(default)]
    review: String,
}

/// `POST /console/kb/a/{id}/care`
pub async fn care(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Signed { seat, form }: Signed<Care>,
) -> PageResult {
    let who = seat.curator();
    let review_at = match filled(&form.review) {
        None => None,
        Some(day) => {
            let day: Date = day.parse().map_err(|_| PageError::BadRequest)?;
            let begin = day.to_zoned(p.zone.clone()).map_err(|_| PageError::BadRequest)?;
            Some(Time::from_timestamp(begin.timestamp()))
        }
    };
    match app.library.workshop().care(&who, &id, number(&form.version)?, filled(&form.owner), review_at).await
    {
        Ok(_) => Ok(to(&format!("/console/kb/a/{id}?done=kb-cared"))),
        Err(error) => {
            let problem = told(seat.lang, error)?;
            again(&app, p, seat, &id, With { problem, ..With::default() }).await
        }
    }
}

#[derive(Deserialize)]
pub struct Range {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

#[derive(Template)]
#[template(path = "kb/history.html")]
struct HistoryPage {
    p: Page,
    seat: Seat,
    sections: &'static [Section],
    bench: Bench,
    revisions: Vec<Revision>,
    from: i64,
    to: i64,
    lines: Vec<Line>,
    names: Names,
}

impl HistoryPage {
    fn is_live(&self, revision: &Revision) -> bool {
        self.bench.work.live == Some(revision.revision)
    }

    fn can_restore(&self, revision: &Revision) -> bool {
        revision.revision != self.bench.work.head || self.bench.work.state == Life::Retired
    }
}

/// `GET /console/kb/a/{id}/history`: every wording, and what changed between two.
pub async fn history(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Path(id): Path<String>,
    Query(range): Query<Range>,
) -> PageResult {
    let workshop = app.library.workshop();
    let bench = workshop.bench(&id).await?.ok_or(PageError::NotFound)?;
    let id = bench.work.article_id.clone();
    let revisions = workshop.revisions(&id, SHOWN).await?;
    let to = range.to.parse().unwrap_or(bench.work.head);
    // Against what customers see, or against the wording before.
    let before = bench.work.live.filter(|live| *live != to).unwrap_or(to - 1);
    let from = range.from.parse().unwrap_or(before);
    let text = async |revision: i64| -> PageResult<String> {
        let found = workshop.revision(&id, revision).await?;
        Ok(found.map(|r| firstline_kb::export::text_of(&r.draft)).unwrap_or_default())
    };
    let lines = diff::lines(&text(from).await?, &text(to).await?);
    let names = names(&app, seat.lang).await?;
    Ok(html(&HistoryPage { p, seat, sections: &SECTIONS, bench, revisions, from, to, lines, names }))
}

#[derive(Deserialize)]
pub struct Back {
    version: String,
    revision: String,
}

/// `POST /console/kb/a/{id}/restore`
pub async fn restore(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Signed { seat, form }: Signed<Back>,
) -> PageResult {
    let who = seat.curator();
    let restored =
        app.library.workshop().restore(&who, &id, number(&form.version)?, number(&form.revision)?).await;
    match restored {
        Ok(_) => Ok(to(&format!("/console/kb/a/{id}?done=kb-restored"))),
        Err(error) => {
            let problem = told(seat.lang, error)?;
            again(&app, p, seat, &id, With { problem, ..With::default() }).await
        }
    }
}
