//! The OpenAPI document: made from the handlers, so that no route is missing from it.
use std::sync::OnceLock;

use axum::body::Bytes;
use serde_json::{Value, json};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{IntoParams, IntoResponses, Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::{Document, FieldError};
use super::{
    answers, articles, catalogue, contracts, customers, installations, outcomes, schemas, search, suggest,
    tickets,
};
use crate::App;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Firstline",
        description = "First line support: search and answers, articles, tickets. Times are RFC 3339 in UTC; errors are \
                       problem documents (RFC 9457); lists take `limit` and `cursor`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/", description = "This installation")),
    tags((name = "knowledge", description = "Articles, search and answers"), (name = "tickets", description = "Tickets"),
        (name = "customers", description = "Customers, contracts, installations"),
        (name = "catalogue", description = "Products, releases, and which of them somebody needs")),
    components(schemas(Document, FieldError)),
    modifiers(&TokenScheme),
)]
struct Api;

struct TokenScheme;

impl Modify for TokenScheme {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
            "A token made by `firstline token create --name NAME`, sent as `Authorization: Bearer TOKEN`.",
        ));
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme.build()));
    }
}

/// Every route of version 1 with its part of the document.
pub fn v1() -> OpenApiRouter<App> {
    let routes = OpenApiRouter::new()
        .routes(routes!(search::search))
        .routes(routes!(answers::answer))
        .routes(routes!(suggest::suggest))
        .routes(routes!(outcomes::outcomes))
        .routes(routes!(
            articles::list::list_articles,
            articles::write::write_article,
            articles::write::put_article
        ))
        .routes(routes!(articles::list::read_article, articles::write::replace_article))
        .routes(routes!(tickets::show::list_tickets, tickets::create::open_ticket))
        .routes(routes!(tickets::show::read_ticket, tickets::patch::change_ticket))
        .routes(routes!(tickets::message::add_message))
        .routes(routes!(customers::list_customers, customers::add_customer))
        .routes(routes!(customers::read_customer))
        .routes(routes!(contracts::list_contracts, contracts::sign_contract))
        .routes(routes!(contracts::read_contract))
        .routes(routes!(installations::list_installations, installations::add_installation))
        .routes(routes!(installations::read_installation))
        .routes(routes!(catalogue::path::upgrade_path))
        .routes(routes!(catalogue::products::list_products))
        .routes(routes!(catalogue::releases::list_releases))
        .routes(routes!(catalogue::releases::read_release));
    OpenApiRouter::with_openapi(Api::openapi()).nest("/api/v1", routes)
}

/// The document as it is served.
pub fn bytes() -> Bytes {
    static DOCUMENT: OnceLock<Bytes> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::to_vec(&document()).unwrap_or_default().into()).clone()
}

pub fn document() -> Value {
    let mut api = serde_json::to_value(v1().into_openapi()).unwrap_or_default();
    // What the derive cannot say.
    let schemas = &mut api["components"]["schemas"];
    schemas["TicketPatch"]["dependentRequired"] = json!({ "severity": ["reason"] });
    schemas["NewCustomer"]["properties"]["email"]["pattern"] = schemas::EMAIL.into();
    let put = &mut api["paths"]["/api/v1/articles"]["put"]["requestBody"]["content"]["application/json"];
    put["schema"] = json!({ "allOf": [
        { "$ref": "#/components/schemas/NewArticle" },
        { "required": ["external_id"], "properties": { "external_id": { "type": "string" } } },
    ] });
    api
}

/// The header that makes trying again safe.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "only its schema is used")]
pub struct KeyHeader {
    /// Any text of 1 to 255 visible ASCII characters, kept for each token: the same key with the same
    /// request gives the first answer again, with another request a conflict.
    #[param(rename = "Idempotency-Key", value_type = String, required = false, min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    key: Option<String>,
}

/// What every endpoint may refuse.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "only its schema is used")]
pub enum Refusals {
    /// The request is not well-formed.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Document),
    /// A token is missing, unknown or revoked.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(Document),
    /// There is no such thing.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Document),
    /// It contradicts what is there, or the idempotency key was used with another request.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Document),
    /// The body is larger than is taken.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Document),
    /// The body is not JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    WrongMediaType(Document),
    /// A field is wrong; `errors` says which and why.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Document),
    /// Too many requests without a token; see `Retry-After`.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Document),
    /// The store cannot take it now and nothing was changed; see `Retry-After`.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Document),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_names_its_answers_and_every_reference_exists() {
        let document = document();
        let text = document.to_string();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        for reference in text.split("#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(schemas.contains_key(name), "{name} is referred to and missing");
        }
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let place = format!("{method} {path}");
                assert!(path.starts_with("/api/v1/"), "{place}");
                assert!(operation["operationId"].is_string() && operation["summary"].is_string(), "{place}");
                assert!(operation["security"].is_array(), "{place}");
                for status in ["401", "422", "503"] {
                    let problem = &operation["responses"][status]["content"]["application/problem+json"];
                    assert!(problem["schema"].is_object(), "{place} {status}");
                }
            }
        }
        assert_eq!(document["openapi"], "3.1.0");
    }
}
