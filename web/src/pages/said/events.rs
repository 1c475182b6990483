//! What happened on a ticket, in words.
use firstline_bots::texts::severity_reason;
use firstline_core::desk::view::TicketView;
use firstline_core::ticket::{TimelineEntry, TimelineRow};

use super::{Event, Eyes};

impl Eyes<'_> {
    /// None where the message itself tells it, or where it does not concern the reader.
    pub(super) fn event(&self, view: &TicketView, row: &TimelineRow) -> Option<Event> {
        let who = self.actor(view, row);
        let (icon, text) = match &row.data.0 {
            TimelineEntry::Message { .. } => return None,
            TimelineEntry::Edited { .. } if !self.inside => return None,
            TimelineEntry::Edited { .. } => ("edit", self.say("event-edited", &who, "")),
            TimelineEntry::Opened { severity, .. } => {
                ("inbox", self.say("event-opened", &who, &severity_reason(severity, self.page.lang.tag())))
            }
            TimelineEntry::Status { to, note, .. } => {
                let status = self.page.word("status", to.as_str());
                let text = self.say("event-status", &who, &status);
                ("swap", with_note(text, note.as_deref().filter(|_| row.actor != "customer")))
            }
            TimelineEntry::Severity { to, .. } => {
                ("alert", self.say("event-severity", &who, &severity_reason(to, self.page.lang.tag())))
            }
            TimelineEntry::Assigned { to, .. } => ("person", self.assigned(to.as_deref(), &who)?),
            TimelineEntry::Rated { stars, comment, .. } => {
                let stars = "★".repeat(usize::try_from(*stars).unwrap_or_default().min(5));
                ("star", with_note(self.say("event-rated", &who, &stars), comment.as_deref()))
            }
            TimelineEntry::Service { entry } => super::service::words(self.page, entry, self.inside)?,
            TimelineEntry::Breached { .. } if !self.inside => return None,
            TimelineEntry::Breached { milestone, .. } => {
                let name = self.page.word("milestone", milestone.as_str());
                return Some(Event {
                    icon: "alert",
                    text: self.page.t1("event-breached", &name),
                    at: row.at,
                    bad: true,
                });
            }
        };
        Some(Event { icon, text, at: row.at, bad: false })
    }

    fn assigned(&self, to: Option<&str>, who: &str) -> Option<String> {
        match to {
            Some(id) => {
                let name = self.name(Some(id)).unwrap_or_else(|| self.page.t("author-staff"));
                let key = if self.inside { "event-assigned" } else { "event-assigned-outside" };
                Some(self.say(key, who, &name))
            }
            None if self.inside => Some(self.say("event-unassigned", who, "")),
            None => None,
        }
    }

    fn say(&self, key: &str, who: &str, what: &str) -> String {
        self.page.lang.text_with(key, &[("who", who.into()), ("what", what.into())])
    }

    fn actor(&self, view: &TicketView, row: &TimelineRow) -> String {
        match row.actor.as_str() {
            "customer" if self.inside => view.person.name.clone(),
            "customer" => self.page.t("author-you"),
            "staff" => self.name(row.actor_id.as_deref()).unwrap_or_else(|| self.page.t("author-staff")),
            "token" => self.page.t("author-program"),
            _ => self.page.t("author-system"),
        }
    }
}

fn with_note(text: String, note: Option<&str>) -> String {
    match note.map(str::trim).filter(|n| !n.is_empty()) {
        Some(note) => format!("{text} — {note}"),
        None => text,
    }
}
