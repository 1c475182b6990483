//! Why an answer did not help: asked beside the way on, never in its way.
use firstline_kb::figures::Reason;

use super::dialogue::{Given, Shown};
use super::say::{button, message};
use super::{Effect, Step, menu};
use crate::action::Action;
use crate::message::Outgoing;
use crate::texts::{Lang, tt};

/// Adds the question why to what was said last.
pub fn offer(step: &mut Step<'_>, token: &str) {
    let label = tt(step.lang, "button-why");
    let why = button(label, &Action::Why { answer: token.to_string() });
    let last = step.effects.iter_mut().rev().find_map(|effect| match effect {
        Effect::Say { message, .. } => Some(message),
        _ => None,
    });
    if let Some(message) = last {
        message.buttons.push(vec![why]);
    }
}

/// The reasons as buttons.
pub fn ask(step: &mut Step<'_>, token: &str) {
    if rejected(step, token).is_none() {
        return menu::too_old(step);
    }
    let mut out: Outgoing = message([tt(step.lang, "why-which")]);
    let buttons: Vec<_> = (0..Reason::ALL.len())
        .map(|nth| button(label(step.lang, nth), &Action::Because { answer: token.to_string(), nth }))
        .collect();
    out.buttons = buttons.chunks(2).map(<[_]>::to_vec).collect();
    step.say(out);
}

/// A reason was tapped; whatever is under way goes on.
pub fn because(step: &mut Step<'_>, token: &str, nth: usize) {
    let (Some((given, shown)), Some(reason)) = (rejected(step, token), Reason::ALL.get(nth)) else {
        return menu::too_old(step);
    };
    step.effect(Effect::RecordReason {
        search: given.search,
        article: shown.id,
        revision: shown.revision,
        reason: *reason,
    });
    step.say(message([tt(step.lang, "why-thanks")]));
}

/// What a reason's button says.
pub fn label(lang: Lang, nth: usize) -> String {
    Reason::ALL.get(nth).map(|reason| tt(lang, &format!("why-{}", reason.as_str()))).unwrap_or_default()
}

/// An answer and the hit of it that did not help: the last one shown before what is shown now.
fn rejected(step: &Step<'_>, token: &str) -> Option<(Given, Shown)> {
    let given = step.dialogue.given(token)?.clone();
    let shown = given.rejected.and_then(|nth| given.hits.get(nth)).cloned()?;
    Some((given, shown))
}
