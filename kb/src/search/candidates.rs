//! The query for the index. Built from tokens, never parsed from the user's text: a parser would make a
//! phrase of a Chinese sentence without spaces and find nothing.
use tantivy::collector::TopDocs;
use tantivy::query::{Bm25StatisticsProvider, BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, Searcher, Term};

use super::asked::{Asked, Class, Token};
use super::tuning;
use crate::analyze::code::Kind;
use crate::answer::Question;
use crate::index::schema::Fields;

pub(crate) struct Candidate {
    pub address: DocAddress,
    /// The sum BM25 gave.
    pub score: f32,
}

/// The best candidates, best first.
pub(crate) fn find(
    searcher: &Searcher,
    fields: &Fields,
    question: &Question,
    asked: &Asked,
) -> tantivy::Result<Vec<Candidate>> {
    let Some(query) = query(fields, question, asked) else { return Ok(Vec::new()) };
    let best = TopDocs::with_limit(tuning::CANDIDATES).order_by_score();
    let top = searcher.search_with_statistics_provider(&query, &best, &Statistics { searcher, fields })?;
    Ok(top.into_iter().map(|(score, address)| Candidate { address, score }).collect())
}

/// The index's own numbers, but the average text seems shorter than it is: BM25 then divides more by an
/// article's length. A short article that answers one question stands before a manual that mentions it all.
struct Statistics<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let total = self.searcher.total_num_tokens(field)?;
        let whole = field == self.fields.words || field == self.fields.grams;
        Ok(if whole { (total as f64 * tuning::LENGTH) as u64 } else { total })
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.searcher.total_num_docs()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.searcher.doc_freq(term)
    }
}

type Clauses = Vec<(Occur, Box<dyn Query>)>;

/// One flat list of terms: nested unions would cost more than the search itself, and a flat one lets the
/// index skip what cannot be among the best.
fn query(fields: &Fields, question: &Question, asked: &Asked) -> Option<Box<dyn Query>> {
    let mut any: Clauses = Vec::new();
    for token in asked.searched() {
        token_clauses(fields, token, &mut any);
    }
    for code in &asked.codes {
        let weight = if code.kind == Kind::Number { tuning::NUMBER } else { 1.0 };
        any.push((Occur::Should, term(fields.codes, &code.key, tuning::CODE_HEAD * weight)));
        any.push((Occur::Should, term(fields.body_codes, &code.key, tuning::CODE_BODY * weight)));
    }
    if any.is_empty() {
        return None;
    }
    let any: Box<dyn Query> = Box::new(BooleanQuery::new(any));
    let Some(kind) = question.kind else { return Some(any) };
    let kind = term(fields.kind, kind.as_str(), 0.0);
    Some(Box::new(BooleanQuery::new(vec![(Occur::Must, any), (Occur::Must, kind)])))
}

fn token_clauses(fields: &Fields, token: &Token, clauses: &mut Clauses) {
    let weight =
        token.weight * (token.times as f32).powf(tuning::REPEATED) * token.idf.max(0.1).powf(tuning::RARE);
    let mut add = |field, part| clauses.push((Occur::Should, term(field, &token.text, part * weight)));
    match token.class {
        Class::Word => {
            add(fields.words, tuning::TEXT_WORD);
            add(fields.title_words, tuning::TITLE_WORD);
        }
        Class::Gram => {
            add(fields.grams, tuning::TEXT_GRAM);
            add(fields.title_grams, tuning::TITLE_GRAM);
        }
        Class::Pair => add(fields.title_grams, tuning::TITLE_PAIR),
    }
}

fn term(field: Field, text: &str, boost: f32) -> Box<dyn Query> {
    let term = TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs);
    Box::new(BoostQuery::new(Box::new(term), boost))
}

/// The most the index could give to this question, had an article every token and code everywhere.
/// BM25 saturates at `k1 + 1` = 2.2 times the idf; an ordinary good article reaches about half of it.
pub(crate) fn ceiling(asked: &Asked) -> f32 {
    let tokens = asked.searched().map(|t| {
        let both = match t.class {
            Class::Word => tuning::TEXT_WORD + tuning::TITLE_WORD,
            Class::Gram => tuning::TEXT_GRAM + tuning::TITLE_GRAM,
            // A bonus nobody is measured by.
            Class::Pair => 0.0,
        };
        both * t.weight * t.worth
    });
    let unknown = asked.codes.iter().filter(|c| c.unknown).count() as f32;
    2.2 * (tokens.sum::<f32>() + unknown * tuning::UNKNOWN_CODE)
}
