//! What a verifier remembers between runs: the newest version of each kind it ever accepted.
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Fault;
use super::role::Role;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    pub root: u64,
    pub timestamp: u64,
    pub snapshot: u64,
    pub targets: u64,
}

/// A version may not run further ahead than this: a thief of a key could otherwise use up all numbers, and the
/// vendor's own next version would look like a rollback.
const FURTHEST: u64 = 100_000;

impl Seen {
    /// Reads what an earlier run stored; nothing where there was none.
    pub fn load(path: &Path) -> Result<Seen, Fault> {
        match std::fs::read(path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|e| Fault::unreadable(path.display().to_string(), e))
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Seen::default()),
            Err(e) => Err(Fault::unreadable(path.display().to_string(), e)),
        }
    }

    pub fn store(&self, path: &Path) -> Result<(), Fault> {
        let shown = path.display().to_string();
        let bytes = serde_json::to_vec_pretty(self).map_err(|e| Fault::unreadable(&shown, e))?;
        let beside = path.with_extension("new");
        std::fs::write(&beside, bytes)
            .and_then(|()| std::fs::rename(&beside, path))
            .map_err(|e| Fault::unreadable(shown, e))
    }

    /// Whether `found` may follow what was seen of `role`.
    pub fn check(&self, role: Role, found: u64) -> Result<(), Fault> {
        let (what, seen) = (role.to_string(), self.of(role));
        if found < seen {
            return Err(Fault::Rollback { what, found, seen });
        }
        if found - seen > FURTHEST {
            return Err(Fault::FastForward { what, found, seen });
        }
        Ok(())
    }

    fn of(&self, role: Role) -> u64 {
        match role {
            Role::Root => self.root,
            Role::Timestamp => self.timestamp,
            Role::Snapshot => self.snapshot,
            Role::Targets => self.targets,
        }
    }

    pub fn note(&mut self, role: Role, version: u64) {
        match role {
            Role::Root => self.root = version,
            Role::Timestamp => self.timestamp = version,
            Role::Snapshot => self.snapshot = version,
            Role::Targets => self.targets = version,
        }
    }
}
