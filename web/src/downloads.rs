//! Downloads by RFC 9110: one way to send stored bytes, whole or in ranges, to whoever may have them.
mod asker;
mod body;
mod conditional;
mod disposition;
mod entity;
pub mod guest;
mod hosted;
mod lent;
mod multipart;
mod plan;
mod range;
pub mod tally;

pub use asker::asker;
pub use entity::{Entity, Way, send};
pub use hosted::withdrawn;

use axum::Router;
use axum::routing::get;

use crate::App;

/// `GET|HEAD /downloads/{sha256 or id}/{file name}`.
pub fn routes() -> Router<App> {
    Router::new().route("/downloads/{key}/{name}", get(hosted::serve))
}
