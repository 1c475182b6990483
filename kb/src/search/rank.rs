//! Re-ranking: one score between 0 and 1 from what the index says, likeness to the title or a symptom and
//! codes; then what the asker's language, product and version make of it.
use std::sync::Arc;

use tantivy::DocAddress;

use super::asked::Asked;
use super::candidates::{self, Candidate};
use super::columns::{Brief, Briefs};
use super::similarity::Wanted;
use super::tuning;
use crate::answer::{Points, Question};
use crate::article::ArticleKind;
use crate::index::brief::{self, kind as kind_no};
use crate::index::document::product_key;
use crate::version;

#[derive(Clone, Debug)]
pub(crate) struct Ranked {
    pub address: DocAddress,
    pub score: f32,
    pub points: Points,
    pub brief: Brief,
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

/// `briefs` by the place of their segment.
pub(crate) fn rank(
    question: &Question,
    asked: &Asked,
    candidates: Vec<Candidate>,
    briefs: &[Arc<Briefs>],
) -> std::io::Result<Vec<Ranked>> {
    let ceiling = candidates::ceiling(asked).max(f32::MIN_POSITIVE);
    let mut wanted = Wanted::of(asked);
    let asker = Asker::of(question, asked);
    let mut ranked = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let columns = &briefs[candidate.address.segment_ord as usize];
        ranked.push(judge(candidate, columns, ceiling, &mut wanted, &asker)?);
    }
    // Equal scores stand in the same order in every index.
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.brief.own.cmp(&b.brief.own)));
    Ok(collapse(ranked, asker.lang))
}

struct Asker<'a> {
    lang: Option<u64>,
    product: Option<u64>,
    version: Option<&'a str>,
    /// Codes that say which article is meant.
    codes: Vec<u64>,
    only_codes: bool,
}

impl<'a> Asker<'a> {
    fn of(question: &'a Question, asked: &Asked) -> Asker<'a> {
        Asker {
            lang: asked.lang.as_deref().map(brief::small),
            product: question.product.as_deref().and_then(product_of),
            version: question.version.as_deref(),
            codes: asked.codes.iter().filter(|c| c.singles_out).map(|c| brief::code(&c.key)).collect(),
            only_codes: asked.only_codes,
        }
    }
}

fn judge(
    candidate: Candidate,
    columns: &Briefs,
    ceiling: f32,
    wanted: &mut Wanted,
    asker: &Asker<'_>,
) -> std::io::Result<Ranked> {
    let doc = candidate.address.doc_id;
    let brief = columns.of(doc, asker.version.is_some())?;
    let code = !asker.codes.is_empty() && columns.codes(doc).any(|own| asker.codes.contains(&own));
    let index = candidate.score / (ceiling * tuning::GOOD_SHARE);
    let like = wanted.best(columns.asks(doc)).powf(tuning::LIKE_POWER);
    let mut points =
        Points { words: tuning::PART_INDEX * index, likeness: tuning::PART_LIKE * like, ..Points::default() };
    if code {
        points.code = tuning::SAME_CODE * (1.0 - points.sum());
    }
    let misfit = fit(&mut points, &brief, asker);
    points.scale = below_one(points.sum()) - points.sum();
    Ok(Ranked { address: candidate.address, score: points.sum(), points, brief, code, misfit, placed: None })
}

/// Leaves a score as it is up to 0.8 and presses what lies above into the rest of the scale, in the same order.
fn below_one(score: f32) -> f32 {
    const BEND: f32 = 0.8;
    if score <= BEND { score } else { 1.0 - (1.0 - BEND) * (-(score - BEND) / (1.0 - BEND)).exp() }
}

/// The number of a product, as the column has it; `None` for an empty name.
pub(crate) fn product_of(named: &str) -> Option<u64> {
    Some(product_key(named)).filter(|key| !key.is_empty()).map(|key| brief::hash(&key))
}

/// Takes from the points what does not fit the asker; true when it is about another product or version.
fn fit(points: &mut Points, brief: &Brief, asker: &Asker<'_>) -> bool {
    if asker.lang.is_some_and(|lang| lang != brief.lang) {
        points.language = lost(points, tuning::OTHER_LANGUAGE);
    }
    let product = asker.product.zip(brief.product).is_some_and(|(asked, own)| asked != own);
    if product {
        points.product = lost(points, tuning::OTHER_PRODUCT);
    }
    let version =
        asker.version.is_some_and(|v| !brief.versions.is_empty() && !version::applies(&brief.versions, v));
    if version {
        points.version = lost(points, tuning::OTHER_VERSION);
    }
    if brief.kind == kind_no(ArticleKind::ErrorCode) && !asker.only_codes {
        points.entry = lost(points, tuning::BARE_ENTRY);
    }
    product || version
}

/// What a factor on the sum so far takes from it.
fn lost(points: &Points, factor: f32) -> f32 {
    points.sum() * (factor - 1.0)
}

/// Of an article and its translations one stays, in the asker's language if there is one, at the better place.
fn collapse(ranked: Vec<Ranked>, lang: Option<u64>) -> Vec<Ranked> {
    let mut kept: Vec<Ranked> = Vec::with_capacity(ranked.len());
    for next in ranked {
        match kept.iter_mut().find(|k| are_translations(&k.brief, &next.brief)) {
            None => kept.push(next),
            Some(first) if lang.is_some_and(|l| l == next.brief.lang && l != first.brief.lang) => {
                let score = first.score.max(next.score);
                *first = Ranked { score, ..next };
            }
            Some(_) => {}
        }
    }
    kept
}

pub(crate) fn are_translations(a: &Brief, b: &Brief) -> bool {
    let points = |from: &Brief, to: &Brief| from.translates == Some(to.own);
    let same = a.translates.is_some() && a.translates == b.translates;
    a.lang != b.lang && (points(a, b) || points(b, a) || same)
}
