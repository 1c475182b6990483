//! Zip archives: their list is at their end, so they are read from a file.
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::result::ZipError;

use super::budget::Budget;
use super::kind::Kind;
use super::{Flaw, FlawKind, inner, paths, streams};

/// The end record: 22 bytes and a comment of up to 65,535.
const END: usize = 22;
const MOST_END: u64 = 22 + 65_535;

/// Looks into every entry.
pub fn look(file: File, size: u64, at: &str, budget: &mut Budget) -> Result<(), Flaw> {
    budget.enter(at)?;
    let broken = |e: ZipError| Flaw::new(FlawKind::Broken, at, e.to_string());
    let mut file = file;
    match end(&mut file, size, at)? {
        End::Last => {}
        End::Buried => {
            return Err(Flaw::new(
                FlawKind::SeveralKinds,
                at,
                "something lies behind the end of the archive",
            ));
        }
        End::Missing => {
            return Err(Flaw::new(FlawKind::Broken, at, "the archive has no end: a part is missing"));
        }
    }
    let mut archive = ZipArchive::new(file).map_err(broken)?;
    if archive.offset() != 0 {
        return Err(Flaw::new(
            FlawKind::SeveralKinds,
            at,
            "something lies before the beginning of the archive",
        ));
    }
    // Of two entries with one name, one program takes the first and another the last.
    if archive.has_duplicate_names() {
        return Err(Flaw::new(FlawKind::Twice, at, "two entries have the same name"));
    }
    // Entries that share their bytes are how a small archive becomes an endless one.
    if archive.has_overlapping_entries().map_err(broken)? {
        return Err(Flaw::new(FlawKind::Bomb, at, "entries share the same bytes"));
    }
    for at_index in 0..archive.len() {
        entry(&mut archive, at_index, at, budget)?;
    }
    budget.leave();
    Ok(())
}

fn entry(archive: &mut ZipArchive<File>, index: usize, at: &str, budget: &mut Budget) -> Result<(), Flaw> {
    let broken = |e: ZipError| Flaw::new(FlawKind::Broken, at, e.to_string());
    budget.entry(at)?;
    let (name, encrypted, symlink, dir) = {
        let raw = archive.by_index_raw(index).map_err(broken)?;
        let name = String::from_utf8_lossy(raw.name_raw()).into_owned();
        (name, raw.encrypted(), raw.is_symlink(), raw.is_dir())
    };
    paths::name(at, &name)?;
    let place = inner(at, &name);
    if dir {
        return Ok(());
    }
    if encrypted {
        budget.closed();
        return Ok(());
    }
    let mut entry = match archive.by_index(index) {
        Ok(entry) => entry,
        Err(ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_)) => {
            budget.closed();
            return Ok(());
        }
        Err(error) => return Err(Flaw::new(FlawKind::Broken, &place, error.to_string())),
    };
    if symlink {
        let mut target = String::new();
        (&mut entry)
            .take(4096)
            .read_to_string(&mut target)
            .map_err(|e| Flaw::new(FlawKind::Broken, &place, e.to_string()))?;
        return paths::link(at, &name, &target, false);
    }
    streams::look(Box::new(entry), &place, budget)
}

/// Where a zip's end record lies.
#[derive(PartialEq)]
enum End {
    /// With its comment it is the last thing in the file.
    Last,
    /// Something follows it.
    Buried,
    Missing,
}

fn end(file: &mut File, size: u64, at: &str) -> Result<End, Flaw> {
    let broken = |e: std::io::Error| Flaw::new(FlawKind::Broken, at, e.to_string());
    let tail_len = size.min(MOST_END);
    file.seek(SeekFrom::Start(size - tail_len)).map_err(broken)?;
    let mut tail = vec![0; tail_len as usize];
    file.read_exact(&mut tail).map_err(broken)?;
    file.seek(SeekFrom::Start(0)).map_err(broken)?;
    let number = |i: usize| usize::from(tail[i]) | usize::from(tail[i + 1]) << 8;
    let starts = (0..(tail.len() + 1).saturating_sub(END)).filter(|i| tail[*i..].starts_with(b"PK\x05\x06"));
    let comments: Vec<bool> = starts.map(|i| i + END + number(i + 20) == tail.len()).collect();
    Ok(match (comments.is_empty(), comments.contains(&true)) {
        (true, _) => End::Missing,
        (false, true) => End::Last,
        (false, false) => End::Buried,
    })
}

/// Refuses a file that is something else for one program and a zip for another. Programs that unpack themselves are
/// meant to be both.
pub fn no_second_archive(file: &mut File, size: u64, kind: Kind) -> Result<(), Flaw> {
    if matches!(kind, Kind::Zip | Kind::Windows | Kind::Elf | Kind::Other | Kind::Tar) {
        return Ok(());
    }
    if end(file, size, "")? == End::Last {
        let detail = format!("begins as {kind} and ends as a zip archive");
        return Err(Flaw::new(FlawKind::SeveralKinds, "", detail));
    }
    Ok(())
}
