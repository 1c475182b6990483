//! `/metrics`: counters of this process and the depths of the queues, as Prometheus reads them.
use std::sync::OnceLock;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use firstline_core::depths;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::App;
use crate::api::problem::Problem;

/// The registry of this process, shared by every server in it.
#[derive(Clone)]
pub struct Metrics(Option<PrometheusHandle>);

/// Upper bounds in seconds of the request histogram.
const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

impl Metrics {
    /// Installs the recorder on the first call; without one `/metrics` shows the queues only.
    pub fn install() -> Metrics {
        static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
        let install = || {
            let recorder = PrometheusBuilder::new().set_buckets(&SECONDS).ok()?.build_recorder();
            let handle = recorder.handle();
            metrics::set_global_recorder(recorder).ok().map(|()| handle)
        };
        let handle = HANDLE.get_or_init(install).clone();
        metrics::describe_counter!(
            "firstline_http_requests_total",
            "HTTP requests by method, route and status"
        );
        metrics::describe_counter!(
            "firstline_searches_total",
            "Searches and answers by where they came from"
        );
        metrics::describe_gauge!("firstline_inbox_events", "Inbox rows by state; done ones are turns taken");
        metrics::describe_gauge!("firstline_outbox_messages", "Outbox rows by state");
        metrics::describe_gauge!("firstline_jobs", "Jobs by state");
        Metrics(handle)
    }

    fn render(&self) -> String {
        self.0.as_ref().map(PrometheusHandle::render).unwrap_or_default()
    }
}

/// `GET /metrics`.
pub async fn show(State(app): State<App>) -> Result<Response, Problem> {
    let depths = depths::read(&app.desk.db).await?;
    for (name, rows) in [
        ("firstline_inbox_events", depths.inbox),
        ("firstline_outbox_messages", depths.outbox),
        ("firstline_jobs", depths.jobs),
    ] {
        for (state, count) in rows {
            metrics::gauge!(name, "state" => state).set(count as f64);
        }
    }
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.render()).into_response())
}

/// Middleware: counts requests by route, never by path, which would name tickets and grow without end.
pub async fn count(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", |path| path.as_str()).to_owned();
    let method = request.method().as_str().to_owned();
    let started = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_str().to_owned();
    metrics::histogram!("firstline_http_request_seconds", "route" => route.clone()).record(started.elapsed());
    metrics::counter!("firstline_http_requests_total", "method" => method, "route" => route, "status" => status)
        .increment(1);
    response
}
