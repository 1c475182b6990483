//! `GET /api/v1/outcomes`: what became of everything that was asked, told honestly (P6-07).
use axum::Json;
use axum::extract::State;
use firstline_core::Time;
use firstline_kb::figures::Deflection;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::Caller;
use super::doc::Refusals;
use super::extract::Params;
use super::problem::Problem;
use crate::App;

const DAY: i64 = 24 * 3600 * 1000;
/// The longest period (days).
const LONGEST: i64 = 366;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OutcomesParams {
    /// Where the period begins, RFC 3339; 28 days before its end unless told.
    #[param(format = DateTime, value_type = Option<String>)]
    from: Option<String>,
    /// Where it ends (not included); now unless told.
    #[param(format = DateTime, value_type = Option<String>)]
    until: Option<String>,
}

/// What became of the questions of a period. Each is in exactly one of `came_back` … `silent`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Outcomes)]
#[serde(deny_unknown_fields)]
pub struct OutcomesOut {
    #[schema(value_type = String, format = DateTime)]
    from: Time,
    #[schema(value_type = String, format = DateTime)]
    until: Time,
    /// Questions that were answered or found nothing.
    #[schema(minimum = 0)]
    asked: i64,
    /// The same person asked the same again within seven days.
    #[schema(minimum = 0)]
    came_back: i64,
    /// Asked for a person, or a ticket followed within a day.
    #[schema(minimum = 0)]
    person: i64,
    /// The asker said that it is solved.
    #[schema(minimum = 0)]
    solved: i64,
    /// The asker said that it is not.
    #[schema(minimum = 0)]
    still_broken: i64,
    /// Nothing was found.
    #[schema(minimum = 0)]
    nothing: i64,
    /// Nothing was said. This is not solved.
    #[schema(minimum = 0)]
    silent: i64,
    /// Tickets that their first person solved.
    #[schema(minimum = 0)]
    tickets_first: i64,
    /// Tickets solved after a hand-over.
    #[schema(minimum = 0)]
    tickets_later: i64,
    /// Tickets not solved yet.
    #[schema(minimum = 0)]
    tickets_open: i64,
    /// Confirmed solved of everything asked, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    confirmed_share: Option<f64>,
    /// Solved by the first line, of the known outcomes, 0 to 1; silence is in neither part.
    #[schema(minimum = 0, maximum = 1)]
    first_line_share: Option<f64>,
}

/// Count what became of the questions
///
/// Silence never counts as solved.
#[utoipa::path(get, path = "/outcomes", tag = "knowledge", operation_id = "countOutcomes",
    params(OutcomesParams), security(("token" = [])),
    responses((status = 200, description = "The outcomes", body = OutcomesOut), Refusals))]
pub async fn outcomes(
    State(app): State<App>,
    _caller: Caller,
    Params(params): Params<OutcomesParams>,
) -> Result<Json<OutcomesOut>, Problem> {
    let until = match params.until.as_deref() {
        Some(text) => time("until", text)?,
        None => app.desk.clock.now().plus_millis(1),
    };
    let from = match params.from.as_deref() {
        Some(text) => time("from", text)?,
        None => until.plus_millis(-28 * DAY),
    };
    if from >= until || until.since(from) > LONGEST * DAY {
        return Err(Problem::invalid("from", "must be before until, by 366 days at most"));
    }
    app.library.digest().await?;
    let (figures, _) = app.library.deflection(from, until).await?;
    Ok(Json(OutcomesOut::new(from, until, &figures)))
}

fn time(field: &str, text: &str) -> Result<Time, Problem> {
    let at: Timestamp =
        text.parse().map_err(|_| Problem::invalid(field, "must be a time such as 2026-09-28T01:00:00Z"))?;
    Ok(Time::from_timestamp(at))
}

impl OutcomesOut {
    fn new(from: Time, until: Time, f: &Deflection) -> OutcomesOut {
        OutcomesOut {
            from,
            until,
            asked: f.asked,
            came_back: f.came_back,
            person: f.person,
            solved: f.solved,
            still_broken: f.still_broken,
            nothing: f.nothing,
            silent: f.silent,
            tickets_first: f.tickets_first,
            tickets_later: f.tickets_later,
            tickets_open: f.tickets_open,
            confirmed_share: f.confirmed_share(),
            first_line_share: f.first_line_share(),
        }
    }
}
