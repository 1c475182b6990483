//! Knowledge: articles and their revisions, the index derived from them, search and answers,
//! importers and exporters. The database is the truth; delete the index folder and nothing is lost.
pub mod analyze;
pub mod answer;
pub mod article;
pub mod codes;
pub mod dictionary;
pub mod eval;
pub mod events;
pub mod export;
pub mod genuine;
pub mod import;
mod index;
pub mod language;
mod library;
pub mod manual;
pub mod markdown;
pub mod published;
mod search;
mod store;
pub mod version;

pub use answer::{Answer, Found, Hit, Question, Reply, ReplyWhy};
pub use article::{Article, ArticleKind, Draft};
pub use library::{Library, Progress, Unit};
pub use store::{Upserted, migrations};
