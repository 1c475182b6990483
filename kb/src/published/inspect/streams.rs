//! Archives that are read from their beginning: gzip, tar and both together; and whatever lies inside an archive.
use std::io::{Cursor, Read, Seek, SeekFrom, Write};

use flate2::read::MultiGzDecoder;

use super::budget::Budget;
use super::kind::{self, Kind};
use super::{Flaw, FlawKind, head, inner, paths, zips};

const HEAD: usize = 512;
const CHUNK: usize = 64 * 1024;

/// Reads a stream to its end, and what it holds if it is an archive.
pub fn look(mut from: Box<dyn Read + '_>, at: &str, budget: &mut Budget) -> Result<(), Flaw> {
    let start = head(&mut from, HEAD, at)?;
    let kind = kind::of(&start);
    let whole: Box<dyn Read + '_> = Box::new(Cursor::new(start).chain(from));
    match kind {
        Kind::Gzip => {
            budget.enter(at)?;
            look(Box::new(MultiGzDecoder::new(whole)), at, budget)?;
            budget.leave();
            Ok(())
        }
        Kind::Tar => tar(whole, at, budget),
        Kind::Zip => zip(whole, at, budget),
        _ => drain(whole, at, budget),
    }
}

fn drain(mut from: impl Read, at: &str, budget: &mut Budget) -> Result<(), Flaw> {
    pour(&mut from, &mut std::io::sink(), at, budget)
}

fn pour(from: &mut dyn Read, to: &mut dyn Write, at: &str, budget: &mut Budget) -> Result<(), Flaw> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = from.read(&mut chunk).map_err(|e| Flaw::new(FlawKind::Broken, at, e.to_string()))?;
        if read == 0 {
            return Ok(());
        }
        budget.unpacked(read as u64, at)?;
        to.write_all(&chunk[..read]).map_err(|e| Flaw::new(FlawKind::Broken, at, e.to_string()))?;
    }
}

fn tar(from: Box<dyn Read + '_>, at: &str, budget: &mut Budget) -> Result<(), Flaw> {
    budget.enter(at)?;
    let broken = |e: std::io::Error| Flaw::new(FlawKind::Broken, at, e.to_string());
    let mut archive = tar::Archive::new(from);
    for entry in archive.entries().map_err(broken)? {
        let entry = entry.map_err(broken)?;
        budget.entry(at)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        paths::name(at, &name)?;
        let kind = entry.header().entry_type();
        if kind.is_symlink() || kind.is_hard_link() {
            let target = entry.link_name_bytes().unwrap_or_default();
            paths::link(at, &name, &String::from_utf8_lossy(&target), kind.is_hard_link())?;
        } else if kind.is_character_special() || kind.is_block_special() || kind.is_fifo() {
            return Err(Flaw::new(FlawKind::Device, &inner(at, &name), "a device or a pipe"));
        } else if !kind.is_dir() {
            look(Box::new(entry), &inner(at, &name), budget)?;
        }
    }
    only_zeros(&mut archive.into_inner(), at, budget)?;
    budget.leave();
    Ok(())
}

/// Behind a tar's end lie zeros to the end of its last block, or a second thing.
fn only_zeros(rest: &mut dyn Read, at: &str, budget: &mut Budget) -> Result<(), Flaw> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = rest.read(&mut chunk).map_err(|e| Flaw::new(FlawKind::Broken, at, e.to_string()))?;
        if read == 0 {
            return Ok(());
        }
        budget.unpacked(read as u64, at)?;
        if chunk[..read].iter().any(|b| *b != 0) {
            return Err(Flaw::new(
                FlawKind::SeveralKinds,
                at,
                "something lies behind the end of the tar archive",
            ));
        }
    }
}

/// A zip inside something else has its list at its end: it is put into a file first.
fn zip(mut from: Box<dyn Read + '_>, at: &str, budget: &mut Budget) -> Result<(), Flaw> {
    let broken = |e: std::io::Error| Flaw::new(FlawKind::Broken, at, e.to_string());
    let mut file = budget.spool().map_err(broken)?;
    pour(&mut from, &mut file, at, budget)?;
    let size = file.stream_position().map_err(broken)?;
    file.seek(SeekFrom::Start(0)).map_err(broken)?;
    zips::look(file, size, at, budget)
}
