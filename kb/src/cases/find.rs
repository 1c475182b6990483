//! Cases in the index: their documents, and the search over them.
use std::collections::BTreeSet;

use firstline_core::Result;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{Searcher, TantivyDocument, Term};

use super::Case;
use super::store::CaseRow;
use crate::analyze::fold::fold;
use crate::analyze::stem::Stems;
use crate::analyze::tokens::FieldText;
use crate::index::index_error;
use crate::index::live::Live;
use crate::index::schema::Fields;
use crate::search::asked::idf;

/// Words of the new case that are looked for; of more, the rarest.
const TERMS: usize = 64;
/// A case that has less of what is asked than this is no help.
const LEAST: f32 = 0.12;
/// Shown of a resolution (characters).
const EXCERPT: usize = 400;
/// Pairs of characters say less than words.
const GRAM: f32 = 0.5;

/// The id a case has in the index; no article's looks like it.
pub(crate) fn index_id(ticket_id: &str) -> String {
    format!("case:{ticket_id}")
}

/// Only the fields of cases are filled: a search over those of articles cannot meet it.
pub(crate) fn document(fields: &Fields, case: &CaseRow, stems: &mut Stems) -> TantivyDocument {
    let mut text = FieldText::default();
    for part in [&case.title, &case.question, &case.resolution] {
        text.add(&fold(part), stems);
    }
    let card = Case {
        ticket_id: case.ticket_id.clone(),
        number: case.number,
        title: case.title.clone(),
        product: case.product.clone(),
        version: case.product_version.clone(),
        resolution: case.resolution.chars().take(EXCERPT).collect(),
        resolved_at: case.resolved_at,
        score: 0.0,
    };
    let mut doc = TantivyDocument::default();
    doc.add_text(fields.id, index_id(&case.ticket_id));
    doc.add_text(fields.case_words, text.words);
    doc.add_text(fields.case_grams, text.grams);
    // A struct of strings and numbers always becomes JSON.
    doc.add_text(fields.case_card, serde_json::to_string(&card).unwrap_or_default());
    doc
}

/// Solved tickets that resemble a text, best first; `except` is the ticket that asks.
pub(crate) fn similar(live: &Live, text: &str, except: &str, limit: usize) -> Result<Vec<Case>> {
    let failed = |e: tantivy::TantivyError| index_error("search cases", e);
    let searcher = live.searcher();
    let terms = terms(&searcher, &live.fields, text).map_err(failed)?;
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    // The share of what is asked, by rarity. BM25's length would mean nothing: most documents have no case fields.
    let ceiling: f32 = terms.iter().map(|(_, weight)| weight).sum();
    let clauses: Vec<(Occur, Box<dyn Query>)> = terms
        .into_iter()
        .map(|(term, weight)| -> (Occur, Box<dyn Query>) {
            let has = TermQuery::new(term, IndexRecordOption::Basic);
            (Occur::Should, Box::new(ConstScoreQuery::new(Box::new(has), weight)))
        })
        .collect();
    let top = TopDocs::with_limit(limit + 1).order_by_score();
    let found = searcher.search(&BooleanQuery::new(clauses), &top).map_err(failed)?;
    let mut cases = Vec::new();
    for (score, address) in found {
        let doc: TantivyDocument = searcher.doc(address).map_err(failed)?;
        let json = doc.get_first(live.fields.case_card).and_then(|v| v.as_str()).unwrap_or_default();
        let case: Case = serde_json::from_str(json).map_err(|e| index_error("read a case", e))?;
        let score = (score / ceiling).min(1.0);
        if case.ticket_id != except && score >= LEAST {
            cases.push(Case { score, ..case });
        }
    }
    cases.truncate(limit);
    Ok(cases)
}

/// The terms cases have, the rarest first, with the inverse document frequency of each.
fn terms(searcher: &Searcher, fields: &Fields, text: &str) -> tantivy::Result<Vec<(Term, f32)>> {
    let mut asked = FieldText::default();
    asked.add(&fold(text), &mut Stems::default());
    let words: BTreeSet<&str> = asked.words.split_whitespace().collect();
    let grams: BTreeSet<&str> =
        asked.grams.split_whitespace().filter(|g| g.chars().nth(1).is_some()).collect();
    let all = words
        .into_iter()
        .map(|w| (fields.case_words, w, 1.0))
        .chain(grams.into_iter().map(|g| (fields.case_grams, g, GRAM)));
    let docs = searcher.num_docs();
    let mut terms: Vec<(Term, f32)> = Vec::new();
    for (field, token, weight) in all {
        let term = term(field, token);
        let found = searcher.doc_freq(&term)?;
        if found > 0 {
            terms.push((term, idf(found, docs) * weight));
        }
    }
    terms.sort_by(|a, b| b.1.total_cmp(&a.1));
    terms.truncate(TERMS);
    Ok(terms)
}

fn term(field: Field, token: &str) -> Term {
    Term::from_field_text(field, token)
}
