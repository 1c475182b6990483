//! A customer's ticket by its signed link.
pub mod act;
pub mod page;
