//! Hosted files: what customers download. A file is draft, published or withdrawn; its bytes never change,
//! and the same bytes under the same name are the same file.
mod address;
mod downloads;
mod grant;
pub mod inspect;
mod media;
mod name;
mod row;
pub mod signature;
pub mod upload;
mod write;

pub use address::{Link, encoded, path};
pub use downloads::{Counts, Download, counts, record, takers};
pub use grant::{Asker, grant, granted, may_have, revoke};
pub use media::media_type;
pub use name::check_name;
pub use row::{FileAccess, FileState, HostedFile, by_address, by_id, by_sha256, list};
pub use write::{
    NewFile, add, add_path, publish, publish_in, set_access, set_signature, withdraw, withdraw_in,
};

/// The largest hosted file, in bytes: a double-layer disc with room to spare.
pub const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024 * 1024;
