//! The vendor's keys: a folder that stays offline, and how keys are made and exchanged.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use firstline_core::{Clock, Time};

use super::envelope::Envelope;
use super::folder::{self, MOST_SMALL};
use super::key::SecretKey;
use super::role::{Role, Root, Signers};
use super::sign::{days, write};
use super::{Fault, minisign};

/// How long a root holds, in days. It is renewed by any rotation.
const ROOT_DAYS: i64 = 10 * 365;

/// A folder with `{key id}.key` files and every root ever made, `1.root.json` and on.
pub struct Keyring(PathBuf);

impl Keyring {
    pub fn at(folder: &Path) -> Keyring {
        Keyring(folder.to_owned())
    }

    /// Makes keys for every role and the first root: `keys` for the root, of which `threshold` must sign.
    pub fn make(&self, clock: &Clock, keys: usize, threshold: usize) -> Result<Root, Fault> {
        if threshold == 0 || threshold > keys || keys > 20 {
            return Err(Fault::Rotation(format!(
                "{threshold} of {keys} keys is no threshold; at most 20 keys"
            )));
        }
        std::fs::create_dir_all(&self.0).map_err(|e| Fault::unreadable(self.0.display().to_string(), e))?;
        if self.0.join("1.root.json").exists() {
            return Err(Fault::Rotation(
                "there are keys in this folder already; choose another, or use catalogue rotate".into(),
            ));
        }
        let mut root = Root {
            role: Role::Root,
            version: 1,
            expires: days(clock.now(), ROOT_DAYS),
            keys: BTreeMap::new(),
            roles: BTreeMap::new(),
        };
        for role in Role::ALL {
            let (count, threshold) = if *role == Role::Root { (keys, threshold) } else { (1, 1) };
            self.renew(clock, &mut root, *role, count, threshold)?;
        }
        let signers = self.all(&root, Role::Root)?;
        self.publish(&root, &signers)?;
        Ok(root)
    }

    /// New keys for a role, in the root and as files.
    fn renew(
        &self,
        clock: &Clock,
        root: &mut Root,
        role: Role,
        count: usize,
        threshold: usize,
    ) -> Result<(), Fault> {
        let mut key_ids = Vec::new();
        for _ in 0..count {
            let key = SecretKey::generate(clock);
            let public = key.public();
            write_secret(&self.0.join(format!("{}.key", public.id())), &key.to_text())?;
            root.keys.insert(public.id(), public.to_text());
            key_ids.push(public.id());
        }
        root.roles.insert(role, Signers { key_ids, threshold });
        let used: Vec<String> = root.roles.values().flat_map(|s| s.key_ids.clone()).collect();
        root.keys.retain(|id, _| used.contains(id));
        Ok(())
    }

    fn publish(&self, root: &Root, keys: &[SecretKey]) -> Result<(), Fault> {
        let bytes = Envelope::make(Role::Root, root, keys)?.to_bytes()?;
        let release = self.one(root, Role::Targets)?;
        write(&self.0.join("release.pub"), minisign::public_key_file(&release.public()).as_bytes())?;
        write(&self.0.join(format!("{}.root.json", root.version)), &bytes)
    }

    /// The newest root in the folder, as it was signed.
    pub fn root(&self) -> Result<Root, Fault> {
        let mut newest = None;
        for version in 1.. {
            let path = self.0.join(format!("{version}.root.json"));
            let Ok(file) = std::fs::File::open(&path) else { break };
            newest = Some(folder::bounded(file, "root", MOST_SMALL)?);
        }
        let bytes = newest.ok_or_else(|| {
            Fault::unreadable(self.0.display().to_string(), "holds no keys; make them with catalogue keygen")
        })?;
        self_signed("root", &bytes)
    }

    /// The secret keys of a role that lie in this folder; enough of them to sign.
    pub fn all(&self, root: &Root, role: Role) -> Result<Vec<SecretKey>, Fault> {
        let (public, threshold) = root.signers(role).unwrap_or_default();
        let here: Vec<SecretKey> = public.iter().filter_map(|(id, _)| self.secret(id)).collect();
        if here.len() < threshold.max(1) {
            return Err(Fault::Rotation(format!(
                "{} of the {threshold} keys that must sign {role} are in this folder",
                here.len()
            )));
        }
        Ok(here)
    }

    /// One of them.
    pub fn one(&self, root: &Root, role: Role) -> Result<SecretKey, Fault> {
        let keys = self.all(root, role)?;
        keys.into_iter().next().ok_or_else(|| Fault::Rotation(format!("no key for {role}")))
    }

    fn secret(&self, id: &str) -> Option<SecretKey> {
        let text = std::fs::read_to_string(self.0.join(format!("{id}.key"))).ok()?;
        SecretKey::from_text(&text).ok()
    }

    /// Puts every root and the release key for minisign where customers find them.
    pub fn copy_roots(&self, to: &Path) -> Result<(), Fault> {
        let mut names = vec!["release.pub".to_owned()];
        names.extend((1..).map(|v| format!("{v}.root.json")).take_while(|name| self.0.join(name).exists()));
        for name in names {
            let bytes = std::fs::read(self.0.join(&name)).map_err(|e| Fault::unreadable(&name, e))?;
            write(&to.join(&name), &bytes)?;
        }
        Ok(())
    }
}

/// Gives a role new keys by a new root, signed by the old root's keys and by the new one's.
pub fn rotate(ring: &Keyring, clock: &Clock, role: Role) -> Result<Root, Fault> {
    let old = ring.root()?;
    let mut new = old.clone();
    new.version += 1;
    new.expires = days(clock.now(), ROOT_DAYS);
    let (count, threshold) = old.roles.get(&role).map_or((1, 1), |s| (s.key_ids.len(), s.threshold));
    ring.renew(clock, &mut new, role, count, threshold)?;
    let mut keys = ring.all(&old, Role::Root)?;
    keys.extend(ring.all(&new, Role::Root)?);
    ring.publish(&new, &keys)?;
    Ok(new)
}

/// A root that its own keys signed: all that can be said of the one a person decides to trust.
pub fn self_signed(what: &str, bytes: &[u8]) -> Result<Root, Fault> {
    let envelope = Envelope::read(what, bytes)?;
    let root: Root = serde_json::from_str(&envelope.signed).map_err(|e| Fault::unreadable(what, e))?;
    if root.role != Role::Root {
        return Err(Fault::unreadable(what, "is no root"));
    }
    envelope.open(what, Role::Root, &root)
}

/// Only its owner may read it.
fn write_secret(path: &Path, text: &str) -> Result<(), Fault> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|e| Fault::unreadable(path.display().to_string(), e))
}

/// Whether a root still holds at `now`.
pub fn check_expiry(root: &Root, now: Time) -> Result<(), Fault> {
    if root.expires <= now {
        return Err(Fault::Expired { what: "root".into(), expired: root.expires.to_string() });
    }
    Ok(())
}
