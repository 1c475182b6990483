//! The hand-off packet: everything said and tried before the ticket, so that nobody asks again.
use serde::{Deserialize, Serialize};

use crate::Time;
use crate::ticket::Author;

/// Taken when the ticket is opened and kept with the timeline's first entry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Packet {
    pub transcript: Vec<Heard>,
    pub searches: Vec<SearchMade>,
    pub articles: Vec<ArticleShown>,
    /// What the guided report asked and was told, in order: `(question key, answer)`.
    pub answers: Vec<(String, String)>,
    /// Ids of attachments sent before the ticket existed.
    pub attachments: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    pub author: Author,
    pub text: String,
    pub at: Time,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchMade {
    pub query: String,
    pub found: usize,
    pub at: Time,
}

/// An article the customer saw, at which revision, and what they said of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArticleShown {
    pub article_id: String,
    pub revision: i64,
    pub title: String,
    /// `still_broken`, `next`, `asked_for_person` or `none`.
    pub verdict: String,
}
