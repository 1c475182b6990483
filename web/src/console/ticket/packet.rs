//! The hand-off packet of a ticket, from the first entry of its timeline.
use firstline_core::desk::view::TicketView;
use firstline_core::ticket::{Packet, TimelineEntry};

pub fn packet_of(view: &TicketView) -> Packet {
    let opened = view.timeline.iter().find_map(|row| match &row.data.0 {
        TimelineEntry::Opened { packet, .. } => Some((**packet).clone()),
        _ => None,
    });
    opened.unwrap_or_default()
}
