//! Signing a folder, offline: hashes every file, writes a signature beside each and new metadata over all.
use std::collections::BTreeMap;
use std::path::Path;

use firstline_core::Time;

use super::envelope::Envelope;
use super::folder::{self, METADATA, MINISIG, MOST, MOST_SMALL};
use super::role::{Pointer, Role, Root, Target, Targets};
use super::rotate::Keyring;
use super::{Fault, minisign};

/// How long signatures hold, in days.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    pub targets: i64,
    /// Short: it is what tells a customer that nothing newer is kept from them.
    pub timestamp: i64,
}

impl Default for Lifetimes {
    fn default() -> Lifetimes {
        Lifetimes { targets: 365, timestamp: 30 }
    }
}

/// A file that is now signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedFile {
    pub path: String,
    pub size: u64,
    pub sha256: String,
}

pub fn days(now: Time, days: i64) -> Time {
    now.plus_seconds(days.saturating_mul(24 * 3600))
}

/// Signs every file below `dir` with the keys of `ring`; versions go on from the metadata that is there.
pub fn sign_folder(
    dir: &Path,
    ring: &Keyring,
    now: Time,
    lives: Lifetimes,
) -> Result<Vec<SignedFile>, Fault> {
    let root = ring.root()?;
    std::fs::create_dir_all(dir.join(METADATA)).map_err(|e| Fault::unreadable(METADATA, e))?;
    ring.copy_roots(&dir.join(METADATA))?;
    let release = ring.one(&root, Role::Targets)?;
    let mut targets = BTreeMap::new();
    let mut signed = Vec::new();
    for path in folder::files(dir)? {
        let place = folder::place(dir, &path)?;
        let (size, sha256, prehash) = folder::hashes(&place, &path, u64::MAX - 1)?;
        let name = path.rsplit('/').next().unwrap_or(&path);
        let comment = format!("file:{name}\tsize:{size}\tsha256:{sha256}");
        write(
            &dir.join(format!("{path}{MINISIG}")),
            minisign::sign(&release, &prehash, &comment).as_bytes(),
        )?;
        targets.insert(path.clone(), Target { size, sha256: sha256.clone() });
        signed.push(SignedFile { path, size, sha256 });
    }
    chain(dir, ring, &root, targets, now, lives)?;
    Ok(signed)
}

/// Targets, then the snapshot that names them, then the timestamp that names the snapshot. The timestamp is
/// written last: whoever reads meanwhile sees the old set whole.
fn chain(
    dir: &Path,
    ring: &Keyring,
    root: &Root,
    targets: BTreeMap<String, Target>,
    now: Time,
    lives: Lifetimes,
) -> Result<(), Fault> {
    let end = days(now, lives.targets);
    let next = |role| next_version(dir, role);
    let content = Targets { role: Role::Targets, version: next(Role::Targets)?, expires: end, targets };
    let bytes = Envelope::make(Role::Targets, &content, &ring.all(root, Role::Targets)?)?.to_bytes()?;
    write(&dir.join(METADATA).join("targets.json"), &bytes)?;
    let mut named = folder::named(content.version, &bytes);
    for (role, expires) in [(Role::Snapshot, end), (Role::Timestamp, days(now, lives.timestamp))] {
        let content = Pointer { role, version: next(role)?, expires, names: named };
        let bytes = Envelope::make(role, &content, &ring.all(root, role)?)?.to_bytes()?;
        named = folder::named(content.version, &bytes);
        write(&dir.join(METADATA).join(format!("{role}.json")), &bytes)?;
    }
    Ok(())
}

/// One more than what lies there. Metadata that are there but cannot be read stop the signing: beginning anew at
/// 1 would look like a rollback to every customer.
fn next_version(dir: &Path, role: Role) -> Result<u64, Fault> {
    let most = if role == Role::Targets { MOST } else { MOST_SMALL };
    let name = format!("{role}.json");
    let Some(bytes) = folder::metadata(dir, &name, most)? else { return Ok(1) };
    let envelope = Envelope::read(&name, &bytes)?;
    #[derive(serde::Deserialize)]
    struct Version {
        version: u64,
    }
    let old: Version = serde_json::from_str(&envelope.signed).map_err(|e| Fault::unreadable(&name, e))?;
    Ok(old.version + 1)
}

/// Whole or not at all, also when the disk is full.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    std::fs::write(&beside, bytes)
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|e| Fault::unreadable(path.display().to_string(), e))
}
