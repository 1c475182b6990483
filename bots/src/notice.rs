//! What the core tells a customer, in the customer's language.
mod release;

use firstline_core::desk::{Links, Notice};
use firstline_core::ticket::{Number, Status};
use firstline_core::{Time, severity};

use crate::action::Action;
use crate::message::{Block, Outgoing, Span};
use crate::step::say::{button, link, message, paragraph};
use crate::step::tickets::{status_word, verdict_row};
use crate::texts::{self, Lang, t, tt};

/// A notice as a message. A reply to it belongs to its ticket, so most need no buttons.
pub fn render(notice: &Notice, lang: impl Into<Lang>, links: &Links, now: Time) -> Outgoing {
    let lang = lang.into();
    match notice {
        Notice::StaffReply { number, title, text, staff, files } => {
            let mut out = staff_reply(lang, *number, title, text, staff.as_deref());
            out.files = files.clone();
            out
        }
        Notice::Status { number, title, status, note } => {
            status_changed(lang, *number, title, *status, note.as_deref())
        }
        Notice::Severity { number, title, severity, resolve_due } => {
            severity_changed(lang, *number, title, severity, *resolve_due, now)
        }
        Notice::Assigned { number, staff } => {
            let args = [("number", number.to_string().into()), ("staff", staff.as_str().into())];
            message([t(lang, "notice-assigned", &args)])
        }
        Notice::Escalated { number, title, severity, milestone, due_at } => {
            let args = [
                ("number", number.to_string().into()),
                ("title", crate::step::say::clip(title, 80).into()),
                ("level", texts::level(*severity, lang).into()),
                ("promise", crate::step::card::promised(*milestone, lang).into()),
                ("when", texts::when(*due_at, now, lang).into()),
            ];
            let mut out = message([t(lang, "notice-escalated", &args)]);
            let console = links.page(&format!("/console/tickets/{number}"));
            out.blocks.push(Block::Paragraph(vec![link(number.to_string(), console)]));
            out
        }
        Notice::Entitlement { number, title, entitlement } => {
            let head = t(lang, "notice-entitlement", &about(*number, title));
            message(std::iter::once(head).chain(texts::entitlement_lines(entitlement, lang)))
        }
        Notice::Quote { number, title, days, cents, currency, note, link: page } => {
            let price = texts::money(*cents, currency);
            let mut args = about(*number, title).to_vec();
            args.extend([("days", (*days).into()), ("price", price.into())]);
            let mut out = message([t(lang, "notice-quote", &args), note.clone()]);
            out.blocks.push(Block::Paragraph(vec![link(tt(lang, "notice-quote-link"), page.clone())]));
            out
        }
        Notice::ClosedUnanswered { number, title, days } => {
            let mut args = about(*number, title).to_vec();
            args.push(("days", (*days).into()));
            let mut out = message([t(lang, "notice-closed-unanswered", &args)]);
            let still = button(tt(lang, "button-still-broken"), &Action::StillBroken { number: *number });
            out.buttons = vec![vec![still]];
            out
        }
        Notice::FileTooLarge { number, name } => too_large(lang, *number, name, links),
        Notice::Release(notice) => release::render(notice, lang, links),
    }
}

fn about(number: Number, title: &str) -> [texts::Arg<'static>; 2] {
    [("number", number.to_string().into()), ("title", crate::step::say::clip(title, 40).into())]
}

fn staff_reply(lang: Lang, number: Number, title: &str, text: &str, staff: Option<&str>) -> Outgoing {
    let staff = staff.map_or_else(|| tt(lang, "author-staff"), str::to_owned);
    let args = [
        ("number", number.to_string().into()),
        ("staff", staff.into()),
        ("title", crate::step::say::clip(title, 40).into()),
    ];
    let head = t(lang, "notice-reply", &args);
    let mut out = Outgoing { blocks: vec![Block::Paragraph(vec![Span::Bold(head)])], ..Outgoing::default() };
    // Staff write plain words; each paragraph stays one.
    out.blocks.extend(text.split("\n\n").map(str::trim).filter(|p| !p.is_empty()).map(paragraph));
    out
}

fn status_changed(lang: Lang, number: Number, title: &str, status: Status, note: Option<&str>) -> Outgoing {
    let args = [
        ("number", number.to_string().into()),
        ("title", crate::step::say::clip(title, 40).into()),
        ("status", status_word(status, lang).into()),
    ];
    let key = match status {
        Status::Resolved => "notice-resolved",
        Status::Closed => "notice-closed",
        Status::WaitingForCustomer => "notice-waiting-for-customer",
        Status::WaitingForThirdParty => "notice-waiting-for-third-party",
        Status::New | Status::Open => "notice-status",
    };
    let mut out = message([t(lang, key, &args)]);
    if let Some(note) = note.filter(|n| !n.trim().is_empty()) {
        out.blocks.push(Block::Quote(vec![Span::Text(note.to_string())]));
    }
    match status {
        Status::Resolved => {
            out.blocks.push(paragraph(tt(lang, "notice-works-now")));
            out.buttons = vec![verdict_row(number, lang)];
        }
        Status::Closed => {
            let still = button(tt(lang, "button-still-broken"), &Action::StillBroken { number });
            out.buttons = vec![vec![still]];
        }
        Status::WaitingForCustomer => {
            out.buttons = vec![vec![button(tt(lang, "button-append"), &Action::Append { number })]];
        }
        _ => {}
    }
    out
}

fn severity_changed(
    lang: Lang,
    number: Number,
    title: &str,
    severity: &severity::Assessment,
    resolve_due: Option<Time>,
    now: Time,
) -> Outgoing {
    let args = [
        ("number", number.to_string().into()),
        ("title", crate::step::say::clip(title, 40).into()),
        ("severity", texts::severity_reason(severity, lang).into()),
    ];
    let mut out = message([t(lang, "notice-severity", &args)]);
    if let Some(due) = resolve_due {
        let when = texts::when(due, now, lang);
        out.blocks.push(paragraph(t(lang, "notice-severity-due", &[("when", when.into())])));
    }
    out
}

/// The bytes cannot come by this channel; the site takes larger ones.
fn too_large(lang: Lang, number: Option<Number>, name: &str, links: &Links) -> Outgoing {
    let mut out =
        message([t(lang, "notice-too-large", &[("name", crate::step::say::clip(name, 60).into())])]);
    let path = number.map_or_else(|| "/".to_string(), |n| format!("/t/{n}"));
    out.blocks.push(Block::Paragraph(vec![link(tt(lang, "notice-too-large-link"), links.page(&path))]));
    if let Some(number) = number {
        // The card holds the customer's own link to the ticket page.
        out.buttons = vec![vec![button(tt(lang, "button-status"), &Action::Status { number })]];
    }
    out
}
