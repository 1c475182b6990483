//! Signed metadata as a file: the exact text that was signed, and signatures over it.
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Fault;
use super::key::{PublicKey, SecretKey};
use super::role::{Role, Root};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// JSON as text: what is verified is byte for byte what is read afterwards.
    pub signed: String,
    pub signatures: Vec<Sig>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sig {
    pub key_id: String,
    /// Always `ed25519`; another name is a downgrade.
    pub scheme: String,
    /// In base64.
    pub sig: String,
}

const SCHEME: &str = "ed25519";
/// More signatures than this are no metadata of ours.
const MOST_SIGNATURES: usize = 64;

/// What a key signs: the role is part of it, so that a signature for one is none for another.
fn message(role: Role, signed: &str) -> Vec<u8> {
    format!("firstline catalogue 1 {role}\n{signed}").into_bytes()
}

impl Envelope {
    pub fn make(role: Role, content: &impl Serialize, keys: &[SecretKey]) -> Result<Envelope, Fault> {
        let signed = serde_json::to_string(content).map_err(|e| Fault::unreadable(role.as_str(), e))?;
        let message = message(role, &signed);
        let mut signatures: Vec<Sig> = keys
            .iter()
            .map(|key| Sig {
                key_id: key.public().id(),
                scheme: SCHEME.into(),
                sig: STANDARD.encode(key.sign(&message)),
            })
            .collect();
        signatures.sort_by(|a, b| a.key_id.cmp(&b.key_id));
        signatures.dedup_by(|a, b| a.key_id == b.key_id);
        Ok(Envelope { signed, signatures })
    }

    pub fn read(what: &str, bytes: &[u8]) -> Result<Envelope, Fault> {
        let envelope: Envelope = serde_json::from_slice(bytes).map_err(|e| Fault::unreadable(what, e))?;
        if envelope.signatures.len() > MOST_SIGNATURES {
            return Err(Fault::unreadable(what, "too many signatures"));
        }
        Ok(envelope)
    }

    pub fn to_bytes(&self) -> Result<Vec<u8>, Fault> {
        serde_json::to_vec_pretty(self).map_err(|e| Fault::unreadable("metadata", e))
    }

    /// Checks that enough of `by`'s keys for `role` signed, and only then reads the content.
    pub fn open<T: DeserializeOwned>(&self, what: &str, role: Role, by: &Root) -> Result<T, Fault> {
        let (keys, needed) =
            by.signers(role).ok_or_else(|| Fault::unreadable(what, "the root names no keys for it"))?;
        if needed == 0 {
            return Err(Fault::Downgrade(format!("{what} would need no signature at all")));
        }
        if let Some(sig) = self.signatures.iter().find(|sig| sig.scheme != SCHEME) {
            return Err(Fault::Downgrade(format!(
                "{what} is signed by {:?}, only {SCHEME} is accepted",
                clip(&sig.scheme)
            )));
        }
        let message = message(role, &self.signed);
        let valid = keys
            .iter()
            .filter(|(id, key)| self.signatures.iter().any(|sig| sig.proves(id, key, &message)))
            .count();
        if valid < needed {
            return Err(Fault::Signature { what: what.to_owned(), valid, needed });
        }
        serde_json::from_str(&self.signed).map_err(|e| Fault::unreadable(what, e))
    }
}

impl Sig {
    fn proves(&self, id: &str, key: &PublicKey, message: &[u8]) -> bool {
        self.key_id == id && STANDARD.decode(&self.sig).is_ok_and(|sig| key.signed(message, &sig))
    }
}

fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}
