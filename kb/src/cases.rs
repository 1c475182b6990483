//! Solved tickets as cases for staff (P6-32): what was asked and what solved it. They stand in the index in fields
//! of their own that no search of customers looks at.
pub(crate) mod find;
pub(crate) mod follow;
pub(crate) mod store;

use firstline_core::Time;
use firstline_core::ticket::Number;
use serde::{Deserialize, Serialize};

/// A solved ticket that resembles a new one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub ticket_id: String,
    pub number: Number,
    pub title: String,
    pub product: Option<String>,
    pub version: Option<String>,
    /// The last words of staff before it was solved, shortened.
    pub resolution: String,
    pub resolved_at: Time,
    /// 0 to 1: how much of what is asked the case has.
    #[serde(default)]
    pub score: f32,
}
