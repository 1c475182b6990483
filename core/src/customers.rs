//! Customers: the organisations we serve, who speaks for them, what they run, and what was agreed.
mod contact;
mod contract;
mod installation;
mod record;
mod write;

pub use contact::{Contact, ContactRole, Linked, NewContact};
pub use contract::{Contract, EngineerChange, NewContract, Quotas};
pub use installation::{EntryKind, Installation, InstallationEntry, NewInstallation};
pub use record::{AuditRow, Customer, CustomerRow, NewCustomer};

pub mod rows {
    //! Reading and writing the rows of customers.
    pub use super::contact::rows as contact;
    pub use super::contract::rows as contract;
    pub use super::installation::rows as installation;
    pub use super::record::rows as customer;
}

pub(crate) use record::region;
pub(crate) use write::{audit, date_of, refuse_nul, text_of, today};
