//! From a request to what is sent: pure, without files or network.
use axum::http::{HeaderMap, Method, header};

use super::conditional::{Validators, Verdict};
use super::range::{Part, Wanted, wanted};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// 200
    Whole,
    /// 206, one part or several
    Parts(Vec<Part>),
    /// 304
    NotModified,
    /// 412
    Failed,
    /// 416
    Unsatisfiable,
}

/// Decides by RFC 9110, 13.2.2. `Range` means something for GET only.
pub fn plan(method: &Method, headers: &HeaderMap, validators: &Validators, size: u64) -> Plan {
    match validators.judge(headers) {
        Verdict::NotModified => return Plan::NotModified,
        Verdict::Failed => return Plan::Failed,
        Verdict::Go => {}
    }
    let mut ranges = headers.get_all(header::RANGE).iter();
    let (Some(range), None) = (ranges.next(), ranges.next()) else { return Plan::Whole };
    if method != Method::GET || !validators.range_may_apply(headers) {
        return Plan::Whole;
    }
    match range.to_str().map_or(Wanted::Whole, |range| wanted(range, size)) {
        Wanted::Whole => Plan::Whole,
        Wanted::Parts(parts) => Plan::Parts(parts),
        Wanted::Unsatisfiable => Plan::Unsatisfiable,
    }
}
