//! Which versions an article is about, and whether an asker's version is one of them.
use std::cmp::Ordering;

/// False only when `version` surely lies outside `range`. A range is a list by commas, spaces or `||`
/// of `>=3.0`, `<4`, `=3.2`, `3.x`, `3.0-3.4`; comparisons joined by spaces or commas hold together, the other
/// forms are alternatives. What cannot be read excludes nobody.
pub fn applies(range: &str, version: &str) -> bool {
    let Some(asked) = parse(version) else { return true };
    range.split("||").any(|alternative| holds(alternative, &asked))
}

fn holds(alternative: &str, asked: &[u64]) -> bool {
    let spaced = alternative.replace(">= ", ">=").replace("<= ", "<=").replace("> ", ">").replace("< ", "<");
    let mut bounds = true;
    let mut listed: Option<bool> = None;
    for part in spaced.split([',', ' ', ';', '、', '，']).filter(|p| !p.is_empty()) {
        match compare(part, asked) {
            Some(Part::Bound(holds)) => bounds &= holds,
            Some(Part::Listed(is)) => listed = Some(listed.unwrap_or(false) || is),
            None => return true,
        }
    }
    bounds && listed.unwrap_or(true)
}

/// Whether all of a range can be read; what cannot be read excludes nobody.
pub fn is_range(range: &str) -> bool {
    let none = [0];
    range.split("||").all(|alternative| {
        let spaced =
            alternative.replace(">= ", ">=").replace("<= ", "<=").replace("> ", ">").replace("< ", "<");
        spaced
            .split([',', ' ', ';', '、', '，'])
            .filter(|p| !p.is_empty())
            .all(|part| compare(part, &none).is_some())
    })
}

enum Part {
    Bound(bool),
    Listed(bool),
}

fn compare(part: &str, asked: &[u64]) -> Option<Part> {
    for (sign, accepts) in [
        (">=", &[Ordering::Greater, Ordering::Equal][..]),
        ("<=", &[Ordering::Less, Ordering::Equal]),
        (">", &[Ordering::Greater]),
        ("<", &[Ordering::Less]),
    ] {
        if let Some(rest) = part.strip_prefix(sign) {
            return Some(Part::Bound(accepts.contains(&order(asked, &parse(rest)?))));
        }
    }
    if let Some((low, high)) = part.split_once('-') {
        let (low, high) = (parse(low)?, parse(high)?);
        return Some(Part::Listed(
            order(asked, &low) != Ordering::Less
                && (order(asked, &high) != Ordering::Greater || asked.starts_with(&high)),
        ));
    }
    if matches!(part, "*" | "all" | "全部") {
        return Some(Part::Listed(true));
    }
    // `3`, `3.x` and `3.2` name a line of versions: every version that begins so.
    let line = parse(part.trim_start_matches('=').trim_end_matches(['x', 'X', '*', '+', '.']))?;
    Some(Part::Listed(
        asked.starts_with(&line) || part.ends_with('+') && order(asked, &line) != Ordering::Less,
    ))
}

fn parse(text: &str) -> Option<Vec<u64>> {
    let text = text.trim().trim_start_matches(['v', 'V']);
    let digits = text.split(['-', '+']).next()?;
    let numbers: Vec<u64> = digits.split('.').map_while(|n| n.parse().ok()).collect();
    (!numbers.is_empty()).then_some(numbers)
}

/// `3.0` and `3` are equal.
fn order(a: &[u64], b: &[u64]) -> Ordering {
    let at = |v: &[u64], i: usize| v.get(i).copied().unwrap_or(0);
    (0..a.len().max(b.len())).map(|i| at(a, i).cmp(&at(b, i))).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_it_cannot_read() {
        assert!(is_range(">=3.0 <4 || 2.x"));
        assert!(!is_range("every version since spring"));
    }

    #[test]
    fn reads_the_usual_ranges() {
        for (range, version, expected) in [
            (">=3.0", "3.2.1", true),
            (">=3.0", "v2.9", false),
            (">=3.0 <4", "4.0.0", false),
            (">=3.0, <4", "3.9", true),
            ("3.x", "3.9.9", true),
            ("3.x", "4.0", false),
            ("2.0, 3.1", "3.1.4", true),
            ("3.0-3.4", "3.4.2", true),
            ("3.0-3.4", "3.5", false),
            ("<2 || >=3", "3.0", true),
            ("every version since spring", "1.0", true),
            (">=3.0", "unknown", true),
            ("", "1.0", true),
        ] {
            assert_eq!(applies(range, version), expected, "{range} {version}");
        }
    }
}
