//! What a question is made of, so that another wording of it, also in the other language, is known.
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::analyze::code::{self, Kind};
use crate::analyze::fold::fold;
use crate::analyze::segment;
use crate::analyze::stem::Stems;
use crate::analyze::stop;
use crate::analyze::tokens::{Piece, pieces, plain};
use crate::analyze::variants::unify;

/// Words of support in both languages, a notion a line: English stems' words and Chinese words alike.
static NOTIONS: &str = include_str!("../../dict/notions.txt");
static NOTION_OF: LazyLock<HashMap<String, String>> = LazyLock::new(read_notions);

/// A code says more than a word.
const CODE_WEIGHT: f32 = 3.0;
/// The article that failed both.
const SAME_ARTICLE: f32 = 0.25;
/// So alike are two wordings of one question.
pub const ALIKE: f32 = 0.5;
/// The longest notion in Chinese (characters).
const LONGEST_NOTION: usize = 5;
/// Wordings a gap remembers.
const REMEMBERED: usize = 12;

/// The notions, words and codes of one question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Wording {
    pub words: BTreeSet<String>,
    pub codes: BTreeSet<String>,
}

/// The wordings of a gap, and the articles that failed it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    pub wordings: Vec<Wording>,
    pub failed: BTreeSet<String>,
}

fn read_notions() -> HashMap<String, String> {
    let mut stems = Stems::default();
    let mut found = HashMap::new();
    for line in NOTIONS.lines().filter(|l| !l.starts_with('#')) {
        let mut words = line.split_whitespace();
        let Some(first) = words.next() else { continue };
        let notion = format!("={first}");
        for word in std::iter::once(first).chain(words) {
            let key = if word.is_ascii() { stems.stem(word).to_string() } else { word.to_string() };
            found.entry(key).or_insert_with(|| notion.clone());
        }
    }
    found
}

impl Wording {
    pub fn of(text: &str) -> Wording {
        let folded = unify(&fold(text));
        let mut wording = Wording::default();
        let mut stems = Stems::default();
        let codes = code::extract(&folded);
        wording.codes.extend(
            codes.iter().filter(|c| matches!(c.kind, Kind::Code | Kind::Labelled)).map(|c| c.key.clone()),
        );
        for piece in pieces(&folded) {
            match piece {
                Piece::Word(word) => {
                    let word = plain(word);
                    if !stop::is_stop(&word) && !word.bytes().all(|b| b.is_ascii_digit()) && word.len() > 1 {
                        wording.add(stems.stem(&word));
                    }
                }
                Piece::Han(run) => wording.add_run(run),
            }
        }
        wording
    }

    /// Notions are found wherever they stand, the longest first; what lies between them is cut into words.
    fn add_run(&mut self, run: &str) {
        let ends: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
        let (mut at, mut begin) = (0, 0);
        while at + 1 < ends.len() {
            let longest = (2..=LONGEST_NOTION)
                .rev()
                .filter(|n| at + n < ends.len())
                .find(|n| NOTION_OF.contains_key(&run[ends[at]..ends[at + n]]));
            match longest {
                Some(n) => {
                    self.add_words(&run[ends[begin]..ends[at]]);
                    self.add(&run[ends[at]..ends[at + n]]);
                    at += n;
                    begin = at;
                }
                None => at += 1,
            }
        }
        self.add_words(&run[ends[begin]..]);
    }

    fn add_words(&mut self, run: &str) {
        if !run.is_empty() {
            segment::words(run).into_iter().filter(|w| !stop::is_stop(w)).for_each(|w| self.add(w));
        }
    }

    fn add(&mut self, word: &str) {
        match NOTION_OF.get(word) {
            Some(notion) => self.words.insert(notion.clone()),
            // A single character is a part of a word more often than one.
            None if word.chars().count() == 1 => false,
            None => self.words.insert(word.to_string()),
        };
    }

    /// Nothing to know a question by.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.codes.is_empty()
    }

    /// Between 0 and 1. Questions about different codes are different questions.
    pub fn likeness(&self, other: &Wording) -> f32 {
        let codes = self.codes.intersection(&other.codes).count() as f32;
        if codes == 0.0 && !self.codes.is_empty() && !other.codes.is_empty() {
            return 0.0;
        }
        let shared = self.words.intersection(&other.words).count() as f32 + codes * CODE_WEIGHT;
        let size = |w: &Wording| {
            // Words beside a code often only quote its message.
            let code_weight = w.codes.len() as f32 * CODE_WEIGHT;
            w.words.len() as f32 + if codes > 0.0 { code_weight } else { 0.0 }
        };
        let all = size(self) + size(other);
        if all > 0.0 { (2.0 * shared / all).min(1.0) } else { 0.0 }
    }
}

impl Profile {
    pub fn begin(wording: Wording, failed: Option<&str>) -> Profile {
        let mut profile = Profile::default();
        profile.learn(wording, failed);
        profile
    }

    /// How alike a question is to those of the gap: the nearest of its wordings counts.
    pub fn likeness(&self, wording: &Wording, failed: Option<&str>) -> f32 {
        let nearest = self.wordings.iter().map(|w| w.likeness(wording)).fold(0.0, f32::max);
        let same = failed.is_some_and(|id| self.failed.contains(id));
        if same && nearest > 0.0 { nearest + SAME_ARTICLE } else { nearest }
    }

    /// Remembers a new wording; false when it knew it.
    pub fn learn(&mut self, wording: Wording, failed: Option<&str>) -> bool {
        let mut new = failed.is_some_and(|id| self.failed.insert(id.to_string()));
        if self.wordings.len() < REMEMBERED && !self.wordings.contains(&wording) {
            self.wordings.push(wording);
            new = true;
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(a: &str, b: &str) -> f32 {
        Wording::of(a).likeness(&Wording::of(b))
    }

    #[test]
    fn other_words_for_the_same_are_alike() {
        for (a, b) in [
            ("打印机打不出来发票", "发票打印不了"),
            ("how do I print an invoice twice", "print the invoice a second time"),
            ("发票怎么重新打印", "reprint an invoice"),
            ("扫码枪连不上", "handheld scanner cannot connect"),
            ("E-7788 报错", "what does error e7788 mean"),
            ("導出報表失敗", "报表导出失败"),
        ] {
            assert!(
                alike(a, b) >= ALIKE,
                "{a} / {b}: {} {:?} {:?}",
                alike(a, b),
                Wording::of(a),
                Wording::of(b)
            );
        }
    }

    #[test]
    fn other_questions_are_not() {
        for (a, b) in [
            ("打印机打不出来发票", "忘记密码怎么登录"),
            ("E-7788 报错", "E-7789 报错"),
            ("export to excel", "restore a backup"),
            ("扫码枪连不上", "证书过期"),
        ] {
            assert!(alike(a, b) < ALIKE, "{a} / {b}: {}", alike(a, b));
        }
        assert!(Wording::of("？？ 怎么办").is_empty());
    }
}
