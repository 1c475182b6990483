//! What ranking reads of an article, as columns of numbers: one look-up costs nanoseconds, where text would have
//! to be unpacked and read anew for every candidate of every question.
use tantivy::TantivyDocument;

use super::schema::Fields;
use crate::analyze::stem::Stems;
use crate::analyze::stop;
use crate::analyze::tokens::{Piece, grams, pieces, plain};
use crate::article::ArticleKind;

/// Stands between two asks; no token is so written.
pub(crate) const NEXT_ASK: u64 = 0;
/// Bits of a token's hash. Two tokens of one question and one title are the same by accident once in millions.
const BITS: u32 = 28;

/// FNV-1a, 64 bits: the same in every process and version, as an index on disk needs it.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

/// A token as the column of asks holds it: its hash, and in the lowest bit whether it is a stop word.
pub(crate) fn token(text: &str, stop: bool) -> u64 {
    let folded = (hash(text) ^ (hash(text) >> BITS)) & ((1 << BITS) - 1);
    (folded.max(1) << 1) | u64::from(stop)
}

/// A token as the column holds it, without the mark of a stop word.
pub(crate) fn key(token: u64) -> u64 {
    token >> 1
}

pub(crate) fn is_stop(token: u64) -> bool {
    token & 1 == 1
}

/// The number a language or kind has in its column.
pub(crate) fn small(text: &str) -> u64 {
    hash(text) & 0xffff
}

/// The number of a code by its key.
pub(crate) fn code(key: &str) -> u64 {
    hash(key) >> 32
}

pub(crate) fn kind(kind: ArticleKind) -> u64 {
    small(kind.as_str())
}

/// The tokens of one ask: characters and pairs of them, Latin stems.
pub(crate) fn tokens(ask: &str, stems: &mut Stems) -> Vec<u64> {
    let mut all = Vec::new();
    for piece in pieces(ask) {
        match piece {
            Piece::Word(word) => {
                let word = plain(word);
                all.push(token(stems.stem(&word), stop::is_stop(&word)));
            }
            Piece::Han(run) => all.extend(grams(run).map(|gram| token(gram, stop::is_stop(gram)))),
        }
    }
    all
}

/// Fills the columns from an article's facts.
pub(crate) fn add(
    doc: &mut TantivyDocument,
    fields: &Fields,
    facts: &super::document::Facts,
    stems: &mut Stems,
) {
    doc.add_u64(fields.own, hash(&facts.external_id));
    if !facts.translates.is_empty() {
        doc.add_u64(fields.translates, hash(&facts.translates));
    }
    doc.add_u64(fields.lang_no, small(&facts.lang));
    doc.add_u64(fields.kind_no, small(&facts.kind));
    if !facts.product.is_empty() {
        doc.add_u64(fields.product_no, hash(&facts.product));
    }
    for code in facts.codes.split(' ').filter(|code| !code.is_empty()) {
        doc.add_u64(fields.code_nos, self::code(code));
    }
    for (at, ask) in facts.asks.lines().enumerate() {
        if at > 0 {
            doc.add_u64(fields.ask_tokens, NEXT_ASK);
        }
        for token in tokens(ask, stems) {
            doc.add_u64(fields.ask_tokens, token);
        }
    }
    if !facts.versions.is_empty() {
        doc.add_text(fields.versions, &facts.versions);
    }
}
