//! From a question to ranked hits and an answer.
pub(crate) mod asked;
#[cfg(test)]
mod bounds;
pub(crate) mod candidates;
pub(crate) mod columns;
pub(crate) mod decide;
pub(crate) mod rank;
pub(crate) mod similarity;
pub(crate) mod snippet;
pub(crate) mod sound;
pub(crate) mod spell;
pub(crate) mod steps;
pub(crate) mod tuning;

use firstline_core::Result;

use self::rank::Ranked;
use crate::analyze::fold::{fold, fold_form};
use crate::answer::{Found, Hit, Question};
use crate::index::index_error;
use crate::index::live::Live;

/// Everything a search found, with what an answer needs to know besides.
pub(crate) struct Outcome {
    pub found: Found,
    /// In the order of `found.hits`.
    pub ranked: Vec<Ranked>,
    pub asked: asked::Asked,
}

/// Searches one index. Blocks for a few milliseconds.
pub(crate) fn run(live: &Live, question: &Question) -> Result<Outcome> {
    let searcher = live.searcher();
    let failed = |e: tantivy::TantivyError| index_error("search", e);
    let asked = asked::read(question, &searcher, &live.fields).map_err(failed)?;
    let candidates = candidates::find(&searcher, &live.fields, question, &asked).map_err(failed)?;
    let briefs = live.briefs(&searcher).map_err(failed)?;
    let mut ranked =
        rank::rank(question, &asked, candidates, &briefs).map_err(|e| index_error("search", e))?;
    let total = ranked.len();
    ranked.truncate(question.limit.max(1));
    let hits = ranked.iter().map(|r| hit(&searcher, live, r, &asked)).collect::<Result<Vec<Hit>>>()?;
    let found = Found {
        query: question.text.clone(),
        corrected: asked.corrected.clone(),
        total,
        hits,
        ..Found::default()
    };
    Ok(Outcome { found, ranked, asked })
}

pub(crate) fn hit(
    searcher: &tantivy::Searcher,
    live: &Live,
    ranked: &Ranked,
    asked: &asked::Asked,
) -> Result<Hit> {
    let (card, text) = columns::card_and_text(searcher, &live.fields, ranked.address)?;
    let folded = if card.traditional { fold(&text) } else { fold_form(&text) };
    let (snippet, snippet_html) = snippet::make(&text, &folded, &asked.marks);
    Ok(Hit {
        path: format!("/kb/{}", card.id),
        id: card.id,
        external_id: card.external_id,
        kind: card.kind,
        lang: card.lang,
        title: card.title,
        product: card.product,
        revision: card.revision,
        snippet,
        snippet_html,
        score: ranked.score,
    })
}
