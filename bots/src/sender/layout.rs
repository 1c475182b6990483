//! Cutting a message into parts: blocks become lines, lines fill parts up to the platform's limit, and
//! a line that is too long is cut at the best place. How words look is the [`Style`]'s business.
mod cut;
mod lines;

pub use lines::{Line, Wrap};

use super::TextPart;
use crate::message::{Block, Span};

/// A platform's notation and limit.
pub trait Style {
    /// The most units one part may have.
    const LIMIT: usize;

    fn markup(&self, lines: &[Line]) -> String;

    /// Units of a part made of these lines, as the platform counts them or a little more.
    fn units(&self, lines: &[Line]) -> usize;
}

/// Length in UTF-16 units, the measure of both platforms (or more than theirs).
pub fn utf16(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The parts of a message, in order, each within the limit. None for no words at all.
pub fn parts<S: Style>(style: &S, blocks: &[Block]) -> Vec<TextPart> {
    let mut filled: Vec<Vec<Line>> = vec![Vec::new()];
    for line in lines::of(blocks) {
        add(style, &mut filled, line);
    }
    filled
        .iter()
        .map(|lines| trimmed(lines))
        .filter(|lines| !lines.is_empty())
        .map(|l| text_part(style, l))
        .collect()
}

fn text_part<S: Style>(style: &S, lines: &[Line]) -> TextPart {
    TextPart { markup: style.markup(lines), plain: plain(lines), rows: Vec::new() }
}

fn add<S: Style>(style: &S, filled: &mut Vec<Vec<Line>>, line: Line) {
    let mut rest = Some(line);
    while let Some(line) = rest.take() {
        let part = filled.last_mut().map(std::mem::take).unwrap_or_default();
        let mut with = part.clone();
        with.push(line.clone());
        if style.units(&with) <= S::LIMIT {
            put_last(filled, with);
        } else if !trimmed(&part).is_empty() {
            put_last(filled, part);
            filled.push(Vec::new());
            rest = Some(line);
        } else {
            let (head, tail) =
                cut::in_two(&line, |piece| style.units(std::slice::from_ref(piece)) <= S::LIMIT);
            put_last(filled, vec![head]);
            filled.push(Vec::new());
            rest = tail;
        }
    }
}

fn put_last(filled: &mut [Vec<Line>], lines: Vec<Line>) {
    if let Some(last) = filled.last_mut() {
        *last = lines;
    }
}

/// Without empty lines at both ends: platforms cut them off anyway.
fn trimmed(lines: &[Line]) -> &[Line] {
    let Some(first) = lines.iter().position(|line| !line.is_blank()) else { return &[] };
    let last = lines.iter().rposition(|line| !line.is_blank()).unwrap_or(first);
    &lines[first..=last]
}

/// What stands between a line and the one before it.
pub fn gap(before: &Line, line: &Line) -> &'static str {
    if before.block == line.block || before.wrap == Wrap::Heading { "\n" } else { "\n\n" }
}

/// The words without notation; links keep their address.
pub fn plain(lines: &[Line]) -> String {
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            text.push_str(gap(&lines[index - 1], line));
        }
        text.push_str(&line.prefix);
        line.spans.iter().for_each(|span| text.push_str(&plain_span(span)));
    }
    text
}

fn plain_span(span: &Span) -> String {
    match span {
        Span::Text(text) | Span::Bold(text) | Span::Code(text) => text.clone(),
        Span::Link { text, url } if text == url => text.clone(),
        Span::Link { text, url } => format!("{text} ({url})"),
    }
}

/// Runs of lines that stand in one frame: the same block with the same wrap.
pub fn frames(lines: &[Line]) -> impl Iterator<Item = &[Line]> {
    lines.chunk_by(|a, b| a.block == b.block && a.wrap == b.wrap)
}

/// A text cut to `max` characters with an ellipsis; never empty.
pub fn label(text: &str, max: usize) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = text.trim();
    match text.chars().count() {
        0 => "…".into(),
        n if n <= max => text.to_owned(),
        _ => text.chars().take(max.saturating_sub(1)).chain(['…']).collect(),
    }
}
