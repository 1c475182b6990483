//! `/console/releases`: what is in work, what is out, what was withdrawn, and the calendar of a year.
use askama::Template;
use axum::extract::{Query, State};
use firstline_core::staff::Right;
use firstline_kb::catalogue::calendar::{self, Promise, Quarter};
use firstline_kb::catalogue::model::{Release, State as Stand};
use serde::Deserialize;

use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, html};

const ROWS: usize = 300;

struct Row {
    release: Release,
    product: String,
}

struct Year {
    product: String,
    quarters: Vec<Quarter>,
}

impl Year {
    fn look(&self, quarter: &Quarter) -> &'static str {
        match quarter.promise {
            Promise::Kept => "kept",
            Promise::Missed => "missed",
            Promise::Open => "open",
        }
    }
}

#[derive(Template)]
#[template(path = "console/releases/list.html")]
struct ListPage {
    p: Page,
    seat: Seat,
    may: bool,
    tabs: [&'static str; 4],
    tab: String,
    rows: Vec<Row>,
    years: Vec<Year>,
    year: i16,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    tab: String,
    year: Option<i16>,
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Query(asked): Query<Asked>,
) -> PageResult {
    let tabs = ["work", "published", "withdrawn", "calendar"];
    let tab = tabs.into_iter().find(|t| *t == asked.tab).unwrap_or("work");
    let today = app.catalogue.today();
    let year = asked.year.filter(|y| (2000..=2100).contains(y)).unwrap_or(today.year());
    let (mut rows, mut years) = (Vec::new(), Vec::new());
    for product in app.catalogue.products().await? {
        let name = product.name(p.lang.tag()).to_string();
        let releases = app.catalogue.releases(&product.key).await?;
        if tab == "calendar" {
            years.push(Year { product: name, quarters: calendar::calendar(&releases, year, today) });
            continue;
        }
        let shown = releases.into_iter().filter(|r| match r.state {
            Stand::Draft | Stand::InReview => tab == "work",
            Stand::Published => tab == "published",
            Stand::Withdrawn => tab == "withdrawn",
        });
        rows.extend(shown.map(|release| Row { release, product: name.clone() }));
    }
    // Security first, then what moved last.
    rows.sort_by_key(|r| (!r.release.draft.security, std::cmp::Reverse(r.release.updated_at)));
    rows.truncate(ROWS);
    let may = seat.may(Right::PublishReleases);
    Ok(html(&ListPage { p, seat, may, tabs, tab: tab.into(), rows, years, year }))
}
