//! The gap queue: questions that found nothing, or whose answer was rejected, clustered. A gap that was
//! closed opens again by itself when its question comes back.
mod desk;
pub(crate) mod place;
pub(crate) mod profile;
mod settle;

use firstline_core::{Time, text_enum};
use sqlx::FromRow;

pub use desk::Gaps;
pub(crate) use place::Asked;
pub(crate) use settle::close_by;

text_enum! {
    GapState ("state") { Open = "open", Dismissed = "dismissed", Closed = "closed" }
}

text_enum! {
    /// Why a question is a gap.
    Why ("why") { Nothing = "nothing", Rejected = "rejected" }
}

/// A cluster of questions.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Gap {
    pub id: String,
    #[sqlx(try_from = "String")]
    pub state: GapState,
    /// The question that began it.
    pub title: String,
    pub lang: String,
    pub product: Option<String>,
    pub assignee: Option<String>,
    pub reason: Option<String>,
    /// What closed it.
    pub article_id: Option<String>,
    pub settled_at: Option<Time>,
    /// How often it came back.
    pub reopened: i64,
    pub version: i64,
    pub first_at: Time,
    pub last_at: Time,
    /// How many asked.
    pub asked: i64,
    /// Of those, since it was settled.
    pub since: i64,
}

/// One question of a gap.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct GapQuestion {
    pub search_id: String,
    pub query: String,
    pub lang: String,
    #[sqlx(try_from = "String")]
    pub why: Why,
    /// The article that was rejected.
    pub article_id: Option<String>,
    pub at: Time,
}
