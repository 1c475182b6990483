//! What all pages share: the reader's language, theme and time zone, assets, security headers, error
//! pages, uploads and downloads, and the live updates.
pub mod account;
pub mod assets;
pub mod clock_chip;
pub mod download;
pub mod error;
pub mod guard;
pub mod icons;
pub mod live;
pub mod page;
pub mod said;
pub mod times;
pub mod upload;

pub use assets::assets_router;
pub use error::{PageError, not_found};
pub use page::{Page, html, to};
