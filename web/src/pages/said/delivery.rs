//! How a staff message stands on its way to the customer.
use firstline_core::desk::view::TicketView;
use firstline_core::outbox::{OutboxRow, OutboxState};
use firstline_core::ticket::{Author, Message};

use crate::pages::Page;

#[derive(Debug)]
pub struct Delivery {
    /// `sent`, `queued`, `retry`, `blocked`, `failed` or `page`; also the CSS class.
    pub look: &'static str,
    pub text: String,
    /// What the platform said, for staff.
    pub error: Option<String>,
}

/// None for messages that go nowhere: notes and what customers wrote.
pub fn of_message(page: &Page, view: &TicketView, m: &Message) -> Option<Delivery> {
    if m.author != Author::Staff || m.internal {
        return None;
    }
    let row = view.outbox.iter().find(|row| row.message_id.as_deref() == Some(m.id.as_str()));
    Some(row.map_or_else(|| on_the_page(page), |row| of_row(page, row)))
}

/// A ticket without a chat: its customer reads it by the link.
fn on_the_page(page: &Page) -> Delivery {
    Delivery { look: "page", text: page.t("delivery-page"), error: None }
}

/// How one row of the outbox stands.
pub fn of_row(page: &Page, row: &OutboxRow) -> Delivery {
    let (look, text) = match row.state {
        OutboxState::Sent => ("sent", page.t("delivery-sent")),
        OutboxState::Queued if row.attempts == 0 => ("queued", page.t("delivery-queued")),
        OutboxState::Queued => ("retry", page.t1("delivery-retry", &page.moment(row.next_at))),
        OutboxState::Blocked => ("blocked", page.t("delivery-blocked")),
        OutboxState::Failed => ("failed", page.t("delivery-failed")),
    };
    Delivery { look, text, error: row.error.clone() }
}
