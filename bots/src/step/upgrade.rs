//! "Which patch do I need?" in a chat: the catalogue's advice, what it asks back, and subscriptions.
use firstline_core::people::Profile;
use firstline_core::ticket::Number;
use firstline_kb::catalogue::Asked;
use firstline_kb::catalogue::path::{Advice, Reason};
use serde::{Deserialize, Serialize};

use super::dialogue::Said;
use super::say::{self, button, message, person_button, report_button};
use super::{Effect, Step, TicketRef, answer, menu};
use crate::action::{Action, Token};
use crate::advice;
use crate::message::{Block, Outgoing};
use crate::texts::{t, tt};

const CHOICES: usize = 8;

/// A question that is open: what was said, and what we asked back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pending {
    pub token: Token,
    pub text: String,
    pub product: Option<String>,
    pub version: Option<String>,
    /// The next message tells the version.
    pub wants_version: bool,
    /// Products, or goals, to choose from.
    pub choices: Vec<String>,
    /// The choices are goals.
    pub goals: bool,
}

/// What to ask the catalogue for a message.
pub fn asked(text: &str, pending: Option<&Pending>) -> Asked {
    match pending.filter(|p| p.wants_version) {
        Some(open) => Asked {
            text: open.text.clone(),
            product: open.product.clone(),
            version: Some(text.to_string()),
            ..Asked::default()
        },
        None => Asked { text: text.to_string(), ..Asked::default() },
    }
}

/// What to ask it after a choice was tapped.
pub fn chosen(pending: &Pending, nth: usize) -> Option<Asked> {
    let choice = pending.choices.get(nth)?.clone();
    let asked = Asked {
        text: pending.text.clone(),
        product: pending.product.clone(),
        version: pending.version.clone(),
        ..Asked::default()
    };
    Some(if pending.goals {
        Asked { goal: Some(choice), ..asked }
    } else {
        Asked { product: Some(choice), ..asked }
    })
}

/// Answers a message; where the catalogue has nothing to say, as any question.
pub fn answer(step: &mut Step<'_>, said: Said) {
    let Some(found) = step.facts.advice.clone() else {
        let question = said.text.clone();
        return answer::answer(step, &question, None, Some(said));
    };
    let text = match step.dialogue.upgrade.take() {
        Some(open) if open.wants_version => open.text,
        _ => said.text,
    };
    respond(step, &found, text);
}

/// A choice was tapped.
pub fn pressed(step: &mut Step<'_>, token: &str) {
    let open = step.dialogue.upgrade.clone().filter(|p| p.token == token);
    match (open, step.facts.advice.clone()) {
        (Some(open), Some(found)) => respond(step, &found, open.text),
        _ => menu::too_old(step),
    }
}

fn respond(step: &mut Step<'_>, found: &Advice, text: String) {
    let lang = step.lang;
    let mut out = advice::message(found, lang, &step.ctx.site);
    let mut pending = Pending {
        token: step.ctx.token.clone(),
        text,
        product: Some(found.product.clone()).filter(|p| !p.is_empty()),
        version: Some(found.version.clone()).filter(|v| !v.is_empty()),
        ..Pending::default()
    };
    let mut labels = Vec::new();
    match &found.reason {
        Some(Reason::NeedProduct { known, titles }) => {
            pending.choices = known.clone();
            labels = titles.iter().map(|title| title.of(lang.tag()).to_owned()).collect();
        }
        Some(Reason::Fork { heads }) => {
            pending.goals = true;
            pending.choices = heads.iter().map(|head| format!("to:{head}")).collect();
        }
        Some(Reason::NeedVersion | Reason::FixedIn { .. }) => pending.wants_version = true,
        _ => {}
    }
    choices(&mut out, &pending, &labels);
    remember(step, found);
    buttons(step, &mut out, found);
    let open = pending.wants_version || !pending.choices.is_empty();
    step.dialogue.upgrade = open.then_some(pending);
    step.dialogue.since.get_or_insert(step.ctx.now);
    step.say(out);
}

