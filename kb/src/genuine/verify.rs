//! The customer's side, in the order The Update Framework's client follows (its specification, section 5).
use std::path::Path;

use firstline_core::Time;

use super::envelope::Envelope;
use super::folder::{self, MINISIG, MOST, MOST_SMALL};
use super::role::{Named, Pointer, Role, Root, Target, Targets};
use super::rotate::{check_expiry, self_signed};
use super::seen::Seen;
use super::{Fault, minisign};

/// More new roots than this at once are no rotation.
const MOST_ROOTS: u64 = 1024;

/// What was found genuine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub release: u64,
    /// Paths of the files looked at.
    pub files: Vec<String>,
    /// What to remember for the next time.
    pub seen: Seen,
}

/// Checks the metadata in `dir` from `trusted` (the bytes of a root the caller trusts) on, and then `file`, or
/// every file the vendor signed. `seen` is what earlier runs remembered; nothing of it is lost on a fault.
pub fn verify_folder(
    dir: &Path,
    trusted: &[u8],
    seen: &Seen,
    now: Time,
    file: Option<&str>,
) -> Result<Verified, Fault> {
    let mut seen = seen.clone();
    let root = newest_root(dir, self_signed("trusted root", trusted)?, &mut seen)?;
    check_expiry(&root, now)?;
    let timestamp: Pointer = pointer(dir, Role::Timestamp, &root, &seen, None)?;
    if timestamp.expires <= now {
        return Err(Fault::Freeze { expired: timestamp.expires.to_string() });
    }
    let snapshot: Pointer = pointer(dir, Role::Snapshot, &root, &seen, Some(&timestamp.names))?;
    unexpired("snapshot", snapshot.expires, now)?;
    let targets = targets(dir, &root, &seen, &snapshot.names)?;
    unexpired("targets", targets.expires, now)?;
    for (role, version) in [
        (Role::Timestamp, timestamp.version),
        (Role::Snapshot, snapshot.version),
        (Role::Targets, targets.version),
    ] {
        seen.note(role, version);
    }
    let files = check_files(dir, &root, &targets, file)?;
    Ok(Verified { release: targets.version, files, seen })
}

fn unexpired(what: &str, expires: Time, now: Time) -> Result<(), Fault> {
    if expires <= now {
        return Err(Fault::Expired { what: what.into(), expired: expires.to_string() });
    }
    Ok(())
}

/// Follows the chain of roots: each next one is signed by the keys before it and by its own.
fn newest_root(dir: &Path, mut root: Root, seen: &mut Seen) -> Result<Root, Fault> {
    for _ in 0..MOST_ROOTS {
        let name = format!("{}.root.json", root.version.saturating_add(1));
        let Some(bytes) = folder::metadata(dir, &name, MOST_SMALL)? else { break };
        let envelope = Envelope::read(&name, &bytes)?;
        let by_old = envelope.open::<Root>(&name, Role::Root, &root);
        let next = by_old.map_err(|fault| match fault {
            Fault::Signature { .. } => Fault::Rotation(format!("{name} is not signed by the keys before it")),
            other => other,
        })?;
        if next.role != Role::Root || next.version != root.version + 1 {
            return Err(Fault::Rotation(format!("{name} says it is version {}", next.version)));
        }
        let by_itself = envelope.open::<Root>(&name, Role::Root, &next);
        by_itself.map_err(|_| Fault::Rotation(format!("{name} is not signed by its own keys")))?;
        forget_exchanged(&root, &next, seen);
        root = next;
    }
    if root.version < seen.root {
        return Err(Fault::Rollback { what: "root".into(), found: root.version, seen: seen.root });
    }
    seen.note(Role::Root, root.version);
    Ok(root)
}

/// Whoever exchanges the keys of timestamp or snapshot may have to undo a thief's high numbers.
fn forget_exchanged(old: &Root, new: &Root, seen: &mut Seen) {
    // A root that was followed in an earlier run has been forgotten for already.
    if new.version <= seen.root {
        return;
    }
    for role in [Role::Timestamp, Role::Snapshot] {
        if old.roles.get(&role) != new.roles.get(&role) {
            seen.note(Role::Timestamp, 0);
            seen.note(Role::Snapshot, 0);
        }
    }
}

