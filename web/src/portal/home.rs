//! `/`: the question first, then what others ask, then people.
use askama::Template;
use axum::extract::State;
use firstline_kb::Article;

use crate::App;
use crate::pages::error::PageResult;
use crate::pages::{Page, html};

/// How many frequent questions fit without scrolling on a desk and with one flick on a phone.
const FREQUENT: usize = 8;

#[derive(Template)]
#[template(path = "portal/home.html")]
struct Home {
    p: Page,
    frequent: Vec<Article>,
    products: Vec<String>,
}

pub async fn show(State(app): State<App>, p: Page) -> PageResult {
    let product = p.query.iter().find(|(name, _)| name == "product").map(|(_, value)| value.as_str());
    let frequent = app.library.offered(p.lang.tag(), product, FREQUENT).await?;
    let products = app.library.products().await?;
    Ok(html(&Home { p, frequent, products }))
}
