//! A question as the index understands it: weighted tokens, codes, what is mended and what is marked.
use std::collections::HashMap;

use tantivy::{Searcher, Term};

use super::{sound, spell, tuning};
use crate::analyze::code::{self, Code};
use crate::analyze::fold::fold;
use crate::analyze::segment;
use crate::analyze::stem::Stems;
use crate::analyze::stop::{self, STOP_WEIGHT};
use crate::analyze::tokens::{Piece, glued_parts, grams, pairs, pieces, plain};
use crate::analyze::variants::unify;
use crate::answer::Question;
use crate::index::schema::Fields;
use crate::language;

/// A question longer than this is read to here (characters); a pasted log has said enough by then.
const REACH: usize = 1200;
/// Tokens that are searched for; of more, the rarest.
const TOKENS: usize = 96;
/// Pairs of words that are looked for.
const PAIRS: usize = 64;
/// Codes that are looked for, and words that are marked in snippets.
const CODES: usize = 24;
const MARKS: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Class {
    Word,
    Gram,
    /// Neighbouring Latin words; looked for in titles only.
    Pair,
}

/// A token of the question.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub text: String,
    pub class: Class,
    /// What it says about the subject: stop words little, Latin words more than one of two overlapping pairs.
    pub weight: f32,
    /// How often the question says it.
    pub times: u32,
    /// How rare it is: the `idf` of BM25 over the whole text.
    pub idf: f32,
    /// What it would be worth at most: more than `idf` for a guess at a word the index does not know.
    pub worth: f32,
    /// A word of the question, as opposed to a part of one.
    pub stop: bool,
}

impl Token {
    fn new(text: &str, class: Class) -> Token {
        Token { text: text.to_string(), class, weight: 1.0, times: 1, idf: 0.0, worth: 0.0, stop: false }
    }
}

pub(crate) struct Asked {
    /// The folded question, mended.
    pub text: String,
    pub corrected: Option<String>,
    /// Language of the asker, as far as it is known.
    pub lang: Option<String>,
    pub tokens: Vec<Token>,
    pub codes: Vec<CodeAsked>,
    /// The message is nothing but codes.
    pub only_codes: bool,
    /// Folded strings to mark in snippets.
    pub marks: Vec<String>,
}

pub(crate) struct CodeAsked {
    pub key: String,
    pub kind: code::Kind,
    /// Few articles are about it, so that it says which one is meant.
    pub singles_out: bool,
    /// No article has it, although it looks like one: whatever is found is about something else.
    pub unknown: bool,
}

impl Asked {
    /// Nothing but greetings and words that carry a question.
    pub fn says_nothing(&self) -> bool {
        self.codes.is_empty() && self.tokens.iter().all(|t| t.stop)
    }

    /// A single word without a code.
    pub fn is_one_word(&self) -> bool {
        self.codes.is_empty() && self.searched().filter(|t| t.class == Class::Word).count() <= 1
    }
    /// The tokens that are looked for: all but stop words, unless there is nothing else.
    pub fn searched(&self) -> impl Iterator<Item = &Token> {
        let all_stop = self.tokens.iter().all(|t| t.stop);
        self.tokens.iter().filter(move |t| all_stop || !t.stop)
    }
}

