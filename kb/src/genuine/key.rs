//! Ed25519 keys as text files.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use firstline_core::secret::sha256_hex;
use firstline_core::{Clock, Error, Result};

/// The first line of a secret key's file.
const HEAD: &str = "firstline secret key: keep it offline";

#[derive(Clone)]
pub struct SecretKey(SigningKey);

impl SecretKey {
    pub fn generate(clock: &Clock) -> SecretKey {
        let secret = clock.secret();
        let mut seed = [0u8; 32];
        for (at, byte) in seed.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&secret[at * 2..at * 2 + 2], 16).unwrap_or_default();
        }
        SecretKey(SigningKey::from_bytes(&seed))
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }

    pub fn to_text(&self) -> String {
        format!("{HEAD}\n{}\n", STANDARD.encode(self.0.to_bytes()))
    }

    pub fn from_text(text: &str) -> Result<SecretKey> {
        let seed = text.strip_prefix(HEAD).and_then(|rest| STANDARD.decode(rest.trim()).ok());
        let seed: Option<[u8; 32]> = seed.and_then(|s| s.try_into().ok());
        seed.map(|seed| SecretKey(SigningKey::from_bytes(&seed)))
            .ok_or_else(|| Error::invalid("key", "is no secret key made by catalogue keygen"))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// SHA-256 of the key in hexadecimal: how metadata name it.
    pub fn id(&self) -> String {
        sha256_hex(self.0.as_bytes())
    }

    pub fn bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    pub fn to_text(&self) -> String {
        STANDARD.encode(self.0.as_bytes())
    }

    pub fn from_text(text: &str) -> Option<PublicKey> {
        let bytes: [u8; 32] = STANDARD.decode(text).ok()?.try_into().ok()?;
        VerifyingKey::from_bytes(&bytes).ok().map(PublicKey)
    }

    /// Strict: no key of small order, no signature in a second form.
    pub fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = Signature::from_slice(signature) else { return false };
        self.0.verify_strict(message, &signature).is_ok()
    }
}
