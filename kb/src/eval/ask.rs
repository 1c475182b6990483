//! Asks the questions.
use firstline_core::Result;
use serde::{Deserialize, Serialize};

use super::case::Case;
use crate::{Answer, Library, Progress, Question, Unit};

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
        let question = Question {
            text: case.query.clone(),
            lang: case.lang.clone(),
            limit: DEPTH,
            ..Question::default()
        };
        let (answer, found) = library.answer(&question).await?;
        let (called, offered) = offered(&answer);
        asked.push(Asked {
            id: case.id.clone(),
            query: case.query.clone(),
            tags: case.tags.clone(),
            relevant: case.relevant.clone(),
            scores: found.hits.iter().map(|hit| hit.score).take(DEPTH).collect(),
            ranked: found.hits.into_iter().map(|hit| hit.external_id).take(DEPTH).collect(),
            called,
            offered_right: offered.iter().any(|id| case.relevant.iter().any(|right| right == id)),
        });
        progress(Progress { done: done as u64 + 1, total: cases.len() as u64, unit: Unit::Questions });
    }
    Ok(asked)
}

fn offered(answer: &Answer) -> (Called, Vec<&str>) {
    match answer {
        Answer::Direct { hit, .. } => (Called::Direct, vec![hit.external_id.as_str()]),
        Answer::Choices { hits } => (Called::Choices, hits.iter().map(|h| h.external_id.as_str()).collect()),
        Answer::Ask { hits, .. } => (Called::Ask, hits.iter().map(|h| h.external_id.as_str()).collect()),
        Answer::Reply { .. } => (Called::Reply, Vec::new()),
        Answer::Nothing => (Called::Nothing, Vec::new()),
    }
}
