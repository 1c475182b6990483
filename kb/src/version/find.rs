//! Versions inside a text: "我们是 3.1.4，Windows 2019".
use super::Version;

/// A version somebody mentions.
#[derive(Clone, Debug)]
pub struct Mention {
    pub version: Version,
    /// Byte offset of its first character.
    pub at: usize,
    /// False for a bare number such as the 2019 of "Windows 2019", which may be no version at all.
    pub sure: bool,
}

/// Every version in a text, in order. Error codes, CVE numbers, dates in words and addresses are none.
pub fn mentions(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some((start, end)) = next_word(text, from) {
        from = end;
        let word = text[start..end].trim_end_matches(['.', '-', '_', '+', '~']);
        if let Some(mention) = mention(word, start) {
            found.push(mention);
        }
    }
    found
}

/// The next run of characters a version may consist of.
fn next_word(text: &str, from: usize) -> Option<(usize, usize)> {
    let part = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '~' | '/' | ':' | '@' | '%')
    };
    let start = from + text[from..].find(part)?;
    let end = text[start..].find(|c| !part(c)).map_or(text.len(), |n| start + n);
    Some((start, end))
}

fn mention(word: &str, at: usize) -> Option<Mention> {
    let first = word.chars().next()?;
    let digit_at = |at: usize| word.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let update =
        word.len() > 4 && word.is_char_boundary(2) && word[..2].eq_ignore_ascii_case("kb") && digit_at(2);
    let marked = update || matches!(first, 'v' | 'V') && digit_at(1);
    if !(first.is_ascii_digit() || marked) || word.contains(['/', ':', '@', '%']) {
        return None;
    }
    if word.starts_with("0x") || word.starts_with("0X") {
        return None;
    }
    let version = Version::parse(word).ok()?;
    let sure = marked || word.contains('.');
    Some(Mention { version, at, sure })
}
