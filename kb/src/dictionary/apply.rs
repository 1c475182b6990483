//! A search with the dictionary: product words and synonyms before it, feedback, entries of the error code
//! register and pins after it.
use firstline_core::{Result, Time};
use tantivy::Term;
use tantivy::collector::TopDocs;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;

use super::Dictionary;
use super::phrase::Words;
use crate::answer::{Found, Hit, Points, Question, ReplyWhy};
use crate::codes::book::{CodeInText, codes_in};
use crate::codes::canonical;
use crate::index::brief;
use crate::index::index_error;
use crate::index::live::Live;
use crate::language;
use crate::search::columns::Brief;
use crate::search::rank::{Placed, Ranked, are_translations, product_of};
use crate::search::{self, Outcome};
use crate::version;

/// So many hits are looked at where feedback may reorder them.
const WIDE: usize = 20;
/// What was found by a synonym stands a little behind what was found by the words themselves.
const BY_SYNONYM: f32 = 0.97;
/// What was put in front reaches at least this score.
const PLACED: f32 = 0.9;

/// Searches one index with one dictionary. Blocks for a few milliseconds.
pub(crate) fn run(live: &Live, dictionary: &Dictionary, question: &Question, now: Time) -> Result<Outcome> {
    let limit = question.limit.max(1);
    let (question, rest) = prepare(dictionary, question);
    let lang = language_of(&question);
    let codes = if dictionary.codes.is_empty() { Vec::new() } else { codes_in(&question.text) };
    let front = front(dictionary, &question.text, &codes, lang.as_deref(), now);
    let mut variants = dictionary.synonyms.variants(&question.text);
    variants.extend(rest);
    let judged = judged(dictionary, &question.text);
    let alone = front.is_empty() && variants.is_empty() && judged.is_none();
    let wide = if alone { limit } else { limit.max(WIDE) };
    let mut outcome = search::run(live, &Question { limit: wide, ..question.clone() })?;
    for text in variants {
        let other = search::run(live, &Question { text, limit: wide, ..question.clone() })?;
        merge(&mut outcome, other, lang.as_deref());
    }
    if let Some(key) = judged {
        weigh(dictionary, &mut outcome, &key, now);
    }
    place(live, &question, &mut outcome, front)?;
    outcome.found.unknown_codes = strangers(dictionary, &outcome, codes);
    outcome.found.reply = dictionary.reply(&question.text, lang.as_deref(), now);
    if outcome.found.reply.as_ref().is_some_and(|reply| reply.why == ReplyWhy::Sensitive) {
        clear(&mut outcome);
    }
    outcome.ranked.truncate(limit);
    outcome.found.hits.truncate(limit);
    Ok(outcome)
}

/// The question's key, when people said something of its answers.
fn judged(dictionary: &Dictionary, text: &str) -> Option<String> {
    if dictionary.priors.is_empty() {
        return None;
    }
    Some(Words::of(text).key()).filter(|key| dictionary.priors.knows(key))
}

/// Brings what people said of each hit into its score.
fn weigh(dictionary: &Dictionary, outcome: &mut Outcome, key: &str, now: Time) {
    let mut pairs = take_pairs(outcome);
    for (hit, ranked) in &mut pairs {
        ranked.score = (ranked.score * dictionary.priors.factor(key, &hit.id, now)).min(1.0);
        hit.score = ranked.score;
    }
    put_pairs(outcome, pairs);
}

/// What comes first: pins, then the register's entries of the codes that are named.
fn front(
    dictionary: &Dictionary,
    text: &str,
    codes: &[CodeInText],
    lang: Option<&str>,
    now: Time,
) -> Vec<(String, Placed)> {
    let pins = dictionary.pinned(text, lang, now).into_iter().map(|id| (id, Placed::Pin));
    let entries = codes.iter().flat_map(|code| dictionary.codes.entries(&code.key, lang));
    pins.chain(entries.map(|known| (known.article_id.clone(), Placed::Code))).collect()
}

/// The question with its product by the name it has in articles: named by the asker, or by a word of theirs. Then
/// that word says nothing more, and the question is also asked without it.
fn prepare(dictionary: &Dictionary, question: &Question) -> (Question, Option<String>) {
    if let Some(named) = question.product.as_deref().filter(|p| !p.trim().is_empty()) {
        return (Question { product: Some(dictionary.product(named)), ..question.clone() }, None);
    }
    match dictionary.product_in(&question.text) {
        None => (question.clone(), None),
        Some((product, rest)) => {
            let rest = Some(rest).filter(|rest| !Words::of(rest).is_empty());
            (Question { product: Some(product), ..question.clone() }, rest)
        }
    }
}

fn language_of(question: &Question) -> Option<String> {
    let named = question.lang.as_deref().and_then(language::canonical);
    named.or_else(|| language::guess(&question.text)).map(str::to_string)
}