/// A button for each choice, by its label where it has one.
fn choices(out: &mut Outgoing, pending: &Pending, labels: &[String]) {
    let shown = pending.choices.iter().take(CHOICES).enumerate().map(|(nth, choice)| {
        let label = labels.get(nth).map(String::as_str).filter(|label| !label.is_empty());
        let label = label.unwrap_or_else(|| choice.strip_prefix("to:").unwrap_or(choice));
        button(say::clip(label, 40), &Action::Upgrade { asked: pending.token.clone(), nth })
    });
    out.buttons.extend(shown.collect::<Vec<_>>().chunks(2).map(<[_]>::to_vec));
}

/// What is known now is not asked again, and who was given a release hears when it is withdrawn.
fn remember(step: &mut Step<'_>, found: &Advice) {
    if found.standing.known {
        let (product, version) = (Some(found.product.clone()), Some(found.version.clone()));
        step.effect(Effect::Remember(Profile { product, version, ..Profile::default() }));
    }
    if !found.steps.is_empty() {
        step.effect(Effect::GaveReleases(found.steps.iter().map(|s| s.release.clone()).collect()));
    }
}

fn buttons(step: &Step<'_>, out: &mut Outgoing, found: &Advice) {
    let lang = step.lang;
    let subscribe = Action::Subscribe { product: found.product.clone(), on: true };
    let fits = subscribe.to_string().parse::<Action>().is_ok();
    if step.ctx.private
        && fits
        && found.reason.as_ref().is_none_or(|r| !matches!(r, Reason::NeedProduct { .. }))
    {
        out.buttons.push(vec![button(tt(lang, "button-upgrade-subscribe"), &subscribe)]);
    }
    out.buttons.push(vec![report_button(lang, None), person_button(lang, None)]);
}

/// Tells of new releases from now on, or no longer.
pub fn subscribe(step: &mut Step<'_>, product: &str, on: bool) {
    let Some(title) = step.facts.product_title.clone() else { return menu::too_old(step) };
    step.effect(Effect::Subscribe { product: product.to_string(), on });
    let key = if on { "upgrade-subscribed" } else { "upgrade-unsubscribed" };
    let title = advice::named(&title, product, step.lang);
    let mut out = message([t(step.lang, key, &[("title", title.into())])]);
    if on {
        let stop = Action::Subscribe { product: product.to_string(), on: false };
        out.buttons = vec![vec![button(tt(step.lang, "button-upgrade-unsubscribe"), &stop)]];
    }
    step.say(out);
}

/// The release that fixes their fault works: their ticket is over.
pub fn fix_works(step: &mut Step<'_>, ticket: &TicketRef) {
    if ticket.status.is_open() {
        // `works` asks for stars of a solved ticket; the fix is its solution.
        let solved = TicketRef { status: firstline_core::ticket::Status::Resolved, ..ticket.clone() };
        return super::tickets::works(step, &solved);
    }
    super::tickets::works(step, ticket);
}

/// It does not help: a ticket that was closed is open again, an open one stays so.
pub fn fix_broken(step: &mut Step<'_>, ticket: &TicketRef) {
    let number: Number = ticket.number;
    let key = if ticket.status.is_open() { "fix-broken-open" } else { "fix-broken-reopened" };
    if !ticket.status.is_open() {
        step.effect(Effect::Reopen { number });
    }
    let mut out = Outgoing {
        blocks: vec![Block::Paragraph(vec![crate::message::Span::Text(t(
            step.lang,
            key,
            &[("number", number.to_string().into())],
        ))])],
        ..Outgoing::default()
    };
    out.buttons = vec![vec![button(tt(step.lang, "button-append"), &Action::Append { number })]];
    step.say_about(out, Some(ticket.id.clone()));
}
