//! A draft as it is stored: trimmed, of a known language, with its codes. Comparing cleaned drafts is
//! what makes the same content twice change nothing.
use std::collections::HashSet;

use firstline_core::{Error, Result};

use crate::analyze::code;
use crate::article::Draft;
use crate::language;

/// An id longer than this is somebody's text in the wrong column.
const LONGEST_ID: usize = 512;
const LONGEST_TITLE: usize = 1000;

pub(crate) fn clean(draft: &Draft) -> Result<Draft> {
    let mut clean = Draft {
        external_id: line(&draft.external_id),
        lang: language(&draft.lang)?,
        kind: draft.kind,
        category: optional(&draft.category),
        title: line(&draft.title),
        body_md: body(&draft.body_md),
        product: optional(&draft.product),
        versions: optional(&draft.versions),
        tags: list(&draft.tags),
        codes: list(&draft.codes),
        symptoms: list(&draft.symptoms),
        questions: list(&draft.questions),
        frequent: draft.frequent,
        translates: optional(&draft.translates),
    };
    check_length("external_id", &clean.external_id, LONGEST_ID)?;
    check_length("title", &clean.title, LONGEST_TITLE)?;
    if clean.codes.is_empty() {
        clean.codes = codes_of(&clean);
    }
    Ok(clean)
}

/// Codes in the title or in what users say. One that only the body mentions may be another article's.
fn codes_of(draft: &Draft) -> Vec<String> {
    let mut text = draft.title.clone();
    for said in draft.symptoms.iter().chain(&draft.questions) {
        text.push('\n');
        text.push_str(said);
    }
    code::display_codes(&text)
}

fn language(lang: &str) -> Result<String> {
    language::canonical(lang)
        .map(str::to_string)
        .ok_or_else(|| Error::invalid("lang", format!("{lang:?} is none of: zh, zh-CN, en")))
}

fn check_length(field: &str, text: &str, longest: usize) -> Result<()> {
    if text.is_empty() {
        return Err(Error::invalid(field, "is empty; every article needs one"));
    }
    if text.chars().count() > longest {
        return Err(Error::invalid(field, format!("is longer than {longest} characters")));
    }
    Ok(())
}

/// One line without NUL, which PostgreSQL cannot store.
fn line(text: &str) -> String {
    text.replace('\0', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn body(text: &str) -> String {
    text.replace('\0', "").replace("\r\n", "\n").trim().to_string()
}

fn optional(text: &Option<String>) -> Option<String> {
    text.as_deref().map(line).filter(|t| !t.is_empty())
}

fn list(items: &[String]) -> Vec<String> {
    let mut seen = HashSet::new();
    let lines = items.iter().map(|item| line(item)).filter(|item| !item.is_empty());
    lines.filter(|item| seen.insert(item.clone())).collect()
}
