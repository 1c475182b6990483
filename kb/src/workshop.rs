//! The curators' workshop: an article's life from draft to retired. Customers see what `kb_article` holds;
//! everything here happens beside it until a revision is published.
mod bench;
mod curator;
pub mod diff;
mod files;
mod from_ticket;
mod life;
pub mod lint;
mod list;
mod rows;
mod translation;

use firstline_core::{Time, text_enum};
use sqlx::FromRow;
use sqlx::types::Json;

use crate::Library;
use crate::article::{Article, Draft};

pub use curator::Curator;
pub use files::ArticleFile;
pub use from_ticket::from_ticket;
pub use life::Published;
pub use list::{Listed, Shelf};
pub use translation::{Side, Translation};

text_enum! {
    /// Where the words on the bench are in their life.
    State ("state") { Draft = "draft", InReview = "in_review", Published = "published", Retired = "retired" }
}

/// How an article stands.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Work {
    pub article_id: String,
    pub external_id: String,
    pub lang: String,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub title: String,
    /// The revision on the bench.
    pub head: i64,
    /// The newest revision.
    pub last: i64,
    /// The live revision the words on the bench began from; 0 when there was none.
    pub base: i64,
    /// Named by every change, so that nobody writes over what they did not read.
    pub version: i64,
    /// The revision customers see.
    pub live: Option<i64>,
    /// Id of the member of staff who cares for it.
    pub owner: Option<String>,
    /// When somebody is to read it again.
    pub review_at: Option<Time>,
    pub gap_id: Option<String>,
    pub changed_by: String,
    pub changed_at: Time,
}

impl Work {
    /// Words that customers do not see yet.
    pub fn is_staged(&self) -> bool {
        matches!(self.state, State::Draft | State::InReview)
    }

    /// Somebody published other words while these were on the bench.
    pub fn is_overtaken(&self) -> bool {
        self.is_staged() && self.live.is_some_and(|live| live != self.base)
    }
}

/// One wording of an article.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Revision {
    pub revision: i64,
    pub draft: Json<Draft>,
    pub author: String,
    pub at: Time,
    pub note: String,
    pub published_at: Option<Time>,
    pub published_by: Option<String>,
    /// The revision of the source it translates.
    pub source_revision: Option<i64>,
}

/// An article on the bench: how it stands, its words, and what customers see.
#[derive(Clone, Debug, PartialEq)]
pub struct Bench {
    pub work: Work,
    pub head: Revision,
    pub live: Option<Article>,
}

/// What became of an edit.
#[derive(Clone, Debug, PartialEq)]
pub enum Saved {
    Saved(Bench),
    /// The words are those that were there.
    Same(Bench),
    /// Somebody saved meanwhile: theirs is here, the caller has its own.
    Overtaken(Bench),
}

/// The bench of a library.
#[derive(Clone)]
pub struct Workshop {
    library: Library,
}

impl Workshop {
    pub(crate) fn library(&self) -> &Library {
        &self.library
    }
}

impl Library {
    /// Where curators work.
    pub fn workshop(&self) -> Workshop {
        Workshop { library: self.clone() }
    }
}
