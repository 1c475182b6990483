//! How questions are compared with what curators wrote.
use std::collections::BTreeSet;

use crate::analyze::fold::fold;
use crate::analyze::stem::Stems;
use crate::analyze::tokens::{Piece, grams, pieces, plain};
use crate::analyze::variants::unify;
use crate::analyze::{segment, stop};

/// A question is compared by its beginning (characters).
const REACH: usize = 400;

/// Folded text with the mainland's words.
pub(crate) fn folded(text: &str) -> String {
    let reach: String = text.chars().take(REACH).collect();
    unify(&fold(&reach))
}

/// The words of a question that say something, in no order. Of nothing but stop words: those.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words(BTreeSet<String>);

impl Words {
    pub fn of(text: &str) -> Words {
        let mut stems = Stems::default();
        let (mut said, mut stops) = (BTreeSet::new(), BTreeSet::new());
        for piece in pieces(&folded(text)) {
            match piece {
                Piece::Word(word) => {
                    let word = plain(word);
                    let set = if stop::is_stop(&word) { &mut stops } else { &mut said };
                    set.insert(stems.stem(&word).to_string());
                }
                Piece::Han(run) => {
                    for word in segment::words(run) {
                        let set = if stop::is_stop(word) { &mut stops } else { &mut said };
                        set.insert(word.to_string());
                    }
                }
            }
        }
        Words(if said.is_empty() { stops } else { said })
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A name for every question with the same words.
    pub fn key(&self) -> String {
        let all: Vec<&str> = self.0.iter().map(String::as_str).collect();
        all.join(" ")
    }

    pub fn within(&self, other: &Words) -> bool {
        self.0.is_subset(&other.0)
    }
}

/// Likeness of two short messages between 0 and 1, stop words included: small talk is made of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Phrase(BTreeSet<String>);

impl Phrase {
    pub fn of(text: &str) -> Phrase {
        let mut parts = BTreeSet::new();
        for piece in pieces(&folded(text)) {
            match piece {
                Piece::Word(word) => {
                    parts.insert(plain(word));
                }
                Piece::Han(run) => parts.extend(grams(run).map(str::to_string)),
            }
        }
        Phrase(parts)
    }

    pub fn likeness(&self, other: &Phrase) -> f32 {
        let shared = self.0.intersection(&other.0).count() as f32;
        let both = (self.0.len() + other.0.len()) as f32;
        if both == 0.0 { 0.0 } else { 2.0 * shared / both }
    }
}

/// Where a folded word stands in folded text: Chinese anywhere, Latin words only as whole words.
pub(crate) fn find_word(text: &str, word: &str) -> Option<usize> {
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
    text.match_indices(word).map(|(at, _)| at).find(|&at| {
        let starts =
            !word.starts_with(|c: char| c.is_ascii_alphanumeric()) || edge(text[..at].chars().next_back());
        let ends = !word.ends_with(|c: char| c.is_ascii_alphanumeric())
            || edge(text[at + word.len()..].chars().next());
        starts && ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_in_any_order_are_the_same_question() {
        assert_eq!(Words::of("发票打印错位怎么办？"), Words::of("打印发票,错位"));
        assert_eq!(Words::of("Printing the invoices"), Words::of("print an invoice"));
        assert!(Words::of("发票 打印").within(&Words::of("今天打印发票时卡住了")));
        assert!(!Words::of("发票 打印").within(&Words::of("发票作废")));
    }

    #[test]
    fn phrases_are_alike_by_what_they_share() {
        let like = |a: &str, b: &str| Phrase::of(a).likeness(&Phrase::of(b));
        assert!(like("你是谁", "你是谁呀") > 0.7);
        assert!(like("你是谁", "你是不是管理员") < 0.5);
        assert!(like("who are you", "Who are you?") > 0.99);
        assert_eq!(like("", ""), 0.0);
    }

    #[test]
    fn latin_words_are_found_whole() {
        assert_eq!(find_word("my pc is slow", "pc"), Some(3));
        assert_eq!(find_word("upcoming", "pc"), None);
        assert_eq!(find_word("我的pc很慢", "pc"), Some("我的".len()));
        assert_eq!(find_word("发票通打不开", "发票通"), Some(0));
    }
}
