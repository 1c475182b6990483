//! `GET /api/v1/products`.
use axum::Json;
use axum::extract::State;
use firstline_kb::catalogue::model::{Product, Viewer};
use firstline_kb::catalogue::path::ChannelView;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::json::TextsOut;
use super::{day, viewer};
use crate::App;
use crate::api::access::Visitor;
use crate::api::doc::Refusals;
use crate::api::extract::Params;
use crate::api::problem::Problem;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProductsParams {
    /// The day for "is it still supported", such as 2026-01-31; today unless told.
    #[param(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    as_of: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Products {
    items: Vec<ProductOut>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Product)]
pub struct ProductOut {
    /// What other requests name it by.
    key: String,
    title: TextsOut,
    aliases: Vec<String>,
    editions: Vec<String>,
    end_of_life: Option<String>,
    channels: Vec<ChannelOut>,
}

/// A line of releases that is kept up together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Channel)]
pub struct ChannelOut {
    name: String,
    /// `lts`, `sts`, `beta`, in its maker's words.
    kind: Option<String>,
    /// What its maker stated last; it goes stale, `supported` decides.
    phase: Option<String>,
    start: Option<String>,
    /// The last day with support.
    end_of_life: Option<String>,
    /// On the day asked about.
    supported: bool,
    only_previews: bool,
    newest: Option<String>,
    newest_date: Option<String>,
}

impl From<ChannelView> for ChannelOut {
    fn from(view: ChannelView) -> ChannelOut {
        ChannelOut {
            name: view.channel.name,
            kind: view.channel.kind,
            phase: view.channel.phase,
            start: view.channel.start.map(|d| d.to_string()),
            end_of_life: view.channel.end_of_life.map(|d| d.to_string()),
            supported: view.supported,
            only_previews: view.only_previews,
            newest: view.newest,
            newest_date: view.newest_date.map(|d| d.to_string()),
        }
    }
}

/// List products with their channels
#[utoipa::path(get, path = "/products", tag = "catalogue", operation_id = "listProducts",
    params(ProductsParams), security((), ("token" = [])),
    responses((status = 200, description = "Every product, by key", body = Products), Refusals))]
pub async fn list_products(
    State(app): State<App>,
    visitor: Visitor,
    Params(params): Params<ProductsParams>,
) -> Result<Json<Products>, Problem> {
    visitor.admit(&app, app.config.search_public)?;
    let on = day("as_of", params.as_of.as_deref())?;
    let (viewer, mut items) = (viewer(&visitor), Vec::new());
    for product in app.catalogue.products().await? {
        items.push(one(&app, product, on, &viewer).await?);
    }
    Ok(Json(Products { items }))
}

async fn one(
    app: &App,
    p: Product,
    on: Option<jiff::civil::Date>,
    viewer: &Viewer,
) -> Result<ProductOut, Problem> {
    let channels = app.catalogue.channels(&p.key, on, viewer).await?;
    Ok(ProductOut {
        channels: channels.into_iter().map(ChannelOut::from).collect(),
        key: p.key,
        title: p.title.into(),
        aliases: p.aliases,
        editions: p.editions,
        end_of_life: p.end_of_life.map(|d| d.to_string()),
    })
}
