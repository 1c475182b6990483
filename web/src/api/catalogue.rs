//! The catalogue over the API: products, releases, and which patch somebody needs.
pub mod json;
pub mod path;
pub mod products;
pub mod releases;

use firstline_kb::catalogue::model::Viewer;
use jiff::civil::Date;

use super::access::Visitor;
use super::problem::Problem;

/// Programs with a token act for the company and see everything that is out; others what is for everybody.
fn viewer(visitor: &Visitor) -> Viewer {
    if visitor.is_known() { Viewer::Staff } else { Viewer::Anybody }
}

fn day(field: &str, text: Option<&str>) -> Result<Option<Date>, Problem> {
    let Some(text) = text.filter(|t| !t.is_empty()) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Problem::invalid(field, "must be a day such as 2026-01-31"))
}
