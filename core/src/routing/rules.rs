//! `[routing]` of a plan.
use serde::{Deserialize, Serialize};

use super::GroupKind;
use crate::{Error, Result};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Routing {
    /// The same problem stays with the same engineer (P5-03).
    pub same_engineer: bool,
    /// The engineer named on the contract comes first (P7-09).
    pub named_engineer: bool,
    /// The group of the customer's region before others (P8-06).
    pub nearest: bool,
    /// Where the work of the on-site groups goes when the warranty is over (P6-03).
    pub after_warranty: Option<GroupKind>,
    /// Levels that the emergency group is told of (P6-34).
    pub emergency_levels: Vec<u8>,
    /// Levels that reach the person on duty out of hours (P9-06).
    pub duty_levels: Vec<u8>,
}

impl Default for Routing {
    fn default() -> Routing {
        Routing {
            same_engineer: true,
            named_engineer: true,
            nearest: true,
            after_warranty: None,
            emergency_levels: vec![1],
            duty_levels: vec![1, 2],
        }
    }
}

impl Routing {
    pub fn check(&self) -> Result<()> {
        let lists = [("emergency_levels", &self.emergency_levels), ("duty_levels", &self.duty_levels)];
        for (key, levels) in lists {
            if let Some(level) = levels.iter().find(|l| !(1..=4).contains(*l)) {
                return Err(Error::invalid(
                    format!("routing.{key}"),
                    format!("{level} is no level from 1 to 4"),
                ));
            }
        }
        match self.after_warranty {
            Some(kind @ (GroupKind::OnSite | GroupKind::Emergency)) => {
                Err(Error::invalid("routing.after_warranty", format!("{kind} groups cannot take over")))
            }
            _ => Ok(()),
        }
    }
}
