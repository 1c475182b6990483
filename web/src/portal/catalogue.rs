//! The catalogue's pages: products, one product, one release, and "which patch do I need".
pub mod product;
pub mod release;
pub mod upgrade;

use firstline_bots::advice::{bytes_words, download_path};
use firstline_kb::catalogue::model::{File, Texts};
use firstline_kb::markdown;

use crate::pages::Page;

/// A file as a page shows it.
pub struct FileRow {
    pub name: String,
    pub platform: String,
    pub size: String,
    pub algorithm: String,
    pub hash: String,
    pub path: Option<String>,
}

impl FileRow {
    pub fn of(file: File) -> FileRow {
        FileRow {
            path: download_path(&file),
            size: file.size.map(bytes_words).unwrap_or_default(),
            algorithm: file.algorithm.unwrap_or_default().to_uppercase().replace("SHA", "SHA-"),
            hash: file.hash.unwrap_or_default(),
            platform: file.platform.unwrap_or_default(),
            name: file.name,
        }
    }
}

/// One titled passage of a release, as HTML.
pub struct Passage {
    /// Its text's key.
    pub key: &'static str,
    pub html: String,
}

/// The passages a release has, in the order they are needed; the files come behind them.
pub fn passages(p: &Page, texts: [(&'static str, &Texts); 6]) -> Vec<Passage> {
    let filled = texts.into_iter().filter(|(_, t)| !t.is_empty());
    filled.map(|(key, t)| Passage { key, html: markdown::to_html(t.of(p.lang.tag())) }).collect()
}
