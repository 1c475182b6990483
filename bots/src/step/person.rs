//! A person, please: at most one question (what is it about?), none when that is already known; then a
//! ticket that holds the sentence.
use firstline_core::severity::Situation;
use firstline_core::ticket::Kind;
use firstline_kb::events::Verdict;

use super::dialogue::{CURRENT, Mode, Said};
use super::say::{self, button, message};
use super::words::{self, Wish};
use super::{Effect, Opening, Step, answer, menu, report};
use crate::action::Action;
use crate::texts::{t, tt};

/// What a wish for a person is about.
#[derive(Default)]
struct About {
    text: String,
    said: Vec<Said>,
    product: Option<String>,
    version: Option<String>,
    situation: Situation,
    answers: Vec<(String, String)>,
}

/// Words that ask for a person.
pub fn wished(step: &mut Step<'_>, wish: Wish, said: Said) {
    let kind = if wish.complaint { Kind::Complaint } else { Kind::Question };
    if !step.ctx.private {
        return menu::to_private(step, "human");
    }
    if let (Mode::Person { kind: asked, .. }, None) = (&mut step.dialogue.mode, &step.ctx.replied) {
        // They were asked what it is about and say it again: one question is enough.
        if wish.complaint {
            *asked = kind;
        }
        return subject(step, said);
    }
    if wish.says_why {
        let about = About { text: said.text.clone(), ..known(step, None).unwrap_or_default() };
        return open(step, about, Some(said), kind);
    }
    match known(step, None) {
        Some(about) => open(step, about, Some(said), kind),
        None => ask(step, Some(said), kind),
    }
}

/// `/human`, with or without words.
pub fn commanded(step: &mut Step<'_>, words: &str, said: Said) {
    let wish = words::wish_for_person(words);
    let says_why = !words.is_empty() && wish.is_none_or(|w| w.says_why);
    let wish = Wish { complaint: wish.is_some_and(|w| w.complaint), says_why };
    wished(step, wish, said);
}

/// The button, with what it stood under.
pub fn pressed(step: &mut Step<'_>, about: Option<&str>) {
    if !step.ctx.private {
        return menu::to_private(step, "human");
    }
    if let Some(ended) = about.and_then(|token| step.dialogue.ended.iter().rev().find(|e| e.token == token))
        && let Some(number) = ended.number
    {
        let text = t(step.lang, "report-over-ticket", &[("number", number.to_string().into())]);
        return step.say(message([text]));
    }
    match known(step, about) {
        Some(about) => open(step, about, None, Kind::Question),
        None => ask(step, None, Kind::Question),
    }
}

/// Without saying what it is about.
pub fn now(step: &mut Step<'_>) {
    match std::mem::take(&mut step.dialogue.mode) {
        Mode::Person { said, kind, .. } => {
            let text = said.first().map(|s| s.text.clone()).unwrap_or_else(|| tt(step.lang, "button-person"));
            open(step, About { text, said, ..About::default() }, None, kind);
        }
        other => {
            step.dialogue.mode = other;
            menu::too_old(step);
        }
    }
}

/// The answer to "what is it about?".
pub fn subject(step: &mut Step<'_>, said: Said) {
    let Mode::Person { said: before, kind, .. } = std::mem::take(&mut step.dialogue.mode) else { return };
    let text =
        if said.text.is_empty() { before.first().map(|s| s.text.clone()) } else { Some(said.text.clone()) };
    let text = text.unwrap_or_else(|| tt(step.lang, "button-person"));
    open(step, About { text, said: before, ..About::default() }, Some(said), kind);
}

fn ask(step: &mut Step<'_>, said: Option<Said>, kind: Kind) {
    let lang = step.lang;
    let mut out = message([tt(lang, "person-what")]);
    out.buttons = vec![vec![button(tt(lang, "button-person-now"), &Action::PersonNow)]];
    if let Some(said) = &said {
        step.dialogue.remember_message(said.clone());
        out.buttons.extend(say::add_button(lang, &said.token, &step.facts.open()).map(|b| vec![b]));
    }
    let token = step.ctx.token.clone();
    step.dialogue.mode = Mode::Person { token, said: said.into_iter().collect(), kind };
    step.say(out);
}

