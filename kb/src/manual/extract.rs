//! The text of a document, page by page. PDF and DOCX come from strangers and their readers may loop, panic or
//! ask for all memory: this runs in a process of its own that can be limited and killed.
use std::fs::File;
use std::io::Read;
use std::path::Path;

use firstline_core::text_enum;

use super::{MOST_ON_PAGE, MOST_PAGES, docx, plain};

text_enum! {
    Format ("format") { Pdf = "pdf", Docx = "docx", Html = "html", Markdown = "markdown", Text = "text" }
}

/// No text file is longer, in bytes.
const MOST_TEXT: u64 = 64 * 1024 * 1024;

impl Format {
    /// By the end of a name; `None` for media and everything without text.
    pub fn of(name: &str) -> Option<Format> {
        let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase())?;
        match end.as_str() {
            "pdf" => Some(Format::Pdf),
            "docx" => Some(Format::Docx),
            "htm" | "html" => Some(Format::Html),
            "md" | "markdown" => Some(Format::Markdown),
            "txt" => Some(Format::Text),
            _ => None,
        }
    }
}

/// The pages' text, the first page first. An error is a sentence for whoever added the file.
pub fn extract(path: &Path, format: Format) -> Result<Vec<String>, String> {
    let pages = match format {
        Format::Pdf => {
            pdf_extract::extract_text_by_pages(path).map_err(|e| format!("no readable PDF: {e}"))?
        }
        Format::Docx => docx::pages(path)?,
        Format::Html => plain::pages(&plain::html(&read(path)?)),
        Format::Markdown => plain::pages(&crate::markdown::to_text(&read(path)?)),
        Format::Text => plain::pages(&read(path)?),
    };
    let tidy = |page: String| page.chars().filter(|c| *c != '\0').take(MOST_ON_PAGE).collect();
    Ok(pages.into_iter().take(MOST_PAGES).map(tidy).collect())
}

fn read(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|e| e.to_string())?;
    file.take(MOST_TEXT + 1).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    if bytes.len() as u64 > MOST_TEXT {
        return Err(format!("more than {MOST_TEXT} bytes of text"));
    }
    crate::import::text::decode(&bytes)
}
