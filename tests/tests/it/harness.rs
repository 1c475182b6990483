//! What the stories stand on: fakes of the platforms, real databases, a real browser, real processes.
//!
//! Nothing here knows Firstline's own types. A fake behaves like the platform behind it and records what it was sent;
//! waiting is for a condition, woken by the change itself, with a generous bound and a message that says what was missing.
#![allow(dead_code, unused_imports, reason = "a tool box offers more than the stories of any one day use")]

pub mod at_exit;
pub mod browser;
pub mod fake_discord;
pub mod fake_telegram;
pub mod faults;
pub mod json_schema;
pub mod loopback;
pub mod not_run;
pub mod platform_schemas;
pub mod ports;
pub mod postgres;
pub mod process;
pub mod shared_data;
pub mod signal;
pub mod uploads;
pub mod wall_clock;
