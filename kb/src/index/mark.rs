//! How far an index got, written with each of its commits.
use serde::{Deserialize, Serialize};

use super::schema;

/// The payload of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    pub schema: u32,
    /// Which database it follows; an index folder may outlive a change of `--database-url`.
    pub store: i64,
    /// Number of the order to rebuild that it obeyed last.
    pub rebuild: i64,
    /// Every change up to this number is in.
    pub change: i64,
}

impl Mark {
    /// True when an index with this mark can go on following, and need not be built anew.
    pub fn can_follow(&self, now: &Mark) -> bool {
        self.schema == schema::VERSION
            && self.store == now.store
            && self.rebuild >= now.rebuild
            // A database restored from an older backup would never undo what the index saw later.
            && self.change <= now.change
    }

    /// True when an index with this mark holds everything `target` asks for.
    pub fn reaches(&self, target: &Mark) -> bool {
        self.schema == target.schema
            && self.store == target.store
            && self.rebuild >= target.rebuild
            && self.change >= target.change
    }

    pub fn to_payload(self) -> String {
        // A struct of numbers always becomes JSON.
        serde_json::to_string(&self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_an_order_and_a_restored_backup_need_a_new_index() {
        let mark = Mark { schema: schema::VERSION, store: 7, rebuild: 1, change: 100 };
        assert!(mark.can_follow(&Mark { change: 120, ..mark }));
        assert!(!mark.can_follow(&Mark { store: 8, ..mark }));
        assert!(!mark.can_follow(&Mark { rebuild: 2, ..mark }));
        assert!(!mark.can_follow(&Mark { change: 99, ..mark }));
        assert!(!Mark { schema: 0, ..mark }.can_follow(&mark));
    }
}
