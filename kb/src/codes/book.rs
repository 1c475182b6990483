//! The register in memory: which entries a message's codes have, and whether a code that has none belongs
//! to a family we know.
use std::collections::{HashMap, HashSet};

use crate::analyze::code::{self, Kind};
use crate::analyze::fold::fold;

/// What is kept of an entry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Known {
    pub article_id: String,
    pub lang: String,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct CodeBook {
    entries: HashMap<String, Vec<Known>>,
    families: HashSet<String>,
}

/// A code in a message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CodeInText {
    pub key: String,
    /// As it was written, in capitals.
    pub written: String,
}

impl CodeBook {
    pub fn add(&mut self, key: &str, known: Known) {
        self.families.extend(family(key));
        self.entries.entry(key.to_string()).or_default().push(known);
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries of a code, those in `lang` alone where there are any.
    pub fn entries(&self, key: &str, lang: Option<&str>) -> Vec<&Known> {
        let all = self.entries.get(key).map(Vec::as_slice).unwrap_or_default();
        let own: Vec<&Known> = all.iter().filter(|known| lang == Some(known.lang.as_str())).collect();
        if own.is_empty() { all.iter().collect() } else { own }
    }

    /// Looks like one of our codes, but is none.
    pub fn is_stranger(&self, key: &str) -> bool {
        !self.entries.contains_key(key) && family(key).is_some_and(|family| self.families.contains(&family))
    }
}

/// A message is read to here (characters): a pasted log has named its codes by then.
const REACH: usize = 4000;

/// The codes a message names, each once, in order.
pub(crate) fn codes_in(text: &str) -> Vec<CodeInText> {
    let text: String = text.chars().take(REACH).collect();
    let folded = fold(&text);
    let found = code::extract(&folded);
    let written = code::as_written(&text, &folded, &found);
    // A bare number is a code only where it is all there is.
    let alone = found.iter().all(|c| c.kind == Kind::Number);
    let mut codes: Vec<CodeInText> = Vec::new();
    for (code, written) in found.into_iter().zip(written) {
        let whole = folded.trim().len() == code.end - code.start;
        let counts = match code.kind {
            Kind::Number => alone && whole,
            Kind::Code | Kind::Labelled | Kind::Name => true,
        };
        let key = super::canonical(&code.key);
        if !counts || codes.iter().any(|known| known.key == key) {
            continue;
        }
        codes.push(CodeInText { key, written: written.to_uppercase().replacen("0X", "0x", 1) });
    }
    codes
}

/// What a code shares with its relatives: `E-1042` is of the `E-1xxx`, `ORA-01017` of the `ORA-…`,
/// `0x80070005` of the `0x8007xxxx`.
fn family(key: &str) -> Option<String> {
    if let Some(hex) = key.strip_prefix("0x") {
        return (hex.len() == 8).then(|| format!("0x{}", &hex[..4]));
    }
    let cut = key.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = key.split_at(cut);
    if letters.is_empty() || digits.len() < 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // One letter is shared by half the world's codes: there the thousands must agree, too.
    Some(if letters.len() == 1 {
        format!("{letters}{}/{}", &digits[..1], digits.len())
    } else {
        letters.to_string()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(codes: &[&str]) -> CodeBook {
        let mut book = CodeBook::default();
        for code in codes {
            let key = super::super::key_of(code).unwrap();
            book.add(&key, Known { article_id: format!("a-{key}"), lang: "en".into() });
        }
        book
    }

    fn strangers(book: &CodeBook, text: &str) -> Vec<String> {
        codes_in(text).into_iter().filter(|c| book.is_stranger(&c.key)).map(|c| c.written).collect()
    }

    #[test]
    fn finds_the_codes_of_a_message() {
        let book = book(&["E-1042", "ORA-01017", "0x80070005"]);
        for text in ["开票报错e1042连不上", "ORA-1017 at login", "(0x80070005)", "错误 80070005"] {
            let known = codes_in(text).iter().filter(|c| !book.entries(&c.key, None).is_empty()).count();
            assert_eq!(known, 1, "{text}: {:?}", codes_in(text));
        }
    }

    #[test]
    fn knows_the_families_of_its_codes() {
        let book = book(&["E-1042", "ORA-01017", "0x80070005"]);
        assert_eq!(strangers(&book, "报错 e-1099 怎么办"), ["E-1099"]);
        assert_eq!(strangers(&book, "ora-12154"), ["ORA-12154"]);
        assert_eq!(strangers(&book, "0x80070099"), ["0x80070099"]);
        for other in ["E-2001", "win10 打不开", "E-1042", "版本 3.2.1", "0x7B", "订单 20231"] {
            assert_eq!(strangers(&book, other), Vec::<String>::new(), "{other}");
        }
    }
}
