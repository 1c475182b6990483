//! `firstline.toml`: flattened to `(key, value, line)`, so that every complaint names its line. A key in a
//! section is the key with the section's name in front: `[telegram] token` is `telegram_token`.
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Config, Key, keys};

/// Applies a file. The error names file, line and key, and what would be right.
pub fn apply(config: &mut Config, path: &Path, text: &str) -> Result<(), String> {
    let file = path.display();
    let table = DeTable::parse(text).map_err(|e| {
        let line = e.span().map_or(1, |span| line_of(text, span.start));
        format!("{file}:{line}: {}", e.message())
    })?;
    let mut entries = Vec::new();
    flatten("", table.get_ref(), &mut entries);
    for (name, value, at) in entries {
        let line = line_of(text, at);
        let key = Key::find(&name)
            .ok_or_else(|| format!("{file}:{line}: unknown key {name}; {}", nearest(&name)))?;
        let value =
            value.ok_or_else(|| format!("{file}:{line}: {name}: wrong value; expected {}", key.accepts))?;
        key.set(config, &value).map_err(|e| format!("{file}:{line}: {name}: {e}"))?;
    }
    Ok(())
}

/// `(key, value unless it is of a kind no setting has, byte offset)`.
type Entry = (String, Option<String>, usize);

fn flatten(prefix: &str, table: &DeTable<'_>, into: &mut Vec<Entry>) {
    for (key, value) in table {
        let name = format!("{prefix}{}", key.get_ref());
        match value.get_ref() {
            DeValue::Table(inner) => flatten(&format!("{name}_"), inner, into),
            _ => into.push((name, scalar(value), key.span().start)),
        }
    }
}

fn scalar(value: &Spanned<DeValue<'_>>) -> Option<String> {
    match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Boolean(yes) => Some(yes.to_string()),
        _ => None,
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|b| *b == b'\n').count()
}

/// "did you mean …" for a slip of the finger, the whole list otherwise.
fn nearest(name: &str) -> String {
    let close = keys::KEYS.iter().map(|key| (distance(key.name, name), key.name)).min();
    match close {
        Some((d, known)) if d <= 3 => format!("did you mean {known}?"),
        _ => {
            let names: Vec<&str> = keys::KEYS.iter().map(|key| key.name).collect();
            format!("known keys: {}", names.join(", "))
        }
    }
}

/// Levenshtein distance of two short words.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let change = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
