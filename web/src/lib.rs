//! Configuration, wiring and life of the process; the public portal, the staff console, the REST API,
//! webhooks and downloads. No business rules and no SQL here.
pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod console;
pub mod downloads;
pub mod extraction;
pub mod pages;
pub mod portal;
pub mod serve;
pub mod texts;

pub use app::App;
