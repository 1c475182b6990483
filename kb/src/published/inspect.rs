//! Looking a file over before it is published: is it what its name says, is it one thing only, and can its archive
//! be unpacked without harm. Everything is read as a stream and counted, nothing is unpacked into memory; run it in a
//! process that can be limited and killed, since archive readers meet here what strangers made.
mod budget;
mod kind;
mod paths;
mod streams;
mod zips;

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use firstline_core::text_enum;
use serde::{Deserialize, Serialize};

use budget::Budget;
pub use kind::Kind;

text_enum! {
    /// What can be wrong with a file.
    FlawKind ("flaw") {
        Empty = "empty",
        OtherKind = "other_kind",
        SeveralKinds = "several_kinds",
        Path = "path",
        Link = "link",
        Device = "device",
        Twice = "twice",
        Bomb = "bomb",
        TooMany = "too_many",
        TooDeep = "too_deep",
        Broken = "broken",
        Signature = "signature",
        Unsigned = "unsigned",
        Withdrawn = "withdrawn",
    }
}

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flaw {
    pub kind: FlawKind,
    /// Where: names from the outermost archive inwards, or empty for the file itself.
    pub at: String,
    /// What was found, for people who know archives; English.
    pub detail: String,
}

impl Flaw {
    pub fn new(kind: FlawKind, at: &str, detail: impl Into<String>) -> Flaw {
        let clip = |text: &str, most: usize| text.chars().filter(|c| !c.is_control()).take(most).collect();
        Flaw { kind, at: clip(at, 200), detail: clip(&detail.into(), 200) }
    }
}

/// What was found in a file that may be taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// Entries of all archives in it.
    pub entries: u64,
    /// Bytes of all of them unpacked.
    pub unpacked: u64,
    /// How many archives lie in each other.
    pub depth: u32,
    /// Parts that could not be looked into: encrypted, or packed in a way we do not read.
    pub closed: u64,
}

/// Looks at the file that customers will save as `name`. `scratch` is a folder for archives inside archives.
pub fn inspect(path: &Path, name: &str, scratch: &Path) -> Result<Looked, Flaw> {
    let mut file = File::open(path).map_err(|e| Flaw::new(FlawKind::Broken, "", e.to_string()))?;
    let size = file.metadata().map_err(|e| Flaw::new(FlawKind::Broken, "", e.to_string()))?.len();
    if size == 0 {
        return Err(Flaw::new(FlawKind::Empty, "", "zero bytes"));
    }
    let kind = kind::of_file(&mut file, size, name)?;
    zips::no_second_archive(&mut file, size, kind)?;
    let mut budget = Budget::new(size, scratch);
    rewind(&mut file)?;
    match kind {
        Kind::Zip => zips::look(file, size, "", &mut budget)?,
        Kind::Gzip | Kind::Tar => streams::look(Box::new(BufReader::new(file)), "", &mut budget)?,
        _ => {}
    }
    Ok(budget.looked)
}

fn rewind(file: &mut File) -> Result<(), Flaw> {
    file.seek(SeekFrom::Start(0)).map(drop).map_err(|e| Flaw::new(FlawKind::Broken, "", e.to_string()))
}

/// Up to `most` bytes from the start of a stream.
fn head(from: &mut dyn Read, most: usize, at: &str) -> Result<Vec<u8>, Flaw> {
    let mut head = Vec::with_capacity(most);
    from.take(most as u64)
        .read_to_end(&mut head)
        .map_err(|e| Flaw::new(FlawKind::Broken, at, e.to_string()))?;
    Ok(head)
}

/// A place inside a place.
fn inner(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at} > {name}") }
}

#[cfg(test)]
mod tests;
