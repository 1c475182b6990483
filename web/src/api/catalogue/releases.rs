//! `GET /api/v1/products/{product}/releases` and one release of it.
use axum::Json;
use axum::extract::{Path, State};
use firstline_core::Error;
use firstline_kb::catalogue::model::State as Stand;
use firstline_kb::catalogue::query::{self, Filter};
use firstline_kb::version::{Range, Version};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::json::ReleaseOut;
use super::{day, viewer};
use crate::App;
use crate::api::access::Visitor;
use crate::api::doc::Refusals;
use crate::api::extract::{Params, Segment, at_most};
use crate::api::page::{self, MAX_LIMIT, wrong_cursor};
use crate::api::problem::Problem;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReleasesParams {
    /// Only this channel.
    #[param(max_length = 100, pattern = r"^[^\u0000]*$")]
    channel: Option<String>,
    /// Only what runs there.
    #[param(max_length = 100, pattern = r"^[^\u0000]*$")]
    platform: Option<String>,
    /// Only security releases, or only others.
    security: Option<bool>,
    /// Only what fixes this error code or CVE.
    #[param(max_length = 100, pattern = r"^[^\u0000]*$")]
    fixes: Option<String>,
    /// Only versions above this one.
    #[param(max_length = 100, pattern = r"^[^\u0000]*$")]
    after: Option<String>,
    /// Only versions in this range, such as `>=3.1 <3.2`.
    #[param(max_length = 200, pattern = r"^[^\u0000]*$")]
    range: Option<String>,
    /// The first day.
    #[param(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    from: Option<String>,
    /// The last day.
    #[param(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    to: Option<String>,
    /// Only what brings this component: `NAME:VERSION` or `VERSION`.
    #[param(max_length = 200, pattern = r"^[^\u0000]*$")]
    component: Option<String>,
    /// Withdrawn releases, too.
    withdrawn: Option<bool>,
    /// How many items, 1 to 100; 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `next_cursor` of the page before; absent for the first page.
    #[param(pattern = "^[0-9]{1,9}$")]
    cursor: Option<String>,
}

/// Releases, newest version first, with their sums over all pages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Releases {
    items: Vec<ReleaseOut>,
    /// How many pass the filters in all.
    #[schema(minimum = 0)]
    total: usize,
    /// How many of them are security releases.
    #[schema(minimum = 0)]
    security_total: usize,
    /// The CVEs they fix, each once.
    cves: Vec<String>,
    /// Pass it as `cursor` for the next page; null on the last one.
    next_cursor: Option<String>,
}

/// List the releases of a product
#[utoipa::path(get, path = "/products/{product}/releases", tag = "catalogue", operation_id = "listReleases",
    params(("product" = String, Path, description = "The product's key or any of its names"), ReleasesParams),
    security((), ("token" = [])),
    responses((status = 200, description = "One page", body = Releases), Refusals))]
pub async fn list_releases(
    State(app): State<App>,
    visitor: Visitor,
    Segment(product): Segment,
    Params(params): Params<ReleasesParams>,
) -> Result<Json<Releases>, Problem> {
    visitor.admit(&app, app.config.search_public)?;
    let limit = page::limit(params.limit, MAX_LIMIT, 20)? as usize;
    let skip: usize = params.cursor.as_deref().map_or(Ok(0), |c| c.parse().map_err(|_| wrong_cursor()))?;
    let filter = Filter { viewer: viewer(&visitor), ..params.filter()? };
    let graph = app.catalogue.graph(&product).await?.ok_or_else(|| Error::not_found("product", product))?;
    let found = query::find(&graph, &filter);
    let sum = query::sum(&found);
    let shown = found.iter().skip(skip).take(limit);
    let next = skip + limit;
    Ok(Json(Releases {
        items: shown.map(|node| ReleaseOut::new(&app.desk.links, node.release.clone())).collect(),
        total: sum.releases,
        security_total: sum.security,
        cves: sum.cves,
        next_cursor: (found.len() > next).then(|| next.to_string()),
    }))
}

impl ReleasesParams {
    fn filter(self) -> Result<Filter, Problem> {
        for (name, text) in [("channel", &self.channel), ("platform", &self.platform), ("fixes", &self.fixes)]
        {
            at_most(name, text.as_deref(), 100)?;
        }
        let filled = crate::api::search::filled;
        Ok(Filter {
            channel: filled(self.channel),
            platform: filled(self.platform),
            security: self.security,
            fixes: filled(self.fixes),
            after: filled(self.after).map(|v| Version::parse(&v).map_err(|e| e.at("after"))).transpose()?,
            range: filled(self.range).map(|r| Range::parse(&r).map_err(|e| e.at("range"))).transpose()?,
            from: day("from", self.from.as_deref())?,
            to: day("to", self.to.as_deref())?,
            component: filled(self.component).map(|c| query::component(&c)).transpose()?,
            withdrawn: self.withdrawn.unwrap_or(false),
            ..Filter::default()
        })
    }
}

/// Read a release with its files
#[utoipa::path(get, path = "/products/{product}/releases/{version}", tag = "catalogue", operation_id = "readRelease",
    params(("product" = String, Path, description = "The product's key or any of its names"),
        ("version" = String, Path, description = "Its version, in any spelling")),
    security((), ("token" = [])),
    responses((status = 200, description = "The release", body = ReleaseOut), Refusals))]
pub async fn read_release(
    State(app): State<App>,
    visitor: Visitor,
    Path((product, version)): Path<(String, String)>,
) -> Result<Json<ReleaseOut>, Problem> {
    visitor.admit(&app, app.config.search_public)?;
    let found = app.catalogue.release(&product, &version).await?;
    let out = |r: &firstline_kb::catalogue::model::Release| {
        matches!(r.state, Stand::Published | Stand::Withdrawn) && r.seen_by(&viewer(&visitor))
    };
    let release = found.filter(out).ok_or_else(|| Error::not_found("release", version))?;
    Ok(Json(ReleaseOut::new(&app.desk.links, release)))
}
