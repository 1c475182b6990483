//! What is said about an existing ticket reaches that ticket.
use super::dialogue::{CURRENT, Mode, Said};
use super::say::message;
use super::words::{Talk, small_talk};
use super::{Effect, Step, TicketRef, menu, tickets};
use crate::texts::{t, tt};

/// A reply to a ticket's message, or the message announced by "add something".
pub fn follow_up(step: &mut Step<'_>, said: Said) {
    let announced = step.facts.ticket.as_ref().map(|card| TicketRef::from(&card.ticket));
    let Some(ticket) = step.ctx.replied.clone().or(announced) else {
        step.dialogue.mode = Mode::Idle;
        return step.say(message([tt(step.lang, "ticket-unknown")]));
    };
    if let Mode::Contesting { number } = step.dialogue.mode
        && number == ticket.number
        && ticket.status.is_open()
        && !said.text.trim().is_empty()
    {
        return contested(step, &ticket, said);
    }
    if matches!(step.dialogue.mode, Mode::Appending { .. } | Mode::Contesting { .. }) {
        step.dialogue.mode = Mode::Idle;
    }
    let note = Effect::NoteOnTicket { number: ticket.number, message_id: CURRENT.into() };
    match (ticket.status.is_open(), small_talk(&said.text)) {
        (false, Some(Talk::Solved)) => {
            step.effect(note);
            tickets::works(step, &ticket);
        }
        (false, Some(Talk::Thanks | Talk::Hello)) => {
            step.effect(note);
            step.say_about(message([tt(step.lang, "talk-thanks")]), Some(ticket.id));
        }
        _ => {
            step.effect(Effect::AddToTicket { number: ticket.number, message_id: CURRENT.into() });
            added(step, &ticket);
        }
    }
}

/// "Add this to FL-…" was tapped under an earlier message.
pub fn add(step: &mut Step<'_>, token: &str, ticket: &TicketRef) {
    if let Some(number) = step.dialogue.placed(token) {
        return step.say(message([t(step.lang, "added-already", &[("number", number.to_string().into())])]));
    }
    let Some(said) = step.dialogue.message(token).cloned() else { return menu::too_old(step) };
    step.effect(Effect::AddToTicket { number: ticket.number, message_id: said.id });
    step.dialogue.place(token, ticket.number);
    step.dialogue.mode = Mode::Idle;
    step.dialogue.end_episode();
    added(step, ticket);
}

/// The words after "this level is not right".
fn contested(step: &mut Step<'_>, ticket: &TicketRef, said: Said) {
    step.dialogue.mode = Mode::Idle;
    let (number, words) = (ticket.number, said.text.trim().to_string());
    step.effect(Effect::Contest { number, message_id: CURRENT.into(), words });
    let text = t(step.lang, "contested", &[("number", number.to_string().into())]);
    step.say_about(message([text]), Some(ticket.id.clone()));
}

fn added(step: &mut Step<'_>, ticket: &TicketRef) {
    let key = if ticket.status.is_open() { "added" } else { "added-reopened" };
    let text = t(step.lang, key, &[("number", ticket.number.to_string().into())]);
    step.say_about(message([text]), Some(ticket.id.clone()));
}
