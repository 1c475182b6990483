//! The customer's own tickets: the list, one ticket's card, and the end of one (works, still broken, stars).
use firstline_core::clocks::ClockState;
use firstline_core::ticket::{Author, ClockRow, Number, Status, TimelineEntry, TimelineRow};

use super::dialogue::Mode;
use super::say::{self, button, lines, link, message, paragraph, person_button, report_button};
use super::{Effect, Step, TicketCard, TicketRef, menu};
use crate::action::Action;
use crate::message::{Block, Button, Outgoing};
use crate::texts::{self, Lang, severity_reason, t, tt};

const LISTED: usize = 8;

/// `/tickets`: open ones first.
pub fn list(step: &mut Step<'_>) {
    if !step.ctx.private {
        return menu::to_private(step, "tickets");
    }
    let lang = step.lang;
    if step.facts.tickets.is_empty() {
        let mut out = message([tt(lang, "tickets-none")]);
        out.buttons = vec![vec![report_button(lang, None), person_button(lang, None)]];
        return step.say(out);
    }
    let out = listing(step, tt(lang, "tickets-heading"));
    step.say(out);
}

fn listing(step: &Step<'_>, intro: String) -> Outgoing {
    let mut out = message([intro]);
    let (open, over): (Vec<_>, Vec<_>) = step.facts.tickets.iter().partition(|t| t.status.is_open());
    for ticket in open.into_iter().chain(over).take(LISTED) {
        let label = format!(
            "{} · {} · {}",
            ticket.number,
            status_word(ticket.status, step.lang),
            say::clip(&ticket.title, 30)
        );
        out.buttons.push(vec![button(label, &Action::Status { number: ticket.number })]);
    }
    out
}

/// The word for a status.
pub fn status_word(status: Status, lang: Lang) -> String {
    tt(lang, &format!("status-{}", status.as_str().replace('_', "-")))
}

/// `/status`, with or without a number.
pub fn status(step: &mut Step<'_>, typed: &str) {
    if !step.ctx.private {
        return menu::to_private(step, "tickets");
    }
    let lang = step.lang;
    if step.facts.ticket.is_some() {
        return card(step);
    }
    if step.facts.tickets.is_empty() {
        return list(step);
    }
    let intro = if typed.trim().is_empty() {
        tt(lang, "status-which")
    } else {
        t(lang, "status-unknown", &[("typed", say::clip(typed, 40).into())])
    };
    let out = listing(step, intro);
    step.say(out);
}

/// One ticket: status, level and reason, promises and how they stand, the last word, the link.
pub fn card(step: &mut Step<'_>) {
    let Some(card) = step.facts.ticket.as_ref() else { return menu::too_old(step) };
    let lang = step.lang;
    let ticket = &card.ticket;
    let mut out = Outgoing::default();
    out.blocks.push(menu::ticket_heading(ticket.number, &ticket.title));
    let status = t(lang, "card-status", &[("status", status_word(ticket.status, lang).into())]);
    out.blocks.push(paragraph(status));
    out.blocks.push(paragraph(severity_reason(&ticket.assessment(), lang)));
    out.blocks.push(lines(card.clocks.iter().map(|c| clock_line(step, c)).collect()));
    out.blocks.extend(last_word(step, card));
    out.blocks.push(Block::Paragraph(vec![link(tt(lang, "opened-link"), card.link.clone())]));
    out.buttons = card_buttons(ticket.number, ticket.status, lang);
    let id = ticket.id.clone();
    step.say_about(out, Some(id));
}

fn card_buttons(number: Number, status: Status, lang: Lang) -> Vec<Vec<Button>> {
    match status {
        Status::Resolved => vec![verdict_row(number, lang)],
        Status::Closed => {
            vec![vec![button(tt(lang, "button-still-broken"), &Action::StillBroken { number })]]
        }
        _ => vec![vec![
            button(tt(lang, "button-append"), &Action::Append { number }),
            button(tt(lang, "button-contest"), &Action::Contest { number }),
        ]],
    }
}

/// The level is not right: why, is asked.
pub fn contest(step: &mut Step<'_>, ticket: &TicketRef) {
    let (lang, number) = (step.lang, ticket.number);
    if !ticket.status.is_open() {
        return still_broken_offer(step, ticket);
    }
    step.dialogue.mode = Mode::Contesting { number };
    let level = step.facts.ticket.as_ref().map(|card| severity_reason(&card.ticket.assessment(), lang));
    let args = [("number", number.to_string().into()), ("severity", level.unwrap_or_default().into())];
    step.say_about(message([t(lang, "contest-why", &args)]), Some(ticket.id.clone()));
}

