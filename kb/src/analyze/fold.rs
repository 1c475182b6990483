//! Folding: full-width to half-width, lower case, traditional to simplified Chinese, plain quotes and
//! dashes. One character becomes one character, so that a place in the folded text is the same place
//! in the original.

/// Folds `text`; the result has exactly as many characters.
pub fn fold(text: &str) -> String {
    let folded = fold_form(text);
    if folded.is_ascii() { folded } else { fast2s::convert(&folded) }
}

/// The same without the change to simplified Chinese, which takes ten times as long: for text that is known to
/// need none.
pub fn fold_form(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// Folds one character except for the change to simplified Chinese, which looks at its neighbours.
fn fold_char(c: char) -> char {
    match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        '\0'..='\x7f' => c,
        // Full-width forms keep the order of ASCII.
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(c as u32 - 0xfee0).map_or(c, |ascii| ascii.to_ascii_lowercase())
        }
        '\u{3000}' | '\u{a0}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => ' ',
        '\u{2018}' | '\u{2019}' | '\u{2032}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        // Circled digits 1 to 9.
        '\u{2460}'..='\u{2468}' => char::from_u32(c as u32 - 0x2460 + '1' as u32).unwrap_or(c),
        _ => one(c.to_lowercase()).unwrap_or(c),
    }
}

/// The only character of an iterator; a few letters would become two.
fn one(mut chars: impl Iterator<Item = char>) -> Option<char> {
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_width_case_and_script() {
        assert_eq!(fold("Ｅ－１０４２　連線錯誤"), "e-1042 连线错误");
        assert_eq!(fold("“Can’t” — OK①"), "\"can't\" - ok1");
    }

    #[test]
    fn keeps_the_number_of_characters() {
        for text in ["İstanbul ß", "資料庫無法連線，請稍後再試", "a\u{200b}b", "ﬁle 𠮷野家", ""]
        {
            assert_eq!(fold(text).chars().count(), text.chars().count(), "{text}");
        }
    }
}
