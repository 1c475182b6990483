//! What looking into an archive may cost. Every unpacked byte of every level is counted against it.
use std::path::{Path, PathBuf};

use super::{Flaw, FlawKind, Looked};

/// Archives in archives in archives; an installer in a zip in a zip is three.
const MOST_DEPTH: u32 = 4;
const MOST_ENTRIES: u64 = 200_000;
/// All levels together, in bytes.
const MOST_UNPACKED: u64 = 64 << 30;
/// Below this nothing is called a bomb, in bytes.
const HARMLESS: u64 = 64 << 20;
/// Honest content does not shrink further, but for what is nearly empty.
const MOST_RATIO: u64 = 200;

pub struct Budget {
    packed: u64,
    scratch: PathBuf,
    depth: u32,
    pub looked: Looked,
}

impl Budget {
    pub fn new(packed: u64, scratch: &Path) -> Budget {
        Budget { packed, scratch: scratch.to_owned(), depth: 0, looked: Looked::default() }
    }

    /// One archive deeper.
    pub fn enter(&mut self, at: &str) -> Result<(), Flaw> {
        self.depth += 1;
        self.looked.depth = self.looked.depth.max(self.depth);
        if self.depth > MOST_DEPTH {
            return Err(Flaw::new(
                FlawKind::TooDeep,
                at,
                format!("more than {MOST_DEPTH} archives in each other"),
            ));
        }
        Ok(())
    }

    pub fn leave(&mut self) {
        self.depth -= 1;
    }

    pub fn entry(&mut self, at: &str) -> Result<(), Flaw> {
        self.looked.entries += 1;
        if self.looked.entries > MOST_ENTRIES {
            return Err(Flaw::new(FlawKind::TooMany, at, format!("more than {MOST_ENTRIES} entries")));
        }
        Ok(())
    }

    pub fn closed(&mut self) {
        self.looked.closed += 1;
    }

    /// So many more bytes came out.
    pub fn unpacked(&mut self, bytes: u64, at: &str) -> Result<(), Flaw> {
        self.looked.unpacked += bytes;
        let all = self.looked.unpacked;
        let bloated = all > HARMLESS && all / MOST_RATIO > self.packed;
        if all > MOST_UNPACKED || bloated {
            return Err(Flaw::new(
                FlawKind::Bomb,
                at,
                format!("{} bytes become more than {all}", self.packed),
            ));
        }
        Ok(())
    }

    /// A file of its own for an archive that must be read from its end.
    pub fn spool(&self) -> std::io::Result<std::fs::File> {
        let path = self.scratch.join(format!("level-{}-{}", self.depth, self.looked.entries));
        let file = std::fs::File::options().read(true).write(true).create_new(true).open(&path)?;
        // On Unix it has no name any more and ends with us; elsewhere the parent clears the folder.
        let _ = std::fs::remove_file(&path);
        Ok(file)
    }
}
