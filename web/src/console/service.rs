//! Customers, contracts, installations, contacts, groups and the rota; and what service does on a ticket.
mod choices;
mod contacts;
mod contract;
mod contracts;
mod customer;
mod customers;
pub mod fields;
mod groups;
mod installation;
mod installations;
mod intake;
mod rota;
pub mod side;
mod ticket;

use axum::Router;
use axum::routing::{get, post};

use crate::App;

/// Routes below `/console`, without the layers that the console puts on.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/console/customers", get(customers::show).post(customers::add))
        .route("/console/customers/{id}", get(customer::show).post(customer::change))
        .route("/console/customers/{id}/contacts", post(customer::add_contact))
        .route("/console/customers/{id}/installations", post(customer::add_installation))
        .route("/console/customers/{id}/contracts", post(customer::sign))
        .route("/console/contacts", get(contacts::show))
        .route("/console/contacts/{id}", get(contacts::one).post(contacts::change))
        .route("/console/contacts/{id}/leave", post(contacts::leave))
        .route("/console/contracts", get(contracts::show))
        .route("/console/contracts/{id}", get(contract::show).post(contract::change))
        .route("/console/contracts/{id}/suspend", post(contract::suspend))
        .route("/console/contracts/{id}/engineer", post(contract::engineer))
        .route("/console/contracts/{id}/decide", post(contract::decide))
        .route("/console/installations", get(installations::show))
        .route("/console/installations/{id}", get(installation::show).post(installation::change))
        .route("/console/installations/{id}/entries", post(installation::note))
        .route("/console/groups", get(groups::show).post(groups::add))
        .route("/console/groups/{id}", get(groups::one).post(groups::change))
        .route("/console/rota", get(rota::show).post(rota::add))
        .route("/console/rota/{id}/remove", post(rota::remove))
        .route("/console/new", get(intake::show).post(intake::open))
        .route("/console/tickets/{number}/service", post(ticket::act))
}
