//! All routes in one place, and the layers around them from the outside in: request id and trace,
//! compression, headers, problems, mishaps, counting.
use axum::Router;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Request, StatusCode, Version, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use firstline_core::Clock;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate, SizeAbove};
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::trace::{DefaultOnFailure, DefaultOnRequest, DefaultOnResponse, TraceLayer};
use tracing::Level;

use super::{headers, host, metrics, mishaps, probes, webhook, wire};
use crate::api::problem;
use crate::{App, api, console, portal};

/// Smaller bodies fit in one packet anyway.
const WORTH_COMPRESSING: u16 = 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub fn router(app: App) -> Router {
    let compress = DefaultPredicate::new().and(SizeAbove::new(WORTH_COMPRESSING)).and(not_in_ranges);
    let trace = TraceLayer::new_for_http()
        .make_span_with(span)
        .on_request(DefaultOnRequest::new().level(Level::TRACE))
        .on_response(DefaultOnResponse::new().level(Level::DEBUG))
        .on_failure(DefaultOnFailure::new().level(Level::WARN));
    Router::new()
        .merge(portal::router(&app))
        .merge(console::router(&app))
        .merge(api::router())
        .merge(webhook::router(&app))
        .route("/healthz", get(probes::alive))
        .route("/readyz", get(probes::ready))
        .route("/metrics", get(metrics::show))
        .layer(from_fn(metrics::count))
        .layer(from_fn_with_state(app.clone(), mishaps::survive))
        .layer(from_fn(headers::refuse_nul))
        .layer(from_fn(host::check))
        .layer(from_fn(wire::tell_peer))
        .layer(from_fn(problem::with_instance))
        .layer(from_fn_with_state(app.clone(), headers::protect))
        .layer(CompressionLayer::new().compress_when(compress))
        .layer(trace)
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, Ids(app.desk.clock.clone())))
        .with_state(app)
}

/// What can be had in ranges is sent as it lies: its tag, its ranges and its digests are of those bytes.
fn not_in_ranges(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::ACCEPT_RANGES)
}

/// A span for each request with its path but never its query, which may hold a key.
fn span<B>(request: &Request<B>) -> tracing::Span {
    let id = request.headers().get(REQUEST_ID).and_then(|v| v.to_str().ok()).unwrap_or_default();
    tracing::info_span!("http", method = %request.method(), path = request.uri().path(), id)
}

/// Gives a request an id unless it brought one.
#[derive(Clone)]
struct Ids(Clock);

impl MakeRequestId for Ids {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        HeaderValue::from_str(&self.0.id()).ok().map(RequestId::new)
    }
}