fn pointer(
    dir: &Path,
    role: Role,
    root: &Root,
    seen: &Seen,
    named: Option<&Named>,
) -> Result<Pointer, Fault> {
    let bytes = named_bytes(dir, role, named, MOST_SMALL)?;
    let what = format!("{role}.json");
    let content: Pointer = Envelope::read(&what, &bytes)?.open(&what, role, root)?;
    check_version(role, content.role, content.version, seen, named)?;
    Ok(content)
}

fn targets(dir: &Path, root: &Root, seen: &Seen, named: &Named) -> Result<Targets, Fault> {
    let bytes = named_bytes(dir, Role::Targets, Some(named), MOST)?;
    let content: Targets =
        Envelope::read("targets.json", &bytes)?.open("targets.json", Role::Targets, root)?;
    check_version(Role::Targets, content.role, content.version, seen, Some(named))?;
    Ok(content)
}

fn check_version(
    role: Role,
    said: Role,
    version: u64,
    seen: &Seen,
    named: Option<&Named>,
) -> Result<(), Fault> {
    if said != role || named.is_some_and(|n| n.version != version) {
        return Err(Fault::MixAndMatch { what: format!("{role}.json"), by: above(role) });
    }
    seen.check(role, version)
}

/// The bytes of a metadata file, which must be exactly those that were named.
fn named_bytes(dir: &Path, role: Role, named: Option<&Named>, most: u64) -> Result<Vec<u8>, Fault> {
    let name = format!("{role}.json");
    let most = named.map_or(most, |n| n.size.min(most));
    let bytes = folder::metadata(dir, &name, most)?;
    let bytes = bytes.ok_or_else(|| Fault::unreadable(&name, "is missing"))?;
    if named.is_some_and(|n| folder::named(n.version, &bytes) != *n) {
        return Err(Fault::MixAndMatch { what: name, by: above(role) });
    }
    Ok(bytes)
}

fn above(role: Role) -> &'static str {
    match role {
        Role::Targets => "the snapshot",
        Role::Snapshot => "the timestamp",
        Role::Root | Role::Timestamp => "the root",
    }
}

fn check_files(dir: &Path, root: &Root, targets: &Targets, file: Option<&str>) -> Result<Vec<String>, Fault> {
    let wanted: Vec<(&String, &Target)> = match file {
        None => targets.targets.iter().collect(),
        Some(name) => {
            let found = targets.targets.get_key_value(name);
            vec![found.ok_or_else(|| Fault::WrongFile {
                name: name.to_owned(),
                why: "the vendor signed no file of this name".into(),
            })?]
        }
    };
    for (name, target) in &wanted {
        check_file(dir, root, name, target)?;
    }
    Ok(wanted.into_iter().map(|(name, _)| name.clone()).collect())
}

fn check_file(dir: &Path, root: &Root, name: &str, target: &Target) -> Result<(), Fault> {
    let place = folder::place(dir, name)?;
    let (size, sha256, prehash) = folder::hashes(&place, name, target.size)?;
    let wrong = |why: String| Err(Fault::WrongFile { name: name.to_owned(), why });
    if size != target.size {
        return wrong(format!("{size} bytes instead of {}", target.size));
    }
    if sha256 != target.sha256 {
        return wrong(format!("SHA-256 {sha256} instead of {}", target.sha256));
    }
    match std::fs::File::open(dir.join(format!("{name}{MINISIG}"))) {
        // The signature beside it is for people without this program; where it is, it must be right.
        Ok(signature) => check_minisig(root, name, signature, &prehash),
        Err(_) => Ok(()),
    }
}

fn check_minisig(root: &Root, name: &str, signature: std::fs::File, prehash: &[u8; 64]) -> Result<(), Fault> {
    let what = format!("{name}{MINISIG}");
    let text = folder::bounded(signature, &what, 64 * 1024)?;
    let text = String::from_utf8(text).map_err(|_| Fault::unreadable(&what, "is no text"))?;
    let (keys, _) = root.signers(Role::Targets).unwrap_or_default();
    let mut last = Fault::Signature { what, valid: 0, needed: 1 };
    for (_, key) in &keys {
        match minisign::verify(key, prehash, name, &text) {
            Ok(_) => return Ok(()),
            Err(fault) => last = fault,
        }
    }
    Err(last)
}

/// The bytes of a root file a person decided to trust.
pub fn read_root(path: &Path) -> Result<Vec<u8>, Fault> {
    let shown = path.display().to_string();
    let file = std::fs::File::open(path).map_err(|e| Fault::unreadable(&shown, e))?;
    folder::bounded(file, &shown, MOST_SMALL)
}
