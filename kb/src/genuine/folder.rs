//! A folder of files with their metadata: how it is walked, and how files are read that may be hostile.
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use firstline_core::secret::{hex, sha256_hex};
use sha2::{Digest, Sha256};

use super::Fault;
use super::role::Named;

/// The folder of metadata inside the signed folder.
pub const METADATA: &str = "metadata";
/// The end of signature files.
pub const MINISIG: &str = ".minisig";
/// No metadata file is longer, in bytes: a million files fit into the targets.
pub const MOST: u64 = 256 * 1024 * 1024;
/// Root, snapshot and timestamp are small.
pub const MOST_SMALL: u64 = 512 * 1024;

/// All files to be signed, as paths with `/`, sorted. Metadata and signatures are not among them; a link is
/// refused, because what lies behind it may change.
pub fn files(folder: &Path) -> Result<Vec<String>, Fault> {
    let mut found = Vec::new();
    walk(folder, "", &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(folder: &Path, below: &str, found: &mut Vec<String>) -> Result<(), Fault> {
    let here = folder.join(below);
    let shown = here.display().to_string();
    for entry in std::fs::read_dir(&here).map_err(|e| Fault::unreadable(&shown, e))? {
        let entry = entry.map_err(|e| Fault::unreadable(&shown, e))?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|_| Fault::unreadable(&shown, "holds a name that is not UTF-8"))?;
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        let kind = entry.file_type().map_err(|e| Fault::unreadable(&path, e))?;
        if kind.is_symlink() {
            return Err(Fault::unreadable(path, "is a link; sign the file itself"));
        } else if kind.is_dir() && path != METADATA {
            walk(folder, &path, found)?;
        } else if kind.is_file() && !name.ends_with(MINISIG) {
            found.push(path);
        }
    }
    Ok(())
}

/// Where a target lies. A path that leaves the folder is nobody's target.
pub fn place(folder: &Path, target: &str) -> Result<PathBuf, Fault> {
    let fits =
        |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':', '\0']);
    if target.split('/').all(fits) {
        Ok(target.split('/').fold(folder.to_owned(), |at, part| at.join(part)))
    } else {
        Err(Fault::unreadable(target.chars().take(80).collect::<String>(), "leads out of the folder"))
    }
}

/// A file of metadata, never more than `most` bytes of it; `None` where there is none.
pub fn metadata(folder: &Path, name: &str, most: u64) -> Result<Option<Vec<u8>>, Fault> {
    let file = match File::open(folder.join(METADATA).join(name)) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(Fault::unreadable(name, e)),
    };
    bounded(file, name, most).map(Some)
}

/// Reads to the end or to `most` bytes, whichever comes first; more than that is endless data.
pub fn bounded(source: impl Read, what: &str, most: u64) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    source.take(most + 1).read_to_end(&mut bytes).map_err(|e| Fault::unreadable(what, e))?;
    if bytes.len() as u64 > most {
        return Err(Fault::EndlessData { what: what.to_owned(), limit: most });
    }
    Ok(bytes)
}

/// Size, SHA-256 and minisign's prehash of a file in one reading of at most `most` bytes.
pub fn hashes(path: &Path, name: &str, most: u64) -> Result<(u64, String, [u8; 64]), Fault> {
    let file = File::open(path).map_err(|e| Fault::unreadable(name, e))?;
    let mut hashing = Hashing { inner: file.take(most.saturating_add(1)), sha256: Sha256::new(), size: 0 };
    let prehash = super::minisign::prehash(&mut hashing).map_err(|e| Fault::unreadable(name, e))?;
    if hashing.size > most {
        return Err(Fault::EndlessData { what: name.to_owned(), limit: most });
    }
    Ok((hashing.size, hex(&hashing.sha256.finalize()), prehash))
}

struct Hashing<R> {
    inner: R,
    sha256: Sha256,
    size: u64,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.sha256.update(&into[..read]);
        self.size += read as u64;
        Ok(read)
    }
}

/// How another file of metadata names these bytes.
pub fn named(version: u64, bytes: &[u8]) -> Named {
    Named { version, size: bytes.len() as u64, sha256: sha256_hex(bytes) }
}
