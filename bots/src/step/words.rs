//! What words mean to us, apart from questions: asking for a person, disaster, thanks, a verdict, an
//! answer to a question of the guided report. Lists of words, each with what it must not be taken for.
mod choice;
mod disaster;
mod person;
mod situation;
mod small_talk;
mod upgrade;

pub use choice::{effect_of, is_skip, is_unknown, nth_of, scope_of, version_in, workaround_of};
pub use disaster::{Disaster, disaster};
pub use person::{Wish, wish_for_person};
pub use situation::situation;
pub use small_talk::{Talk, small_talk};
pub use upgrade::wants_upgrade;

/// Lower case, simplified where a traditional character occurs in our words, full-width signs as ASCII.
pub fn fold(text: &str) -> String {
    text.trim().chars().flat_map(char::to_lowercase).map(fold_char).collect()
}

fn fold_char(c: char) -> char {
    const PAIRS: &str = "轉转務务訴诉據据癱瘫瘓痪謝谢還还無无報报單单幫帮們们數数丟丢線线語语換换員员電电話话開开機机個个輸输費费錄录審审聯联繫系係系廠厂產产斷断險险響响應应嗎吗麼么來来對对會会沒没後后關关業业優优決决問问題题動动極极環环請请這这裡里裏里時时間间過过錯错誤误體体試试壞坏掛挂嚴严實实經经誰谁";
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => {
            let mut pairs = PAIRS.chars();
            while let (Some(traditional), Some(simplified)) = (pairs.next(), pairs.next()) {
                if traditional == c {
                    return simplified;
                }
            }
            c
        }
    }
}

/// Without punctuation, signs and spaces around and between Chinese words; for comparing whole messages.
fn bare(text: &str) -> String {
    let kept: String = fold(text).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// True when one of the words occurs.
fn any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|w| text.contains(w))
}

/// The English words of a text.
fn english(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '\'').filter(|w| !w.is_empty()).collect()
}

/// True when `phrase` occurs as whole words.
fn phrase(words: &[&str], phrase: &str) -> bool {
    let wanted: Vec<&str> = phrase.split(' ').collect();
    words.windows(wanted.len()).any(|w| w == wanted)
}

/// An error code such as `E-1042`, `0x80070005` or `ORA-00942`.
pub fn error_code(text: &str) -> Option<String> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
        .map(|word| word.trim_matches(['-', '_']))
        .find(|word| is_code(word))
        .map(str::to_owned)
}

fn is_code(word: &str) -> bool {
    let hex = word.to_ascii_lowercase().strip_prefix("0x").is_some_and(|h| h.len() >= 4);
    let letters = word.chars().take_while(char::is_ascii_alphabetic).count();
    let digits = word[letters..].trim_start_matches(['-', '_']);
    let number = (3..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    hex || ((1..=6).contains(&letters) && number && !word.to_ascii_lowercase().starts_with("fl"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_error_codes_and_leaves_versions_and_tickets() {
        for (text, code) in [
            ("开票时报错 E-1042,连不上", "E-1042"),
            ("0x80070005 on start", "0x80070005"),
            ("ORA-00942", "ORA-00942"),
        ] {
            assert_eq!(error_code(text).as_deref(), Some(code));
        }
        for text in ["v3.2.1", "FL-1024", "打印 3 份", "windows"] {
            assert_eq!(error_code(text), None, "{text}");
        }
    }

    #[test]
    fn folding_makes_writings_alike() {
        assert_eq!(fold("轉人工 ＯＫ！"), "转人工 ok!");
        assert_eq!(bare("谢谢！！ 您 "), "谢谢 您");
    }
}
