//! Words in Telegram's HTML, at most 4096 UTF-16 units a message after parsing, and its keyboards.
use serde_json::{Value, json};
use url::Url;

use crate::message::{Block, Button, Outgoing, Span};
use crate::sender::layout::{self, Line, Style, Wrap, gap};
use crate::sender::{Part, TextPart};

/// Bytes of callback data.
const MAX_ACTION: usize = 64;
/// Telegram shows about this much of a label.
const MAX_LABEL: usize = 64;
const MAX_ROW: usize = 8;
const MAX_BUTTONS: usize = 100;

pub(super) struct Html;

impl Style for Html {
    const LIMIT: usize = 4096;

    fn markup(&self, lines: &[Line]) -> String {
        let mut html = String::new();
        let mut before: Option<&Line> = None;
        for frame in layout::frames(lines) {
            if let (Some(before), Some(first)) = (before, frame.first()) {
                html.push_str(gap(before, first));
            }
            let inner: Vec<String> = frame.iter().map(line).collect();
            html.push_str(&framed(frame[0].wrap, &inner.join("\n")));
            before = frame.last();
        }
        html
    }

    /// Addresses of links are counted though the server does not: then the plain form fits as well.
    fn units(&self, lines: &[Line]) -> usize {
        layout::utf16(&layout::plain(lines))
    }
}

fn framed(wrap: Wrap, inner: &str) -> String {
    match wrap {
        Wrap::Plain => inner.to_owned(),
        Wrap::Heading => format!("<b>{inner}</b>"),
        Wrap::Quote => format!("<blockquote>{inner}</blockquote>"),
        Wrap::Pre => format!("<pre>{inner}</pre>"),
    }
}

fn line(line: &Line) -> String {
    let words: String = line.spans.iter().map(span).collect();
    format!("{}{words}", escape(&line.prefix))
}

fn span(span: &Span) -> String {
    match span {
        Span::Text(text) => escape(text),
        Span::Bold(text) => format!("<b>{}</b>", escape(text)),
        Span::Code(text) => format!("<code>{}</code>", escape(text)),
        Span::Link { text, url } if text == url => escape(text),
        Span::Link { text, url } if is_link(url) => {
            format!("<a href=\"{}\">{}</a>", escape(url), escape(text))
        }
        Span::Link { text, url } => format!("{} ({})", escape(text), escape(url)),
    }
}

pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            // The server makes spaces of them; a zero byte it refuses.
            c if c.is_control() && c != '\t' => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

/// What the server takes as a link: http(s) to a host with a dot or a colon in it, so not `localhost`.
pub(super) fn is_link(link: &str) -> bool {
    let Ok(url) = Url::parse(link) else { return false };
    let host = url.host_str().unwrap_or_default();
    matches!(url.scheme(), "http" | "https") && (host.contains('.') || host.contains(':'))
}

/// The parts of a message: its texts with the keyboard under the last one, then its files.
pub(super) fn parts(message: &Outgoing) -> Vec<Part> {
    let mut blocks = message.blocks.clone();
    blocks.extend(links_without_button(&message.buttons));
    let rows = keyboard_rows(&message.buttons);
    let mut texts = layout::parts(&Html, &blocks);
    if texts.is_empty() && !rows.is_empty() {
        texts.push(TextPart { markup: "↓".into(), plain: "↓".into(), rows: Vec::new() });
    }
    if let Some(last) = texts.last_mut() {
        last.rows = rows;
    }
    texts.into_iter().map(Part::Text).chain(message.files.iter().cloned().map(Part::File)).collect()
}

/// A link the server would refuse under a button is written out: the whole message would be refused with it.
fn links_without_button(rows: &[Vec<Button>]) -> Vec<Block> {
    let refused = rows.iter().flatten().filter(|b| b.url.as_deref().is_some_and(|url| !is_link(url)));
    refused
        .map(|b| {
            Block::Paragraph(vec![Span::Text(format!(
                "{}: {}",
                b.label,
                b.url.as_deref().unwrap_or_default()
            ))])
        })
        .collect()
}

/// Buttons the server takes, in rows it takes.
fn keyboard_rows(rows: &[Vec<Button>]) -> Vec<Vec<Button>> {
    let mut left = MAX_BUTTONS;
    let mut kept = Vec::new();
    for row in rows {
        let fine: Vec<Button> = row.iter().filter(|b| is_sendable(b)).take(left).cloned().collect();
        left -= fine.len();
        kept.extend(fine.chunks(MAX_ROW).map(<[Button]>::to_vec));
    }
    kept
}

fn is_sendable(button: &Button) -> bool {
    match &button.url {
        Some(url) => is_link(url),
        None => {
            let fine = !button.action.is_empty() && button.action.len() <= MAX_ACTION;
            if !fine {
                tracing::error!(action = button.action, "a button's action does not fit into 64 bytes");
            }
            fine
        }
    }
}

/// `reply_markup` of a message; `None` without buttons.
pub(super) fn keyboard(rows: &[Vec<Button>]) -> Option<Value> {
    if rows.is_empty() {
        return None;
    }
    let button = |b: &Button| {
        let text = layout::label(&b.label, MAX_LABEL);
        match &b.url {
            Some(url) => json!({ "text": text, "url": url }),
            None => json!({ "text": text, "callback_data": b.action }),
        }
    };
    let rows: Vec<Vec<Value>> = rows.iter().map(|row| row.iter().map(button).collect()).collect();
    Some(json!({ "inline_keyboard": rows }))
}

#[cfg(test)]
mod tests;
