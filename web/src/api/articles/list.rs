//! `GET /api/v1/articles` and `GET /api/v1/articles/{id}`.
use axum::Json;
use axum::extract::State;
use firstline_core::Error;
use serde::Deserialize;
use utoipa::IntoParams;

use super::ArticleOut;
use crate::App;
use crate::api::access::Caller;
use crate::api::doc::Refusals;
use crate::api::extract::{Params, Segment, lang_tag};
use crate::api::page::{self, MAX_LIMIT, Page, wrong_cursor};
use crate::api::problem::Problem;
use crate::api::schemas;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ArticlesParams {
    /// How many items, 1 to 100; 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `next_cursor` of the page before; absent for the first page.
    #[param(pattern = "^[0-9a-f]{32}$")]
    cursor: Option<String>,
    /// Only articles in this language.
    #[param(schema_with = schemas::lang)]
    lang: Option<String>,
}

/// List articles, oldest first
#[utoipa::path(get, path = "/articles", tag = "knowledge", operation_id = "listArticles",
    params(ArticlesParams), security(("token" = [])),
    responses((status = 200, description = "One page", body = Page<ArticleOut>), Refusals))]
pub async fn list_articles(
    State(app): State<App>,
    _caller: Caller,
    Params(params): Params<ArticlesParams>,
) -> Result<Json<Page<ArticleOut>>, Problem> {
    let limit = page::limit(params.limit, MAX_LIMIT, 20)? as usize;
    let after = params.cursor.as_deref().map(read_cursor).transpose()?;
    let lang = params.lang.as_deref().map(lang_tag).transpose()?;
    let mut found = app.library.articles(after, limit + 1, lang).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next_cursor = found.last().filter(|_| more).map(|a| a.id.clone());
    let items = found.into_iter().map(|a| ArticleOut::new(&app.desk.links, a)).collect();
    Ok(Json(Page { items, next_cursor }))
}

/// The id of the last article of a page.
fn read_cursor(text: &str) -> Result<&str, Problem> {
    let fine = text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if fine { Ok(text) } else { Err(wrong_cursor()) }
}

/// Read an article
#[utoipa::path(get, path = "/articles/{id}", tag = "knowledge", operation_id = "readArticle",
    params(("id" = String, Path, description = "The article's `id`")), security(("token" = [])),
    responses((status = 200, description = "The article", body = ArticleOut), Refusals))]
pub async fn read_article(
    State(app): State<App>,
    _caller: Caller,
    Segment(id): Segment,
) -> Result<Json<ArticleOut>, Problem> {
    let found = app.library.article(&id).await?.ok_or_else(|| Error::not_found("article", id))?;
    Ok(Json(ArticleOut::new(&app.desk.links, found)))
}
