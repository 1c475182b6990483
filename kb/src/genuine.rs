//! Is this file really from the vendor? Signed metadata in the manner of The Update Framework: an offline root
//! names the keys, targets list every file with size and hash, snapshot and timestamp keep an old or mixed set
//! from passing for the present one. All keys stay offline, so a server that was broken into can withhold
//! files, but cannot make `verify` accept a byte the vendor did not sign.
//!
//! The framework's Rust library (tough) brings a second TLS and crypto stack (aws-lc) that this project keeps
//! out of its tree, and the older one (tuf) is no longer kept up: hence this subset.
mod envelope;
mod fault;
mod folder;
mod key;
pub mod minisign;
mod role;
mod rotate;
mod seen;
mod sign;
mod verify;

pub use fault::Fault;
pub use folder::METADATA;
pub use key::{PublicKey, SecretKey};
pub use role::{Role, Root, Targets};
pub use rotate::{Keyring, rotate};
pub use seen::Seen;
pub use sign::{Lifetimes, SignedFile, sign_folder};
pub use verify::{Verified, read_root, verify_folder};
