//! What is done to a release: saved, sent to review, published, scheduled, shown to more, withdrawn.
use axum::extract::{Path, State};
use axum::response::Response;
use firstline_core::staff::Right;
use firstline_core::{Error, Time};
use firstline_kb::catalogue::model::{Audience, State as Stand, Texts};
use serde::Deserialize;

use super::form::Form;
use super::page::draw;
use crate::App;
use crate::console::seat::{Seat, Signed};
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, to};

/// What went wrong in words for the page; other errors are the page's own.
fn words(error: &Error) -> Option<String> {
    match error {
        Error::Invalid { .. } | Error::Conflict(_) => Some(error.to_string()),
        _ => None,
    }
}

async fn answered(
    app: &App,
    p: Page,
    seat: Seat,
    id: &str,
    done: firstline_core::Result<()>,
    flash: &str,
) -> PageResult {
    match done {
        Ok(()) => Ok(to(&format!("/console/releases/{id}?done={flash}"))),
        Err(error) => {
            let problem = words(&error).ok_or_else(|| PageError::from(error))?;
            let p = p.in_lang(seat.lang);
            draw(app, p, seat, Some(id), None, &Texts::default(), &problem).await
        }
    }
}

pub async fn create(State(app): State<App>, p: Page, Signed { seat, form }: Signed<Form>) -> PageResult {
    seat.must(Right::PublishReleases)?;
    let added = match form.draft(None) {
        Ok(draft) => app.catalogue.add_draft(draft, &seat.curator().actor()).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(id) => Ok(to(&format!("/console/releases/{id}?done=release-saved"))),
        Err(error) => {
            let problem = words(&error).ok_or_else(|| PageError::from(error))?;
            let p = p.in_lang(seat.lang);
            draw(&app, p, seat, None, Some(form), &Texts::default(), &problem).await
        }
    }
}

pub async fn save(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Signed { seat, form }: Signed<Form>,
) -> PageResult {
    seat.must(Right::PublishReleases)?;
    let known = app.catalogue.release_by_id(&id).await?.ok_or(PageError::NotFound)?;
    let revision = form.revision.parse().map_err(|_| PageError::BadRequest)?;
    let saved = match form.draft(Some(&known.draft)) {
        Ok(draft) => app.catalogue.edit_draft(&id, revision, draft, &seat.curator().actor()).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => Ok(to(&format!("/console/releases/{id}?done=release-saved"))),
        Err(error) => {
            let problem = words(&error).ok_or_else(|| PageError::from(error))?;
            let p = p.in_lang(seat.lang);
            draw(&app, p, seat, Some(&id), Some(form), &Texts::default(), &problem).await
        }
    }
}

#[derive(Deserialize)]
pub struct Move {
    /// `review`, `draft`, `publish`, `schedule`, `unschedule`.
    #[serde(rename = "do")]
    what: String,
    /// Of a schedule, in the company's own time: `2026-01-31T08:00`.
    #[serde(default)]
    at: String,
}

pub async fn advance(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Signed { seat, form }: Signed<Move>,
) -> PageResult {
    seat.must(Right::PublishReleases)?;
    let (c, who) = (&app.catalogue, seat.curator().actor());
    let done = match form.what.as_str() {
        "review" => c.review(&id, Stand::InReview, &who).await,
        "draft" => c.review(&id, Stand::Draft, &who).await,
        "publish" => c.publish(&id, &who).await,
        "unschedule" => c.unschedule(&id, &who).await,
        "schedule" => match local_time(&p, &form.at) {
            Some(at) => c.schedule(&id, at, &who).await,
            None => Err(Error::invalid("at", "must be a day and time such as 2026-01-31 08:00")),
        },
        _ => return Err(PageError::BadRequest),
    };
    answered(&app, p, seat, &id, done, &format!("release-{}", form.what)).await
}

/// A time without a zone is one of the reader's zone.
fn local_time(p: &Page, text: &str) -> Option<Time> {
    let local: jiff::civil::DateTime = text.trim().replace(' ', "T").parse().ok()?;
    Some(Time::from_timestamp(local.to_zoned(p.zone.clone()).ok()?.timestamp()))
}

#[derive(Deserialize)]
pub struct Withdrawal {
    /// `preview`: only show what would be said.
    #[serde(rename = "do", default)]
    what: String,
    #[serde(default)]
    reason_zh: String,
    #[serde(default)]
    reason_en: String,
}

pub async fn withdraw(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Signed { seat, form }: Signed<Withdrawal>,
) -> PageResult {
    seat.must(Right::PublishReleases)?;
    let reason = Texts { zh: form.reason_zh.trim().into(), en: form.reason_en.trim().into() };
    if form.what == "preview" {
        let p = p.in_lang(seat.lang);
        return draw(&app, p, seat, Some(&id), None, &reason, "").await;
    }
    let done = app.catalogue.withdraw(&id, &reason, &seat.curator().actor()).await;
    answered(&app, p, seat, &id, done, "release-withdrawn").await
}

#[derive(Deserialize)]
pub struct Shown {
    audience: String,
    /// Addresses by commas or lines.
    #[serde(default)]
    chosen: String,
}

pub async fn audience(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Signed { seat, form }: Signed<Shown>,
) -> Result<Response, PageError> {
    seat.must(Right::PublishReleases)?;
    let audience: Audience = form.audience.parse().map_err(|_| PageError::BadRequest)?;
    let chosen: Vec<String> =
        form.chosen.split([',', '，', ';', '\n']).map(|t| t.trim().to_string()).collect();
    let done = app.catalogue.set_audience(&id, audience, &chosen, &seat.curator().actor()).await;
    answered(&app, p, seat, &id, done, "release-audience").await
}
