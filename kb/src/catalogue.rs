//! The catalogue: products, their releases, and which of them somebody needs. Releases are written once
//! and never change after they were published; withdrawing one keeps its row and its reason.
mod announce;
pub mod asked;
pub mod calendar;
pub mod check;
pub mod export;
pub mod graph;
pub mod import;
mod lately;
pub mod lifecycle;
pub mod model;
pub mod names;
pub mod path;
pub mod query;
mod shelf;
mod store;

pub use announce::{Preview, Reader, Why, Wish};
pub use asked::Asked;
pub use lately::Products;
pub use shelf::{Ask, Catalogue};
pub use store::Saved;
pub use store::releases::{ReleaseEvent, Standing};
