//! The text of DOCX: `word/document.xml` in a zip. Read up to a limit whatever the archive claims.
use std::fs::File;
use std::io::Read;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::plain;

/// No document is longer, in bytes of XML.
const MOST: u64 = 128 * 1024 * 1024;

/// Pages as the document breaks them; without breaks of its own it is cut like plain text.
pub fn pages(path: &Path) -> Result<Vec<String>, String> {
    let text = text(&xml(path)?)?;
    let broken: Vec<String> = text.split('\u{c}').map(str::to_owned).collect();
    Ok(if broken.len() > 1 { broken } else { plain::pages(&text) })
}

fn xml(path: &Path) -> Result<String, String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let mut archive = zip::ZipArchive::new(file).map_err(|e| format!("no readable DOCX: {e}"))?;
    let entry =
        archive.by_name("word/document.xml").map_err(|_| "a DOCX without word/document.xml".to_owned())?;
    let mut bytes = Vec::new();
    entry.take(MOST + 1).read_to_end(&mut bytes).map_err(|e| format!("no readable DOCX: {e}"))?;
    if bytes.len() as u64 > MOST {
        return Err(format!("more than {MOST} bytes of text"));
    }
    String::from_utf8(bytes).map_err(|_| "the document is not UTF-8".to_owned())
}

/// A form feed where a page ends, a line break where a paragraph does.
fn text(xml: &str) -> Result<String, String> {
    let mut reader = Reader::from_str(xml);
    let (mut out, mut inside) = (String::new(), false);
    loop {
        match reader.read_event().map_err(|e| format!("the document is broken: {e}"))? {
            Event::Start(tag) => match name(tag.local_name().as_ref()) {
                Tag::Text => inside = true,
                tag => out.push_str(tag.mark()),
            },
            Event::Empty(tag) => {
                let page = tag
                    .attributes()
                    .flatten()
                    .any(|a| name(a.key.local_name().as_ref()) == Tag::Kind && &*a.value == "page");
                out.push_str(if page { "\u{c}" } else { name(tag.local_name().as_ref()).mark() });
            }
            Event::End(tag) => match name(tag.local_name().as_ref()) {
                Tag::Text => inside = false,
                Tag::Paragraph => out.push('\n'),
                _ => {}
            },
            Event::Text(words) if inside => out.push_str(&words.xml10_content()),
            Event::GeneralRef(reference) if inside => out.push(character(&reference)),
            Event::Eof => return Ok(out),
            _ => {}
        }
    }
}

#[derive(PartialEq)]
enum Tag {
    Text,
    Paragraph,
    Tab,
    Break,
    /// Where the page ended when the document was last printed or shown.
    Rendered,
    Kind,
    Other,
}

impl Tag {
    fn mark(&self) -> &'static str {
        match self {
            Tag::Tab => "\t",
            Tag::Break => "\n",
            Tag::Rendered => "\u{c}",
            _ => "",
        }
    }
}

fn name(name: &str) -> Tag {
    match name {
        "t" => Tag::Text,
        "p" => Tag::Paragraph,
        "tab" => Tag::Tab,
        "br" | "cr" => Tag::Break,
        "lastRenderedPageBreak" => Tag::Rendered,
        "type" => Tag::Kind,
        _ => Tag::Other,
    }
}

fn character(reference: &quick_xml::events::BytesRef<'_>) -> char {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c;
    }
    match &*reference.xml10_content() {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => '\u{fffd}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_tabs_references_and_pages_are_kept() {
        let xml = r#"<w:document xmlns:w="x"><w:body><w:p><w:r><w:t>A &amp; B</w:t><w:tab/><w:t>&#20013;</w:t></w:r></w:p>
            <w:p><w:r><w:br w:type="page"/><w:t>two</w:t></w:r></w:p><w:p><w:r><w:lastRenderedPageBreak/><w:t>three</w:t></w:r></w:p></w:body></w:document>"#;
        assert_eq!(text(xml).unwrap(), "A & B\t中\n\u{c}two\n\u{c}three\n");
        assert!(text("<w:p><w:t>open").is_ok() && text("<a></b>").is_err());
    }
}
