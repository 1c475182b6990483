//! Reading one version: numbers, then words with numbers.
use super::{MAX_CHARS, Part, Rank, Version, VersionError};

/// Words before a version that say nothing.
const LEADING: &[&str] = &["version", "ver.", "ver", "release", "build", "版本号", "版本", "kb", "v", "r"];
/// Words that mean the release itself.
const FINAL: &[&str] = &["final", "ga", "release", "rtm", "stable", "lts", "正式版", "版"];
/// Words of versions before the release.
const BEFORE: &[&str] = &[
    "alpha",
    "beta",
    "rc",
    "cr",
    "preview",
    "pre",
    "prerelease",
    "dev",
    "snapshot",
    "nightly",
    "ea",
    "ctp",
    "milestone",
    "m",
    "canary",
    "insider",
    "next",
    "a",
    "b",
    "c",
];
/// Words of what comes after it.
const AFTER: &[&str] = &[
    "p", "pl", "patch", "sp", "spc", "sph", "u", "update", "upd", "hotfix", "hf", "fix", "post", "rev", "r",
    "build", "cu", "fp", "kb", "补丁",
];

pub(super) fn version(given: &str) -> Result<Version, VersionError> {
    let text = given.trim();
    if text.is_empty() {
        return Err(VersionError::Empty);
    }
    let count = text.chars().count();
    if count > MAX_CHARS {
        return Err(VersionError::TooLong(count));
    }
    let shown = || text.to_string();
    if !text.chars().any(|c| c.is_ascii_digit()) {
        return Err(VersionError::NoNumber(shown()));
    }
    let (lead, bare) = without_lead(text).ok_or_else(|| VersionError::Unreadable(shown()))?;
    let compared = bare.split('+').next().unwrap_or(bare);
    let tokens = tokens(compared).ok_or_else(|| VersionError::Unreadable(shown()))?;
    let mut reader = Reader { letters: lead == Lead::V, ..Reader::default() };
    for (index, token) in tokens.iter().enumerate() {
        reader.take(token, tokens.get(index + 1), &tokens).map_err(|why| match why {
            Why::TooLarge => VersionError::TooLarge(shown()),
            Why::Unreadable => VersionError::Unreadable(shown()),
        })?;
    }
    while reader.numbers.len() > 1 && reader.numbers.last() == Some(&0) {
        reader.numbers.pop();
    }
    let kept = if lead == Lead::Word { bare } else { text };
    Ok(Version { text: kept.to_string(), numbers: reader.numbers, tail: reader.tail })
}

#[derive(PartialEq)]
enum Lead {
    None,
    V,
    /// "version": not part of the version's name.
    Word,
}

/// What stands before the first digit must be a word that says nothing.
fn without_lead(text: &str) -> Option<(Lead, &str)> {
    let digit = text.find(|c: char| c.is_ascii_digit())?;
    let word = text[..digit].trim().trim_end_matches([':', '：', '.', '-', '=']).trim().to_lowercase();
    match word.as_str() {
        "" if text[..digit].is_empty() => Some((Lead::None, text)),
        "v" => Some((Lead::V, &text[digit..])),
        "kb" | "r" => Some((Lead::None, &text[digit..])),
        w if LEADING.contains(&w) => Some((Lead::Word, &text[digit..])),
        _ => None,
    }
}

#[derive(Debug, PartialEq)]
enum Token {
    Number(String),
    Word(String),
    /// `.`, `-`, `_` or a blank.
    Joint(char),
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens: Vec<Token> = Vec::new();
    for c in text.chars() {
        match (c, tokens.last_mut()) {
            ('0'..='9', Some(Token::Number(n))) => n.push(c),
            ('0'..='9', _) => tokens.push(Token::Number(c.into())),
            ('.' | '-' | '_' | ' ' | '~', _) => tokens.push(Token::Joint(c)),
            (c, Some(Token::Word(w))) if c.is_alphabetic() => w.extend(c.to_lowercase()),
            (c, _) if c.is_alphabetic() => tokens.push(Token::Word(c.to_lowercase().collect())),
            _ => return None,
        }
    }
    Some(tokens)
}

enum Why {
    TooLarge,
    Unreadable,
}

#[derive(Default)]
struct Reader {
    numbers: Vec<u64>,
    tail: Vec<Part>,
    /// `V2R3C10`: R and C join numbers.
    letters: bool,
    joint: Option<char>,
    /// The parts of a version before the release have begun.
    before: bool,
}

impl Reader {
    fn take(&mut self, token: &Token, next: Option<&Token>, all: &[Token]) -> Result<(), Why> {
        match token {
            Token::Joint(c) => {
                let doubled = self.joint.is_some_and(|j| j != ' ' && *c != ' ');
                if doubled || next.is_none() {
                    return Err(Why::Unreadable);
                }
                self.joint = Some(self.joint.filter(|j| *j != ' ').unwrap_or(*c));
                return Ok(());
            }
            Token::Number(digits) => self.number(digits, all)?,
            Token::Word(word) => self.word(word, next)?,
        }
        self.joint = None;
        Ok(())
    }

    fn number(&mut self, digits: &str, all: &[Token]) -> Result<(), Why> {
        let digits = digits.trim_start_matches('0');
        if digits.len() > 18 {
            return Err(Why::TooLarge);
        }
        let number = digits.parse().unwrap_or(0);
        match self.joint {
            _ if !self.tail.is_empty() => self.part(Rank::Number, "", number),
            None | Some('.') => self.numbers.push(number),
            // 2024-10-31 is a date; 1.2.3-4 is one before 1.2.3, as semantic versions have it; else a patch.
            Some('-') if is_date(all) => self.numbers.push(number),
            Some('-') if self.numbers.len() == 3 => {
                self.before = true;
                self.part(Rank::Before, "", number);
            }
            Some(' ') => return Err(Why::Unreadable),
            _ => self.part(Rank::Number, "", number),
        }
        Ok(())
    }

    fn word(&mut self, word: &str, next: Option<&Token>) -> Result<(), Why> {
        let numbered = matches!(next, Some(Token::Number(_)));
        if self.letters && self.tail.is_empty() && numbered && matches!(word, "r" | "c" | "b") {
            return Ok(());
        }
        if FINAL.contains(&word) && self.tail.is_empty() {
            return Ok(());
        }
        let known_before = BEFORE.contains(&word) && (numbered || word.len() > 1 || self.joint.is_some());
        let rank = match self.joint {
            _ if self.before => Rank::Word,
            _ if known_before => Rank::Before,
            _ if AFTER.contains(&word) => Rank::Word,
            // A word nobody knows: behind a hyphen it is a version before the release, glued to the
            // numbers it is a letter of a later one (1.0.2k), behind a blank it is no part of a version.
            Some('-' | '~' | '.' | '_') => Rank::Before,
            None => Rank::Word,
            _ => return Err(Why::Unreadable),
        };
        self.before |= rank == Rank::Before;
        self.part(rank, word, 0);
        Ok(())
    }

    fn part(&mut self, rank: Rank, word: &str, number: u64) {
        self.tail.push(Part { rank, word: word.into(), number });
    }
}

fn is_date(tokens: &[Token]) -> bool {
    let lengths: Vec<usize> = tokens
        .iter()
        .map(|t| match t {
            Token::Number(n) => n.len(),
            Token::Joint('-') => 0,
            _ => 99,
        })
        .collect();
    matches!(lengths.as_slice(), [4, 0, 1 | 2] | [4, 0, 1 | 2, 0, 1 | 2])
}
