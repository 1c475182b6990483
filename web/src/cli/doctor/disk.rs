//! The data folder: there, writable, on a local disk with room.
use std::path::Path;

use indicatif::HumanBytes;

use super::finding::Finding;
use crate::config::Config;
use crate::serve::stores;

/// Below this somebody should make room soon.
const LITTLE: u64 = 1 << 30;
/// Below this the next large upload may fail.
const NOTHING: u64 = 64 << 20;

pub fn check(config: &Config) -> Vec<Finding> {
    let folder = &config.data_dir;
    if !folder.exists() {
        let text = format!("{} does not exist yet", folder.display());
        return vec![Finding::warn("data folder", text, "firstline serve makes it; --data chooses another")];
    }
    let mut findings = vec![writable("data folder", folder)];
    for (what, inner) in [("files folder", config.files_dir()), ("index folder", config.index_dir())] {
        if inner.exists() {
            findings.push(writable(what, &inner));
        }
    }
    findings.push(space(folder));
    if config.is_sqlite()
        && let Some(kind) = stores::network_file_system(folder)
    {
        let text = format!("{} lies on a network file system ({kind})", folder.display());
        findings.push(Finding::warn(
            "data folder",
            text,
            "use a local disk, or PostgreSQL with --database-url",
        ));
    }
    findings
}

fn writable(what: &'static str, folder: &Path) -> Finding {
    let probe = folder.join(format!(".doctor-{}", std::process::id()));
    let written = std::fs::write(&probe, b"doctor").and_then(|()| std::fs::remove_file(&probe));
    match written {
        Ok(()) => Finding::ok(what, folder.display().to_string()),
        Err(e) => Finding::fail(
            what,
            format!("{} cannot be written: {e}", folder.display()),
            "give this user the right to write there, or choose another folder with --data",
        ),
    }
}

fn space(folder: &Path) -> Finding {
    match fs4::available_space(folder) {
        Ok(free) if free < NOTHING => {
            Finding::fail("disk space", format!("{} free", HumanBytes(free)), "make room")
        }
        Ok(free) if free < LITTLE => {
            Finding::warn("disk space", format!("{} free", HumanBytes(free)), "make room soon")
        }
        Ok(free) => Finding::ok("disk space", format!("{} free", HumanBytes(free))),
        Err(e) => Finding::warn("disk space", format!("cannot be read: {e}"), "look at it yourself"),
    }
}
