//! Articles over the API.
mod json;
pub mod list;
pub mod write;

pub use json::{ArticleIn, ArticleOut};
