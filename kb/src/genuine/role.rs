//! The four kinds of metadata. Versions only grow; `expires` is an RFC 3339 instant.
use std::collections::BTreeMap;

use firstline_core::{Time, text_enum};
use serde::{Deserialize, Serialize};

use super::key::PublicKey;

text_enum! {
    /// Who signs what.
    Role ("role") { Root = "root", Targets = "targets", Snapshot = "snapshot", Timestamp = "timestamp" }
}

/// The keys of every role. The only thing that has to be trusted beforehand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Root {
    pub role: Role,
    pub version: u64,
    pub expires: Time,
    /// Public keys in base64 by their id.
    pub keys: BTreeMap<String, String>,
    pub roles: BTreeMap<Role, Signers>,
}

/// Keys that may sign, and how many of them must.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signers {
    pub key_ids: Vec<String>,
    pub threshold: usize,
}

/// Every file the vendor stands for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    pub role: Role,
    pub version: u64,
    pub expires: Time,
    /// By path inside the folder, with `/` on every system.
    pub targets: BTreeMap<String, Target>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub size: u64,
    pub sha256: String,
}

/// Names exactly one other file of metadata: snapshot names the targets, timestamp the snapshot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pointer {
    pub role: Role,
    pub version: u64,
    pub expires: Time,
    pub names: Named,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    pub version: u64,
    pub size: u64,
    pub sha256: String,
}

impl Root {
    /// The public keys that may sign for `role`, and how many must.
    pub fn signers(&self, role: Role) -> Option<(Vec<(String, PublicKey)>, usize)> {
        let signers = self.roles.get(&role)?;
        let keys = signers.key_ids.iter().filter_map(|id| {
            let key = PublicKey::from_text(self.keys.get(id)?)?;
            // A key under another's id would count twice.
            (key.id() == *id).then(|| (id.clone(), key))
        });
        let mut keys: Vec<(String, PublicKey)> = keys.collect();
        keys.sort_by(|a, b| a.0.cmp(&b.0));
        keys.dedup_by(|a, b| a.0 == b.0);
        Some((keys, signers.threshold))
    }
}
