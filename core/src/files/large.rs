//! Large files: taken from a stream into the store and read back in parts, never held in memory.
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::{Files, location};
use crate::secret::hex;
use crate::{Clock, Error, Result};

/// What is read and written at a time, in bytes.
const CHUNK: usize = 256 * 1024;

/// Bytes that lie in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// In bytes.
    pub size: u64,
}

impl Files {
    /// Copies what `source` gives into the store. More than `limit` bytes are `Invalid`, and nothing is kept.
    /// The same bytes again are harmless. Killed on the way, only a file below `incoming/` is left.
    pub async fn take(&self, clock: &Clock, source: impl AsyncRead + Unpin, limit: u64) -> Result<Stored> {
        let incoming = self.incoming(&clock.id()).await?;
        let taken = copy(source, &incoming, limit).await;
        let kept = match taken {
            Ok(stored) => self.keep(&incoming, &stored).await.map(|()| stored),
            Err(error) => Err(error),
        };
        if kept.is_err() {
            // It may never have come into being; the first error is the one that tells.
            let _ = tokio::fs::remove_file(&incoming).await;
        }
        kept
    }

    /// The same from a file, which stays where it is.
    pub async fn take_path(&self, clock: &Clock, path: &Path, limit: u64) -> Result<Stored> {
        let file = tokio::fs::File::open(path).await.map_err(|e| unreadable(path, &e))?;
        let kind = file.metadata().await.map_err(|e| unreadable(path, &e))?;
        if !kind.is_file() {
            return Err(Error::invalid("path", format!("{} is no file", path.display())));
        }
        self.take(clock, file, limit).await
    }

    /// Takes over a file below `incoming/`: reads its hash and moves it to its place.
    pub async fn adopt(&self, incoming: &Path, limit: u64) -> Result<Stored> {
        let file = tokio::fs::File::open(incoming).await.map_err(|e| trouble(incoming, &e))?;
        let stored = pour(file, &mut tokio::io::sink(), limit, incoming).await?;
        self.keep(incoming, &stored).await?;
        Ok(stored)
    }

    /// Moves a file that lies below `incoming/` to its place. `stored` must be true of its bytes.
    pub async fn keep(&self, incoming: &Path, stored: &Stored) -> Result<()> {
        let place = self.place(&stored.sha256)?;
        let folder = place.parent().unwrap_or(&self.folder).to_owned();
        tokio::fs::create_dir_all(&folder).await.map_err(|e| trouble(&folder, &e))?;
        tokio::fs::rename(incoming, &place).await.map_err(|e| trouble(&place, &e))?;
        // The name survives a power cut only when its folder was written, too.
        let entry = tokio::fs::File::open(&folder).await.map_err(|e| trouble(&folder, &e))?;
        entry.sync_all().await.map_err(|e| trouble(&folder, &e))
    }

    /// Opens stored bytes for reading in parts, with their size. `NotFound` when they are gone.
    pub async fn open(&self, sha256: &str) -> Result<(File, u64)> {
        let place = self.place(sha256)?;
        let opened = tokio::task::spawn_blocking(move || {
            let file = File::open(&place)?;
            let size = file.metadata()?.len();
            Ok((file, size))
        });
        let opened: io::Result<(File, u64)> = opened.await.map_err(|e| Error::Unavailable(e.to_string()))?;
        opened.map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => Error::not_found("stored file", sha256),
            _ => Error::Unavailable(format!("file {sha256}: {e}")),
        })
    }

    /// Where stored bytes lie, for programs that read files.
    pub fn path(&self, sha256: &str) -> Result<PathBuf> {
        self.place(sha256)
    }

    /// A path on the store's own disk for bytes on their way in; `name` is made by us.
    pub async fn incoming(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join("incoming");
        tokio::fs::create_dir_all(&folder).await.map_err(|e| trouble(&folder, &e))?;
        Ok(folder.join(name))
    }

    fn place(&self, sha256: &str) -> Result<PathBuf> {
        Ok(self.folder.join(location(sha256)?.as_ref()))
    }
}

async fn copy(source: impl AsyncRead + Unpin, to: &Path, limit: u64) -> Result<Stored> {
    let mut file = tokio::fs::File::create_new(to).await.map_err(|e| trouble(to, &e))?;
    let stored = pour(source, &mut file, limit, to).await?;
    file.sync_all().await.map_err(|e| trouble(to, &e))?;
    Ok(stored)
}

/// Reads to the end, hashing; `place` is what an error names.
async fn pour(
    mut source: impl AsyncRead + Unpin,
    to: &mut (impl AsyncWrite + Unpin),
    limit: u64,
    place: &Path,
) -> Result<Stored> {
    let (mut hash, mut size, mut chunk) = (Sha256::new(), 0u64, vec![0; CHUNK]);
    loop {
        let read = source.read(&mut chunk).await.map_err(|e| Error::Unavailable(format!("reading: {e}")))?;
        if read == 0 {
            break;
        }
        size += read as u64;
        if size > limit {
            return Err(Error::invalid("size", format!("more than {limit} bytes are not taken")));
        }
        hash.update(&chunk[..read]);
        to.write_all(&chunk[..read]).await.map_err(|e| trouble(place, &e))?;
    }
    to.flush().await.map_err(|e| trouble(place, &e))?;
    Ok(Stored { sha256: hex(&hash.finalize()), size })
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    Error::invalid("path", format!("{} cannot be read: {error}", path.display()))
}

fn trouble(path: &Path, error: &io::Error) -> Error {
    Error::Unavailable(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Time;
    use crate::secret::sha256_hex;

    fn files(name: &str) -> (Files, PathBuf) {
        let folder = std::env::temp_dir().join(format!("firstline-large-{name}-{}", std::process::id()));
        (Files::folder(&folder).unwrap(), folder)
    }

    #[tokio::test]
    async fn what_is_taken_lies_under_its_hash_and_too_much_leaves_nothing() {
        let (files, folder) = files("take");
        let clock = Clock::manual(Time(0));
        let bytes = vec![7u8; CHUNK + 11];
        for _ in 0..2 {
            let stored = files.take(&clock, bytes.as_slice(), 1 << 20).await.unwrap();
            assert_eq!((stored.sha256.clone(), stored.size), (sha256_hex(&bytes), bytes.len() as u64));
            assert_eq!(files.open(&stored.sha256).await.unwrap().1, stored.size);
            assert_eq!(files.get(&stored.sha256).await.unwrap(), bytes);
        }
        assert!(files.take(&clock, bytes.as_slice(), CHUNK as u64).await.is_err());
        assert_eq!(std::fs::read_dir(folder.join("incoming")).unwrap().count(), 0);
        assert!(matches!(files.open(&"0".repeat(64)).await, Err(Error::NotFound { .. })));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
