//! The ticket core: people, tickets and their timeline, severity, plans and clocks, conversations,
//! inbox, outbox and jobs, and the store that holds them. It knows no network and no text for people.
// First, for its macros.
#[macro_use]
pub mod store;

pub mod calendar;
pub mod clock;
pub mod clocks;
pub mod conversation;
pub mod crash;
pub mod customers;
pub mod depths;
pub mod desk;
pub mod entitlement;
pub mod error;
pub mod files;
pub mod groups;
pub mod inbox;
pub mod jobs;
pub mod outbox;
pub mod people;
pub mod plan;
pub mod routing;
pub mod secret;
pub mod severity;
pub mod staff;
pub mod ticket;

pub use clock::{Clock, Time};
pub use desk::Desk;
pub use error::{Error, Result};