pub(crate) fn read(question: &Question, searcher: &Searcher, fields: &Fields) -> tantivy::Result<Asked> {
    let original: String = question.text.chars().take(REACH).collect();
    let folded = fold(&original);
    // Only what the asker's language is known to be: Chinese in Latin letters looks like English.
    let named = question.lang.as_deref().and_then(language::canonical);
    let mended = match sound::mend(&original, &folded, named, searcher, fields)? {
        Some(heard) => Some(heard),
        None => spell::mend(&original, &folded, searcher, fields)?,
    };
    let text = unify(mended.as_ref().map_or(&folded, |m| &m.text));
    let mut stems = Stems::default();
    let codes = code::extract(&text);
    let only_codes = !codes.is_empty() && is_only_codes(&text, &codes);
    let mut tokens = tokens(&text, &mut stems);
    if codes.iter().any(|c| matches!(c.kind, code::Kind::Code | code::Kind::Labelled)) {
        pass_over_labels(&mut tokens);
    }
    let mut tokens = weigh(tokens, searcher, fields)?;
    tokens.extend(known_pairs(&text, &mut stems, searcher, fields)?);
    if let Some(mended) = &mended {
        doubt(&mut tokens, &mended.words, &mut stems, searcher);
    }
    Ok(Asked {
        corrected: mended.map(|m| m.shown),
        lang: language_of(question),
        marks: marks(&text, &codes),
        codes: distinct(codes, searcher, fields)?,
        text,
        tokens,
        only_codes,
    })
}

fn language_of(question: &Question) -> Option<String> {
    let named = question.lang.as_deref().and_then(language::canonical);
    named.or_else(|| language::guess(&question.text)).map(str::to_string)
}

fn is_only_codes(text: &str, codes: &[Code]) -> bool {
    let mut rest = String::new();
    let mut at = 0;
    for code in codes {
        if code.start >= at {
            rest.push_str(&text[at..code.start]);
            at = code.end;
        }
    }
    rest.push_str(&text[at..]);
    pieces(&rest).all(|piece| match piece {
        Piece::Word(text) | Piece::Han(text) => is_label(text) || stop::is_stop(text),
    })
}

/// Words that only introduce a code.
fn is_label(text: &str) -> bool {
    const LABELS: &[&str] = &[
        "error",
        "code",
        "err",
        "event",
        "id",
        "kb",
        "错误",
        "代码",
        "错误码",
        "错误代码",
        "报错",
        "故障码",
    ];
    LABELS.contains(&text)
}

/// Beside the code they introduce, labels say nothing: else "event id 1946" finds what is about event ids.
fn pass_over_labels(tokens: &mut [Token]) {
    for token in tokens.iter_mut().filter(|t| !t.stop && is_label(&t.text)) {
        token.stop = true;
        token.weight *= STOP_WEIGHT;
    }
}

/// The tokens of a text with their weights, each once.
pub(crate) fn tokens(folded: &str, stems: &mut Stems) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut known: HashMap<(Class, String), usize> = HashMap::new();
    let mut add = |text: &str, class: Class, weight: f32, stop: bool| {
        let at = *known.entry((class, text.to_string())).or_insert(found.len());
        match found.get_mut(at) {
            Some(again) => again.times += 1,
            None => {
                let weight = if stop { weight * STOP_WEIGHT } else { weight };
                found.push(Token { weight, stop, ..Token::new(text, class) });
            }
        }
    };
    for piece in pieces(folded) {
        match piece {
            Piece::Word(word) => {
                let word = plain(word);
                let stop = stop::is_stop(&word);
                add(stems.stem(&word), Class::Word, tuning::LATIN, stop);
                if let Some((letters, digits)) = glued_parts(&word) {
                    add(stems.stem(letters), Class::Word, tuning::LATIN * 0.5, false);
                    add(digits, Class::Word, tuning::LATIN * 0.5, false);
                }
            }
            Piece::Han(run) => {
                for word in segment::words(run) {
                    add(word, Class::Word, 1.0, stop::is_stop(word));
                }
                let single = run.chars().nth(1).is_none();
                for gram in grams(run) {
                    let one = gram.chars().nth(1).is_none();
                    let weight = if one && !single { tuning::SINGLE } else { 1.0 };
                    add(gram, Class::Gram, weight, stop::is_stop(gram));
                }
            }
        }
    }
    found
}

