//! The `Range` header (RFC 9110, 14.1 and 14.2), read for a representation of known size.

/// A part of the bytes: `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub first: u64,
    pub last: u64,
}

impl Part {
    pub fn len(self) -> u64 {
        self.last - self.first + 1
    }

    fn meets(self, other: Part) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    fn and(self, other: Part) -> Part {
        Part { first: self.first.min(other.first), last: self.last.max(other.last) }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// There is no range to honour: another unit, no syntax we know, or more ranges than anybody needs.
    Whole,
    /// In the order they were asked for; none overlaps another.
    Parts(Vec<Part>),
    /// Well said, but nothing of it exists.
    Unsatisfiable,
}

/// More ranges than this in one request are ignored: honouring them costs more than the whole.
const MOST: usize = 8;

/// What `header` asks of `size` bytes.
pub fn wanted(header: &str, size: u64) -> Wanted {
    let Some(set) = bytes_unit(header) else { return Wanted::Whole };
    let specs: Vec<&str> = set.split(',').map(trim).filter(|s| !s.is_empty()).collect();
    if specs.is_empty() || specs.len() > MOST {
        return Wanted::Whole;
    }
    let mut parts = Vec::new();
    for spec in specs {
        match read(spec, size) {
            Read::Wrong | Read::Everything => return Wanted::Whole,
            Read::Nothing => {}
            Read::Part(part) => parts.push(part),
        }
    }
    if parts.is_empty() { Wanted::Unsatisfiable } else { Wanted::Parts(apart(parts)) }
}

fn bytes_unit(header: &str) -> Option<&str> {
    let (unit, set) = header.split_once('=')?;
    trim(unit).eq_ignore_ascii_case("bytes").then_some(set)
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

enum Read {
    Wrong,
    /// A suffix of nothing at all: the whole, empty as it is.
    Everything,
    Nothing,
    Part(Part),
}

fn read(spec: &str, size: u64) -> Read {
    let Some((first, last)) = spec.split_once('-') else { return Read::Wrong };
    match (number(first), number(last)) {
        (Some(Number::None), Some(Number::Is(_))) if size == 0 => Read::Everything,
        (Some(Number::None), Some(Number::Is(0))) => Read::Nothing,
        (Some(Number::None), Some(Number::Is(suffix))) => {
            Read::Part(Part { first: size.saturating_sub(suffix), last: size - 1 })
        }
        (Some(Number::Is(first)), Some(Number::Is(last))) if last < first => Read::Wrong,
        (Some(Number::Is(first)), Some(_)) if first >= size => Read::Nothing,
        (Some(Number::Is(first)), Some(Number::Is(last))) => {
            Read::Part(Part { first, last: last.min(size - 1) })
        }
        (Some(Number::Is(first)), Some(Number::None)) => Read::Part(Part { first, last: size - 1 }),
        _ => Read::Wrong,
    }
}

enum Number {
    None,
    Is(u64),
}

/// Digits only; a number beyond all sizes is the largest there is.
fn number(text: &str) -> Option<Number> {
    if text.is_empty() {
        return Some(Number::None);
    }
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(Number::Is(text.parse().unwrap_or(u64::MAX)))
}

/// Overlapping parts become one, so that no byte is sent twice and no request makes us send more than there is.
fn apart(parts: Vec<Part>) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::with_capacity(parts.len());
    for mut part in parts {
        let mut place = out.len();
        while let Some(at) = out.iter().position(|other| other.meets(part)) {
            part = part.and(out.remove(at));
            place = place.min(at);
        }
        out.insert(place.min(out.len()), part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(header: &str, size: u64) -> Vec<(u64, u64)> {
        match wanted(header, size) {
            Wanted::Parts(parts) => parts.into_iter().map(|p| (p.first, p.last)).collect(),
            other => panic!("{header}: {other:?}"),
        }
    }

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        for (header, expected) in [
            ("bytes=0-0", vec![(0, 0)]),
            ("bytes=0-499", vec![(0, 99)]),
            ("Bytes=5-", vec![(5, 99)]),
            ("bytes=-10", vec![(90, 99)]),
            ("bytes=-1000", vec![(0, 99)]),
            ("bytes=99-99999999999999999999999999", vec![(99, 99)]),
            ("bytes=-99999999999999999999999999", vec![(0, 99)]),
            ("bytes= 0-1 ,\t5-6,, 200-300", vec![(0, 1), (5, 6)]),
            ("bytes=50-60,0-1", vec![(50, 60), (0, 1)]),
            ("bytes=0-9,10-19", vec![(0, 9), (10, 19)]),
            ("bytes=0-10,5-20,90-95,15-30", vec![(0, 30), (90, 95)]),
            ("bytes=0-,0-,0-", vec![(0, 99)]),
        ] {
            assert_eq!(parts(header, 100), expected, "{header}");
        }
    }

    #[test]
    fn what_is_no_range_is_ignored() {
        let many = format!("bytes={}", (0..9).map(|n| format!("{n}-{n}")).collect::<Vec<_>>().join(","));
        for header in [
            "",
            "bytes",
            "bytes=",
            "bytes=,",
            "bytes=a-b",
            "bytes=1",
            "bytes=-",
            "bytes=5-4",
            "bytes=0-1,x",
            "bytes=+1-2",
            "bytes=1 -2",
            "bytes=0x1-2",
            "items=0-1",
            "bytes 0-1",
            "bytes=--1",
            many.as_str(),
        ] {
            assert_eq!(wanted(header, 100), Wanted::Whole, "{header}");
        }
    }

    #[test]
    fn what_does_not_exist_cannot_be_had() {
        for header in [
            "bytes=100-",
            "bytes=100-200",
            "bytes=-0",
            "bytes=99999999999999999999999999-",
            "bytes=100-,200-",
        ] {
            assert_eq!(wanted(header, 100), Wanted::Unsatisfiable, "{header}");
        }
        assert_eq!(wanted("bytes=0-", 0), Wanted::Unsatisfiable);
        assert_eq!(wanted("bytes=-5", 0), Wanted::Whole);
    }
}
