//! The steps of an upgrade in words: what each changes, what to back up, how to roll back, and only then
//! the files with size, hash and link.
use firstline_kb::catalogue::model::{File, Size, Texts};
use firstline_kb::catalogue::path::{Advice, Step};

use crate::message::{Block, Outgoing, Span};
use crate::step::blocks;
use crate::step::say::{link, paragraph};
use crate::texts::{Lang, t, tt};

/// Longer texts are cut; the release's page has the rest.
const NOTES_CHARS: usize = 500;
const TEXT_CHARS: usize = 300;
const FILES: usize = 4;
const CODES: usize = 6;

pub(super) fn write(out: &mut Outgoing, advice: &Advice, lang: Lang, site: &str) {
    out.blocks.push(Block::Heading(super::heading(advice, lang)));
    for (n, step) in advice.steps.iter().enumerate() {
        one(out, advice, lang, site, n, step);
    }
}

fn one(out: &mut Outgoing, advice: &Advice, lang: Lang, site: &str, n: usize, step: &Step) {
    let args = [
        ("n", ((n + 1) as i64).into()),
        ("title", super::title(advice, lang).into()),
        ("version", step.version.as_str().into()),
    ];
    out.blocks.push(Block::Paragraph(vec![Span::Bold(t(lang, "upgrade-step", &args))]));
    let facts = facts(step, lang);
    if !facts.is_empty() {
        out.blocks.push(paragraph(facts.join(" · ")));
    }
    if let Some(next) = &step.needed_by {
        out.blocks.push(paragraph(t(lang, "upgrade-needed", &[("next", next.as_str().into())])));
    }
    text(out, lang, "upgrade-changes", &step.notes, NOTES_CHARS);
    if let Some(url) = &step.notes_url {
        out.blocks.push(Block::Paragraph(vec![link(tt(lang, "upgrade-notes-elsewhere"), url.clone())]));
    }
    out.blocks.extend(summary(step, lang).into_iter().map(paragraph));
    for (key, words) in [
        ("upgrade-requirements", &step.requirements),
        ("upgrade-known-issues", &step.known_issues),
        ("upgrade-backup", &step.backup),
        ("upgrade-install", &step.install),
        ("upgrade-rollback", &step.rollback),
    ] {
        text(out, lang, key, words, TEXT_CHARS);
    }
    files(out, lang, site, step);
    let page = format!("{site}{}", release_path(&advice.product, &step.version));
    out.blocks.push(Block::Paragraph(vec![link(tt(lang, "upgrade-page"), page)]));
}

fn facts(step: &Step, lang: Lang) -> Vec<String> {
    let mut facts = Vec::new();
    facts.extend(step.date.map(|d| d.to_string()));
    if step.security {
        let level = step.severity.map(|s| tt(lang, &format!("upgrade-severity-{s}")));
        let word = tt(lang, "upgrade-security");
        facts.push(level.map_or(word.clone(), |level| format!("{word} ({level})")));
    }
    facts.extend(
        step.size.map(|size| tt(lang, if size == Size::Large { "upgrade-large" } else { "upgrade-small" })),
    );
    facts
}

/// What it fixes and what it contains, each in a line.
fn summary(step: &Step, lang: Lang) -> Vec<String> {
    let mut said = Vec::new();
    let fixes: Vec<String> = step.codes.iter().chain(&step.cves).cloned().collect();
    if !fixes.is_empty() {
        said.push(t(lang, "upgrade-fixes", &[("codes", some_of(&fixes, CODES, lang).into())]));
    }
    let between: Vec<String> =
        step.brings.iter().map(|p| p.version.clone()).filter(|v| *v != step.version).collect();
    if !between.is_empty() {
        let args =
            [("count", (between.len() as i64).into()), ("versions", some_of(&between, CODES, lang).into())];
        said.push(t(lang, "upgrade-brings", &args));
    }
    said
}

/// The first of a list, and how many more there are.
fn some_of(list: &[String], most: usize, lang: Lang) -> String {
    let shown = list.iter().take(most).cloned().collect::<Vec<_>>().join(&tt(lang, "list-comma"));
    match list.len().saturating_sub(most) {
        0 => shown,
        _ => {
            let more = t(
                lang,
                "upgrade-more",
                &[("count", (list.len() as i64 - if lang == Lang::Zh { 0 } else { most as i64 }).into())],
            );
            format!("{shown} {more}")
        }
    }
}

fn text(out: &mut Outgoing, lang: Lang, key: &str, words: &Texts, most: usize) {
    let md = words.of(lang.tag());
    if md.trim().is_empty() {
        return;
    }
    let (mut shown, cut) = blocks::first_of(blocks::blocks(md), most);
    let label = format!("{}{}", tt(lang, key), if lang == Lang::Zh { "：" } else { ": " });
    match shown.first_mut() {
        Some(Block::Paragraph(spans)) => spans.insert(0, Span::Bold(label)),
        _ => shown.insert(0, Block::Paragraph(vec![Span::Bold(label)])),
    }
    out.blocks.extend(shown);
    if cut {
        out.blocks.push(paragraph("…"));
    }
}

fn files(out: &mut Outgoing, lang: Lang, site: &str, step: &Step) {
    let line = |file: &File| {
        let mut spans = vec![Span::Text(file.name.clone())];
        if let Some(size) = file.size {
            spans.push(Span::Text(format!(
                " · {}",
                t(lang, "upgrade-file-size", &[("size", bytes_words(size).into())])
            )));
        }
        if let (Some(algorithm), Some(hash)) = (&file.algorithm, &file.hash) {
            spans.push(Span::Text(format!(" · {} ", algorithm.to_uppercase().replace("SHA", "SHA-"))));
            spans.push(Span::Code(hash.clone()));
        }
        if let Some(path) = download_path(file) {
            let url = if path.starts_with('/') { format!("{site}{path}") } else { path };
            spans.push(Span::Text(" · ".into()));
            spans.push(link(tt(lang, "upgrade-file-download"), url));
        }
        spans
    };
    let items: Vec<Vec<Span>> = step.files.iter().take(FILES).map(line).collect();
    if !items.is_empty() {
        out.blocks.push(Block::List { ordered: false, items });
    }
    if step.files.len() > FILES {
        let count = (step.files.len() - FILES) as i64;
        out.blocks.push(paragraph(t(lang, "upgrade-files-more", &[("count", count.into())])));
    }
}

/// Where a file is: on our site when we host it, else where it says; none when nobody has it.
pub fn download_path(file: &File) -> Option<String> {
    match (&file.file_id, &file.url) {
        (Some(id), _) => Some(format!("/downloads/{}/{}", encoded(id), encoded(&file.name))),
        (None, url) => url.clone(),
    }
}

/// The page of a release on our site.
pub fn release_path(product: &str, version: &str) -> String {
    format!("/products/{}/{}", encoded(product), encoded(version))
}

/// Percent-encoded for one part of a path (RFC 3986): everything but unreserved characters.
fn encoded(part: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    part.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// `1.4 MB`, in units of 1000 as file managers show them.
pub fn bytes_words(bytes: i64) -> String {
    let mut size = bytes as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if size < 1000.0 || unit == "GB" {
            return if unit == "B" || size >= 100.0 {
                format!("{size:.0} {unit}")
            } else {
                format!("{size:.1} {unit}")
            };
        }
        size /= 1000.0;
    }
    String::new()
}
