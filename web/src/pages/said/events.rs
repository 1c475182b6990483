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
            TimelineEntry::Assigned { to, .. } => ("person", self.assigned(to.as_deref(), row, &who)?),
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
            other => return self.clock_event(row, other, &who),
        };
        Some(Event { icon, text, at: row.at, bad: false })
    }

    /// What concerns promises: for staff, but for what the customer took part in.
    fn clock_event(&self, row: &TimelineRow, entry: &TimelineEntry, who: &str) -> Option<Event> {
        let page = self.page;
        let (icon, text) = match entry {
            TimelineEntry::Request { to, note, .. } => {
                let kind = page.word("kind", to.as_str());
                (
                    "swap",
                    with_note(
                        self.say("event-request", who, &kind),
                        Some(note.as_str()).filter(|_| self.inside),
                    ),
                )
            }
            TimelineEntry::Handling { to, note, .. } => {
                let mode = page.word("mode", to.as_str());
                ("swap", with_note(self.say("event-handling", who, &mode), note.as_deref()))
            }
            TimelineEntry::Milestone { step, note } => (
                "check",
                with_note(self.say("event-step", who, &page.word("step", step.as_str())), note.as_deref()),
            ),
            TimelineEntry::PlanConfirmed { due_at, note } => {
                let when = firstline_bots::texts::when(*due_at, row.at, page.lang.tag());
                ("check", with_note(self.say("event-plan-confirmed", who, &when), note.as_deref()))
            }
            TimelineEntry::Contested { words } => {
                ("alert", with_note(self.say("event-contested", who, ""), Some(words.as_str())))
            }
            TimelineEntry::Taken => ("person", self.say("event-taken", who, "")),
            _ if !self.inside => return None,
            TimelineEntry::Difficulty { to, note, .. } => {
                let difficulty = page.word("difficulty", to.as_str());
                ("swap", with_note(self.say("event-difficulty", who, &difficulty), Some(note)))
            }
            TimelineEntry::Region { to, .. } => {
                ("swap", self.say("event-region", who, to.as_deref().unwrap_or("–")))
            }
            TimelineEntry::PlanChanged { to, note, .. } => {
                let version = format!("{} v{}", to.id, to.version);
                ("swap", with_note(self.say("event-plan-changed", who, &version), Some(note)))
            }
            TimelineEntry::Escalated { milestone, to, .. } => {
                let name = page.word("milestone", milestone.as_str());
                ("alert", with_note(page.t1("event-escalated", &name), Some(&to.join(", "))))
            }
            TimelineEntry::Attention { why } => ("alert", with_note(page.t("event-attention"), Some(why))),
            _ => return None,
        };
        Some(Event { icon, text, at: row.at, bad: false })
    }

    fn assigned(&self, to: Option<&str>, row: &TimelineRow, who: &str) -> Option<String> {
        match to {
            Some(id) => {
                let name = self.name(Some(id)).unwrap_or_else(|| self.page.t("author-staff"));
                // Routing happens in the commit of the report: whoever reported did not choose.
                let chosen = matches!(row.actor.as_str(), "staff" | "token");
                let key = match (self.inside, chosen) {
                    (true, true) => "event-assigned",
                    (true, false) => "event-routed",
                    _ => "event-assigned-outside",
                };
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
