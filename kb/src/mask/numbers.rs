//! Numbers of phones, papers and cards, written with or without spaces and dashes.
use super::Masked;

/// Hides them; shorter numbers describe the fault.
pub(super) fn hide(text: &str, lang: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let inside_word = at > 0 && is_part_of_word(chars[at - 1]);
        let starts = chars[at].is_ascii_digit()
            || (chars[at] == '+' && chars.get(at + 1).is_some_and(char::is_ascii_digit));
        if !starts || inside_word {
            out.push(chars[at]);
            at += 1;
            continue;
        }
        let (end, digits) = number(&chars, at);
        let after = chars.get(end).copied().unwrap_or(' ');
        match kind_of(&digits, chars[at] == '+').filter(|_| !is_part_of_word(after)) {
            Some(kind) => out.push_str(kind.text(lang)),
            None => out.extend(&chars[at..end]),
        }
        at = end;
    }
    out
}

/// A letter, an underscore or a dot before a digit: a name, a version, a path.
fn is_part_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '\\' | '-')
}

/// Where the number ends, and its digits; single spaces and dashes between digits belong to it.
fn number(chars: &[char], start: usize) -> (usize, String) {
    let mut digits = String::new();
    let mut at = start + usize::from(chars[start] == '+');
    let mut end = at;
    while at < chars.len() && digits.len() < 40 {
        let c = chars[at];
        if c.is_ascii_digit() {
            digits.push(c);
            end = at + 1;
        } else if matches!(c, 'x' | 'X') && digits.len() == 17 {
            digits.push('X');
            return (at + 1, digits);
        } else if !(matches!(c, ' ' | '-') && chars.get(at + 1).is_some_and(char::is_ascii_digit)) {
            break;
        }
        at += 1;
    }
    (end, digits)
}

fn kind_of(digits: &str, plus: bool) -> Option<Masked> {
    let bare = digits
        .strip_prefix("0086")
        .or_else(|| digits.strip_prefix("86").filter(|d| d.len() == 11))
        .unwrap_or(digits);
    let mobile = bare.len() == 11 && bare.starts_with('1') && matches!(bare.as_bytes()[1], b'3'..=b'9');
    let landline = (10..=12).contains(&digits.len()) && digits.starts_with('0');
    if mobile || landline || (plus && (8..=15).contains(&digits.len())) {
        return Some(Masked::Phone);
    }
    // Papers have 15 or 18 digits, cards 13 to 19.
    let date_first = digits.len() >= 8 && digits.len() <= 12;
    (!date_first && (13..=19).contains(&digits.len())).then_some(Masked::Number)
}
