//! Buttons: each does one thing, and doing it twice is harmless.
use super::dialogue::{Mode, Said};
use super::say::{self, button, message};
use super::{Ask, Effect, Step, TicketRef, answer, follow, menu, person, report, tickets, upgrade, why};
use crate::action::Action;
use crate::texts::{Lang, t, tt};

/// Carries out what a button means.
pub fn pressed(step: &mut Step<'_>, action: &Action) {
    if let Some(label) = label(step, action) {
        // The tap is part of what was said: the packet and a reloaded page show it.
        step.effect(Effect::Heard { text: label, external_id: None, files: Vec::new() });
    }
    match action {
        Action::Frequent { .. } => answer::frequent(step),
        Action::Pick { answer, nth } => answer::pick(step, answer, *nth),
        Action::Product { answer, nth } => product(step, answer, *nth),
        Action::Others { answer } => answer::others(step, answer),
        Action::Solved { answer } => answer::solved(step, answer),
        Action::Broken { answer } => answer::broken(step, answer),
        Action::Why { answer } => why::ask(step, answer),
        Action::Because { answer, nth } => why::because(step, answer, *nth),
        Action::Search { report } => search_first(step, report),
        Action::Report { about } => report::from_press(step, about.as_deref()),
        Action::Person { about } => person::pressed(step, about.as_deref()),
        Action::PersonNow => person::now(step),
        Action::Choose { report, ask, nth } => report::choose(step, report, *ask, *nth),
        Action::Edit { report, ask } => report::edit(step, report, *ask),
        Action::Confirm { report } => report::confirm(step, report),
        Action::Cancel { report } => report::cancel(step, report),
        Action::Which { message } => which(step, message),
        Action::Tickets => tickets::list(step),
        Action::Lang { tag } => menu::set_lang(step, Lang::from(*tag)),
        Action::AddTo { message, .. } => with_ticket(step, |step, ticket| follow::add(step, message, ticket)),
        Action::Append { .. } => with_ticket(step, |step, ticket| {
            step.dialogue.mode = Mode::Appending { number: ticket.number };
            let text = t(step.lang, "append-what", &[("number", ticket.number.to_string().into())]);
            step.say_about(message([text]), Some(ticket.id.clone()));
        }),
        Action::Contest { .. } => with_ticket(step, tickets::contest),
        Action::Status { .. } => with_ticket(step, |step, _| tickets::card(step)),
        Action::Works { .. } => with_ticket(step, tickets::works),
        Action::StillBroken { .. } => with_ticket(step, tickets::still_broken),
        Action::Upgrade { asked, .. } => upgrade::pressed(step, asked),
        Action::Subscribe { product, on } => upgrade::subscribe(step, product, *on),
        Action::FixWorks { .. } => with_ticket(step, upgrade::fix_works),
        Action::FixBroken { .. } => with_ticket(step, upgrade::fix_broken),
        Action::Stars { stars, .. } => with_ticket(step, |step, ticket| tickets::stars(step, ticket, *stars)),
    }
}

/// Does something with a ticket of this person; another's and a missing one look the same.
fn with_ticket(step: &mut Step<'_>, act: impl FnOnce(&mut Step<'_>, &TicketRef)) {
    if !step.ctx.private {
        return menu::to_private(step, "tickets");
    }
    match step.facts.ticket.as_ref().map(|card| TicketRef::from(&card.ticket)) {
        Some(ticket) => act(step, &ticket),
        None => step.say(message([tt(step.lang, "ticket-unknown")])),
    }
}

fn product(step: &mut Step<'_>, token: &str, nth: usize) {
    let Some(given) = step.dialogue.given(token).cloned() else { return menu::too_old(step) };
    let Some(product) = given.products.get(nth).cloned() else { return menu::too_old(step) };
    answer::answer(step, &given.question, Some(product), given.said);
}

/// Beside an urgent report: search for help after all. The report stays and can be taken up again.
fn search_first(step: &mut Step<'_>, token: &str) {
    let Some(report) = step.dialogue.report().filter(|r| r.token == token).cloned() else {
        return menu::too_old(step);
    };
    step.dialogue.drop_report(token);
    let said: Option<Said> = report.said.first().cloned();
    answer::answer(step, &report.text, None, said);
}

fn which(step: &mut Step<'_>, token: &str) {
    if !step.ctx.private {
        return menu::to_private(step, "tickets");
    }
    if step.dialogue.message(token).is_none() {
        return menu::too_old(step);
    }
    let mut out = message([tt(step.lang, "which-ticket")]);
    for ticket in step.facts.tickets.iter().filter(|t| t.status.is_open()).take(8) {
        let label = format!("{} {}", ticket.number, say::clip(&ticket.title, 30));
        let action = Action::AddTo { message: token.to_string(), number: ticket.number };
        out.buttons.push(vec![button(label, &action)]);
    }
    step.say(out);
}

/// What the button said, where we still know it.
fn label(step: &Step<'_>, action: &Action) -> Option<String> {
    let lang = step.lang;
    let given = |token: &String| step.dialogue.given(token);
    match action {
        Action::Solved { .. } => Some(tt(lang, "button-solved")),
        Action::Broken { .. } => Some(tt(lang, "button-broken")),
        Action::Others { .. } => Some(tt(lang, "button-others")),
        Action::Why { .. } => Some(tt(lang, "button-why")),
        Action::Because { nth, .. } => Some(why::label(lang, *nth)).filter(|label| !label.is_empty()),
        Action::Person { .. } | Action::PersonNow => Some(tt(lang, "button-person")),
        Action::Report { .. } => Some(tt(lang, "button-report")),
        Action::Confirm { .. } => Some(tt(lang, "button-confirm")),
        Action::Cancel { .. } => Some(tt(lang, "button-cancel")),
        Action::Works { .. } => Some(tt(lang, "button-works")),
        Action::Contest { .. } => Some(tt(lang, "button-contest")),
        Action::FixWorks { .. } => Some(tt(lang, "button-fix-works")),
        Action::FixBroken { .. } => Some(tt(lang, "button-fix-broken")),
        Action::Subscribe { on: true, .. } => Some(tt(lang, "button-upgrade-subscribe")),
        Action::Subscribe { on: false, .. } => Some(tt(lang, "button-upgrade-unsubscribe")),
        Action::Upgrade { asked, nth } => {
            let open = step.dialogue.upgrade.as_ref().filter(|p| p.token == *asked);
            open.and_then(|p| p.choices.get(*nth)).map(|c| c.strip_prefix("to:").unwrap_or(c).to_string())
        }
        Action::StillBroken { .. } => Some(tt(lang, "button-still-broken")),
        Action::Stars { stars, .. } => Some("★".repeat(usize::from(*stars))),
        Action::Frequent { .. } => step.facts.article.as_ref().map(|a| a.title.clone()),
        Action::Pick { answer, nth } => given(answer).and_then(|g| g.hits.get(*nth)).map(|h| h.title.clone()),
        Action::Product { answer, nth } => given(answer).and_then(|g| g.products.get(*nth)).cloned(),
        Action::Choose { report, ask, nth } if *ask != Ask::Confirm => {
            let running = step.dialogue.report().filter(|r| r.token == *report)?;
            Some(report::label_of(running, *ask, *nth, lang)).filter(|label| !label.is_empty())
        }
        _ => None,
    }
}
