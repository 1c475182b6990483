//! Why something is not genuine. Each reason has its own words and its own exit code, so that scripts can tell.
use thiserror::Error;

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Fault {
    #[error("{what}: not signed by enough of the keys that may ({valid} of {needed})")]
    Signature { what: String, valid: usize, needed: usize },
    #[error("rollback: {what} is version {found}, but version {seen} was seen before")]
    Rollback { what: String, found: u64, seen: u64 },
    #[error(
        "freeze: the timestamp ended at {expired}; somebody may be keeping newer releases from you, or the vendor forgot to renew it"
    )]
    Freeze { expired: String },
    #[error("mix and match: {what} is not the one that {by} names")]
    MixAndMatch { what: String, by: &'static str },
    #[error("wrong file: {name} is not what the vendor signed ({why})")]
    WrongFile { name: String, why: String },
    #[error("endless data: {what} is longer than the {limit} bytes it may have")]
    EndlessData { what: String, limit: u64 },
    #[error("fast-forward: {what} jumps to version {found}; the last one seen was {seen}")]
    FastForward { what: String, found: u64, seen: u64 },
    #[error("key rotation: {0}")]
    Rotation(String),
    #[error("expired: {what} ended at {expired}")]
    Expired { what: String, expired: String },
    #[error("downgraded signature: {0}")]
    Downgrade(String),
    #[error("{what}: {why}")]
    Unreadable { what: String, why: String },
}

impl Fault {
    /// The exit code of `catalogue verify`.
    pub fn exit_code(&self) -> u8 {
        match self {
            Fault::Signature { .. } => 10,
            Fault::Rollback { .. } => 11,
            Fault::Freeze { .. } => 12,
            Fault::MixAndMatch { .. } => 13,
            Fault::WrongFile { .. } => 14,
            Fault::EndlessData { .. } => 15,
            Fault::FastForward { .. } => 16,
            Fault::Rotation(_) => 17,
            Fault::Expired { .. } => 18,
            Fault::Downgrade(_) => 19,
            Fault::Unreadable { .. } => 20,
        }
    }

    pub(super) fn unreadable(what: impl Into<String>, why: impl ToString) -> Fault {
        Fault::Unreadable { what: what.into(), why: why.to_string() }
    }
}
