//! Search events: what was asked, what was shown and what became of it. Written inside the caller's
//! transaction, so that an event exists exactly when the answer was sent.
use firstline_core::store::Tx;
use firstline_core::{Clock, Result, on_tx, text_enum};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use crate::answer::{Answer, Found};

text_enum! {
    /// What the asker said of something shown. Silence is no verdict.
    Verdict ("verdict") {
        Solved = "solved",
        StillBroken = "still_broken",
        Next = "next",
        Chosen = "chosen",
        AskedForPerson = "asked_for_person",
    }
}

/// An article that was shown, at which revision and in which place (from 1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    pub article_id: String,
    pub revision: i64,
    pub rank: i64,
}

/// A plain search that showed only what no chat would offer: its question has no answer yet.
pub const UNSURE: &str = "unsure";

/// One search. The caller makes the id (`clock.id()`), so that buttons can name it.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchRecord {
    pub id: String,
    pub query: String,
    pub corrected: Option<String>,
    pub lang: Option<String>,
    pub product: Option<String>,
    /// `direct`, `choices`, `ask`, `nothing`, why something else was said (`ReplyWhy`); for a plain search `UNSURE`
    /// or nothing.
    pub answer: Option<String>,
    pub shown: Vec<Shown>,
    pub total: i64,
    /// Codes that look like ours but are in no register.
    pub unknown_codes: Vec<String>,
    /// The sensitive word it was answered for.
    pub sensitive: Option<String>,
    /// The conversation's id, or the channel of somebody without one.
    pub who: String,
}

impl SearchRecord {
    /// The record of an answer given: every hit the asker saw, in order.
    pub fn of_answer(
        id: String,
        who: &str,
        lang: Option<&str>,
        product: Option<&str>,
        answer: &Answer,
        found: &Found,
    ) -> SearchRecord {
        let (name, hits): (&str, Vec<_>) = match answer {
            Answer::Direct { hit, others, .. } => ("direct", std::iter::once(hit).chain(others).collect()),
            Answer::Choices { hits } => ("choices", hits.iter().collect()),
            Answer::Ask { hits, .. } => ("ask", hits.iter().collect()),
            Answer::Reply { reply } => (reply.why.as_str(), Vec::new()),
            Answer::Nothing => ("nothing", Vec::new()),
        };
        let shown = (1..).zip(hits).map(|(rank, hit)| Shown {
            article_id: hit.id.clone(),
            revision: hit.revision,
            rank,
        });
        SearchRecord {
            id,
            query: found.query.clone(),
            corrected: found.corrected.clone(),
            lang: lang.map(str::to_string),
            product: product.map(str::to_string),
            answer: Some(name.to_string()),
            shown: shown.collect(),
            total: found.total as i64,
            unknown_codes: found.unknown_codes.clone(),
            sensitive: found.reply.as_ref().and_then(|reply| reply.word.clone()),
            who: who.to_string(),
        }
    }
}

/// Writes a search event; a second one with the same id changes nothing.
pub async fn record_search(tx: &mut Tx, clock: &Clock, r: &SearchRecord) -> Result<()> {
    // PostgreSQL cannot store NUL, and a question is anybody's bytes.
    let query = r.query.replace('\0', "");
    on_tx!(tx, c => sqlx::query(
        "insert into kb_search (id, query, corrected, lang, product, answer, shown, total, who, at, unknown_codes) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing")
        .bind(&r.id).bind(&query).bind(&r.corrected).bind(&r.lang).bind(&r.product).bind(&r.answer)
        .bind(Json(&r.shown)).bind(r.total).bind(&r.who).bind(clock.now()).bind(Json(&r.unknown_codes))
        .execute(c).await.map(drop))?;
    if let Some(word) = &r.sensitive {
        on_tx!(tx, c => sqlx::query(
            "insert into kb_sensitive_hit (id, word, text, who, at) values ($1, $2, $3, $4, $5) on conflict (id) do nothing")
            .bind(&r.id).bind(word).bind(&query).bind(&r.who).bind(clock.now())
            .execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Writes a verdict on one article of a search, or on the search as a whole (`article_id` none).
pub async fn record_verdict(
    tx: &mut Tx,
    clock: &Clock,
    search_id: &str,
    article_id: Option<&str>,
    verdict: Verdict,
) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "insert into kb_verdict (id, search_id, article_id, verdict, at) values ($1, $2, $3, $4, $5)")
        .bind(clock.id()).bind(search_id).bind(article_id).bind(verdict.as_str()).bind(clock.now())
        .execute(c).await.map(drop))?;
    Ok(())
}
