//! `/api/v1/installations`: what runs where.
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use firstline_core::customers::{Installation, NewInstallation, rows};
use firstline_core::{Error, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::Caller;
use super::customers::{Listing, created, page};
use super::doc::Refusals;
use super::extract::{Body, Params, Segment};
use super::page::Page;
use super::problem::Problem;
use crate::App;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Installation)]
#[serde(deny_unknown_fields)]
pub struct InstallationOut {
    id: String,
    customer_id: String,
    contract_id: Option<String>,
    /// What the customer calls the system.
    name: String,
    product: String,
    version: Option<String>,
    region: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    #[schema(value_type = Option<String>, format = DateTime)]
    retired_at: Option<Time>,
}

impl From<Installation> for InstallationOut {
    fn from(i: Installation) -> InstallationOut {
        InstallationOut {
            id: i.id,
            customer_id: i.customer_id,
            contract_id: i.contract_id,
            name: i.name,
            product: i.product,
            version: i.product_version,
            region: i.region,
            created_at: i.created_at,
            retired_at: i.retired_at,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewInstallation, example = json!({ "customer_id": "0190…", "name": "Billing", "product": "invoice",
    "version": "3.2.1" }))]
pub struct InstallationIn {
    customer_id: String,
    contract_id: Option<String>,
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\u0000]*[^\s\u0000][^\u0000]*$")]
    name: String,
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\u0000]*[^\s\u0000][^\u0000]*$")]
    product: String,
    #[schema(max_length = 200, pattern = r"^[^\u0000]*$")]
    version: Option<String>,
    #[schema(max_length = 60, pattern = r"^[^\u0000]*$")]
    region: Option<String>,
}

/// List installations, in the order they were added
#[utoipa::path(get, path = "/installations", tag = "customers", operation_id = "listInstallations",
    params(Listing), security(("token" = [])),
    responses((status = 200, description = "One page", body = Page<InstallationOut>), Refusals))]
pub async fn list_installations(
    State(app): State<App>,
    _caller: Caller,
    Params(listing): Params<Listing>,
) -> Result<Json<Page<InstallationOut>>, Problem> {
    let limit = listing.limit()?;
    let found = rows::installation::list(&app.desk.db, &listing.text(), listing.after()?, limit + 1).await?;
    Ok(Json(page(found, limit, |i| i.id.clone())))
}

/// Add an installation
#[utoipa::path(post, path = "/installations", tag = "customers", operation_id = "addInstallation",
    request_body = InstallationIn, security(("token" = [])),
    responses((status = 201, description = "Added", body = InstallationOut,
        headers(("Location" = String, description = "Path of the installation"))), Refusals))]
pub async fn add_installation(
    State(app): State<App>,
    caller: Caller,
    body: Body<InstallationIn>,
) -> Result<Response, Problem> {
    let new = body.value;
    let what = NewInstallation {
        contract_id: new.contract_id,
        name: new.name,
        product: new.product,
        product_version: new.version,
        region: new.region,
    };
    let made = match app.desk.add_installation(&caller.actor(), &new.customer_id, &what).await {
        Err(Error::NotFound { .. }) => return Err(Problem::invalid("customer_id", "is no customer")),
        made => made?,
    };
    let place = format!("/api/v1/installations/{}", made.id);
    Ok(created(place, InstallationOut::from(made)))
}

/// Read an installation
#[utoipa::path(get, path = "/installations/{id}", tag = "customers", operation_id = "readInstallation",
    params(("id" = String, Path, description = "The installation's id")), security(("token" = [])),
    responses((status = 200, description = "The installation", body = InstallationOut), Refusals))]
pub async fn read_installation(
    State(app): State<App>,
    _caller: Caller,
    Segment(id): Segment,
) -> Result<Json<InstallationOut>, Problem> {
    Ok(Json(app.desk.installation(&id).await?.into()))
}
