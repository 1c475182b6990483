//! Asks the questions.
use firstline_core::Result;
use serde::{Deserialize, Serialize};

use super::case::Case;
use crate::search::decide::Decision;
use crate::{Library, Progress, Unit};

/// Hits looked at.
const DEPTH: usize = 10;

/// What the chat would have done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Called {
    Direct,
    Choices,
    Ask,
    /// Words of a curator instead of an answer.
    Reply,
    Nothing,
}

impl Called {
    /// As files and texts name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Called::Direct => "direct",
            Called::Choices => "choices",
            Called::Ask => "ask",
            Called::Reply => "reply",
            Called::Nothing => "nothing",
        }
    }
}

/// One question and what became of it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub id: String,
    pub query: String,
    pub tags: Vec<String>,
    pub relevant: Vec<String>,
    /// External ids, best first, ten at most.
    pub ranked: Vec<String>,
    /// Their scores.
    pub scores: Vec<f32>,
    pub called: Called,
    /// What was offered (the answer, or the choices) holds a right one.
    pub offered_right: bool,
}

impl Asked {
    /// The place of the first right hit, from 0.
    pub fn place(&self) -> Option<usize> {
        self.ranked.iter().position(|id| self.relevant.contains(id))
    }

    /// Of the right articles, the share among the first `k`.
    pub fn recall(&self, k: usize) -> f64 {
        let among = self.ranked.iter().take(k).filter(|id| self.relevant.contains(id)).count();
        among as f64 / self.relevant.len().max(1) as f64
    }
}

/// Asks every question, one after another.
pub async fn ask(
    library: &Library,
    cases: &[Case],
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Vec<Asked>> {
    let mut asked = Vec::with_capacity(cases.len());
    for (done, case) in cases.iter().enumerate() {
        asked.push(ask_one(library, case).await?);
        progress(Progress { done: done as u64 + 1, total: cases.len() as u64, unit: Unit::Questions });
    }
    Ok(asked)
}

async fn ask_one(library: &Library, case: &Case) -> Result<Asked> {
    let (decision, outcome) = library.decide(&case.question(DEPTH)).await?;
    let (called, offered) = match &decision {
        _ if outcome.found.reply.is_some() => (Called::Reply, Vec::new()),
        Decision::Direct { best, .. } => (Called::Direct, vec![*best]),
        Decision::Choices(hits) => (Called::Choices, hits.clone()),
        Decision::Ask { hits, .. } => (Called::Ask, hits.clone()),
        Decision::Nothing => (Called::Nothing, Vec::new()),
    };
    let hits = &outcome.found.hits;
    let is_right = |at: &usize| hits.get(*at).is_some_and(|hit| case.relevant.contains(&hit.external_id));
    Ok(Asked {
        id: case.id.clone(),
        query: case.query.clone(),
        tags: case.tags.clone(),
        relevant: case.relevant.clone(),
        scores: hits.iter().map(|hit| hit.score).take(DEPTH).collect(),
        ranked: hits.iter().map(|hit| hit.external_id.clone()).take(DEPTH).collect(),
        called,
        offered_right: offered.iter().any(is_right),
    })
}
