//! Mends Latin words the index does not know, against the index's own words.
use tantivy::query::FuzzyTermQuery;
use tantivy::{Searcher, Term};

use crate::analyze::stop;
use crate::analyze::tokens::{Piece, plain, spans};
use crate::index::schema::Fields;

/// Shorter words have too many neighbours.
const SHORTEST: usize = 4;
/// From this length on a slip may be in the first letter; shorter words would become others.
const FAMILIAR: usize = 6;
/// From this length on two slips are forgiven.
const LONG: usize = 8;
/// Words of one question that are mended, and unknown words that are looked up; each costs about a millisecond.
const MENDED_AT_MOST: usize = 8;
const LOOKED_UP_AT_MOST: usize = 32;

/// Many leave the apostrophe away: `wont` is no slip for `want`.
const CONTRACTIONS: &[&str] = &[
    "wont", "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "werent", "couldnt", "wouldnt", "shouldnt",
    "havent", "hasnt", "hadnt", "aint", "whats", "thats", "theres", "youre", "theyre", "weve", "youve",
];

pub(crate) struct Mended {
    /// The folded text, mended.
    pub text: String,
    /// The text as it was written, mended.
    pub shown: String,
    /// The words put in.
    pub words: Vec<String>,
}

/// `original` and its folded form with unknown words replaced, or `None` when every word is known or has no
/// neighbour. Both have the same characters in the same places.
pub(crate) fn mend(
    original: &str,
    folded: &str,
    searcher: &Searcher,
    fields: &Fields,
) -> tantivy::Result<Option<Mended>> {
    let mut mended = Mended { text: String::new(), shown: String::new(), words: Vec::new() };
    let mut written = original.chars();
    let mut copied = 0;
    let mut looked_up = 0;
    for (start, piece) in spans(folded) {
        let Piece::Word(word) = piece else { continue };
        if mended.words.len() >= MENDED_AT_MOST || looked_up >= LOOKED_UP_AT_MOST || !is_candidate(word) {
            continue;
        }
        if is_known(&plain(word), searcher, fields)? {
            continue;
        }
        looked_up += 1;
        let Some(better) = nearest(&plain(word), searcher, fields)? else { continue };
        let between = &folded[copied..start];
        mended.text.push_str(between);
        mended.text.push_str(&better);
        mended.shown.extend(written.by_ref().take(between.chars().count()));
        mended.shown.push_str(&better);
        written.by_ref().take(word.chars().count()).for_each(drop);
        copied = start + word.len();
        mended.words.push(better);
    }
    mended.text.push_str(&folded[copied..]);
    mended.shown.extend(written);
    Ok((!mended.words.is_empty()).then_some(mended))
}

fn is_candidate(word: &str) -> bool {
    let letters = word.bytes().all(|b| b.is_ascii_lowercase() || b == b'\'');
    letters && (SHORTEST..=24).contains(&word.len()) && !stop::is_stop(word) && !CONTRACTIONS.contains(&word)
}

fn is_known(word: &str, searcher: &Searcher, fields: &Fields) -> tantivy::Result<bool> {
    Ok(searcher.doc_freq(&Term::from_field_text(fields.spell, word))? > 0)
}

/// The best known word near an unknown one: fewest slips, same first letter, most documents.
fn nearest(word: &str, searcher: &Searcher, fields: &Fields) -> tantivy::Result<Option<String>> {
    let term = Term::from_field_text(fields.spell, word);
    let most = if word.len() >= LONG { 2 } else { 1 };
    for slips in 1..=most {
        if let Some(found) = nearest_within(&term, word, slips, searcher, fields)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn nearest_within(
    term: &Term,
    word: &str,
    slips: u8,
    searcher: &Searcher,
    fields: &Fields,
) -> tantivy::Result<Option<String>> {
    let query = FuzzyTermQuery::new(term.clone(), slips, true);
    let mut best: Option<(f32, String)> = None;
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(fields.spell)?;
        let mut stream = index.terms().search(query.automaton()?).into_stream()?;
        while stream.advance() {
            let Ok(found) = std::str::from_utf8(stream.key()) else { continue };
            let known = stream.value().doc_freq as f32;
            let same_start = found.as_bytes().first() == word.as_bytes().first();
            if !same_start && word.len() < FAMILIAR {
                continue;
            }
            // A slip in the first letter is rare.
            let worth = if same_start { known * 8.0 } else { known };
            if best.as_ref().is_none_or(|(w, _)| worth > *w) {
                best = Some((worth, found.to_string()));
            }
        }
    }
    Ok(best.map(|(_, found)| found))
}
