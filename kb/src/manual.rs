//! Manuals, course material and recordings: hosted files with kind, product, version and language. The text of
//! documents is kept page by page, and each page of a manual that everybody may have is an article of its own
//! in the search, so that an answer leads to the page.
mod docx;
mod extract;
mod plain;
mod row;
mod shelf;
mod write;

pub use extract::{Format, extract};
pub use row::{Manual, ManualKind, by_file, by_id, list, page, page_of_article, path_of_article};
pub(crate) use shelf::settle_in;
pub use write::{NewManual, add};

/// Longer manuals than this are cut, in pages.
pub const MOST_PAGES: usize = 20_000;
/// More text than this on one page is cut, in characters.
pub const MOST_ON_PAGE: usize = 50_000;