/// What the episode already says: the ticket that was answered, a running report, the answer or message
/// a button stood under, the last open answer.
fn known(step: &Step<'_>, about: Option<&str>) -> Option<About> {
    if let Some(ticket) = &step.ctx.replied {
        let text = format!("{} {}", ticket.number, ticket.title);
        let answers = vec![("about_ticket".to_string(), ticket.number.to_string())];
        return Some(About { text, answers, ..About::default() });
    }
    if let Some(about) = running(step).filter(|a| !a.text.is_empty()) {
        return Some(about);
    }
    let given = match about {
        Some(token) => step.dialogue.given(token),
        None => step.dialogue.open_answer(),
    };
    if let Some(given) = given {
        let product = given.current.and_then(|i| given.hits.get(i)).and_then(|h| h.product.clone());
        let said = given.said.clone().into_iter().collect();
        return Some(About { text: given.question.clone(), said, product, ..About::default() });
    }
    let said = about.and_then(|token| step.dialogue.message(token)).cloned()?;
    let text = if said.text.is_empty() { tt(step.lang, "button-person") } else { said.text.clone() };
    Some(About { text, said: vec![said], ..About::default() })
}

fn running(step: &Step<'_>) -> Option<About> {
    let report = step.dialogue.report()?;
    Some(About {
        text: report.text.clone(),
        said: report.said.clone(),
        product: report.product.clone(),
        version: report.version.clone(),
        situation: report.situation,
        answers: Vec::new(),
    })
}

/// Opens the ticket: the subject is its title, every sentence is on it.
fn open(step: &mut Step<'_>, about: About, sentence: Option<Said>, kind: Kind) {
    note_verdict(step);
    let mut said = about.said;
    said.extend(sentence);
    said.dedup_by(|a, b| a.id == b.id);
    let first = said.iter().map(|s| s.text.clone()).find(|text| !text.is_empty());
    let mut answers = about.answers;
    answers.push(("customer".into(), step.ctx.name.clone()));
    answers.push(("what".into(), about.text.clone()));
    let code = words::error_code(&about.text);
    answers.extend(code.map(|code| ("error_code".to_string(), code)));
    let token = step.dialogue.report().map_or_else(|| step.ctx.token.clone(), |r| r.token.clone());
    let mut packet = report::packet(step, answers);
    if said.iter().any(|s| s.id == CURRENT) {
        let text = said.last().map(|s| s.text.clone()).unwrap_or_default();
        let author = firstline_core::ticket::Author::Customer;
        packet.transcript.push(firstline_core::ticket::Heard { author, text, at: step.ctx.now });
    }
    let opening = Opening {
        token: token.clone(),
        kind,
        title: say::title_of(&about.text),
        text: first.unwrap_or_else(|| about.text.clone()),
        product: about.product,
        version: about.version,
        situation: about.situation,
        packet,
        with: said.iter().map(|s| s.id.clone()).collect(),
        person: true,
        ack: step.ack.take(),
    };
    step.effect(Effect::OpenTicket(Box::new(opening)));
    let answered = step.dialogue.open_answer().map(|given| given.token.clone());
    for token in answered.into_iter().chain([token]) {
        step.dialogue.becomes_ticket(&token);
    }
    step.dialogue.end_episode();
    step.dialogue.heard.clear();
}

/// The answer on the screen did not help: they want a person.
fn note_verdict(step: &mut Step<'_>) {
    let Some(given) = step.dialogue.open_answer().cloned() else { return };
    let shown = given.current.and_then(|i| given.hits.get(i)).cloned();
    if let Some(shown) = &shown {
        step.dialogue.remember_article(shown, Verdict::AskedForPerson.as_str());
    }
    answer::verdict_on(step, &given, shown.as_ref(), Verdict::AskedForPerson);
}
