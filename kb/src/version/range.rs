//! Ranges of versions: `>=3.1 <3.2`, `3.1.x`, `3.1.4 - 3.2`, `~3.1.4`, `^3.1`, `3.0 || >=4`.
use std::ops::Bound;

use super::{Version, VersionError};

/// False only when `version` surely lies outside `range`. What cannot be read excludes nobody.
pub fn applies(range: &str, version: &str) -> bool {
    let Ok(asked) = Version::parse(version) else { return true };
    Range::parse(range).map_or(true, |range| range.contains(&asked))
}

/// A set of versions. Comparisons joined by blanks or commas hold together, the other forms are
/// alternatives, as are the sides of `||`.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    text: String,
    spans: Vec<Span>,
}

/// A stretch of versions, or a line of them.
#[derive(Clone, Debug, PartialEq)]
struct Span {
    low: Bound<Version>,
    high: Bound<Version>,
    /// Every version of this line belongs to it although it lies above `high`: `3.0 - 3.4` holds 3.4.2.
    line: Option<Version>,
}

impl Range {
    /// Reads a range. An empty text and `*` hold every version.
    pub fn parse(text: &str) -> Result<Range, VersionError> {
        let text = text.trim();
        if text.chars().count() > 1000 {
            return Err(VersionError::NoRange(text.chars().take(40).collect::<String>() + "…"));
        }
        let mut spans = Vec::new();
        for alternative in text.split("||") {
            spans.extend(alternative_spans(alternative).ok_or_else(|| VersionError::NoRange(text.into()))?);
        }
        if spans.iter().all(Span::is_empty) {
            return Err(VersionError::Contradiction(text.into()));
        }
        Ok(Range { text: text.into(), spans })
    }

    pub fn contains(&self, version: &Version) -> bool {
        self.spans.iter().any(|span| span.contains(version))
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where its versions lie in a list sorted by version: stretches `[start, end)`, each found by halving.
    pub fn stretches<T>(&self, sorted: &[T], version: impl Fn(&T) -> &Version + Copy) -> Vec<(usize, usize)> {
        self.spans.iter().map(|span| span.stretch(sorted, version)).filter(|(a, b)| a < b).collect()
    }

    /// True when it leaves nobody out.
    pub fn is_any(&self) -> bool {
        self.spans.iter().any(|s| s.low == Bound::Unbounded && s.high == Bound::Unbounded)
    }
}

impl Span {
    const ANY: Span = Span { low: Bound::Unbounded, high: Bound::Unbounded, line: None };

    fn line(version: Version) -> Span {
        Span { low: Bound::Unbounded, high: Bound::Included(version.clone()), line: Some(version) }
    }

    fn contains(&self, version: &Version) -> bool {
        let above = match &self.low {
            Bound::Included(low) => version >= low,
            Bound::Excluded(low) => version > low,
            // A line without a lower bound is the line alone.
            Bound::Unbounded => self.line.as_ref().is_none_or(|line| version.begins_with(line)),
        };
        let below = match &self.high {
            Bound::Included(high) => version <= high,
            Bound::Excluded(high) => version < high,
            Bound::Unbounded => true,
        };
        above && (below || self.line.as_ref().is_some_and(|line| version.begins_with(line)))
    }

    /// A line lies in one piece: what begins with 3.1 stands together, versions before 3.1 itself included.
    fn stretch<T>(&self, sorted: &[T], version: impl Fn(&T) -> &Version) -> (usize, usize) {
        let on_line = |t: &T| self.line.as_ref().is_some_and(|line| version(t).begins_with(line));
        let start = match (&self.low, &self.line) {
            (Bound::Unbounded, Some(line)) => sorted.partition_point(|t| version(t) < line && !on_line(t)),
            (Bound::Unbounded, None) => 0,
            (Bound::Included(low), _) => sorted.partition_point(|t| version(t) < low),
            (Bound::Excluded(low), _) => sorted.partition_point(|t| version(t) <= low),
        };
        let end = match &self.high {
            Bound::Unbounded => sorted.len(),
            Bound::Included(high) => sorted.partition_point(|t| version(t) <= high || on_line(t)),
            Bound::Excluded(high) => sorted.partition_point(|t| version(t) < high),
        };
        (start, end)
    }

