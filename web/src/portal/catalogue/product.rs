//! `/products` and `/products/{product}`.
use askama::Template;
use axum::extract::{Path, Query, State};
use firstline_bots::advice::release_path;
use firstline_kb::catalogue::graph::Node;
use firstline_kb::catalogue::model::{Product, Viewer};
use firstline_kb::catalogue::path::ChannelView;
use firstline_kb::catalogue::query::{self, Filter};
use serde::Deserialize;

use crate::App;
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html};

const ROWS: usize = 50;

pub struct Row {
    pub version: String,
    pub path: String,
    pub date: String,
    pub security: bool,
    pub size: String,
    pub codes: Vec<String>,
}

impl Row {
    fn of(product: &Product, node: &Node) -> Row {
        let draft = &node.release.draft;
        Row {
            version: draft.version.to_string(),
            path: release_path(&product.key, draft.version.as_str()),
            date: draft.date.map(|d| d.to_string()).unwrap_or_default(),
            security: draft.security,
            size: draft.size.map(|s| s.to_string()).unwrap_or_default(),
            codes: draft.codes.iter().take(4).cloned().collect(),
        }
    }
}

pub struct Shelf {
    pub key: String,
    pub name: String,
    pub newest: Option<Row>,
}

#[derive(Template)]
#[template(path = "portal/catalogue/products.html")]
struct ProductsPage {
    p: Page,
    shelves: Vec<Shelf>,
}

pub async fn list(State(app): State<App>, p: Page) -> PageResult {
    let mut shelves = Vec::new();
    for product in app.catalogue.products().await? {
        let Some(graph) = app.catalogue.graph(&product.key).await? else { continue };
        let found = query::find(&graph, &Filter::default());
        let newest = found.iter().find(|n| !n.version().is_preview()).map(|n| Row::of(&product, n));
        shelves.push(Shelf { name: product.name(p.lang.tag()).to_string(), key: product.key, newest });
    }
    Ok(html(&ProductsPage { p, shelves }))
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    channel: String,
    #[serde(default)]
    all: String,
}

#[derive(Template)]
#[template(path = "portal/catalogue/product.html")]
struct ProductPage {
    p: Page,
    key: String,
    name: String,
    channels: Vec<ChannelView>,
    channel: String,
    rows: Vec<Row>,
    more: bool,
}

pub async fn show(
    State(app): State<App>,
    p: Page,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> PageResult {
    let graph = app.catalogue.graph(&key).await?.ok_or(PageError::NotFound)?;
    let product = graph.product.clone();
    let channels = app.catalogue.channels(&product.key, None, &Viewer::Anybody).await?;
    let channel = Some(asked.channel.clone()).filter(|c| !c.is_empty());
    let found = query::find(&graph, &Filter { channel, ..Filter::default() });
    let most = if asked.all.is_empty() { ROWS } else { usize::MAX };
    let rows = found.iter().take(most).map(|n| Row::of(&product, n)).collect();
    Ok(html(&ProductPage {
        name: product.name(p.lang.tag()).to_string(),
        key: product.key,
        channels: if channels.len() > 1 { channels } else { vec![] },
        channel: asked.channel,
        more: found.len() > most,
        rows,
        p,
    }))
}
