//! Small tools to put a message together, and to take its plain text for the transcript.
use firstline_core::ticket::Number;

use crate::action::Action;
use crate::message::{Block, Button, Outgoing, Span};
use crate::texts::{Lang, t, tt};

pub fn button(label: impl Into<String>, action: &Action) -> Button {
    Button { label: label.into(), action: action.to_string(), url: None }
}

pub fn paragraph(text: impl Into<String>) -> Block {
    Block::Paragraph(vec![Span::Text(text.into())])
}

pub fn link(text: impl Into<String>, url: impl Into<String>) -> Span {
    Span::Link { text: text.into(), url: url.into() }
}

/// A list of plain lines.
pub fn lines(items: Vec<String>) -> Block {
    Block::List { ordered: false, items: items.into_iter().map(|i| vec![Span::Text(i)]).collect() }
}

/// A message of paragraphs.
pub fn message(paragraphs: impl IntoIterator<Item = String>) -> Outgoing {
    Outgoing { blocks: paragraphs.into_iter().map(paragraph).collect(), ..Outgoing::default() }
}

/// The button for a person, with what it is about.
pub fn person_button(lang: Lang, about: Option<&str>) -> Button {
    button(tt(lang, "button-person"), &Action::Person { about: about.map(str::to_owned) })
}

pub fn report_button(lang: Lang, about: Option<&str>) -> Button {
    button(tt(lang, "button-report"), &Action::Report { about: about.map(str::to_owned) })
}

/// The way to put a message onto a ticket: straight when one is open, by choosing when several are.
pub fn add_button(lang: Lang, message: &str, open: &[Number]) -> Option<Button> {
    match open {
        [] => None,
        [number] => Some(add_to_button(lang, message, *number)),
        _ => Some(button(tt(lang, "button-add-which"), &Action::Which { message: message.into() })),
    }
}

pub fn add_to_button(lang: Lang, message: &str, number: Number) -> Button {
    let label = t(lang, "button-add-to", &[("number", number.to_string().into())]);
    button(label, &Action::AddTo { message: message.into(), number })
}

/// Turns the links of buttons written `private:PAYLOAD` into ones that open a private chat with the bot and
/// begin it with `/start PAYLOAD`. Where a channel has none the button goes; the words say enough.
pub fn with_private_links(message: &Outgoing, link: impl Fn(&str) -> Option<String>) -> Outgoing {
    let mut message = message.clone();
    for row in &mut message.buttons {
        row.retain_mut(|button| {
            let Some(payload) = button.url.as_deref().and_then(|url| url.strip_prefix("private:")) else {
                return true;
            };
            button.url = link(payload);
            button.url.is_some()
        });
    }
    message.buttons.retain(|row| !row.is_empty());
    message
}

/// The first `max` characters, with an ellipsis where something was cut.
pub fn clip(text: &str, max: usize) -> String {
    let text = text.trim();
    if text.chars().count() <= max {
        return text.to_string();
    }
    text.chars().take(max.saturating_sub(1)).chain(['…']).collect()
}

/// A title from somebody's words: their first line, clipped.
pub fn title_of(text: &str) -> String {
    clip(text.trim().lines().next().unwrap_or_default(), 80)
}

/// A message without its form, for the transcript.
pub fn plain(message: &Outgoing) -> String {
    let mut parts: Vec<String> = message.blocks.iter().map(plain_block).collect();
    let labels: Vec<String> = message.buttons.iter().flatten().map(|b| format!("[{}]", b.label)).collect();
    if !labels.is_empty() {
        parts.push(labels.join(" "));
    }
    parts.join("\n")
}

fn plain_block(block: &Block) -> String {
    match block {
        Block::Heading(text) | Block::Code(text) => text.clone(),
        Block::Paragraph(spans) | Block::Quote(spans) => plain_spans(spans),
        Block::List { ordered, items } => {
            let mark = |i: usize| if *ordered { format!("{}. ", i + 1) } else { "- ".to_string() };
            let items = items.iter().enumerate().map(|(i, spans)| mark(i) + &plain_spans(spans));
            items.collect::<Vec<_>>().join("\n")
        }
    }
}

fn plain_spans(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| match span {
            Span::Text(text) | Span::Bold(text) | Span::Code(text) => text.clone(),
            Span::Link { text, url } if text == url => url.clone(),
            Span::Link { text, url } => format!("{text} ({url})"),
        })
        .collect()
}