/// Takes what another wording found into `outcome`, in order of score.
fn merge(outcome: &mut Outcome, other: Outcome, lang: Option<&str>) {
    let mut pairs = take_pairs(outcome);
    for (mut hit, mut ranked) in other.found.hits.into_iter().zip(other.ranked) {
        ranked.score *= BY_SYNONYM;
        hit.score = ranked.score;
        let known =
            pairs.iter_mut().find(|(h, r)| h.id == hit.id || are_translations(&r.brief, &ranked.brief));
        match known {
            None => pairs.push((hit, ranked)),
            Some(first) => {
                let score = first.1.score.max(ranked.score);
                let better = if first.0.id == hit.id {
                    ranked.score > first.1.score
                } else {
                    lang.map(brief::small).is_some_and(|l| l == ranked.brief.lang && l != first.1.brief.lang)
                };
                if better {
                    *first = (hit, ranked);
                }
                (first.0.score, first.1.score) = (score, score);
            }
        }
    }
    outcome.found.total = outcome.found.total.max(other.found.total).max(pairs.len());
    put_pairs(outcome, pairs);
}

type Pair = (Hit, Ranked);

fn take_pairs(outcome: &mut Outcome) -> Vec<Pair> {
    let hits = std::mem::take(&mut outcome.found.hits);
    hits.into_iter().zip(std::mem::take(&mut outcome.ranked)).collect()
}

fn put_pairs(outcome: &mut Outcome, mut pairs: Vec<Pair>) {
    pairs.sort_by(|(a, _), (b, _)| {
        b.score.total_cmp(&a.score).then_with(|| a.external_id.cmp(&b.external_id))
    });
    (outcome.found.hits, outcome.ranked) = pairs.into_iter().unzip();
}

/// Puts articles in front, in the order given, where they fit the question.
fn place(
    live: &Live,
    question: &Question,
    outcome: &mut Outcome,
    front: Vec<(String, Placed)>,
) -> Result<()> {
    if front.is_empty() {
        return Ok(());
    }
    let mut rest = take_pairs(outcome);
    let mut placed: Vec<Pair> = Vec::new();
    for (id, why) in front {
        if placed.iter().any(|(hit, _)| hit.id == id) {
            continue;
        }
        let known = rest.iter().position(|(hit, _)| hit.id == id).map(|at| rest.remove(at));
        let found = match known {
            Some(pair) => Some(pair),
            None => fetch(live, outcome, &id, question.version.is_some())?,
        };
        match found {
            Some((hit, ranked)) if fits(question, &ranked.brief, why) => {
                placed.push((hit, Ranked { placed: Some(why), misfit: false, ..ranked }));
            }
            Some(pair) => rest.push(pair),
            None => {}
        }
    }
    // A placed article stands for its translations.
    rest.retain(|(_, r)| !placed.iter().any(|(_, p)| are_translations(&p.brief, &r.brief)));
    let best = rest.iter().map(|(_, r)| r.score).fold(PLACED, f32::max);
    for (hit, ranked) in &mut placed {
        (hit.score, ranked.score) = (best, best);
    }
    outcome.found.total = outcome.found.total.max(placed.len() + rest.len());
    rest.sort_by(|(a, _), (b, _)| {
        b.score.total_cmp(&a.score).then_with(|| a.external_id.cmp(&b.external_id))
    });
    (outcome.found.hits, outcome.ranked) = placed.into_iter().chain(rest).unzip();
    Ok(())
}

/// A kind that was asked for is kept to; an entry of another product or version is not the code that was meant.
fn fits(question: &Question, found: &Brief, why: Placed) -> bool {
    if question.kind.is_some_and(|kind| brief::kind(kind) != found.kind) {
        return false;
    }
    if why == Placed::Pin {
        return true;
    }
    let product = question.product.as_deref().and_then(product_of);
    let own = product.zip(found.product).is_none_or(|(asked, own)| asked == own);
    let version = question.version.as_deref();
    own && version.is_none_or(|v| found.versions.is_empty() || version::applies(&found.versions, v))
}

/// An article by its id, where the index has it.
fn fetch(live: &Live, outcome: &Outcome, id: &str, versions: bool) -> Result<Option<Pair>> {
    let failed = |e: tantivy::TantivyError| index_error("search", e);
    let searcher = live.searcher();
    let query = TermQuery::new(Term::from_field_text(live.fields.id, id), IndexRecordOption::Basic);
    let top = searcher.search(&query, &TopDocs::with_limit(1).order_by_score()).map_err(failed)?;
    let Some((_, address)) = top.into_iter().next() else { return Ok(None) };
    let briefs = live.briefs(&searcher).map_err(failed)?;
    let brief = briefs[address.segment_ord as usize]
        .of(address.doc_id, versions)
        .map_err(|e| index_error("search", e))?;
    let ranked = Ranked {
        address,
        score: 0.0,
        points: Points::default(),
        brief,
        code: false,
        misfit: false,
        placed: None,
    };
    let hit = search::hit(&searcher, live, &ranked, &outcome.asked)?;
    Ok(Some((hit, ranked)))
}

/// Codes of a family we know that neither the register nor any article has.
fn strangers(dictionary: &Dictionary, outcome: &Outcome, codes: Vec<CodeInText>) -> Vec<String> {
    let unknown = |key: &str| outcome.asked.codes.iter().any(|c| c.unknown && canonical(&c.key) == key);
    codes
        .into_iter()
        .filter(|code| dictionary.codes.is_stranger(&code.key) && unknown(&code.key))
        .map(|code| code.written)
        .collect()
}

fn clear(outcome: &mut Outcome) {
    outcome.ranked.clear();
    let found = std::mem::take(&mut outcome.found);
    outcome.found = Found { hits: Vec::new(), total: 0, ..found };
}