/// A solved ticket has no level any more that matters: the way back is offered instead.
fn still_broken_offer(step: &mut Step<'_>, ticket: &TicketRef) {
    let (lang, number) = (step.lang, ticket.number);
    let mut out = message([t(lang, "contest-over", &[("number", number.to_string().into())])]);
    out.buttons = vec![vec![button(tt(lang, "button-still-broken"), &Action::StillBroken { number })]];
    step.say_about(out, Some(ticket.id.clone()));
}

/// Does it work now?
pub fn verdict_row(number: Number, lang: Lang) -> Vec<Button> {
    vec![
        button(tt(lang, "button-works"), &Action::Works { number }),
        button(tt(lang, "button-still-broken"), &Action::StillBroken { number }),
    ]
}

fn clock_line(step: &Step<'_>, clock: &ClockRow) -> String {
    let lang = step.lang;
    let name = super::card::promised(clock.milestone, lang);
    let when = |time| texts::when(time, step.ctx.now, lang);
    let state = match clock.state_at(step.ctx.now) {
        ClockState::Running => t(lang, "clock-running", &[("when", when(clock.due_at).into())]),
        ClockState::Paused => tt(lang, "clock-paused"),
        ClockState::Met => {
            t(lang, "clock-met", &[("when", when(clock.met_at.unwrap_or(clock.due_at)).into())])
        }
        ClockState::Breached => t(lang, "clock-breached", &[("when", when(clock.due_at).into())]),
    };
    t(lang, "clock-line", &[("name", name.into()), ("state", state.into())])
}

fn last_word(step: &Step<'_>, card: &TicketCard) -> Option<Block> {
    let (author, text, at) = card.last.as_ref()?;
    let lang = step.lang;
    let who = match author {
        Author::Customer => tt(lang, "author-you"),
        Author::Staff => tt(lang, "author-staff"),
        Author::Bot | Author::System => tt(lang, "author-system"),
    };
    let args = [
        ("who", who.into()),
        ("when", texts::when(*at, step.ctx.now, lang).into()),
        ("text", say::clip(text, 200).into()),
    ];
    Some(paragraph(t(lang, "card-last", &args)))
}

/// It works: closed, and the stars are asked for.
pub fn works(step: &mut Step<'_>, ticket: &TicketRef) {
    let lang = step.lang;
    let number = ticket.number;
    if ticket.status.is_open() {
        let text = t(lang, "works-not-solved-yet", &[("number", number.to_string().into())]);
        return step.say_about(message([text]), Some(ticket.id.clone()));
    }
    if ticket.status == Status::Closed && rated(step) {
        let text = t(lang, "closed-already", &[("number", number.to_string().into())]);
        return step.say_about(message([text]), Some(ticket.id.clone()));
    }
    step.effect(Effect::ConfirmSolved { number });
    let mut out = message([t(lang, "works-thanks", &[("number", number.to_string().into())])]);
    let star = |stars: u8| button("★".repeat(usize::from(stars)), &Action::Stars { number, stars });
    out.buttons = vec![(4..=5).rev().map(star).collect(), (1..=3).rev().map(star).collect()];
    step.say_about(out, Some(ticket.id.clone()));
}

/// It does not: reopened, and said so.
pub fn still_broken(step: &mut Step<'_>, ticket: &TicketRef) {
    let number = ticket.number;
    let key = if ticket.status.is_open() { "reopen-open-already" } else { "reopened" };
    if !ticket.status.is_open() {
        step.effect(Effect::Reopen { number });
    }
    let mut out = message([t(step.lang, key, &[("number", number.to_string().into())])]);
    out.buttons = vec![vec![button(tt(step.lang, "button-append"), &Action::Append { number })]];
    step.say_about(out, Some(ticket.id.clone()));
}

/// Stars count once per resolution.
pub fn stars(step: &mut Step<'_>, ticket: &TicketRef, stars: u8) {
    let lang = step.lang;
    let number = ticket.number;
    let key = if ticket.status.is_open() {
        "works-not-solved-yet"
    } else if rated(step) {
        "rated-already"
    } else {
        step.effect(Effect::Rate { number, stars });
        if stars <= 2 { "rated-low" } else { "rated" }
    };
    let mut out = message([t(lang, key, &[("number", number.to_string().into())])]);
    if key == "rated-low" {
        out.buttons = vec![vec![
            button(tt(lang, "button-append"), &Action::Append { number }),
            person_button(lang, None),
        ]];
    }
    step.say_about(out, Some(ticket.id.clone()));
}

fn rated(step: &Step<'_>) -> bool {
    step.facts.ticket.as_ref().is_some_and(|card| rated_since_solved(&card.timeline))
}

/// True when stars were given after the ticket was last solved.
pub fn rated_since_solved(timeline: &[TimelineRow]) -> bool {
    let last = timeline.iter().rev().find_map(|row| match &row.data.0 {
        TimelineEntry::Rated { .. } => Some(true),
        TimelineEntry::Status { from, to, .. } if from.is_open() && !to.is_open() => Some(false),
        _ => None,
    });
    last.unwrap_or(false)
}
