//! Measures how well questions with known answers are answered. It asks the library exactly as a chat does,
//! so its figures are the chat's.
mod ask;
mod calls;
mod case;
mod compare;
mod effect;
mod figures;
mod shelf;

pub use ask::{Asked, Called, ask};
pub use calls::{Band, Calls};
pub use case::{Case, Line, cases, run, write_run};
pub use compare::{Change, Comparison, compare};
pub use effect::{Effect, Moved, Stand};
pub use figures::{Figures, Share, by_tag};
pub use shelf::{Patch, Shelf, patches};
