//! How a plan is written. Each section is read by itself, so that one check names every fault.
use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::check::Fault;
use super::{Difficulty, Instead, Length, Milestone, Trigger};
use crate::ticket::{Kind, Status};

/// The top of the file; sections stay as they are until they are read one by one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Top {
    pub id: String,
    pub version: u32,
    pub time_zone: String,
    pub title: BTreeMap<String, String>,
    /// A scheme that ships, by name, or a table.
    pub severity: toml::Value,
    /// The calendar by which it is said when somebody is there next.
    pub service: Option<String>,
    #[serde(default)]
    pub regions: Vec<String>,
    #[serde(default)]
    pub groups: Vec<String>,
    #[serde(default)]
    pub calendars: BTreeMap<String, toml::Value>,
    #[serde(default)]
    pub targets: Vec<toml::Value>,
    #[serde(default)]
    pub pauses: Option<toml::Value>,
    #[serde(default)]
    pub escalation: Vec<toml::Value>,
    #[serde(default)]
    pub special_periods: Vec<toml::Value>,
    #[serde(default)]
    pub courses: Vec<toml::Value>,
    /// What is free and what is not: read by `entitlement`.
    pub coverage: Option<toml::Value>,
    /// Written by `overrides`.
    pub base: Option<super::Base>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetFile {
    pub milestone: Milestone,
    pub kinds: Option<Vec<Kind>>,
    pub severity: Option<Levels>,
    pub difficulty: Option<Difficulty>,
    pub regions: Option<Vec<String>>,
    pub within: Length,
    pub calendar: Option<String>,
    pub from: Option<Trigger>,
    #[serde(default)]
    pub only_after: bool,
    #[serde(default)]
    pub instead: Vec<Instead>,
    pub pauses: Option<Vec<Status>>,
}

/// `severity = 1` or `severity = [1, 2]`.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub enum Levels {
    One(u8),
    Many(Vec<u8>),
}

impl Levels {
    pub fn list(self) -> Vec<u8> {
        match self {
            Levels::One(level) => vec![level],
            Levels::Many(levels) => levels,
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PausesFile {
    #[serde(default)]
    pub statuses: Vec<Status>,
    /// `continues` (without the gap) or `restarts`.
    pub reopening: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EscalationFile {
    pub milestone: Milestone,
    pub severity: Option<Levels>,
    pub kinds: Option<Vec<Kind>>,
    /// Before the due time, counted on the target's calendar.
    pub before: Option<Length>,
    /// After it; neither: at the due time. `opening = true`: when the ticket opens.
    pub after: Option<Length>,
    #[serde(default)]
    pub opening: bool,
    pub to: Vec<String>,
    /// Told again at this pace until somebody takes it (P6-34).
    pub repeat: Option<Length>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodFile {
    pub name: BTreeMap<String, String>,
    pub from: Date,
    pub to: Date,
    #[serde(default)]
    pub people: Vec<String>,
    #[serde(default)]
    pub targets: Vec<toml::Value>,
}

/// Reads one section; a fault names its key.
pub fn section<T: DeserializeOwned>(key: &str, value: toml::Value, faults: &mut Vec<Fault>) -> Option<T> {
    match value.try_into() {
        Ok(read) => Some(read),
        Err(e) => {
            let reason = e.to_string();
            faults.push(Fault::new(key, reason.trim().lines().collect::<Vec<_>>().join(" ")));
            None
        }
    }
}
