//! Paging: `?limit&cursor` in, `{items, next_cursor}` out.
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;

/// How many items a list gives unless told.
const DEFAULT_LIMIT: i64 = 20;
pub const MAX_LIMIT: i64 = 100;

/// Where in a list and how much of it.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// How many items, 1 to 100; 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `next_cursor` of the page before; absent for the first page.
    #[param(pattern = "^[0-9]{1,15}-[0-9]{1,15}$")]
    pub cursor: Option<String>,
}

impl PageParams {
    pub fn limit(&self) -> Result<i64, Problem> {
        limit(self.limit, MAX_LIMIT, DEFAULT_LIMIT)
    }
}

/// A limit within `1..=max`.
pub fn limit(given: Option<i64>, max: i64, default: i64) -> Result<i64, Problem> {
    match given {
        None => Ok(default),
        Some(n) if (1..=max).contains(&n) => Ok(n),
        Some(_) => Err(Problem::invalid("limit", format!("must be 1 to {max}"))),
    }
}

pub fn wrong_cursor() -> Problem {
    Problem::invalid("cursor", "is not a next_cursor of this list")
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Pass it as `cursor` for the next page; null on the last one.
    pub next_cursor: Option<String>,
}
