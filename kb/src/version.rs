//! Versions as people write them, compared leniently: `3.2.1`, `v3.2.1`, `2024.10`, `10.0.19041.388`,
//! `V2R3C10SP2`, `3.1.4-p2`, `9.0.0-rc.2`. Two spellings of one version are equal (`3`, `3.0`, `v3.0.0`).
mod find;
mod range;
mod read;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use find::{Mention, mentions};
pub use range::{Range, applies};

/// The longest version taken, in characters.
pub const MAX_CHARS: usize = 100;

/// A version: as it was written, and as it compares. Build metadata (`+…`) does not compare.
#[derive(Clone, Debug)]
pub struct Version {
    text: String,
    numbers: Vec<u64>,
    tail: Vec<Part>,
}

/// What follows the numbers. A version that ends here compares as `END`: parts before it make an
/// earlier version (`-rc.1`), parts behind it a later one (`-p2`, `SP1`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    rank: Rank,
    word: String,
    number: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Begins a version before the release: `alpha`, `beta`, `rc`.
    Before,
    /// The version ends here.
    End,
    Number,
    /// A patch, a service pack, or one more word of a version before the release.
    Word,
}

impl Version {
    /// Reads one version; blanks around it, a leading `v` or the word "version" do not matter.
    /// The error says what a version looks like.
    pub fn parse(text: &str) -> Result<Version, VersionError> {
        read::version(text)
    }

    /// As it was written, without blanks around it and without the word "version".
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The numbers before the first word, without zeros at the end.
    pub fn numbers(&self) -> &[u64] {
        &self.numbers
    }

    /// The same text for every spelling of one version: what "one version, one release" is decided by.
    pub fn key(&self) -> String {
        let mut key: Vec<String> = self.numbers.iter().map(u64::to_string).collect();
        key.extend(self.tail.iter().map(|p| format!("{:?}{}{}", p.rank, p.word, p.number).to_lowercase()));
        key.join(".")
    }

    /// True for versions before a release: `3.2.0-rc.1`.
    pub fn is_preview(&self) -> bool {
        self.tail.iter().any(|part| part.rank == Rank::Before)
    }

    /// True when this version belongs to the line `line`: 3.1.4 to 3.1 and to 3.
    pub fn begins_with(&self, line: &Version) -> bool {
        if line.tail.is_empty() {
            let at = |i: usize| self.numbers.get(i).copied().unwrap_or(0);
            return (0..line.width()).all(|i| at(i) == line.numbers.get(i).copied().unwrap_or(0));
        }
        self.numbers == line.numbers && self.tail.starts_with(&line.tail)
    }

    /// How many numbers were written: 2 for `3.0`, though it compares as `3`.
    fn width(&self) -> usize {
        let numbers = self.text.trim_start_matches(|c: char| !c.is_ascii_digit());
        let end = numbers.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(numbers.len());
        numbers[..end].split('.').filter(|n| !n.is_empty()).count().max(self.numbers.len())
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Version) -> Ordering {
        let at = |v: &[u64], i: usize| v.get(i).copied().unwrap_or(0);
        let longest = self.numbers.len().max(other.numbers.len());
        let numbers = (0..longest).map(|i| at(&self.numbers, i).cmp(&at(&other.numbers, i)));
        numbers.chain([tails(&self.tail, &other.tail)]).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    }
}

fn tails(a: &[Part], b: &[Part]) -> Ordering {
    let end = Part { rank: Rank::End, word: String::new(), number: 0 };
    let longest = a.len().max(b.len());
    let parts = (0..longest).map(|i| a.get(i).unwrap_or(&end).cmp(b.get(i).unwrap_or(&end)));
    parts.into_iter().find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Version) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Version) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Version {
    type Err = VersionError;
    fn from_str(text: &str) -> Result<Version, VersionError> {
        Version::parse(text)
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Version, D::Error> {
        let text = String::deserialize(d)?;
        Version::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Why a text is no version or no range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    #[error("is empty; write a version such as 3.1.4")]
    Empty,
    #[error("has {0} characters; a version has at most {MAX_CHARS}")]
    TooLong(usize),
    #[error("{0:?} names no version; write its number, such as 3.1.4")]
    NoNumber(String),
    #[error("{0:?} is not a version; write it such as 3.1.4, 2024.10 or 3.1.4-p2")]
    Unreadable(String),
    #[error("{0:?} has a number of more than 18 digits")]
    TooLarge(String),
    #[error("{0:?} is not a range; write it such as >=3.1 <3.2, 3.1.x or 3.1.4 - 3.2")]
    NoRange(String),
    #[error("{0:?} holds no version at all: its bounds contradict each other")]
    Contradiction(String),
}

impl VersionError {
    /// The error for a field of that name.
    pub fn at(&self, field: &str) -> firstline_core::Error {
        firstline_core::Error::invalid(field, self.to_string())
    }
}

#[cfg(test)]
mod tests;
