//! From an article to a document of the index.
use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;

use super::brief;
use super::schema::Fields;
use crate::analyze::code::{self, Kind};
use crate::analyze::fold::{fold, fold_form};
use crate::analyze::stem::Stems;
use crate::analyze::tokens::{FieldText, Piece, pairs, pieces, plain};
use crate::analyze::variants::unify;
use crate::analyze::{segment, sound, stop};
use crate::article::ArticleKind;
use crate::markdown;
use crate::store::ArticleRow;
use crate::suggest;

/// What a hit shows, stored with the document so that a search needs no database.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Card {
    pub id: String,
    pub external_id: String,
    pub kind: ArticleKind,
    pub lang: String,
    pub title: String,
    pub product: Option<String>,
    pub revision: i64,
    /// Folding its text changes characters to simplified Chinese.
    pub traditional: bool,
}

/// Snippets look no further into an article (characters).
const SNIPPET_REACH: usize = 6000;
/// Asks are compared one by one for every candidate; more than these are noise (characters).
const ASKS_REACH: usize = 1500;

/// How a product's name is compared.
pub(crate) fn product_key(product: &str) -> String {
    fold(product.trim())
}

/// What suggestions know of an article, and ranking by its numbers (`brief.rs`). One string in the index.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Facts {
    pub external_id: String,
    pub lang: String,
    pub kind: String,
    /// As `product_key` writes it; empty when the article is about none in particular.
    pub product: String,
    pub translates: String,
    pub versions: String,
    /// Keys of the codes it is about, joined by spaces.
    pub codes: String,
    /// Title and ways users say it, folded, one a line.
    pub asks: String,
}

/// Stands between facts; `clean` and `fold` let none through.
const UNIT: char = '\u{1f}';

impl Facts {
    fn write(&self) -> String {
        [
            &self.external_id,
            &self.lang,
            &self.kind,
            &self.product,
            &self.translates,
            &self.versions,
            &self.codes,
            &self.asks,
        ]
        .map(|fact| fact.replace(UNIT, " "))
        .join("\u{1f}")
    }

    pub fn parse(text: &str) -> Facts {
        let mut parts = text.splitn(8, UNIT).map(str::to_string);
        let mut next = || parts.next().unwrap_or_default();
        Facts {
            external_id: next(),
            lang: next(),
            kind: next(),
            product: next(),
            translates: next(),
            versions: next(),
            codes: next(),
            asks: next(),
        }
    }
}

pub(crate) fn document(fields: &Fields, row: &ArticleRow, stems: &mut Stems) -> TantivyDocument {
    let text = markdown::to_text(&row.body_md);
    let title = fold(&row.title);
    // What curators wrote comes first: only so many asks are compared.
    let symptoms: Vec<String> = row.questions.iter().chain(row.symptoms.iter()).map(|s| fold(s)).collect();
    let body = fold(&text);
    let codes = own_codes(row, &title, &symptoms);
    let mut doc = TantivyDocument::default();
    doc.add_text(fields.id, &row.id);
    doc.add_text(fields.kind, row.kind.as_str());
    let facts = facts(row, &title, &symptoms);
    doc.add_text(fields.facts, facts.write());
    brief::add(&mut doc, fields, &facts, stems);
    add_tokens(&mut doc, fields, row, [&title, &body], &symptoms, stems);
    doc.add_text(fields.codes, codes.join(" "));
    doc.add_text(fields.body_codes, mentioned_codes(&body).join(" "));
    doc.add_text(fields.suggest, suggest::tokens(row));
    let shown: String = text.chars().take(SNIPPET_REACH).collect();
    doc.add_text(fields.card, card(row, &shown));
    doc.add_text(fields.text, shown);
    doc
}

fn asks(title: &str, symptoms: &[String]) -> String {
    let mut asks = title.replace('\n', " ");
    for symptom in symptoms {
        if asks.chars().count() + symptom.chars().count() > ASKS_REACH {
            break;
        }
        asks.push('\n');
        asks.push_str(symptom);
    }
    asks
}

fn facts(row: &ArticleRow, title: &str, symptoms: &[String]) -> Facts {
    Facts {
        external_id: row.external_id.clone(),
        lang: row.lang.clone(),
        kind: row.kind.to_string(),
        product: row.product.as_deref().map(product_key).unwrap_or_default(),
        translates: row.translates.clone().unwrap_or_default(),
        versions: row.versions.clone().unwrap_or_default(),
        codes: telling_codes(row, title).join(" "),
        asks: unify(&asks(title, symptoms)),
    }
}

