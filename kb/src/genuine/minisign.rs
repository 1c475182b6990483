//! Signatures in minisign's format, for people without this program: `minisign -Vm FILE -p release.pub`. Only the
//! prehashed kind is made and accepted; the older kind lets a signature over a file's hash pass for one over
//! another file.
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use blake2::{Blake2b512, Digest};
use firstline_core::secret::hex;

use super::Fault;
use super::key::{PublicKey, SecretKey};

const PREHASHED: &[u8; 2] = b"ED";
const LEGACY: &[u8; 2] = b"Ed";
const TRUSTED: &str = "trusted comment: ";
/// No signature file is longer, in bytes.
const MOST: usize = 8 * 1024;

/// The public key as minisign's `-p` file.
pub fn public_key_file(key: &PublicKey) -> String {
    let number = number(key);
    let shown: Vec<u8> = number.iter().rev().copied().collect();
    let bytes = [LEGACY.as_slice(), &number, &key.bytes()].concat();
    format!(
        "untrusted comment: minisign public key {}\n{}\n",
        hex(&shown).to_uppercase(),
        STANDARD.encode(bytes)
    )
}

/// A public key as the second line of minisign's `-p` file has it.
pub fn public_key(line: &str) -> Option<PublicKey> {
    let bytes = STANDARD.decode(line.trim()).ok().filter(|b| b.len() == 42 && b.starts_with(LEGACY))?;
    let key = PublicKey::from_text(&STANDARD.encode(&bytes[10..]))?;
    (bytes[2..10] == number(&key)).then_some(key)
}

/// Whether a text has the form of a prehashed signature file; says nothing about its truth.
pub fn looks_right(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    let [_, first, comment, over_all] = lines.as_slice() else { return false };
    let long = |line: &str, bytes: usize| STANDARD.decode(line.trim()).is_ok_and(|b| b.len() == bytes);
    let prehashed = STANDARD.decode(first.trim()).is_ok_and(|b| b.starts_with(PREHASHED));
    text.len() <= MOST && prehashed && long(first, 74) && long(over_all, 64) && comment.starts_with(TRUSTED)
}

/// The number minisign finds a key by: eight bytes of its hash.
fn number(key: &PublicKey) -> [u8; 8] {
    let mut number = [0; 8];
    for (at, byte) in number.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&key.id()[at * 2..at * 2 + 2], 16).unwrap_or_default();
    }
    number
}

/// BLAKE2b-512 of everything `source` gives.
pub fn prehash(mut source: impl Read) -> std::io::Result<[u8; 64]> {
    let (mut hash, mut chunk) = (Blake2b512::new(), vec![0; 256 * 1024]);
    loop {
        let read = source.read(&mut chunk)?;
        if read == 0 {
            return Ok(hash.finalize().into());
        }
        hash.update(&chunk[..read]);
    }
}

/// The text of a signature file for the file with this `prehash`. `comment` is one line that is signed, too.
pub fn sign(key: &SecretKey, prehash: &[u8; 64], comment: &str) -> String {
    let signature = key.sign(prehash);
    let comment: String = comment.chars().filter(|c| !c.is_control() || *c == '\t').collect();
    let over_all = key.sign(&[signature.as_slice(), comment.as_bytes()].concat());
    let first = [PREHASHED.as_slice(), &number(&key.public()), &signature].concat();
    format!(
        "untrusted comment: signature from the vendor's release key\n{}\n{TRUSTED}{comment}\n{}\n",
        STANDARD.encode(first),
        STANDARD.encode(over_all)
    )
}

/// Checks the text of a signature file; gives its trusted comment.
pub fn verify(key: &PublicKey, prehash: &[u8; 64], name: &str, text: &str) -> Result<String, Fault> {
    let broken = || Fault::unreadable(format!("{name}.minisig"), "is no minisign signature");
    if text.len() > MOST {
        return Err(Fault::EndlessData { what: format!("{name}.minisig"), limit: MOST as u64 });
    }
    let lines: Vec<&str> = text.lines().collect();
    let [_, first, comment, over_all] = lines.as_slice() else { return Err(broken()) };
    let first = STANDARD.decode(first.trim()).ok().filter(|b| b.len() == 74).ok_or_else(broken)?;
    let comment = comment.strip_prefix(TRUSTED).ok_or_else(broken)?;
    let over_all = STANDARD.decode(over_all.trim()).map_err(|_| broken())?;
    if &first[..2] == LEGACY {
        return Err(Fault::Downgrade(format!("{name}.minisig is of minisign's old kind without a prehash")));
    }
    let unsigned = || Fault::Signature { what: format!("{name}.minisig"), valid: 0, needed: 1 };
    let signature = &first[10..];
    let right = &first[..2] == PREHASHED
        && first[2..10] == number(key)
        && key.signed(prehash, signature)
        && key.signed(&[signature, comment.as_bytes()].concat(), &over_all);
    if right { Ok(comment.to_owned()) } else { Err(unsigned()) }
}
