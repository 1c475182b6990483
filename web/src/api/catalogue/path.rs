//! `GET /api/v1/upgrade-path`.
use axum::Json;
use axum::extract::State;
use firstline_bots::advice;
use firstline_bots::texts::Lang;
use firstline_kb::catalogue::Ask;
use firstline_kb::catalogue::path::{Advice, Goal};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::json::StepOut;
use super::{day, viewer};
use crate::App;
use crate::api::access::Visitor;
use crate::api::doc::Refusals;
use crate::api::extract::{AnswerLang, Params, at_most};
use crate::api::problem::Problem;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PathParams {
    /// The product's key or any of its names.
    #[param(max_length = 100, pattern = r"^[^\u0000]*$", example = "invoice")]
    product: String,
    /// What is installed now.
    #[param(max_length = 100, pattern = r"^[^\u0000]*$", example = "3.1.4")]
    version: String,
    /// Such as `windows` or `linux-x64`.
    #[param(max_length = 100, pattern = r"^[^\u0000]*$")]
    platform: Option<String>,
    /// `newest` (unless told), `security`, `smallest`, `channel`, `channel:NAME`, `fixes:CODE`, `to:VERSION`.
    #[param(max_length = 120, pattern = r"^[^\u0000]*$", example = "fixes:E-1042")]
    goal: Option<String>,
    /// The day to answer for, such as 2026-01-31; today unless told.
    #[param(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    as_of: Option<String>,
}

/// The shortest safe list in order, or the reason why there is none.
#[derive(Debug, Serialize, ToSchema)]
pub struct UpgradePath {
    product: String,
    /// As it was asked.
    version: String,
    platform: Option<String>,
    goal: String,
    as_of: String,
    /// In the order to install them; empty with a `reason`.
    steps: Vec<StepOut>,
    /// Why there are no steps: `{code, …}`; codes are `already_newest`, `already_fixed`, `already_secure`,
    /// `end_of_life`, `unknown_product`, `unknown_version`, `unknown_channel`, `no_fix`, `fix_withdrawn`,
    /// `fix_elsewhere`, `fork`, `gap`, `platform`, `nothing_published`.
    #[schema(value_type = Option<Object>)]
    reason: Option<Value>,
    /// What else a reader should know: `{code, …}`.
    #[schema(value_type = Vec<Object>)]
    remarks: Vec<Value>,
    /// Where the version stands: its channel, whether that is supported, what is newest.
    standing: Standing,
    /// All of it in words, by `Accept-Language`.
    explanation: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Standing {
    /// The version is in the catalogue.
    known: bool,
    channel: Option<String>,
    /// Whether the channel is supported on the day asked about.
    supported: Option<bool>,
    end_of_life: Option<String>,
    newest_in_channel: Option<String>,
    newest_in_channel_date: Option<String>,
    newest: Option<String>,
    /// Published neighbours of a version that is not in the catalogue.
    nearest_below: Option<String>,
    nearest_above: Option<String>,
}

/// Which patch do I need?
///
/// A product or version that is not in the catalogue is an answer with a `reason`, not an error.
#[utoipa::path(get, path = "/upgrade-path", tag = "catalogue", operation_id = "upgradePath",
    params(PathParams), security((), ("token" = [])),
    responses((status = 200, description = "Steps, or why there are none", body = UpgradePath), Refusals))]
pub async fn upgrade_path(
    State(app): State<App>,
    visitor: Visitor,
    AnswerLang(lang): AnswerLang,
    Params(params): Params<PathParams>,
) -> Result<Json<UpgradePath>, Problem> {
    visitor.admit(&app, app.config.search_public)?;
    at_most("product", Some(&params.product), 100)?;
    if params.product.trim().is_empty() {
        return Err(Problem::invalid("product", "is empty; name a product's key, see /api/v1/products"));
    }
    let goal: Goal = params.goal.as_deref().filter(|g| !g.is_empty()).unwrap_or("newest").parse()?;
    let ask = Ask {
        product: params.product,
        version: params.version,
        platform: params.platform,
        goal,
        as_of: day("as_of", params.as_of.as_deref())?,
        viewer: viewer(&visitor),
    };
    at_most("platform", ask.platform.as_deref(), 100)?;
    let found = app.catalogue.advise(&ask).await?;
    Ok(Json(UpgradePath::new(&app, found, Lang::from(lang))))
}

impl UpgradePath {
    fn new(app: &App, a: Advice, lang: Lang) -> UpgradePath {
        let mut explanation = advice::reason(&a, lang);
        if a.reason.is_none() {
            explanation.push(advice::heading(&a, lang));
        }
        explanation.extend(advice::remarks(&a, lang));
        let links = &app.desk.links;
        let stands = a.standing;
        UpgradePath {
            steps: a.steps.into_iter().map(|s| StepOut::new(links, &a.product, s)).collect(),
            reason: a.reason.map(|r| serde_json::to_value(r).unwrap_or_default()),
            remarks: a.remarks.into_iter().map(|r| serde_json::to_value(r).unwrap_or_default()).collect(),
            product: a.product,
            version: a.version,
            platform: a.platform,
            goal: a.goal.to_string(),
            as_of: a.as_of.to_string(),
            explanation,
            standing: Standing {
                known: stands.known,
                channel: stands.channel,
                supported: stands.supported,
                end_of_life: stands.end_of_life.map(|d| d.to_string()),
                newest_in_channel: stands.newest_in_channel,
                newest_in_channel_date: stands.newest_in_channel_date.map(|d| d.to_string()),
                newest: stands.newest,
                nearest_below: stands.nearest_below,
                nearest_above: stands.nearest_above,
            },
        }
    }
}
