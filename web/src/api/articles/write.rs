//! `POST` and `PUT /api/v1/articles` (upsert by `external_id`) and `PUT /api/v1/articles/{id}`.
use axum::Json;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use firstline_core::Error;
use firstline_kb::Upserted;

use super::{ArticleIn, ArticleOut};
use crate::App;
use crate::api::access::Caller;
use crate::api::doc::Refusals;
use crate::api::extract::{Body, Segment};
use crate::api::problem::Problem;

/// Add an article, or change the one with this `external_id`
///
/// Sending the same twice changes nothing. It is found within a few seconds.
#[utoipa::path(post, path = "/articles", tag = "knowledge", operation_id = "writeArticle",
    request_body = ArticleIn, security(("token" = [])),
    responses(
        (status = 201, description = "Added", body = ArticleOut,
            headers(("Location" = String, description = "Path of the article"))),
        (status = 200, description = "Was there already; changed where it differed", body = ArticleOut),
        Refusals))]
pub async fn write_article(
    State(app): State<App>,
    caller: Caller,
    body: Body<ArticleIn>,
) -> Result<Response, Problem> {
    let external_id = body.value.external_id.clone().unwrap_or_else(|| app.desk.clock.id());
    write(&app, &caller, body.value, external_id).await
}

/// Put an article: add it, or change the one with this `external_id`
///
/// As `POST`, for programs that keep their articles in step: here the `external_id` is required.
#[utoipa::path(put, path = "/articles", tag = "knowledge", operation_id = "putArticle",
    request_body = ArticleIn, security(("token" = [])),
    responses(
        (status = 201, description = "Added", body = ArticleOut,
            headers(("Location" = String, description = "Path of the article"))),
        (status = 200, description = "Was there already; changed where it differed", body = ArticleOut),
        Refusals))]
pub async fn put_article(
    State(app): State<App>,
    caller: Caller,
    body: Body<ArticleIn>,
) -> Result<Response, Problem> {
    let Some(external_id) = body.value.external_id.clone() else {
        return Err(Problem::invalid("external_id", "is required: it says which article this is"));
    };
    write(&app, &caller, body.value, external_id).await
}

/// Change an article, or add one under this `external_id`
///
/// `id` is the article's `id` or its `external_id`; an id that is not known becomes the `external_id` of a new one.
#[utoipa::path(put, path = "/articles/{id}", tag = "knowledge", operation_id = "replaceArticle",
    params(("id" = String, Path, description = "The article's `id` or `external_id`")),
    request_body = ArticleIn, security(("token" = [])),
    responses(
        (status = 200, description = "The article after the change", body = ArticleOut),
        (status = 201, description = "Added", body = ArticleOut,
            headers(("Location" = String, description = "Path of the article"))),
        Refusals))]
pub async fn replace_article(
    State(app): State<App>,
    caller: Caller,
    Segment(id): Segment,
    body: Body<ArticleIn>,
) -> Result<Response, Problem> {
    let external_id = app.library.article(&id).await?.map_or(id, |old| old.external_id);
    if body.value.external_id.as_ref().is_some_and(|given| *given != external_id) {
        let stays = format!("the external_id of this article is {external_id:?} and stays");
        return Err(Error::Conflict(stays).into());
    }
    write(&app, &caller, body.value, external_id).await
}

async fn write(
    app: &App,
    caller: &Caller,
    article: ArticleIn,
    external_id: String,
) -> Result<Response, Problem> {
    let author = format!("token:{}", caller.0.name);
    match app.library.upsert(&article.draft(external_id)?, &author).await? {
        Upserted::New(article) => {
            let place = format!("/api/v1/articles/{}", article.id);
            let body = Json(ArticleOut::new(&app.desk.links, article));
            let mut response = (StatusCode::CREATED, body).into_response();
            if let Ok(place) = HeaderValue::from_str(&place) {
                response.headers_mut().insert(LOCATION, place);
            }
            Ok(response)
        }
        Upserted::Changed(article) | Upserted::Same(article) => {
            Ok(Json(ArticleOut::new(&app.desk.links, article)).into_response())
        }
    }
}
