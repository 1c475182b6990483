//! How a class of fault is handled once its cause is known (P6-27).
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ticket::Mode;

text_enum! {
    /// What sort of fault it turned out to be; staff set it.
    FaultClass ("fault_class") {
        Disaster = "disaster",
        SeriousError = "serious_error",
        GeneralError = "general_error",
        Misuse = "misuse",
    }
}

/// `[[courses]]` of a plan: the course of a class, at some or all levels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    pub class: FaultClass,
    pub severity: Option<Vec<u8>>,
    /// In the order they are tried.
    pub handling: Vec<Mode>,
    /// True: the correction goes to every user of the software (P6-28).
    #[serde(default)]
    pub to_all_users: bool,
    /// What is done, in words, by language tag.
    pub words: BTreeMap<String, String>,
}

impl crate::plan::Plan {
    /// The course of a class of fault at a level.
    pub fn course(&self, class: FaultClass, severity: u8) -> Option<&Course> {
        let fits =
            |c: &&Course| c.class == class && c.severity.as_ref().is_none_or(|s| s.contains(&severity));
        self.courses.iter().find(fits)
    }
}
