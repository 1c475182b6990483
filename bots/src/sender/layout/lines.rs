//! Blocks as lines: the smallest thing that is not cut without need.
use crate::message::{Block, Span};

const LONGEST_ADDRESS: usize = 512;

/// The frame a line stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrap {
    Plain,
    Heading,
    Quote,
    /// A block of code.
    Pre,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Which block of the message it comes from.
    pub block: usize,
    pub wrap: Wrap,
    /// The sign of a list item.
    pub prefix: String,
    pub spans: Vec<Span>,
}

impl Line {
    pub fn is_blank(&self) -> bool {
        self.prefix.trim().is_empty() && self.spans.iter().all(|span| words(span).trim().is_empty())
    }
}

/// The visible words of a span.
pub(super) fn words(span: &Span) -> &str {
    match span {
        Span::Text(text) | Span::Bold(text) | Span::Code(text) | Span::Link { text, .. } => text,
    }
}

/// The same span with other words.
pub(super) fn with_words(span: &Span, text: String) -> Span {
    match span {
        Span::Text(_) => Span::Text(text),
        Span::Bold(_) => Span::Bold(text),
        Span::Code(_) => Span::Code(text),
        Span::Link { url, .. } => Span::Link { text, url: url.clone() },
    }
}

pub(super) fn of(blocks: &[Block]) -> Vec<Line> {
    let mut lines = Vec::new();
    for (block, content) in blocks.iter().enumerate() {
        match content {
            Block::Heading(text) => push(&mut lines, block, Wrap::Heading, "", &[Span::Text(text.clone())]),
            Block::Paragraph(spans) => push(&mut lines, block, Wrap::Plain, "", spans),
            Block::Quote(spans) => push(&mut lines, block, Wrap::Quote, "", spans),
            Block::Code(text) => push(&mut lines, block, Wrap::Pre, "", &[Span::Text(text.clone())]),
            Block::List { ordered, items } => {
                for (index, item) in items.iter().enumerate() {
                    let sign = if *ordered { format!("{}. ", index + 1) } else { "• ".into() };
                    push(&mut lines, block, Wrap::Plain, &sign, item);
                }
            }
        }
    }
    lines
}

/// Adds the lines of one run of spans; a line break inside a span begins another.
fn push(lines: &mut Vec<Line>, block: usize, wrap: Wrap, prefix: &str, spans: &[Span]) {
    let mut line = Line { block, wrap, prefix: prefix.to_owned(), spans: Vec::new() };
    for span in spans {
        for (index, piece) in words(span).split('\n').enumerate() {
            if index > 0 {
                let next = Line { block, wrap, prefix: String::new(), spans: Vec::new() };
                lines.push(std::mem::replace(&mut line, next));
            }
            let piece = piece.trim_end_matches('\r');
            if !piece.is_empty() {
                line.spans.push(cuttable(with_words(span, piece.to_owned())));
            }
        }
    }
    lines.push(line);
}

/// An address as long as half a message cannot stand behind words that may be cut: it is written out.
fn cuttable(span: Span) -> Span {
    match span {
        Span::Link { text, url } if url.len() > LONGEST_ADDRESS => Span::Text(format!("{text} ({url})")),
        other => other,
    }
}
