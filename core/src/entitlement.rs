//! Entitlement: what a customer is owed for a case, and on what terms. A pure answer from the plan's
//! `[coverage]`, the contract, the date, the cause and the exclusion picked, always with its clause in words.
mod answer;
mod cause;
mod period;
mod shipped;
mod terms;

pub use answer::{Answer, Basis, Case, Entitlement, entitlement, without_contract};
pub use cause::{Cause, guess_cause, guess_exclusion};
pub use period::{ContractYear, Length, Period, Standing, contract_year, standing};
pub(crate) use shipped::source_of;
pub use shipped::{Terms, terms_of};
pub use terms::{CoverRule, Coverage, Exclusion, OnSite, Payer, Quota, Words};

/// A contract as far as entitlement cares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Agreed {
    /// The day the customer accepted the system; `None`: not yet.
    pub accepted_on: Option<jiff::civil::Date>,
    /// Instead of the plan's lengths.
    pub warranty: Option<Length>,
    pub maintenance: Option<Length>,
    pub suspended: bool,
    /// Products on the contract; empty: every product of ours.
    pub products: Vec<String>,
    /// Ids of the plan's exclusions that this contract does not apply.
    pub waived: Vec<String>,
}
