//! Releases in the console: the list and its calendar, one release as a form, and its way from draft to
//! published and, if it must be, withdrawn.
pub mod act;
pub mod form;
pub mod list;
pub mod page;