fn add_tokens(
    doc: &mut TantivyDocument,
    fields: &Fields,
    row: &ArticleRow,
    [title, body]: [&str; 2],
    symptoms: &[String],
    stems: &mut Stems,
) {
    let mut head = FieldText::default();
    head.add(title, stems);
    let mut all = head.clone();
    for part in symptoms {
        all.add(part, stems);
    }
    for tag in row.tags.iter() {
        all.add(&fold(tag), stems);
    }
    if let Some(category) = &row.category {
        all.add(&fold(category), stems);
    }
    if let Some(product) = &row.product {
        all.add(&fold(product), stems);
    }
    all.add(body, stems);
    for pair in pairs(&unify(title), stems) {
        head.grams.push(' ');
        head.grams.push_str(&pair);
    }
    doc.add_text(fields.title_words, head.words);
    doc.add_text(fields.title_grams, head.grams);
    doc.add_text(fields.words, all.words);
    doc.add_text(fields.grams, all.grams);
    let mut known = spelled([title, body].into_iter().chain(symptoms.iter().map(String::as_str)));
    known.push(' ');
    known.push_str(&sounds(std::iter::once(title).chain(symptoms.iter().map(String::as_str))));
    doc.add_text(fields.spell, known);
}

/// Latin words as written, once each.
fn spelled<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut words: Vec<String> = texts
        .flat_map(pieces)
        .filter_map(|piece| match piece {
            Piece::Word(word) => Some(plain(word)),
            Piece::Han(_) => None,
        })
        .filter(|w| (2..=24).contains(&w.len()) && w.bytes().all(|b| b.is_ascii_lowercase()))
        .collect();
    words.sort_unstable();
    words.dedup();
    words.join(" ")
}

/// The Chinese words of titles and of what users say, each behind its sound and its initials: `dayinji=打印机`.
fn sounds<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let texts: Vec<String> = texts.map(unify).collect();
    let runs = texts.iter().flat_map(|text| pieces(text)).filter_map(|piece| match piece {
        Piece::Han(run) => Some(run),
        Piece::Word(_) => None,
    });
    let mut words: Vec<&str> = runs
        .flat_map(segment::words)
        .filter(|w| (2..=sound::LONGEST_WORD).contains(&w.chars().count()) && !stop::is_stop(w))
        .collect();
    words.sort_unstable();
    words.dedup();
    let keys = |word: &str| sound::of_word(word).into_iter().chain(sound::initials(word)).collect::<Vec<_>>();
    words
        .iter()
        .flat_map(|word| keys(word).into_iter().map(move |key| format!("{key}={word}")))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The codes that single an article out: those curators or its vendor gave it, and `error 1814` in its title.
/// Not every word with a digit in it.
fn telling_codes(row: &ArticleRow, title: &str) -> Vec<String> {
    let own = row.codes.iter().flat_map(|c| code::extract(&fold(c))).filter(|c| c.kind == Kind::Code);
    let labelled = code::extract(title).into_iter().filter(|c| c.kind == Kind::Labelled);
    own.chain(labelled).map(|c| c.key).collect()
}

/// Codes the article is about: its own, its title's and those of what users say.
fn own_codes(row: &ArticleRow, title: &str, symptoms: &[String]) -> Vec<String> {
    let mut own: Vec<String> = row.codes.iter().flat_map(|c| code::keys(c)).collect();
    for text in std::iter::once(title).chain(symptoms.iter().map(String::as_str)) {
        own.extend(code::extract(text).into_iter().map(|c| c.key));
    }
    own.sort_unstable();
    own.dedup();
    own
}

fn mentioned_codes(body: &str) -> Vec<String> {
    code::extract(body).into_iter().map(|c| c.key).collect()
}

fn card(row: &ArticleRow, shown: &str) -> String {
    let card = Card {
        id: row.id.clone(),
        external_id: row.external_id.clone(),
        kind: row.kind,
        lang: row.lang.clone(),
        title: row.title.clone(),
        product: row.product.clone(),
        revision: row.revision,
        traditional: fold(shown) != fold_form(shown),
    };
    // A struct of strings and numbers always becomes JSON.
    serde_json::to_string(&card).unwrap_or_default()
}