    /// True when no version can lie between the bounds.
    fn is_empty(&self) -> bool {
        match (&self.low, &self.high) {
            (Bound::Included(low), Bound::Included(high)) => low > high && !low.begins_with(high),
            (Bound::Included(low) | Bound::Excluded(low), Bound::Included(high) | Bound::Excluded(high)) => {
                low >= high
            }
            _ => false,
        }
    }

    fn and(self, other: Span) -> Span {
        Span {
            low: tighter(self.low, other.low, false),
            high: tighter(self.high, other.high, true),
            line: None,
        }
    }
}

/// The narrower of two bounds of the same side.
fn tighter(a: Bound<Version>, b: Bound<Version>, upper: bool) -> Bound<Version> {
    let value = |bound: &Bound<Version>| match bound {
        Bound::Included(v) | Bound::Excluded(v) => Some(v.clone()),
        Bound::Unbounded => None,
    };
    match (value(&a), value(&b)) {
        (None, _) => b,
        (_, None) => a,
        (Some(x), Some(y)) if x == y => {
            if matches!(a, Bound::Excluded(_)) {
                a
            } else {
                b
            }
        }
        (Some(x), Some(y)) => {
            if (x < y) == upper {
                a
            } else {
                b
            }
        }
    }
}

fn alternative_spans(text: &str) -> Option<Vec<Span>> {
    let words = words(text);
    let mut bound: Option<Span> = None;
    let mut listed = Vec::new();
    for word in &words {
        match piece(word)? {
            Piece::Bound(span) => bound = Some(bound.map_or(span.clone(), |b| b.and(span))),
            Piece::Listed(span) => listed.push(span),
        }
    }
    match (bound, listed.is_empty()) {
        (None, true) => Some(vec![Span::ANY]),
        (None, false) => Some(listed),
        (Some(bound), true) => Some(vec![bound]),
        (Some(bound), false) => Some(listed.into_iter().map(|l| narrowed(l, &bound)).collect()),
    }
}

/// A line within bounds: its lower end is the line's own first version.
fn narrowed(listed: Span, bound: &Span) -> Span {
    let low = match (&listed.low, &listed.line) {
        (Bound::Unbounded, Some(line)) => Bound::Included(line.clone()),
        (low, _) => low.clone(),
    };
    let high = match &listed.line {
        Some(line) => next_line(line).map_or(Bound::Unbounded, Bound::Excluded),
        None => listed.high,
    };
    Span { low, high, line: None }.and(bound.clone())
}

/// The first version behind a line: 3.2 behind 3.1, whatever 3.1 is followed by.
fn next_line(line: &Version) -> Option<Version> {
    let mut numbers: Vec<u64> = line.numbers().to_vec();
    numbers.resize(line.width(), 0);
    *numbers.last_mut()? += 1;
    let text: Vec<String> = numbers.iter().map(u64::to_string).collect();
    Version::parse(&text.join(".")).ok()
}

/// The words of a range, with signs glued to their version and ranges glued at their dash.
fn words(text: &str) -> Vec<String> {
    let mut text = text.replace(['～', '—', '–'], " - ").replace('≥', ">=").replace('≤', "<=");
    for (from, to) in [
        ("及以上", "+"),
        ("以上", "+"),
        ("及更高", "+"),
        ("及以下", "<="),
        ("以下", "<="),
        ("至", " - "),
        ("到", " - "),
    ] {
        text = text.replace(from, to);
    }
    let mut words: Vec<String> = Vec::new();
    let mut join = false;
    for word in text.split([',', ' ', ';', '、', '，', '；', '\t', '\n']).filter(|w| !w.is_empty()) {
        let dash = matches!(word, "-" | "to" | "..");
        match words.last_mut() {
            Some(last) if dash => last.push_str(".."),
            // 「3.1.4 及以上」
            Some(last) if matches!(word, "+" | "<=") && last.starts_with(|c: char| c.is_ascii_digit()) => {
                last.push_str(word);
                continue;
            }
            Some(last) if join => last.push_str(word),
            _ => words.push(word.to_string()),
        }
        join = dash || matches!(word, ">=" | "<=" | ">" | "<" | "=" | "==" | "~" | "^");
    }
    words
}

enum Piece {
    Bound(Span),
    Listed(Span),
}

fn piece(word: &str) -> Option<Piece> {
    if matches!(word.to_lowercase().as_str(), "*" | "x" | "all" | "any" | "全部" | "所有") {
        return Some(Piece::Listed(Span::ANY));
    }
    let span = |low, high| Span { low, high, line: None };
    let read = |text: &str| Version::parse(text).ok();
    if let Some(rest) = word.strip_prefix(">=") {
        return Some(Piece::Bound(span(Bound::Included(read(bare(rest))?), Bound::Unbounded)));
    }
    if let Some(rest) = word.strip_prefix("<=").or_else(|| word.strip_suffix("<=")) {
        return Some(Piece::Bound(span(Bound::Unbounded, Bound::Included(read(bare(rest))?))));
    }
    if let Some(rest) = word.strip_prefix('>') {
        return Some(Piece::Bound(span(Bound::Excluded(read(rest)?), Bound::Unbounded)));
    }
    if let Some(rest) = word.strip_prefix('<') {
        return Some(Piece::Bound(span(Bound::Unbounded, Bound::Excluded(read(rest)?))));
    }
    if let Some(rest) = word.strip_prefix(['~', '^']) {
        return Some(Piece::Bound(near(read(rest)?, word.starts_with('^'))?));
    }
    if let Some(rest) = word.strip_suffix('+') {
        return Some(Piece::Listed(span(Bound::Included(read(rest)?), Bound::Unbounded)));
    }
    if let Some((low, high)) = ends(word) {
        let high = read(bare(high))?;
        let low = Bound::Included(read(bare(low))?);
        return Some(Piece::Listed(Span { low, high: Bound::Included(high.clone()), line: Some(high) }));
    }
    Some(Piece::Listed(Span::line(read(bare(word.trim_start_matches('=')))?)))
}

/// `3.1.x` without its `x`.
fn bare(text: &str) -> &str {
    let cut = text.trim_end_matches(['x', 'X', '*']);
    if cut.len() < text.len() && cut.ends_with('.') { cut.trim_end_matches('.') } else { text }
}

/// The two ends of `3.0-3.4` or `3.0..3.4`. `3.1.4-p2` is one version.
fn ends(word: &str) -> Option<(&str, &str)> {
    if let Some(both) = word.split_once("..") {
        return Some(both);
    }
    let (low, high) = word.split_once('-')?;
    let is_version =
        |text: &str| text.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit());
    (is_version(high) && (high.contains('.') || !low.contains('.'))).then_some((low, high))
}

/// `~3.1.4`: up to 3.2. `^3.1`: up to 4.
fn near(version: Version, wide: bool) -> Option<Span> {
    let mut numbers: Vec<u64> = version.numbers().to_vec();
    numbers.resize(version.width(), 0);
    let leading = numbers.iter().position(|n| *n > 0).unwrap_or(0);
    let kept = if wide { leading + 1 } else { numbers.len().clamp(1, 2) };
    numbers.truncate(kept);
    *numbers.last_mut()? += 1;
    let text: Vec<String> = numbers.iter().map(u64::to_string).collect();
    let high = Version::parse(&text.join(".")).ok()?;
    Some(Span { low: Bound::Included(version), high: Bound::Excluded(high), line: None })
}
