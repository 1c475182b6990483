//! Conditions of a request (RFC 9110, 13.1 and 13.2.2), against an entity whose tag is strong.
use std::time::SystemTime;

use axum::http::{HeaderMap, HeaderName, header};

/// What the conditions leave of a GET or HEAD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Go,
    /// 304
    NotModified,
    /// 412
    Failed,
}

/// What conditions are held against.
#[derive(Clone, Debug)]
pub struct Validators {
    /// With its quotes, without `W/`.
    pub etag: String,
    /// Whole seconds.
    pub modified: SystemTime,
}

impl Validators {
    /// In the order 13.2.2 gives them.
    pub fn judge(&self, headers: &HeaderMap) -> Verdict {
        if let Some(tags) = list(headers, header::IF_MATCH) {
            if !self.matches(&tags, false) {
                return Verdict::Failed;
            }
        } else if date(headers, header::IF_UNMODIFIED_SINCE).is_some_and(|since| self.modified > since) {
            return Verdict::Failed;
        }
        if let Some(tags) = list(headers, header::IF_NONE_MATCH) {
            if self.matches(&tags, true) {
                return Verdict::NotModified;
            }
        } else if date(headers, header::IF_MODIFIED_SINCE).is_some_and(|since| self.modified <= since) {
            return Verdict::NotModified;
        }
        Verdict::Go
    }

    /// Whether `Range` may be honoured: there is no `If-Range`, or it names exactly these bytes. A weak tag, an
    /// other date, a doubled header or anything else asks for the whole.
    pub fn range_may_apply(&self, headers: &HeaderMap) -> bool {
        let mut all = headers.get_all(header::IF_RANGE).iter();
        let (Some(value), None) = (all.next(), all.next()) else {
            return !headers.contains_key(header::IF_RANGE);
        };
        let text = value.to_str().unwrap_or_default().trim();
        text == self.etag || httpdate::parse_http_date(text).is_ok_and(|at| at == self.modified)
    }

    fn matches(&self, tags: &str, weak: bool) -> bool {
        if tags.trim() == "*" {
            return true;
        }
        tags_of(tags).any(|(is_weak, tag)| (weak || !is_weak) && tag == self.etag)
    }
}

/// All values of a list header as one; `None` where it is missing.
fn list(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let mut values = headers.get_all(name).iter().peekable();
    values.peek()?;
    let text: Vec<&str> = values.map(|v| v.to_str().unwrap_or_default()).collect();
    Some(text.join(", "))
}

/// A date, if there is exactly one and it is one.
fn date(headers: &HeaderMap, name: HeaderName) -> Option<SystemTime> {
    let mut all = headers.get_all(name).iter();
    let (Some(value), None) = (all.next(), all.next()) else { return None };
    httpdate::parse_http_date(value.to_str().ok()?.trim()).ok()
}

/// The tags of a list, each with whether it is weak. A comma may stand inside a tag; what is no tag is skipped.
fn tags_of(list: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut rest = list;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start_matches([' ', '\t', ',']);
            if rest.is_empty() {
                return None;
            }
            let (weak, opaque) = match rest.strip_prefix("W/") {
                Some(behind) => (true, behind),
                None => (false, rest),
            };
            let end = opaque.strip_prefix('"').and_then(|inner| inner.find('"'));
            if let Some(end) = end {
                let (tag, behind) = opaque.split_at(end + 2);
                rest = behind;
                return Some((weak, tag));
            }
            rest = rest.split_once(',').map_or("", |(_, behind)| behind);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

    fn entity() -> Validators {
        let modified = httpdate::parse_http_date(DATE).unwrap();
        Validators { etag: "\"abc\"".into(), modified }
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(*name, value.parse().unwrap());
        }
        map
    }

    #[test]
    fn conditions_are_judged_in_their_order() {
        use Verdict::{Failed, Go, NotModified};
        let (before, after) = ("Sun, 06 Nov 1994 08:49:36 GMT", "Sunday, 06-Nov-94 08:49:38 GMT");
        let cases: &[(&[(&'static str, &str)], Verdict)] = &[
            (&[], Go),
            (&[("if-match", "\"abc\"")], Go),
            (&[("if-match", "*")], Go),
            (&[("if-match", "\"x\", \"abc\"")], Go),
            (&[("if-match", "\"x\""), ("if-match", "\"abc\"")], Go),
            (&[("if-match", "W/\"abc\"")], Failed),
            (&[("if-match", "\"x\"")], Failed),
            (&[("if-match", "garbage")], Failed),
            (&[("if-match", "\"abc\""), ("if-unmodified-since", before)], Go),
            (&[("if-unmodified-since", before)], Failed),
            (&[("if-unmodified-since", DATE)], Go),
            (&[("if-unmodified-since", "yesterday")], Go),
            (&[("if-none-match", "\"abc\"")], NotModified),
            (&[("if-none-match", "W/\"abc\"")], NotModified),
            (&[("if-none-match", "\"a,b\", \"abc\"")], NotModified),
            (&[("if-none-match", "*")], NotModified),
            (&[("if-none-match", "\"x\"")], Go),
            (&[("if-none-match", "abc")], Go),
            (&[("if-none-match", "\"x\""), ("if-modified-since", after)], Go),
            (&[("if-modified-since", DATE)], NotModified),
            (&[("if-modified-since", after)], NotModified),
            (&[("if-modified-since", "Sun Nov  6 08:49:37 1994")], NotModified),
            (&[("if-modified-since", before)], Go),
            (&[("if-modified-since", "0")], Go),
            (&[("if-match", "\"abc\""), ("if-none-match", "\"abc\"")], NotModified),
        ];
        for (given, expected) in cases {
            assert_eq!(entity().judge(&headers(given)), *expected, "{given:?}");
        }
    }

    #[test]
    fn a_range_goes_on_only_with_the_very_same_bytes() {
        for (value, applies) in [
            ("\"abc\"", true),
            (DATE, true),
            ("W/\"abc\"", false),
            ("\"x\"", false),
            ("abc", false),
            ("*", false),
            ("", false),
            ("\"abc\", \"x\"", false),
            ("Sun, 06 Nov 1994 08:49:38 GMT", false),
            ("Sun, 06 Nov 1994 08:49:36 GMT", false),
            ("tomorrow", false),
        ] {
            assert_eq!(entity().range_may_apply(&headers(&[("if-range", value)])), applies, "{value}");
        }
        assert!(entity().range_may_apply(&HeaderMap::new()));
        assert!(!entity().range_may_apply(&headers(&[("if-range", "\"abc\""), ("if-range", "\"abc\"")])));
    }
}
