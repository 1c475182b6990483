//! The index folder: one sub-folder a generation, a file `CURRENT` that names the one in use, and a lock
//! that lets one process write. A new generation is built beside the old one and then named, so that
//! readers never see half an index.
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const CURRENT: &str = "CURRENT";
const LOCK: &str = "writer.lock";
const PREFIX: &str = "g-";

#[derive(Clone, Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

/// Held by the process that writes this folder; freed when it ends, however it ends.
pub(crate) struct WriterLock(#[expect(dead_code, reason = "held, never read")] File);

impl Folder {
    pub fn new(root: &Path) -> Folder {
        Folder { root: root.to_path_buf() }
    }

    /// The generation in use, if there is one.
    pub fn current(&self) -> Option<String> {
        let name = fs::read_to_string(self.root.join(CURRENT)).ok()?;
        let name = name.trim();
        (name.starts_with(PREFIX) && !name.contains(['/', '\\', '.'])).then(|| name.to_string())
    }

    pub fn path_of(&self, generation: &str) -> PathBuf {
        self.root.join(generation)
    }

    /// Takes the right to write, or `None` while another process has it.
    pub fn try_lock(&self) -> io::Result<Option<WriterLock>> {
        fs::create_dir_all(&self.root)?;
        let file = File::options().create(true).truncate(false).write(true).open(self.root.join(LOCK))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(WriterLock(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(e)) => Err(e),
        }
    }

    /// False after the folder was deleted under us: a lock on a deleted file keeps nobody out.
    pub fn lock_exists(&self) -> bool {
        self.root.join(LOCK).exists()
    }

    /// An empty folder for a generation. `id` makes its name.
    pub fn begin(&self, id: &str) -> io::Result<String> {
        fs::create_dir_all(&self.root)?;
        for attempt in 0.. {
            let name = if attempt == 0 { format!("{PREFIX}{id}") } else { format!("{PREFIX}{id}-{attempt}") };
            match fs::create_dir(self.path_of(&name)) {
                Ok(()) => return Ok(name),
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(e),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Removes a generation that was not finished.
    pub fn abandon(&self, generation: &str) {
        let _ = fs::remove_dir_all(self.path_of(generation));
    }

    /// Names `generation` as the one in use.
    pub fn publish(&self, generation: &str) -> io::Result<()> {
        let next = self.root.join("CURRENT.next");
        let mut file = File::create(&next)?;
        file.write_all(generation.as_bytes())?;
        file.sync_all()?;
        fs::rename(next, self.root.join(CURRENT))
    }

    /// Removes every generation but `keep`. Readers that still have one open keep reading it.
    pub fn clean_up(&self, keep: &str) {
        let Ok(entries) = fs::read_dir(&self.root) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(PREFIX) && name != keep {
                // What cannot be removed now is removed after the next rebuild.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
}
