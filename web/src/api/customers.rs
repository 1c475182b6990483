//! `/api/v1/customers`: the organisations we serve.
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use firstline_core::Time;
use firstline_core::customers::{Customer, NewCustomer, rows};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::Caller;
use super::doc::Refusals;
use super::extract::{Body, Params, Segment};
use super::page::{MAX_LIMIT, Page, limit, wrong_cursor};
use super::problem::Problem;
use crate::App;

const DEFAULT_LIMIT: i64 = 20;

/// Where in a list of customers' records and how much of it.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Listing {
    /// How many items, 1 to 100; 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `next_cursor` of the page before; absent for the first page.
    #[param(pattern = "^[0-9a-f]{1,64}$")]
    cursor: Option<String>,
    /// Part of a name or number.
    #[param(max_length = 200, pattern = r"^[^\u0000]*$")]
    q: Option<String>,
}

impl Listing {
    pub fn limit(&self) -> Result<i64, Problem> {
        limit(self.limit, MAX_LIMIT, DEFAULT_LIMIT)
    }

    pub fn text(&self) -> String {
        self.q.clone().unwrap_or_default()
    }

    /// The id after which the page begins.
    pub fn after(&self) -> Result<Option<&str>, Problem> {
        match self.cursor.as_deref() {
            Some(id) if !is_id(id) => Err(wrong_cursor()),
            other => Ok(other),
        }
    }
}

fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_hexdigit())
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerRecord)]
#[serde(deny_unknown_fields)]
pub struct CustomerOut {
    id: String,
    name: String,
    region: Option<String>,
    /// IANA name of their time zone.
    zone: String,
    note: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
}

impl From<Customer> for CustomerOut {
    fn from(c: Customer) -> CustomerOut {
        CustomerOut {
            id: c.id,
            name: c.name,
            region: c.region,
            zone: c.zone,
            note: c.note,
            created_at: c.created_at,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCustomerRecord, example = json!({ "name": "First Hospital", "region": "beijing" }))]
pub struct CustomerIn {
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\u0000]*[^\s\u0000][^\u0000]*$")]
    name: String,
    /// A word of your own, such as `beijing`.
    #[schema(max_length = 60, pattern = r"^[^\u0000]*$")]
    region: Option<String>,
    /// `Asia/Shanghai` when absent.
    zone: Option<String>,
    #[schema(max_length = 4000, pattern = r"^[^\u0000]*$")]
    note: Option<String>,
}

/// List customers, in the order they were added
#[utoipa::path(get, path = "/customers", tag = "customers", operation_id = "listCustomers",
    params(Listing), security(("token" = [])),
    responses((status = 200, description = "One page", body = Page<CustomerOut>), Refusals))]
pub async fn list_customers(
    State(app): State<App>,
    _caller: Caller,
    Params(listing): Params<Listing>,
) -> Result<Json<Page<CustomerOut>>, Problem> {
    let limit = listing.limit()?;
    let found = rows::customer::all(&app.desk.db, &listing.text(), listing.after()?, limit + 1).await?;
    Ok(Json(page(found, limit, |c| c.id.clone())))
}

/// A page of a list, with the cursor where there is more.
pub fn page<T, O: From<T>>(mut found: Vec<T>, limit: i64, id: impl Fn(&T) -> String) -> Page<O> {
    let more = found.len() as i64 > limit;
    found.truncate(limit as usize);
    let next_cursor = found.last().filter(|_| more).map(id);
    Page { items: found.into_iter().map(O::from).collect(), next_cursor }
}

/// Add a customer
#[utoipa::path(post, path = "/customers", tag = "customers", operation_id = "addCustomer",
    request_body = CustomerIn, security(("token" = [])),
    responses((status = 201, description = "Added", body = CustomerOut,
        headers(("Location" = String, description = "Path of the customer"))), Refusals))]
pub async fn add_customer(
    State(app): State<App>,
    caller: Caller,
    body: Body<CustomerIn>,
) -> Result<Response, Problem> {
    let new = body.value;
    let new = NewCustomer {
        name: new.name,
        region: new.region,
        zone: new.zone.unwrap_or_default(),
        note: new.note.unwrap_or_default(),
    };
    let made = app.desk.add_customer(&caller.actor(), &new).await?;
    let place = format!("/api/v1/customers/{}", made.id);
    Ok(created(place, CustomerOut::from(made)))
}

pub fn created(place: String, body: impl Serialize) -> Response {
    (StatusCode::CREATED, [(LOCATION, place)], Json(body)).into_response()
}

/// Read a customer
#[utoipa::path(get, path = "/customers/{id}", tag = "customers", operation_id = "readCustomer",
    params(("id" = String, Path, description = "The customer's id")), security(("token" = [])),
    responses((status = 200, description = "The customer", body = CustomerOut), Refusals))]
pub async fn read_customer(
    State(app): State<App>,
    _caller: Caller,
    Segment(id): Segment,
) -> Result<Json<CustomerOut>, Problem> {
    Ok(Json(app.desk.customer(&id).await?.into()))
}
