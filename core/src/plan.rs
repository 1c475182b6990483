//! Service plans: data that says which severity scheme applies, what is promised within which time,
//! and which statuses pause a clock. Loading checks everything and names the key at fault.
use std::collections::BTreeMap;

use serde::Deserialize;

use crate::severity::Scheme;
use crate::ticket::Status;
use crate::{Error, Result};

text_enum! {
    /// A promised event in the life of a ticket.
    Milestone ("milestone") { FirstResponse = "first_response", Resolve = "resolve" }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub id: String,
    pub version: u32,
    /// By language tag: `zh-CN`, `en`.
    pub title: BTreeMap<String, String>,
    pub severity: Scheme,
    pub targets: Vec<Target>,
    #[serde(default)]
    pub pauses: Pauses,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub milestone: Milestone,
    /// Absent: every severity.
    pub severity: Option<u8>,
    pub within: Span,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pauses {
    #[serde(default)]
    pub statuses: Vec<Status>,
}

/// A length of elapsed time written as `10min`, `2h` or `3d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Span {
    pub seconds: i64,
}

impl TryFrom<String> for Span {
    type Error = Error;
    fn try_from(text: String) -> Result<Span> {
        let wrong = || Error::invalid("within", format!("{text:?} is not a length such as 10min, 2h or 3d"));
        let split = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let count: i64 = text[..split].parse().map_err(|_| wrong())?;
        let unit = match text[split..].trim() {
            "s" => 1,
            "min" => 60,
            "h" => 3600,
            "d" => 86_400,
            _ => return Err(wrong()),
        };
        count.checked_mul(unit).filter(|s| *s > 0).map(|seconds| Span { seconds }).ok_or_else(wrong)
    }
}

impl Plan {
    pub fn parse(file: &str, text: &str) -> Result<Plan> {
        let plan: Plan = toml::from_str(text).map_err(|e| Error::Config(format!("{file}: {e}")))?;
        plan.check().map_err(|e| Error::Config(format!("{file}: {e}")))?;
        Ok(plan)
    }

    /// What is promised for a milestone at a severity.
    pub fn target(&self, milestone: Milestone, severity: u8) -> Option<&Target> {
        self.targets.iter().find(|t| t.milestone == milestone && t.severity.is_none_or(|s| s == severity))
    }

    fn check(&self) -> Result<()> {
        self.severity.check()?;
        for lang in ["zh-CN", "en"] {
            if !self.title.contains_key(lang) {
                return Err(Error::invalid(format!("title.{lang}"), "is missing"));
            }
        }
        for level in 1..=4 {
            if self.target(Milestone::Resolve, level).is_none() {
                return Err(Error::invalid("targets", format!("severity {level} has no target for resolve")));
            }
        }
        Ok(())
    }
}

/// The plans this process knows, by id.
#[derive(Clone, Debug)]
pub struct Plans(BTreeMap<String, Plan>);

/// The plan of a ticket whose customer has no contract.
pub const DEFAULT: &str = "default";

impl Plans {
    /// The plans that ship with the binary.
    pub fn built_in() -> Plans {
        let plan = Plan::parse("plans/default.toml", include_str!("../plans/default.toml"))
            .expect("a test parses the built-in plans");
        Plans(BTreeMap::from([(plan.id.clone(), plan)]))
    }

    pub fn ids(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    pub fn get(&self, id: &str) -> Result<&Plan> {
        self.0.get(id).ok_or_else(|| Error::not_found("plan", id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::severity::{Effect, Scope, Situation};

    #[test]
    fn p6_35_default_scheme_gives_the_printed_levels() {
        use Effect::*;
        use Scope::*;
        let plan = Plans::built_in().get(DEFAULT).unwrap().clone();
        let level = |effect, scope, workaround| {
            let s = Situation { scope: Some(scope), effect: Some(effect), workaround: Some(workaround) };
            plan.severity.assess(s).level
        };
        assert_eq!(level(Stopped, Most, false), 1);
        for scope in [Many, Single] {
            assert_eq!(level(Stopped, scope, false), 2);
        }
        for effect in [AtRisk, Degraded] {
            assert_eq!((level(effect, Most, false), level(effect, Many, false)), (2, 2));
            assert_eq!(level(effect, Single, false), 3);
            assert_eq!((level(effect, Most, true), level(effect, Many, true)), (3, 3));
            assert_eq!(level(effect, Single, true), 4);
        }
        for scope in [Most, Many, Single] {
            assert_eq!((level(Partial, scope, false), level(Inconvenient, scope, false)), (3, 3));
            assert_eq!(level(Stopped, scope, true), 3);
            assert_eq!((level(Partial, scope, true), level(Inconvenient, scope, true)), (4, 4));
        }
    }

    #[test]
    fn a_faulty_plan_names_its_file_and_key() {
        let text = include_str!("../plans/default.toml");
        let unknown =
            Plan::parse("p.toml", &text.replace("milestone = \"resolve\"", "milstone = \"resolve\""));
        let message = unknown.unwrap_err().to_string();
        assert!(message.contains("p.toml") && message.contains("milstone"), "{message}");
        let gap = Plan::parse("p.toml", &text.replace("    { level = 4 },\n", "")).unwrap_err().to_string();
        assert!(gap.contains("no rule for scope most, effect partial, workaround true"), "{gap}");
    }
}
