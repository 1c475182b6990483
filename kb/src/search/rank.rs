//! Re-ranking: one score between 0 and 1 from what the index says, likeness to the title or a symptom and
//! codes; then what the asker's language, product and version make of it.
use tantivy::DocAddress;

use super::asked::Asked;
use super::candidates::{self, Candidate};
use super::similarity::Wanted;
use super::tuning;
use crate::answer::{Points, Question};
use crate::article::ArticleKind;
use crate::index::document::{Facts, product_key};
use crate::version;

#[derive(Clone, Debug)]
pub(crate) struct Ranked {
    pub address: DocAddress,
    pub score: f32,
    pub points: Points,
    pub facts: Facts,
    /// The question names a code of this article's head.
    pub code: bool,
    /// It is about another product or version than the asker's.
    pub misfit: bool,
    /// Put in front of everything that was found, and why.
    pub placed: Option<Placed>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placed {
    /// A curator pinned it to the question.
    Pin,
    /// It is the register's entry of a code the question names.
    Code,
}

pub(crate) fn rank(question: &Question, asked: &Asked, candidates: Vec<Candidate>) -> Vec<Ranked> {
    let ceiling = candidates::ceiling(asked).max(f32::MIN_POSITIVE);
    let mut wanted = Wanted::of(asked);
    let asker = Asker::of(question, asked);
    let mut ranked: Vec<Ranked> =
        candidates.into_iter().map(|c| judge(c, ceiling, &mut wanted, asked, &asker)).collect();
    ranked.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then_with(|| a.facts.external_id.cmp(&b.facts.external_id))
    });
    collapse(ranked, asked.lang.as_deref())
}

struct Asker<'a> {
    lang: Option<&'a str>,
    product: Option<String>,
    version: Option<&'a str>,
}

impl<'a> Asker<'a> {
    fn of(question: &'a Question, asked: &'a Asked) -> Asker<'a> {
        Asker {
            lang: asked.lang.as_deref(),
            product: question.product.as_deref().map(product_key).filter(|p| !p.is_empty()),
            version: question.version.as_deref(),
        }
    }
}

fn judge(
    candidate: Candidate,
    ceiling: f32,
    wanted: &mut Wanted<'_>,
    asked: &Asked,
    asker: &Asker<'_>,
) -> Ranked {
    let facts = candidate.facts;
    let code = shares_code(asked, &facts);
    let index = candidate.score / (ceiling * tuning::GOOD_SHARE);
    let like = wanted.best(&facts.asks).powf(tuning::LIKE_POWER);
    let mut points =
        Points { words: tuning::PART_INDEX * index, likeness: tuning::PART_LIKE * like, ..Points::default() };
    if code {
        points.code = tuning::SAME_CODE * (1.0 - points.sum());
    }
    let misfit = fit(&mut points, &facts, asked, asker);
    points.scale = below_one(points.sum()) - points.sum();
    Ranked { address: candidate.address, score: points.sum(), points, facts, code, misfit, placed: None }
}

/// Leaves a score as it is up to 0.8 and presses what lies above into the rest of the scale, in the same order.
fn below_one(score: f32) -> f32 {
    const BEND: f32 = 0.8;
    if score <= BEND { score } else { 1.0 - (1.0 - BEND) * (-(score - BEND) / (1.0 - BEND)).exp() }
}

/// The article is about a code the question names, and few others are.
fn shares_code(asked: &Asked, facts: &Facts) -> bool {
    asked.codes.iter().any(|code| code.singles_out && facts.codes.split(' ').any(|own| own == code.key))
}

/// Takes from the points what does not fit the asker; true when it is about another product or version.
fn fit(points: &mut Points, facts: &Facts, asked: &Asked, asker: &Asker<'_>) -> bool {
    if asker.lang.is_some_and(|lang| lang != facts.lang) {
        points.language = lost(points, tuning::OTHER_LANGUAGE);
    }
    let product =
        asker.product.as_ref().is_some_and(|product| !facts.product.is_empty() && *product != facts.product);
    if product {
        points.product = lost(points, tuning::OTHER_PRODUCT);
    }
    let version =
        asker.version.is_some_and(|v| !facts.versions.is_empty() && !version::applies(&facts.versions, v));
    if version {
        points.version = lost(points, tuning::OTHER_VERSION);
    }
    if facts.kind == ArticleKind::ErrorCode.as_str() && !asked.only_codes {
        points.entry = lost(points, tuning::BARE_ENTRY);
    }
    product || version
}

/// What a factor on the sum so far takes from it.
fn lost(points: &Points, factor: f32) -> f32 {
    points.sum() * (factor - 1.0)
}

/// Of an article and its translations one stays, in the asker's language if there is one, at the better place.
fn collapse(ranked: Vec<Ranked>, lang: Option<&str>) -> Vec<Ranked> {
    let mut kept: Vec<Ranked> = Vec::with_capacity(ranked.len());
    for next in ranked {
        match kept.iter_mut().find(|k| are_translations(&k.facts, &next.facts)) {
            None => kept.push(next),
            Some(first) if lang.is_some_and(|l| l == next.facts.lang && l != first.facts.lang) => {
                let score = first.score.max(next.score);
                *first = Ranked { score, ..next };
            }
            Some(_) => {}
        }
    }
    kept
}

pub(crate) fn are_translations(a: &Facts, b: &Facts) -> bool {
    let points = |from: &Facts, to: &Facts| !from.translates.is_empty() && from.translates == to.external_id;
    a.lang != b.lang
        && (points(a, b) || points(b, a) || (!a.translates.is_empty() && a.translates == b.translates))
}
