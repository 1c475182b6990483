//! Tickets over the API.
pub mod create;
mod json;
pub mod message;
pub mod patch;
pub mod show;

use firstline_core::ticket::Number;

use super::problem::Problem;

pub use json::{MessageOut, TicketOut};

/// The number in a path. What cannot be a number is no ticket of ours.
fn number(text: &str) -> Result<Number, Problem> {
    text.parse().map_err(|_| Problem::not_found(format!("no ticket {text:?}; a number looks like FL-1024")))
}
