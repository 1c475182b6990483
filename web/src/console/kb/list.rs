//! `/console/kb`: the articles, in shelves.
use askama::Template;
use axum::extract::{Query, State};
use firstline_kb::workshop::{Listed, Shelf, Work};
use serde::Deserialize;

use super::{Names, SECTIONS, Section, filled, names};
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, html};

const ROWS: i64 = 50;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    shelf: String,
    #[serde(default)]
    q: String,
    /// A language; `lang` in an address is that of the page.
    #[serde(default, rename = "in")]
    lang: String,
    /// Only what the reader cares for.
    #[serde(default)]
    mine: String,
    #[serde(default)]
    page: String,
}

#[derive(Template)]
#[template(path = "kb/list.html")]
struct ListPage {
    p: Page,
    seat: Seat,
    sections: &'static [Section],
    shelves: Vec<(Shelf, i64)>,
    shelf: Shelf,
    q: String,
    lang: String,
    mine: bool,
    rows: Vec<Work>,
    names: Names,
    older: String,
    newer: String,
}

impl ListPage {
    fn owner(&self, work: &Work) -> String {
        work.owner.as_ref().map(|id| self.names.of(id)).unwrap_or_default()
    }
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Query(asked): Query<Asked>,
) -> PageResult {
    let shelf = asked.shelf.parse().unwrap_or(Shelf::All);
    let page: i64 = asked.page.parse().unwrap_or(0).clamp(0, 100_000);
    let workshop = app.library.workshop();
    let listed = Listed {
        text: &asked.q,
        lang: filled(&asked.lang),
        owner: (!asked.mine.is_empty()).then_some(seat.id.as_str()),
        offset: page * ROWS,
        limit: ROWS + 1,
    };
    let mut rows = workshop.list(shelf, &listed).await?;
    let more = rows.len() as i64 > ROWS;
    rows.truncate(ROWS as usize);
    let shown = ListPage {
        names: names(&app, seat.lang).await?,
        older: if more { p.here("page", &(page + 1).to_string()) } else { String::new() },
        newer: if page > 0 { p.here("page", &(page - 1).to_string()) } else { String::new() },
        seat,
        sections: &SECTIONS,
        shelves: workshop.counts().await?,
        shelf,
        rows,
        mine: !asked.mine.is_empty(),
        lang: asked.lang,
        q: asked.q,
        p,
    };
    Ok(html(&shown))
}