/// Pairs of words that stand side by side in some title.
fn known_pairs(
    text: &str,
    stems: &mut Stems,
    searcher: &Searcher,
    fields: &Fields,
) -> tantivy::Result<Vec<Token>> {
    let mut pairs = pairs(text, stems);
    pairs.retain(|pair| pair.split('_').any(|word| !is_label(word)));
    pairs.truncate(PAIRS);
    pairs.sort_unstable();
    pairs.dedup();
    let mut known = Vec::new();
    for pair in pairs {
        let found = searcher.doc_freq(&Term::from_field_text(fields.title_grams, &pair))?;
        if found > 0 {
            let idf = idf(found, searcher.num_docs());
            known.push(Token { weight: tuning::LATIN, idf, worth: idf, ..Token::new(&pair, Class::Pair) });
        }
    }
    Ok(known)
}

fn weigh(mut tokens: Vec<Token>, searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vec<Token>> {
    let docs = searcher.num_docs();
    let mut known = Vec::with_capacity(tokens.len());
    for token in &mut tokens {
        let field = if token.class == Class::Word { fields.words } else { fields.grams };
        let found = searcher.doc_freq(&Term::from_field_text(field, &token.text))?;
        token.idf = idf(found, docs);
        token.worth = token.idf;
        known.push(found > 0);
    }
    // `e1042` is written `E-1042` here: its parts stand for it.
    let mut known = known.into_iter();
    tokens.retain(|t| known.next() == Some(true) || glued_parts(&t.text).is_none());
    if tokens.len() > TOKENS {
        tokens.sort_by(|a, b| (b.idf * b.weight).total_cmp(&(a.idf * a.weight)));
        tokens.truncate(TOKENS);
    }
    Ok(tokens)
}

/// A mended word is a guess: it finds, but it does not make sure.
fn doubt(tokens: &mut [Token], words: &[String], stems: &mut Stems, searcher: &Searcher) {
    for word in words {
        let stem = stems.stem(word);
        if let Some(token) = tokens.iter_mut().find(|t| t.text == stem) {
            token.worth = idf(0, searcher.num_docs());
        }
    }
}

fn distinct(codes: Vec<Code>, searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vec<CodeAsked>> {
    let mut found: Vec<CodeAsked> = Vec::new();
    for code in codes {
        if found.len() >= CODES || found.iter().any(|f| f.key == code.key) {
            continue;
        }
        let telling = matches!(code.kind, code::Kind::Code | code::Kind::Labelled);
        let about = searcher.doc_freq(&Term::from_field_text(fields.codes, &code.key))?;
        let mentioned = searcher.doc_freq(&Term::from_field_text(fields.body_codes, &code.key))?;
        found.push(CodeAsked {
            singles_out: telling && (1..=tuning::RARE_CODE).contains(&about),
            unknown: code.kind == code::Kind::Code && about + mentioned == 0,
            key: code.key,
            kind: code.kind,
        });
    }
    Ok(found)
}

/// The inverse document frequency of BM25, as tantivy computes it.
pub(crate) fn idf(found: u64, docs: u64) -> f32 {
    let (found, docs) = (found as f32, docs.max(found) as f32);
    (1.0 + (docs - found + 0.5) / (found + 0.5)).ln()
}

/// What a reader wants to see marked: words and codes, no stop words.
fn marks(text: &str, codes: &[Code]) -> Vec<String> {
    let mut marks: Vec<String> = codes.iter().map(|c| text[c.start..c.end].to_string()).collect();
    for piece in pieces(text) {
        match piece {
            Piece::Word(w) if !stop::is_stop(w) && w.len() > 1 => marks.push(w.to_string()),
            Piece::Word(_) => {}
            Piece::Han(run) => {
                let words = segment::words(run)
                    .into_iter()
                    .filter(|w| !stop::is_stop(w) && w.chars().nth(1).is_some());
                marks.extend(words.map(str::to_string));
            }
        }
    }
    marks.sort_by_key(|m| std::cmp::Reverse(m.len()));
    marks.dedup();
    marks.truncate(MARKS);
    marks
}
