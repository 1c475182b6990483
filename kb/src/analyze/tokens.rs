//! Tokens of folded text: English stems and Chinese dictionary words on one side, single characters
//! and pairs of characters of Chinese runs on the other.
use super::segment::{self, is_han};
use super::stem::Stems;
use super::stop;
use super::variants::unify;

/// A run of one kind of writing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece<'a> {
    /// Letters and digits between spaces or punctuation; may hold an apostrophe.
    Word(&'a str),
    Han(&'a str),
}

/// Cuts folded text into runs; punctuation and spaces fall away.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    spans(text).into_iter().map(|(_, piece)| piece)
}

/// The same with the byte each run begins at.
pub fn spans(text: &str) -> Vec<(usize, Piece<'_>)> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut current = Class::Gap;
    for (at, c) in text.char_indices() {
        let class = classify(c, current);
        if class != current {
            push(&mut found, current, start, &text[start..at]);
            (start, current) = (at, class);
        }
    }
    push(&mut found, current, start, &text[start..]);
    found
}

#[derive(Clone, Copy, PartialEq)]
enum Class {
    Gap,
    Word,
    Han,
}

fn classify(c: char, before: Class) -> Class {
    match c {
        'a'..='z' | '0'..='9' => Class::Word,
        '\'' if before == Class::Word => Class::Word,
        '\0'..='\x7f' => Class::Gap,
        _ if is_han(c) => Class::Han,
        _ if c.is_alphanumeric() => Class::Word,
        _ => Class::Gap,
    }
}

fn push<'a>(found: &mut Vec<(usize, Piece<'a>)>, class: Class, start: usize, text: &'a str) {
    match class {
        Class::Gap => {}
        Class::Han => found.push((start, Piece::Han(text))),
        Class::Word => {
            // Apostrophes begin no word (see `classify`), but may end one.
            let word = text.trim_end_matches('\'');
            if !word.is_empty() {
                found.push((start, Piece::Word(word)));
            }
        }
    }
}

/// A word of letters and digits without its apostrophes: `user's` is `user`, `can't` is `cant`.
pub fn plain(word: &str) -> String {
    word.strip_suffix("'s").unwrap_or(word).replace('\'', "")
}

/// Letters and digits of a glued word such as `win10` or `e1042`, which others write apart.
pub fn glued_parts(word: &str) -> Option<(&str, &str)> {
    let cut = word.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = word.split_at(cut);
    let apart = !letters.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && letters.is_ascii();
    apart.then_some((letters, digits))
}

/// Single characters and neighbouring pairs of a Chinese run.
pub fn grams(run: &str) -> impl Iterator<Item = &str> {
    let ends: Vec<usize> = run.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
    let starts: Vec<usize> = run.char_indices().map(|(at, _)| at).collect();
    (0..ends.len()).flat_map(move |i| {
        let one = &run[starts[i]..ends[i]];
        let two = (i + 1 < ends.len()).then(|| &run[starts[i]..ends[i + 1]]);
        std::iter::once(one).chain(two)
    })
}

/// Neighbouring Latin stems that say something, as one token each: `word_count`. Words between them that say
/// nothing are passed over, so that "file not found" and "file was not found" are alike.
pub fn pairs(folded: &str, stems: &mut Stems) -> Vec<String> {
    let mut pairs = Vec::new();
    let mut before: Option<String> = None;
    for piece in pieces(folded) {
        let Piece::Word(word) = piece else {
            before = None;
            continue;
        };
        let word = plain(word);
        if stop::is_stop(&word) {
            continue;
        }
        let stem = stems.stem(&word).to_string();
        pairs.extend(before.map(|before| format!("{before}_{stem}")));
        before = Some(stem);
    }
    pairs
}

/// The tokens of one field, each kind joined by spaces as the index takes them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldText {
    pub words: String,
    pub grams: String,
}

impl FieldText {
    /// Adds the tokens of folded text.
    pub fn add(&mut self, folded: &str, stems: &mut Stems) {
        for piece in pieces(&unify(folded)) {
            match piece {
                Piece::Word(word) => self.add_word(&plain(word), stems),
                Piece::Han(run) => {
                    segment::words(run).into_iter().for_each(|w| append(&mut self.words, w));
                    grams(run).for_each(|g| append(&mut self.grams, g));
                }
            }
        }
    }

    fn add_word(&mut self, word: &str, stems: &mut Stems) {
        append(&mut self.words, stems.stem(word));
        if let Some((letters, digits)) = glued_parts(word) {
            append(&mut self.words, stems.stem(letters));
            append(&mut self.words, digits);
        }
    }
}

fn append(to: &mut String, token: &str) {
    if !to.is_empty() {
        to.push(' ');
    }
    to.push_str(token);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_by_script() {
        let expected = [Piece::Han("报错"), Piece::Word("e"), Piece::Word("1042"), Piece::Han("连不上")];
        assert_eq!(pieces("报错e-1042，连不上").collect::<Vec<_>>(), expected);
        assert_eq!(pieces("'the user's'").collect::<Vec<_>>(), [Piece::Word("the"), Piece::Word("user's")]);
    }

    #[test]
    fn pairs_overlap() {
        assert_eq!(grams("连不上").collect::<Vec<_>>(), ["连", "连不", "不", "不上", "上"]);
        assert_eq!(grams("连").collect::<Vec<_>>(), ["连"]);
    }

    #[test]
    fn pairs_pass_over_words_that_say_nothing() {
        let mut stems = Stems::default();
        assert_eq!(pairs("the wrong word counts", &mut stems), ["wrong_word", "word_count"]);
        assert_eq!(pairs("打印 printer 的 driver", &mut stems), Vec::<String>::new());
    }

    #[test]
    fn stems_english_and_splits_glued_numbers() {
        let mut text = FieldText::default();
        text.add("connections win10 can't", &mut Stems::default());
        assert_eq!(text.words, "connect win10 win 10 cant");
    }
}
