//! Routing: which group and which person gets a ticket, and why. A pure decision over the plan's
//! `[routing]`, the groups as they stand, and the ticket; every assignment keeps its reasons.
mod hours;
mod pick;
mod rules;

pub use hours::{Hours, Opening, Special};
pub use pick::{Decision, GroupView, Member, Request, Why, pick};
pub use rules::Routing;

text_enum! {
    /// What a group is there for (P6-02).
    GroupKind ("group kind") {
        General = "general",
        OnSite = "on_site",
        /// Web site and call centre.
        Remote = "remote",
        /// Told at once when everything stands still (P6-34).
        Emergency = "emergency",
    }
}
