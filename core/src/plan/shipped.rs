//! The plans this process knows: those that ship, and versions that staff made.
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::Plan;
use crate::calendar::HolidaySets;
use crate::{Error, Result};

/// The plan of a ticket whose customer has no contract.
pub const DEFAULT: &str = "default";

/// File names and texts of the plans that ship.
const SHIPPED: &[(&str, &str)] = &[
    ("plans/default.toml", include_str!("../../plans/default.toml")),
    ("plans/P1.toml", include_str!("../../plans/P1.toml")),
    ("plans/P2.toml", include_str!("../../plans/P2.toml")),
    ("plans/P3.toml", include_str!("../../plans/P3.toml")),
    ("plans/P4.toml", include_str!("../../plans/P4.toml")),
    ("plans/P5.toml", include_str!("../../plans/P5.toml")),
    ("plans/P6.toml", include_str!("../../plans/P6.toml")),
    ("plans/P7.toml", include_str!("../../plans/P7.toml")),
    ("plans/P8.toml", include_str!("../../plans/P8.toml")),
    ("plans/P9.toml", include_str!("../../plans/P9.toml")),
    ("plans/P10.toml", include_str!("../../plans/P10.toml")),
];

/// Shared by everything in the process; a new version is seen by all at once.
#[derive(Clone, Debug)]
pub struct Plans(Arc<RwLock<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// By id and version; the highest version is the one for new tickets.
    plans: BTreeMap<(String, u32), Arc<Plan>>,
    sets: HolidaySets,
}

impl Plans {
    /// The plans that ship with the binary.
    pub fn built_in() -> Plans {
        let sets = HolidaySets::built_in();
        let mut plans = BTreeMap::new();
        for (file, text) in SHIPPED {
            let plan = Plan::parse(file, text, &sets).expect("a test parses the built-in plans");
            plans.insert((plan.id.clone(), plan.version), Arc::new(plan));
        }
        Plans(Arc::new(RwLock::new(Known { plans, sets })))
    }

    /// The newest version of a plan.
    pub fn get(&self, id: &str) -> Result<Arc<Plan>> {
        let known = self.read();
        let newest = known.plans.range((id.to_owned(), 0)..=(id.to_owned(), u32::MAX)).next_back();
        newest.map(|(_, plan)| plan.clone()).ok_or_else(|| Error::not_found("plan", id))
    }

    /// One version of a plan, if this process has it.
    pub fn version(&self, id: &str, version: u32) -> Option<Arc<Plan>> {
        self.read().plans.get(&(id.to_owned(), version)).cloned()
    }

    /// The newest version of every plan, by id: P1, P2, … P10. Plans of single contracts are not among them.
    pub fn all(&self) -> Vec<Arc<Plan>> {
        let known = self.read();
        let newest: BTreeMap<&str, &Arc<Plan>> =
            known.plans.values().filter(|p| p.base.is_none()).map(|p| (p.id.as_str(), p)).collect();
        let mut plans: Vec<Arc<Plan>> = newest.into_values().cloned().collect();
        plans.sort_by_key(|p| (p.id.len(), p.id.clone()));
        plans
    }

    /// Adds a version, or replaces it when the holidays it was built with changed.
    pub fn put(&self, plan: Plan) -> Arc<Plan> {
        let plan = Arc::new(plan);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.plans.insert((plan.id.clone(), plan.version), plan.clone());
        plan
    }

    pub fn holidays(&self) -> HolidaySets {
        self.read().sets.clone()
    }

    /// Takes other holidays and builds every plan anew with them.
    pub fn set_holidays(&self, sets: HolidaySets) -> Result<()> {
        if self.read().sets == sets {
            return Ok(());
        }
        let sources: Vec<Arc<Plan>> = self.read().plans.values().cloned().collect();
        let mut rebuilt = BTreeMap::new();
        for old in sources {
            let mut plan = Plan::parse(&old.id, &old.source, &sets)?;
            // A stored version keeps the number it was stored under.
            (plan.id, plan.version) = (old.id.clone(), old.version);
            rebuilt.insert((plan.id.clone(), plan.version), Arc::new(plan));
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *known = Known { plans: rebuilt, sets };
        Ok(())
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Known> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}
