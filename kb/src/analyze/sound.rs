//! How Chinese is read aloud, in Latin letters without tones: for those who type `kaipiao` or `kp` for `开票`, and
//! for characters that were put in for others of the same sound.
use std::collections::HashSet;
use std::sync::LazyLock;

use pinyin::ToPinyin;

/// Characters read in two ways in the words of our trade: `重启` beside `重要`, `银行` beside `运行`.
const OTHER_READINGS: &[(char, &str)] = &[
    ('重', "chong"),
    ('重', "zhong"),
    ('行', "hang"),
    ('行', "xing"),
    ('长', "chang"),
    ('长', "zhang"),
    ('调', "diao"),
    ('调', "tiao"),
    ('会', "hui"),
    ('会', "kuai"),
    ('还', "hai"),
    ('还', "huan"),
    ('单', "dan"),
    ('参', "can"),
    ('系', "xi"),
    ('卡', "ka"),
    ('期', "qi"),
    ('校', "jiao"),
    ('校', "xiao"),
    ('率', "lv"),
    ('率', "shuai"),
    ('降', "jiang"),
    ('弹', "dan"),
    ('弹', "tan"),
    ('乐', "le"),
    ('乐', "yue"),
    ('解', "jie"),
    ('差', "cha"),
    ('更', "geng"),
    ('量', "liang"),
    ('模', "mo"),
    ('模', "mu"),
    ('应', "ying"),
    ('置', "zhi"),
    ('折', "zhe"),
];

/// Words are known by their sound up to this length (characters), as the dictionary has them.
pub const LONGEST_WORD: usize = 4;
/// Longer input is no word typed by its sound (letters).
const LONGEST: usize = 48;
/// The longest syllable is `zhuang`.
const LONGEST_SYLLABLE: usize = 6;

/// Every syllable some character is read as.
static SYLLABLES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let all = ('\u{4e00}'..='\u{9fff}').filter_map(|c| c.to_pinyin()).map(|p| typed(p.plain()));
    let vowel = |s: &String| s.contains(['a', 'e', 'i', 'o', 'u', 'v']);
    // `o` and `e` alone would make words of anything.
    all.filter(|s| s.is_ascii() && vowel(s) && (s.len() > 1 || s == "a" || s == "e")).collect()
});

/// As it is typed: `ü` is the key `v`.
fn typed(plain: &str) -> String {
    plain.replace('ü', "v").replace('ê', "e")
}

/// The readings of a character, the usual one first; none for what is no Chinese character.
pub fn readings(c: char) -> Vec<String> {
    let other: Vec<String> =
        OTHER_READINGS.iter().filter(|(of, _)| *of == c).map(|(_, sound)| (*sound).to_string()).collect();
    if !other.is_empty() {
        return other;
    }
    c.to_pinyin().map(|p| typed(p.plain())).filter(|s| s.is_ascii() && !s.is_empty()).into_iter().collect()
}

/// The sounds of a word as one string each; more than one where a character is read in two ways.
pub fn of_word(word: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for c in word.chars() {
        let readings = readings(c);
        if readings.is_empty() {
            return Vec::new();
        }
        // Two characters with two readings each are the most there is in a word.
        let most = if all.len() >= 4 { 1 } else { readings.len() };
        all = all.iter().flat_map(|a| readings[..most].iter().map(move |r| format!("{a}{r}"))).collect();
    }
    all
}

/// The first letters of a word's characters: `kp` of `开票`.
pub fn initials(word: &str) -> Option<String> {
    word.chars().map(|c| readings(c).first().and_then(|r| r.chars().next())).collect()
}

/// Letters cut into syllables; the last may be the beginning of one where `open`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken<'a> {
    pub syllables: Vec<&'a str>,
    /// The last syllable is not complete.
    pub open: bool,
}

/// Cuts what was typed into as few syllables as will do. `None` when it is not made of syllables.
pub fn split(letters: &str, open: bool) -> Option<Spoken<'_>> {
    if letters.is_empty() || letters.len() > LONGEST || !letters.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let n = letters.len();
    // The least number of syllables for the first `i` letters, and where the last of them begins.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; n + 1];
    best[0] = Some((0, 0));
    for end in 1..=n {
        for start in end.saturating_sub(LONGEST_SYLLABLE)..end {
            let Some((count, _)) = best[start] else { continue };
            if SYLLABLES.contains(&letters[start..end]) && best[end].is_none_or(|(b, _)| count + 1 < b) {
                best[end] = Some((count + 1, start));
            }
        }
    }
    let whole = best[n].is_some();
    let end = if whole {
        n
    } else if open {
        (n.saturating_sub(LONGEST_SYLLABLE)..n)
            .rev()
            .find(|&at| best[at].is_some() && begins_syllable(&letters[at..]))?
    } else {
        return None;
    };
    let mut syllables: Vec<&str> = Vec::new();
    if end < n {
        syllables.push(&letters[end..]);
    }
    let mut at = end;
    while at > 0 {
        let (_, start) = best[at]?;
        syllables.push(&letters[start..at]);
        at = start;
    }
    syllables.reverse();
    Some(Spoken { syllables, open: !whole })
}

fn begins_syllable(letters: &str) -> bool {
    SYLLABLES.iter().any(|s| s.starts_with(letters))
}

/// Whether letters may be the initials of Chinese characters: no character begins with `i`, `u` or `v`.
pub fn may_be_initials(letters: &str) -> bool {
    letters.bytes().all(|b| b.is_ascii_lowercase() && !matches!(b, b'i' | b'u' | b'v'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_sounds_and_initials() {
        assert_eq!(of_word("开票"), ["kaipiao"]);
        assert_eq!(of_word("打印机"), ["dayinji"]);
        assert!(of_word("银行").contains(&"yinhang".to_string()));
        assert!(of_word("重启").contains(&"chongqi".to_string()));
        assert_eq!(of_word("绿色"), ["lvse"]);
        assert_eq!(of_word("e票"), Vec::<String>::new());
        assert_eq!(initials("开票").as_deref(), Some("kp"));
    }

    #[test]
    fn letters_are_cut_into_syllables() {
        let cut = |text: &'static str, open| split(text, open).map(|s| s.syllables.join(" "));
        assert_eq!(cut("kaipiao", false).as_deref(), Some("kai piao"));
        assert_eq!(cut("dayinjiwufadayin", false).as_deref(), Some("da yin ji wu fa da yin"));
        assert_eq!(cut("kaipi", true).as_deref(), Some("kai pi"));
        assert_eq!(cut("kaip", true).as_deref(), Some("kai p"));
        assert!(split("kaip", true).unwrap().open && !split("kaipi", true).unwrap().open);
        for none in ["printer", "kaip", "", "e1042", "Kai", "xyz"] {
            assert_eq!(cut(none, false), None, "{none}");
        }
        assert_eq!(split(&"a".repeat(10_000), true), None);
    }
}
