//! A draft from a solved ticket: the question and what helped, without anybody's data.
use firstline_core::desk::view::TicketView;
use firstline_core::ticket::{Author, Message};

use crate::article::{ArticleKind, Draft};
use crate::language;
use crate::mask::mask;
use crate::parts::Parts;

/// Of an answer that is a conversation, the last so many messages tell what helped.
const ANSWERS: usize = 3;
const LONGEST_TITLE: usize = 120;
const LONGEST_SYMPTOM: usize = 200;

/// What a curator begins with: everything in it is to be read before it is kept.
pub fn from_ticket(view: &TicketView) -> Draft {
    let ticket = &view.ticket;
    let asked = first_words(view);
    let lang = language::guess(&format!("{} {asked}", ticket.title)).unwrap_or("zh-CN").to_string();
    let mut names: Vec<&str> = vec![&view.person.name];
    names.extend(view.assignee.as_ref().map(|staff| staff.name.as_str()));
    let clean = |text: &str| mask(text, &names, &lang);
    let title = cut(&clean(&ticket.title), LONGEST_TITLE);
    let symptom = cut(&clean(asked.lines().next().unwrap_or_default()), LONGEST_SYMPTOM);
    let applies = ticket.product_version.as_deref().map(|v| match (&ticket.product, lang.as_str()) {
        (Some(product), _) => format!("{product} {v}"),
        (None, "en") => format!("Version {v}"),
        (None, _) => format!("版本 {v}"),
    });
    let parts = Parts {
        symptoms: clean(&asked),
        user: clean(&what_helped(&view.messages)),
        applies: applies.unwrap_or_default(),
        ..Parts::default()
    };
    Draft {
        external_id: String::new(),
        kind: ArticleKind::Troubleshooting,
        category: None,
        body_md: parts.write(&lang),
        product: ticket.product.clone(),
        versions: None,
        tags: Vec::new(),
        codes: Vec::new(),
        symptoms: if symptom.is_empty() || symptom == title { Vec::new() } else { vec![symptom] },
        questions: Vec::new(),
        frequent: false,
        translates: None,
        lang,
        title,
    }
}

/// What the customer said before anybody answered.
fn first_words(view: &TicketView) -> String {
    let said: Vec<&str> = view
        .messages
        .iter()
        .take_while(|m| m.author != Author::Staff)
        .filter(|m| m.author == Author::Customer)
        .map(|m| m.text.trim())
        .filter(|t| !t.is_empty())
        .collect();
    said.join("\n\n")
}

/// The last public words of staff, in order.
fn what_helped(messages: &[Message]) -> String {
    let mut said: Vec<&str> = messages
        .iter()
        .rev()
        .filter(|m| m.author == Author::Staff && !m.internal)
        .map(|m| m.text.trim())
        .filter(|t| !t.is_empty())
        .take(ANSWERS)
        .collect();
    said.reverse();
    said.join("\n\n")
}

fn cut(text: &str, longest: usize) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(longest).collect()
}
