//! Severity: a rule table over scope, effect and workaround. The reason is kept with the level.
mod course;
mod questions;
mod shipped;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use course::{Course, FaultClass};
pub use questions::Question;

use crate::ticket::Mode;

use crate::{Error, Result};

text_enum! {
    /// How many users are affected.
    Scope ("scope") { Most = "most", Many = "many", Single = "single" }
}

text_enum! {
    /// What the fault does. `Partial` is one function only; `AtRisk` may stop soon (P9's second level);
    /// `Degraded` is slow but running, which is a fault too (P1-05).
    Effect ("effect") {
        Stopped = "stopped",
        AtRisk = "at_risk",
        Degraded = "degraded",
        Partial = "partial",
        Inconvenient = "inconvenient",
    }
}

/// The level given to a ticket about which nothing is known yet.
pub const UNASSESSED: u8 = 3;

/// What the customer answered; `None` was not asked or not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Situation {
    pub scope: Option<Scope>,
    pub effect: Option<Effect>,
    pub workaround: Option<bool>,
}

/// A level with the reason for it. Rendered for people outside this room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// 1 (worst) to 4.
    pub level: u8,
    pub reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Reason {
    /// Rule number `rule` (from 1) of `scheme` fitted the situation.
    Rule { scheme: String, rule: usize, situation: Situation },
    /// Too little is known; `UNASSESSED` until somebody looks.
    Unassessed,
    /// Staff decided, with a note.
    Staff { note: String },
}

/// An ordered rule table; the first rule that fits decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// The commitment the table comes from, such as `P6-35`.
    pub name: String,
    /// What the levels are called and how they are handled; without it four unnamed ones.
    #[serde(default)]
    pub levels: Vec<Level>,
    pub rules: Vec<Rule>,
}

/// One level of a scheme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    pub level: u8,
    /// In the plan's words, by language tag.
    #[serde(default)]
    pub title: BTreeMap<String, String>,
    /// Ways of handling, in the order they are tried (P6-09).
    #[serde(default)]
    pub handling: Vec<Mode>,
    /// True: no answer of the customer leads here, staff give it (P6-09's fourth level).
    #[serde(default)]
    pub by_staff: bool,
}

/// An absent condition fits everything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub level: u8,
    pub scope: Option<Vec<Scope>>,
    pub effect: Option<Vec<Effect>>,
    pub workaround: Option<bool>,
}

impl Rule {
    fn fits(&self, situation: &Situation) -> bool {
        let scope = self.scope.as_ref().is_none_or(|s| situation.scope.is_some_and(|x| s.contains(&x)));
        let effect = self.effect.as_ref().is_none_or(|e| situation.effect.is_some_and(|x| e.contains(&x)));
        let workaround = self.workaround.is_none_or(|w| situation.workaround.unwrap_or(false) == w);
        scope && effect && workaround
    }
}

impl Scheme {
    /// Its levels, worst first.
    pub fn level_numbers(&self) -> Vec<u8> {
        if self.levels.is_empty() { vec![1, 2, 3, 4] } else { self.levels.iter().map(|l| l.level).collect() }
    }

    pub fn level(&self, number: u8) -> Option<&Level> {
        self.levels.iter().find(|l| l.level == number)
    }

    /// The level of a situation. Without an effect nothing is assessed; an unknown scope counts as a
    /// single user and an unknown workaround as none, until somebody says otherwise.
    pub fn assess(&self, situation: Situation) -> Assessment {
        if situation.effect.is_none() {
            return Assessment { level: UNASSESSED, reason: Reason::Unassessed };
        }
        let known = Situation { scope: Some(situation.scope.unwrap_or(Scope::Single)), ..situation };
        match self.rules.iter().position(|rule| rule.fits(&known)) {
            Some(i) => Assessment {
                level: self.rules[i].level,
                reason: Reason::Rule { scheme: self.name.clone(), rule: i + 1, situation },
            },
            None => Assessment { level: UNASSESSED, reason: Reason::Unassessed },
        }
    }

    /// Every situation must have a level and every rule must be reachable.
    pub fn check(&self) -> Result<()> {
        let mut used = vec![false; self.rules.len()];
        for &scope in Scope::ALL {
            for &effect in Effect::ALL {
                for workaround in [false, true] {
                    let s =
                        Situation { scope: Some(scope), effect: Some(effect), workaround: Some(workaround) };
                    match self.rules.iter().position(|rule| rule.fits(&s)) {
                        Some(i) => used[i] = true,
                        None => {
                            return Err(Error::invalid(
                                "severity.rules",
                                format!(
                                    "no rule for scope {scope}, effect {effect}, workaround {workaround}"
                                ),
                            ));
                        }
                    }
                }
            }
        }
        for (i, rule) in self.rules.iter().enumerate() {
            if !self.level_numbers().contains(&rule.level) {
                let reason = format!("must be one of {:?}", self.level_numbers());
                return Err(Error::invalid(format!("severity.rules[{}].level", i + 1), reason));
            }
            if !used[i] {
                return Err(Error::invalid(format!("severity.rules[{}]", i + 1), "can never be reached"));
            }
        }
        self.check_levels()
    }

    fn check_levels(&self) -> Result<()> {
        for (i, level) in self.levels.iter().enumerate() {
            let key = format!("severity.levels[{}]", i + 1);
            if usize::from(level.level) != i + 1 || i >= 4 {
                return Err(Error::invalid(key, "levels count from 1 (worst), at most to 4"));
            }
            if !level.by_staff && !self.rules.iter().any(|r| r.level == level.level) {
                return Err(Error::invalid(key, "no rule leads to this level"));
            }
        }
        Ok(())
    }
}
