//! Who works at the bench, and what they may do there.
use firstline_core::staff::{Right, Role, Staff};
use firstline_core::{Error, Result};

/// A member of staff at the bench.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curator {
    pub id: String,
    pub role: Role,
}

impl Curator {
    pub fn of(staff: &Staff) -> Curator {
        Curator { id: staff.id.clone(), role: staff.role }
    }

    /// How revisions and the audit trail name them.
    pub fn actor(&self) -> String {
        format!("staff:{}", self.id)
    }

    /// Everybody writes drafts; publishing, retiring and settling gaps is for curators and who leads them.
    pub fn may_publish(&self) -> bool {
        self.role.may(Right::Curate)
    }

    pub(crate) fn must_publish(&self, what: &str) -> Result<()> {
        if self.may_publish() {
            return Ok(());
        }
        Err(Error::Forbidden(format!("{what} is for curators, managers and administrators")))
    }
}
