//! Which language a message is written in, by its script.
use crate::analyze::segment::is_han;

/// `zh-CN`, `en`, or `None` when there is neither Chinese nor a word of Latin letters (a bare code, digits).
pub fn guess(text: &str) -> Option<&'static str> {
    let mut han = 0usize;
    let mut words = 0usize;
    let mut letters = 0usize;
    for c in text.chars().chain(std::iter::once(' ')) {
        if c.is_alphabetic() && !is_han(c) {
            letters += 1;
            continue;
        }
        // A single letter is an item or part of a code, not a word of English.
        words += usize::from(letters >= 2);
        letters = 0;
        han += usize::from(is_han(c));
    }
    // A Chinese character says about as much as half a word: product names and codes are Latin in Chinese text too.
    match (han, words) {
        (0, 0) => None,
        (0, _) if is_bare_code(text) => None,
        (0, _) => Some("en"),
        _ if han >= 2 || han * 2 >= words => Some("zh-CN"),
        _ => Some("en"),
    }
}

/// One token with a digit in it, such as `ORA-19012` or `0x80070005`.
fn is_bare_code(text: &str) -> bool {
    let text = text.trim();
    !text.contains(char::is_whitespace) && text.contains(|c: char| c.is_ascii_digit())
}

/// The stored form of a language a caller named: `zh`, `zh-CN`, `zh-Hant`… → `zh-CN`; `en`, `en-GB`… → `en`.
pub fn canonical(lang: &str) -> Option<&'static str> {
    let lang = lang.trim().to_ascii_lowercase().replace('_', "-");
    match lang.split('-').next() {
        Some("zh") => Some("zh-CN"),
        Some("en") => Some("en"),
        _ => None,
    }
}

/// The other of the two languages articles are written in.
pub fn other(lang: &str) -> &'static str {
    if canonical(lang) == Some("en") { "zh-CN" } else { "en" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_chinese_from_english_by_script() {
        assert_eq!(guess("开票时报错 E-1042，连不上服务器"), Some("zh-CN"));
        assert_eq!(guess("Outlook 打不开 please help"), Some("zh-CN"));
        assert_eq!(guess("cannot connect to the server"), Some("en"));
        assert_eq!(guess("The button says 确 when I click the other one"), Some("en"));
        for neither in ["", "12345", "E-1042", "ORA-19012", "???", "😀"] {
            assert_eq!(guess(neither), None, "{neither}");
        }
    }

    #[test]
    fn accepts_the_usual_tags() {
        assert_eq!(
            (canonical("zh"), canonical("zh_TW"), canonical("EN-us")),
            (Some("zh-CN"), Some("zh-CN"), Some("en"))
        );
        assert_eq!(canonical("de"), None);
    }
}
