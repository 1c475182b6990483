//! Searching and answering.
use firstline_core::{Error, Result};

use super::Library;
use crate::answer::{Answer, Found, Hit, Points, Question};
use crate::cases::{self, Case};
use crate::dictionary::apply;
use crate::index::index_error;
use crate::parts;
use crate::search::Outcome;
use crate::search::decide::{Decision, decide};
use crate::suggest::{self, Suggestion, Typed};

/// An answer looks at so many hits, whatever the caller wants to see.
const ANSWER_LOOKS_AT: usize = 8;
/// So many suggestions are offered at most.
const MOST_SUGGESTIONS: usize = 25;
/// A search shows at most so many.
const MOST_HITS: usize = 100;

impl Library {
    /// Ranked hits. `Unavailable` while there is no index yet.
    pub async fn search(&self, question: &Question) -> Result<Found> {
        Ok(self.look_up(question.clone()).await?.found)
    }

    /// Ranked hits, and whether any of them is sure enough to be offered as an answer: a page shows them all the same,
    /// but what only shares a word with a question has not answered it.
    pub async fn search_for_page(&self, question: &Question) -> Result<(Found, bool)> {
        let (decision, outcome) = self.decide(question).await?;
        let answers = outcome.found.reply.is_some() || decision != Decision::Nothing;
        let mut found = outcome.found;
        found.hits.truncate(question.limit);
        Ok((found, answers))
    }

    /// The same with the points of every hit, in the same order.
    pub async fn explain(&self, question: &Question) -> Result<(Found, Vec<Points>)> {
        let outcome = self.look_up(question.clone()).await?;
        let points = outcome
            .ranked
            .iter()
            .zip(&outcome.found.hits)
            .map(|(ranked, hit)| Points { dictionary: hit.score - ranked.points.sum(), ..ranked.points });
        Ok((outcome.found.clone(), points.collect()))
    }

    /// What to do with a question, and what was found for it.
    pub async fn answer(&self, question: &Question) -> Result<(Answer, Found)> {
        let (decision, outcome) = self.decide(question).await?;
        if let Some(reply) = outcome.found.reply.clone() {
            return Ok((Answer::Reply { reply }, outcome.found));
        }
        let pick = |places: &[usize]| -> Vec<Hit> {
            places.iter().map(|&i| outcome.found.hits[i].clone()).collect()
        };
        let answer = match decision {
            Decision::Nothing => Answer::Nothing,
            Decision::Ask { products, hits } => Answer::Ask { products, hits: pick(&hits) },
            Decision::Choices(hits) => Answer::Choices { hits: pick(&hits) },
            Decision::Direct { best, others } => {
                let hit = outcome.found.hits[best].clone();
                Answer::Direct { steps_md: self.steps(&hit).await?, hit, others: pick(&others) }
            }
        };
        Ok((answer, outcome.found))
    }

    /// What a chat does with a question, as places among the hits; a reply (`found.reply`) goes before it. Chats, the
    /// console's test panel and every evaluation decide here, and look at the same hits, however many the caller wants.
    pub(crate) async fn decide(&self, question: &Question) -> Result<(Decision, Outcome)> {
        let limit = question.limit.max(ANSWER_LOOKS_AT);
        let mut outcome = self.look_up(Question { limit, ..question.clone() }).await?;
        let more = outcome.ranked.split_off(outcome.ranked.len().min(ANSWER_LOOKS_AT));
        let decision = match decide(question, &outcome) {
            // About a code nobody knows there is no sure answer.
            Decision::Direct { best, others } if !outcome.found.unknown_codes.is_empty() => {
                Decision::Choices([&[best], others.as_slice()].concat())
            }
            other => other,
        };
        outcome.ranked.extend(more);
        Ok((decision, outcome))
    }

    /// What to do, from the very revision the hit shows; the user's own steps first (P1-01).
    async fn steps(&self, hit: &Hit) -> Result<String> {
        let article = self.article_revision(&hit.id, hit.revision).await?;
        let article = article.ok_or_else(|| Error::Inconsistent {
            table: "kb_revision",
            row: format!("{} {}", hit.id, hit.revision),
            reason: "the index knows it, the table does not".into(),
        })?;
        Ok(parts::passage(&article.body_md, &article.lang))
    }

    /// Titles to offer while somebody types. Nothing while there is no index.
    pub async fn suggest(&self, typed: &Typed) -> Result<Vec<Suggestion>> {
        let Some(live) = self.live() else { return Ok(Vec::new()) };
        let product = typed.product.as_deref().map(|p| self.dictionary().product(p));
        let typed = Typed { product, limit: typed.limit.clamp(1, MOST_SUGGESTIONS), ..typed.clone() };
        let found = tokio::task::spawn_blocking(move || suggest::suggest(&live, &typed)).await;
        found.unwrap_or_else(|e| Err(index_error("suggest", e)))
    }

    /// Solved tickets that resemble a text, for staff only; `except` is the ticket that asks. Nothing while there is
    /// no index.
    pub async fn similar_cases(&self, text: &str, except: &str, limit: usize) -> Result<Vec<Case>> {
        let Some(live) = self.live() else { return Ok(Vec::new()) };
        let (text, except) = (text.to_string(), except.to_string());
        let found =
            tokio::task::spawn_blocking(move || cases::find::similar(&live, &text, &except, limit)).await;
        found.unwrap_or_else(|e| Err(index_error("search cases", e)))
    }

    async fn look_up(&self, question: Question) -> Result<Outcome> {
        let live = self
            .live()
            .ok_or_else(|| Error::Unavailable("the index is being built; ask again in a moment".into()))?;
        let question = Question { limit: question.limit.clamp(1, MOST_HITS), ..question };
        let (dictionary, now) = (self.dictionary(), self.0.clock.now());
        let searched =
            tokio::task::spawn_blocking(move || apply::run(&live, &dictionary, &question, now)).await;
        // A damaged file shows as an error or, deep in the index, as a panic.
        let searched = searched.unwrap_or_else(|e| Err(index_error("search", e)));
        if searched.is_err() && self.1.is_none() {
            self.report_damage();
        }
        searched
    }
}
