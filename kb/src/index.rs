//! The full-text index: a cache of the articles, in a folder that may be thrown away at any time.
pub(crate) mod brief;
pub(crate) mod disk;
pub(crate) mod document;
pub(crate) mod folder;
pub(crate) mod live;
pub(crate) mod mark;
pub(crate) mod schema;
pub(crate) mod writer;

use firstline_core::Error;

/// An index error as the rest of the program sees it. The index can be built anew, so trying again is right.
pub(crate) fn index_error(what: &str, e: impl std::fmt::Display) -> Error {
    Error::Unavailable(format!("index: {what}: {e}"))
}
