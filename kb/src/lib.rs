//! Knowledge: articles and their revisions, the index derived from them, search and answers,
//! importers and exporters, the curators' workshop. The database is the truth; delete the index folder and nothing is lost.
pub mod analyze;
pub mod answer;
pub mod article;
pub mod catalogue;
pub mod cases;
pub mod audit;
pub mod codes;
pub mod dictionary;
mod digest;
pub mod eval;
pub mod events;
pub mod export;
pub mod feedback;
pub mod figures;
pub mod gap;
pub mod gate;
pub mod genuine;
pub mod import;
mod index;
pub mod language;
mod library;
pub mod markdown;
pub mod mask;
pub mod parts;
pub mod published;
mod search;
mod store;
pub mod suggest;
mod trial;
pub mod version;
pub mod workshop;

pub use answer::{Answer, Found, Hit, Question, Reply, ReplyWhy};
pub use article::{Article, ArticleKind, Draft};
pub use library::{Library, Progress, Unit};
pub use store::{Upserted, migrations};
pub use workshop::{Curator, Workshop};
