//! `GET /api/v1/suggest`: titles to offer while somebody types.
use axum::Json;
use axum::extract::State;
use firstline_kb::article::ArticleKind;
use firstline_kb::suggest::{Suggestion, Typed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::Visitor;
use super::doc::Refusals;
use super::extract::{Params, at_most, lang_tag};
use super::problem::Problem;
use super::search::filled;
use super::{page, schemas};
use crate::App;

/// The longest beginning of a question taken.
const MAX_TYPED: usize = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SuggestParams {
    /// What was typed so far.
    #[param(max_length = 200, pattern = r"^[^\u0000]*$", example = "printer of")]
    q: String,
    /// Language of the titles; by the script of the words when absent.
    #[param(schema_with = schemas::lang)]
    lang: Option<String>,
    /// Titles about this product come first.
    #[param(max_length = 200, pattern = r"^[^\u0000]*$")]
    product: Option<String>,
    /// How many, 1 to 20; 8 unless told.
    #[param(minimum = 1, maximum = 20)]
    limit: Option<i64>,
}

/// An article to offer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Suggestion)]
#[serde(deny_unknown_fields)]
pub struct SuggestionOut {
    /// The article's title.
    text: String,
    id: String,
    #[schema(schema_with = schemas::article_kind)]
    kind: ArticleKind,
    /// The article's page.
    url: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Suggestions {
    query: String,
    /// Best first.
    items: Vec<SuggestionOut>,
}

/// Suggest articles while somebody types
///
/// Public unless the installation asks for a token to search.
#[utoipa::path(get, path = "/suggest", tag = "knowledge", operation_id = "suggest",
    params(SuggestParams), security((), ("token" = [])),
    responses((status = 200, description = "Titles that hold every word typed, the last one as it begins", body = Suggestions), Refusals))]
pub async fn suggest(
    State(app): State<App>,
    visitor: Visitor,
    Params(params): Params<SuggestParams>,
) -> Result<Json<Suggestions>, Problem> {
    visitor.admit(&app, app.config.search_public)?;
    at_most("q", Some(&params.q), MAX_TYPED)?;
    at_most("product", params.product.as_deref(), 200)?;
    let typed = Typed {
        lang: params.lang.as_deref().map(lang_tag).transpose()?.map(str::to_owned),
        product: filled(params.product),
        limit: page::limit(params.limit, 20, 8)? as usize,
        text: params.q,
    };
    let found = app.library.suggest(&typed).await?;
    let items = found.into_iter().map(|s| out(&app, s)).collect();
    Ok(Json(Suggestions { query: typed.text, items }))
}

fn out(app: &App, s: Suggestion) -> SuggestionOut {
    SuggestionOut { url: app.desk.links.page(&s.path), text: s.title, id: s.id, kind: s.kind }
}
