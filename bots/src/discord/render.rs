//! Words in Discord's Markdown, at most 2000 characters a message, and its rows of buttons.
use serde_json::{Value, json};

use crate::message::{Button, Outgoing, Span};
use crate::sender::layout::{self, Line, Style, Wrap, gap};
use crate::sender::{Part, TextPart};

const MAX_LABEL: usize = 80;
const MAX_CUSTOM_ID: usize = 100;
const MAX_LINK: usize = 512;
const MAX_ROW: usize = 5;
const MAX_ROWS: usize = 5;

pub(super) struct Markdown;

impl Style for Markdown {
    const LIMIT: usize = 2000;

    fn markup(&self, lines: &[Line]) -> String {
        let mut text = String::new();
        let mut before: Option<&Line> = None;
        for frame in layout::frames(lines) {
            if let (Some(before), Some(first)) = (before, frame.first()) {
                text.push_str(gap(before, first));
            }
            text.push_str(&framed(frame));
            before = frame.last();
        }
        text
    }

    fn units(&self, lines: &[Line]) -> usize {
        // A platform that refuses the notation gets the plain form: both must fit.
        layout::utf16(&self.markup(lines)).max(layout::utf16(&layout::plain(lines)))
    }
}

fn framed(lines: &[Line]) -> String {
    let each = |of: fn(&Line) -> String| lines.iter().map(of).collect::<Vec<String>>().join("\n");
    match lines[0].wrap {
        Wrap::Plain => each(line),
        Wrap::Heading => each(|l| format!("### {}", line(l))),
        Wrap::Quote => each(|l| format!("> {}", line(l))),
        Wrap::Pre => format!("```\n{}\n```", each(code_line)),
    }
}

fn code_line(line: &Line) -> String {
    // A zero-width space keeps three backticks from ending the block.
    layout::plain(std::slice::from_ref(line)).replace("```", "`\u{200b}`\u{200b}`")
}

fn line(line: &Line) -> String {
    let words: String = line.spans.iter().map(span).collect();
    if line.prefix.is_empty() {
        return escape_start(words);
    }
    // Discord makes lists of these by itself.
    format!("{}{words}", line.prefix.replace('•', "-"))
}

fn span(span: &Span) -> String {
    match span {
        Span::Text(text) => escape(text),
        Span::Bold(text) if text.trim().is_empty() => escape(text),
        Span::Bold(text) => format!("**{}**", escape(text)),
        Span::Code(text) => inline_code(text),
        Span::Link { text, url } if text == url => escape(text),
        Span::Link { text, url } if !is_link(url) => escape(&format!("{text} ({url})")),
        Span::Link { text, url } => {
            format!("[{}](<{}>)", escape(text), url.replace('>', "%3E").replace(' ', "%20"))
        }
    }
}

fn inline_code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// Backslashes before everything that would be notation; addresses stay as they are, or they would break.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        let address = word.find("https://").or_else(|| word.find("http://")).unwrap_or(word.len());
        for c in word[..address].chars() {
            if matches!(c, '\\' | '*' | '_' | '~' | '`' | '|' | '[' | '<') {
                safe.push('\\');
            }
            safe.push(if c.is_control() { ' ' } else { c });
        }
        safe.push_str(&word[address..]);
    }
    safe
}

/// Signs that are notation at the start of a line only: `#`, `-`, `+`, `>`, `1.`.
fn escape_start(line: String) -> String {
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    if digits > 0 && line[digits..].starts_with(['.', ')']) {
        return format!("{}\\{}", &line[..digits], &line[digits..]);
    }
    if line.starts_with(['#', '-', '+', '>']) { format!("\\{line}") } else { line }
}

fn is_link(link: &str) -> bool {
    link.len() <= MAX_LINK && url::Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// The parts of a message: its texts with the buttons under the last one, then its files.
pub(super) fn parts(message: &Outgoing) -> Vec<Part> {
    let rows = rows(&message.buttons);
    let mut texts = layout::parts(&Markdown, &message.blocks);
    if texts.is_empty() && !rows.is_empty() {
        texts.push(TextPart { markup: "↓".into(), plain: "↓".into(), rows: Vec::new() });
    }
    if let Some(last) = texts.last_mut() {
        last.rows = rows;
    }
    texts.into_iter().map(Part::Text).chain(message.files.iter().cloned().map(Part::File)).collect()
}

/// At most five rows of five. Rows that are too long go on in the next; too many rows flow together.
fn rows(rows: &[Vec<Button>]) -> Vec<Vec<Button>> {
    let mut seen = std::collections::HashSet::new();
    let mut fine = |b: &&Button| match &b.url {
        Some(url) => is_link(url),
        // Two buttons with one id make Discord refuse the message.
        None => {
            !b.action.is_empty() && b.action.chars().count() <= MAX_CUSTOM_ID && seen.insert(b.action.clone())
        }
    };
    let kept: Vec<Vec<Button>> =
        rows.iter().map(|row| row.iter().filter(|b| fine(b)).cloned().collect::<Vec<Button>>()).collect();
    let split: Vec<Vec<Button>> =
        kept.iter().flat_map(|row| row.chunks(MAX_ROW).map(<[Button]>::to_vec)).collect();
    if split.len() <= MAX_ROWS {
        return split;
    }
    let all: Vec<Button> = split.into_iter().flatten().collect();
    if all.len() > MAX_ROW * MAX_ROWS {
        tracing::warn!(buttons = all.len(), "more buttons than Discord shows; the last are left out");
    }
    all.chunks(MAX_ROW).take(MAX_ROWS).map(<[Button]>::to_vec).collect()
}

/// `components` of a message.
pub(super) fn components(rows: &[Vec<Button>]) -> Value {
    let button = |b: &Button| {
        let label = layout::label(&b.label, MAX_LABEL);
        match &b.url {
            Some(url) => json!({ "type": 2, "style": 5, "label": label, "url": url }),
            None => json!({ "type": 2, "style": 2, "label": label, "custom_id": b.action }),
        }
    };
    let row = |row: &Vec<Button>| json!({ "type": 1, "components": row.iter().map(button).collect::<Vec<Value>>() });
    Value::Array(rows.iter().map(row).collect())
}

#[cfg(test)]
mod tests;
