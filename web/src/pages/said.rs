//! A ticket's timeline as pages show it: what was said and what happened, in one order.
mod delivery;
mod events;
mod linked;
pub mod service;

use std::collections::HashMap;

use firstline_core::Time;
use firstline_core::desk::Links;
use firstline_core::desk::view::TicketView;
use firstline_core::files::{Attachment, AttachmentState};
use firstline_core::ticket::{Author, Message, MessageRevision, TimelineEntry};

pub use delivery::{Delivery, of_row as delivery_of_row};
pub use linked::linked;

use super::{Page, download};

/// One thing in the timeline.
#[derive(Debug)]
pub enum Item {
    Said(Box<Said>),
    Event(Event),
}

/// A message with everything around it.
#[derive(Debug)]
pub struct Said {
    pub id: String,
    /// `customer`, `staff`, `bot`, `system` or `internal`; also the CSS class.
    pub side: &'static str,
    pub who: String,
    pub initial: String,
    pub at: Time,
    pub edited_at: Option<Time>,
    /// Escaped, with links made clickable.
    pub html: String,
    pub files: Vec<Shown>,
    pub revisions: Vec<MessageRevision>,
    /// Only for staff and only where it went out.
    pub delivery: Option<Delivery>,
}

/// A file as it is shown.
#[derive(Debug)]
pub struct Shown {
    pub name: String,
    pub size: String,
    /// `None` while the bytes are not here.
    pub path: Option<String>,
    pub image: bool,
    /// Why it cannot be opened; empty where it can.
    pub state: String,
}

/// Something that happened.
#[derive(Debug)]
pub struct Event {
    pub icon: &'static str,
    pub text: String,
    pub at: Time,
    pub bad: bool,
}

/// Who looks at the timeline.
pub struct Eyes<'a> {
    pub page: &'a Page,
    pub links: &'a Links,
    /// Names of staff by id.
    pub staff: &'a HashMap<String, String>,
    /// Staff see notes, deliveries and every event; the customer sees what concerns them.
    pub inside: bool,
}

impl Eyes<'_> {
    pub fn timeline(&self, view: &TicketView) -> Vec<Item> {
        let told = told(view);
        let visible = view.messages.iter().filter(|m| self.inside || !m.internal);
        let mut items: Vec<(Time, i64, Item)> = visible
            .map(|m| {
                let (at, seq) = told.get(m.id.as_str()).copied().unwrap_or((m.created_at, 0));
                (at, seq, Item::Said(Box::new(self.said(view, m))))
            })
            .collect();
        let events = view.timeline.iter().filter_map(|row| Some((row.at, row.seq, self.event(view, row)?)));
        items.extend(events.map(|(at, seq, event)| (at, seq, Item::Event(event))));
        items.sort_by_key(|(at, seq, _)| (*at, *seq));
        items.into_iter().map(|(_, _, item)| item).collect()
    }

    fn said(&self, view: &TicketView, m: &Message) -> Said {
        let who = self.author(view, m);
        Said {
            id: m.id.clone(),
            side: if m.internal { "internal" } else { m.author.as_str() },
            initial: who.chars().next().map(|c| c.to_uppercase().to_string()).unwrap_or_default(),
            who,
            at: m.created_at,
            edited_at: m.edited_at,
            html: linked(&m.text),
            files: view.attachments.get(&m.id).into_iter().flatten().map(|a| self.file(a)).collect(),
            revisions: view.revisions.get(&m.id).cloned().unwrap_or_default(),
            delivery: if self.inside { delivery::of_message(self.page, view, m) } else { None },
        }
    }

    fn author(&self, view: &TicketView, m: &Message) -> String {
        match m.author {
            Author::Customer if self.inside => view.person.name.clone(),
            Author::Customer => self.page.t("author-you"),
            Author::Staff => self.name(m.author_id.as_deref()).unwrap_or_else(|| self.page.t("author-staff")),
            Author::Bot => self.page.t("author-bot"),
            Author::System => self.page.t("author-system"),
        }
    }

    fn name(&self, staff_id: Option<&str>) -> Option<String> {
        staff_id.and_then(|id| self.staff.get(id)).cloned()
    }

    fn file(&self, a: &Attachment) -> Shown {
        let here = a.state == AttachmentState::Stored && a.sha256.is_some();
        Shown {
            name: a.name.clone(),
            size: size(a.size),
            path: here.then(|| download::path(self.links, a)),
            image: here && download::is_image(a),
            state: if here { String::new() } else { self.page.word("file", a.state.as_str()) },
        }
    }
}

/// Where the timeline mentions a message; the others (the report itself) come before all events.
fn told(view: &TicketView) -> HashMap<&str, (Time, i64)> {
    let entries = view.timeline.iter();
    entries
        .filter_map(|row| match &row.data.0 {
            TimelineEntry::Message { message_id, .. } => Some((message_id.as_str(), (row.at, row.seq))),
            _ => None,
        })
        .collect()
}

/// `830 B`, `12 KB`, `3.4 MB`.
pub fn size(bytes: i64) -> String {
    match bytes {
        b if b < 1024 => format!("{b} B"),
        b if b < 1024 * 1024 => format!("{} KB", b / 1024),
        b => format!("{:.1} MB", b as f64 / (1024.0 * 1024.0)),
    }
}
