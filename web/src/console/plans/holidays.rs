//! `/console/plans/holidays`: the sets of public holidays and make-up working days, and import of a CSV or
//! iCalendar file.
use askama::Template;
use axum::extract::{Multipart, State};
use firstline_core::Error;
use firstline_core::calendar::{csv, ics};
use firstline_core::staff::Right;

use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html, to, upload};

/// Larger files are refused unread.
pub const MAX_BODY: usize = ics::MAX_BYTES + 64 * 1024;

#[derive(Template)]
#[template(path = "console/holidays.html")]
struct HolidaysPage {
    p: Page,
    seat: Seat,
    sets: Vec<Set>,
    may_edit: bool,
    /// The name of the set in the form.
    typed: String,
    problem: String,
}

struct Set {
    id: String,
    years: Vec<Year>,
    /// This year or the next is not known.
    missing: String,
}

struct Year {
    year: i16,
    free: usize,
    worked: usize,
}

pub async fn show(State(app): State<App>, Console { seat, page }: Console) -> PageResult {
    draw(&app, page, seat, "", String::new()).await
}

/// `typed` is the set that was asked for; the Chinese one where none was.
async fn draw(app: &App, mut p: Page, seat: Seat, typed: &str, problem: String) -> PageResult {
    p.path = "/console/plans/holidays".to_owned();
    let known = app.desk.plans.holidays();
    let today = p.now.timestamp().to_zoned(p.zone.clone()).date();
    let set = |id: &str| {
        let days = known.get(id).map(|h| h.days().clone()).unwrap_or_default();
        let mut years: Vec<Year> = Vec::new();
        for (date, day) in &days {
            if years.last().is_none_or(|y| y.year != date.year()) {
                years.push(Year { year: date.year(), free: 0, worked: 0 });
            }
            if let Some(year) = years.last_mut() {
                if day.off { year.free += 1 } else { year.worked += 1 }
            }
        }
        let missing = known.get(id).map(|h| h.missing(today)).unwrap_or_default();
        let missing = missing.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        Set { id: id.to_owned(), years, missing }
    };
    let sets = known.ids().map(set).collect();
    let may_edit = seat.may(Right::EditPlans);
    let typed = if typed.is_empty() { "cn" } else { typed }.to_owned();
    Ok(html(&HolidaysPage { p, seat, sets, may_edit, typed, problem }))
}

/// Reads the file and takes its days; what is wrong with it is said with its line.
pub async fn import(State(app): State<App>, Console { seat, page }: Console, parts: Multipart) -> PageResult {
    let form = match upload::read(parts).await {
        Ok(form) => form,
        Err(PageError::TooLarge) => {
            let problem = page.tn("holidays-too-large", &(ics::MAX_BYTES as i64 / 1_000_000));
            return draw(&app, page, seat, "", problem).await;
        }
        Err(other) => return Err(other),
    };
    seat.signed(form.field("csrf"))?;
    if !seat.may(Right::EditPlans) {
        return Err(PageError::Forbidden);
    }
    let Some((name, bytes)) = form.first_file() else {
        let problem = page.t("holidays-no-file");
        return draw(&app, page, seat, form.field("set"), problem).await;
    };
    let is_ics = name.to_ascii_lowercase().ends_with(".ics");
    let bytes = bytes.clone();
    // Reading is work for a thread of its own: a hostile file delays nobody.
    let read =
        tokio::task::spawn_blocking(move || if is_ics { ics::read(&bytes) } else { csv::read(&bytes) });
    let read = read.await.map_err(|_| PageError::BadRequest)?;
    let taken = match read {
        Ok(days) => app.desk.take_holidays(&seat.actor(), form.field("set"), &days).await,
        Err(error) => Err(error),
    };
    match taken {
        Ok(()) => Ok(to("/console/plans/holidays?done=holidays")),
        Err(Error::Invalid { field, reason }) => {
            draw(&app, page, seat, form.field("set"), format!("{field}: {reason}")).await
        }
        Err(Error::Forbidden(_)) => Err(PageError::Forbidden),
        Err(other) => Err(other.into()),
    }
}
