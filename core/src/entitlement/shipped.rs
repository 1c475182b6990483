//! What the plans that ship cover, and how they route: `plans/coverage/ID.toml` beside `plans/ID.toml`. One
//! file for promises and one for money: whoever edits a due time cannot change a price by accident.
use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Coverage;
use crate::routing::Routing;
use crate::{Error, Result};

/// `[coverage]` and `[routing]` of one plan.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// `None`: the plan does not say what is covered.
    pub coverage: Option<Coverage>,
    #[serde(default)]
    pub routing: Routing,
}

const SHIPPED: &[(&str, &str)] = &[
    ("default", include_str!("../../plans/coverage/default.toml")),
    ("P1", include_str!("../../plans/coverage/P1.toml")),
    ("P2", include_str!("../../plans/coverage/P2.toml")),
    ("P3", include_str!("../../plans/coverage/P3.toml")),
    ("P4", include_str!("../../plans/coverage/P4.toml")),
    ("P5", include_str!("../../plans/coverage/P5.toml")),
    ("P6", include_str!("../../plans/coverage/P6.toml")),
    ("P7", include_str!("../../plans/coverage/P7.toml")),
    ("P8", include_str!("../../plans/coverage/P8.toml")),
    ("P9", include_str!("../../plans/coverage/P9.toml")),
    ("P10", include_str!("../../plans/coverage/P10.toml")),
];

static TERMS: LazyLock<BTreeMap<&str, Terms>> = LazyLock::new(|| {
    let read = |(id, text): &(&'static str, &str)| {
        (*id, Terms::parse(&format!("plans/coverage/{id}.toml"), text).expect("a test parses what ships"))
    };
    SHIPPED.iter().map(read).collect()
});

static NOTHING: LazyLock<Terms> = LazyLock::new(Terms::default);

impl Terms {
    /// Reads and checks a file; the error names it and the key at fault.
    pub fn parse(file: &str, text: &str) -> Result<Terms> {
        let terms: Terms = toml::from_str(text).map_err(|e| Error::Config(format!("{file}: {e}")))?;
        let checked = terms.coverage.as_ref().map_or(Ok(()), Coverage::check).and(terms.routing.check());
        checked.map_err(|e| Error::Config(format!("{file}: {e}")))?;
        Ok(terms)
    }

    /// As `parse`, for a contract whose `own` rules stand before the plan's: those of the plan that no case
    /// reaches any more are left away.
    pub fn with_rules_first(file: &str, text: &str, own: usize) -> Result<Terms> {
        let mut terms: Terms = toml::from_str(text).map_err(|e| Error::Config(format!("{file}: {e}")))?;
        if let Some(coverage) = &mut terms.coverage {
            coverage.drop_unreached(own);
        }
        let checked = terms.coverage.as_ref().map_or(Ok(()), Coverage::check).and(terms.routing.check());
        checked.map_err(|e| Error::Config(format!("{file}: {e}")))?;
        Ok(terms)
    }

    pub fn exclusion(&self, id: &str) -> Option<&super::Exclusion> {
        self.coverage.as_ref()?.exclusion(id)
    }
}

/// The text of a plan's terms; empty where none ship.
pub(crate) fn source_of(plan_id: &str) -> &'static str {
    SHIPPED.iter().find(|(id, _)| *id == plan_id).map_or("", |(_, text)| text)
}

/// The terms of a plan; a plan of one's own covers nothing and routes as usual until it says otherwise.
pub fn terms_of(plan_id: &str) -> &'static Terms {
    TERMS.get(crate::plan::overrides::base_id(plan_id)).unwrap_or(&NOTHING)
}
