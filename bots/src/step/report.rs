//! The guided report: short, with buttons, and what is known already is not asked again. Free words
//! are taken wherever buttons are offered.
mod begin;
mod options;
mod typed;

use firstline_core::people::Profile;
use firstline_core::severity::{Effect as Harm, Question, Scheme, Scope, Situation};
use firstline_core::ticket::Packet;

use super::dialogue::{Mode, Report};
use super::say::{self, button, message, person_button};
use super::words::error_code;
use super::{Ask, Effect, Opening, Step, card, menu};
use crate::action::Action;
use crate::message::Outgoing;
use crate::texts::{t, tt};

pub use begin::{from_answer, from_command, from_disaster, from_group, from_press};
pub use options::{label_of, options};
pub use typed::words;

const NUMBERED: &[Ask] = &[Ask::Product, Ask::Version, Ask::Scope, Ask::Effect, Ask::Workaround];
const ORDER: &[Ask] =
    &[Ask::What, Ask::Product, Ask::Version, Ask::Scope, Ask::Effect, Ask::Workaround, Ask::Files];

impl Report {
    fn next(&self, scheme: &Scheme) -> Ask {
        ORDER.iter().copied().find(|ask| self.is_open(*ask, scheme)).unwrap_or(Ask::Confirm)
    }

    /// Whether a question is still to be asked: of severity only what may change the level of the scheme in
    /// force.
    fn is_open(&self, ask: Ask, scheme: &Scheme) -> bool {
        let question = match ask {
            Ask::Scope => Question::Scope,
            Ask::Effect => Question::Effect,
            Ask::Workaround => Question::Workaround,
            _ => return !self.settled.contains(&ask),
        };
        let unknown_effect = self.settled.contains(&Ask::Effect) && self.situation.effect.is_none();
        !self.settled.contains(&ask)
            && !unknown_effect
            && scheme.open_questions(self.taken_for()).contains(&question)
    }

    /// What they could not say counts as the scheme takes it: a single user, no way round.
    fn taken_for(&self) -> Situation {
        let known = self.situation;
        let settled = |ask| self.settled.contains(&ask);
        Situation {
            scope: known.scope.or(settled(Ask::Scope).then_some(Scope::Single)),
            workaround: known.workaround.or(settled(Ask::Workaround).then_some(false)),
            ..known
        }
    }

    fn understand(&mut self, ask: Ask) {
        self.settle(ask);
        if !self.understood.contains(&ask) {
            self.understood.push(ask);
        }
    }

    fn settle(&mut self, ask: Ask) {
        if !self.settled.contains(&ask) {
            self.settled.push(ask);
        }
        // Product and version are one question: who names a product may add the version to it.
        if ask == Ask::Product && !self.settled.contains(&Ask::Version) {
            self.settled.push(Ask::Version);
        }
    }

    /// Numbered questions still to come.
    fn remaining(&self, scheme: &Scheme) -> usize {
        let product_open = !self.settled.contains(&Ask::Product);
        // The question for the product asks for the version too.
        let open = |ask: &&Ask| self.is_open(**ask, scheme) && !(product_open && **ask == Ask::Version);
        NUMBERED.iter().filter(open).count()
    }

    pub fn files(&self) -> usize {
        self.said.iter().map(|s| s.files).sum()
    }

    /// Everything they wrote about it, the first words first.
    pub fn words(&self) -> String {
        let more =
            self.said.iter().map(|s| s.text.as_str()).filter(|text| !text.is_empty() && *text != self.text);
        std::iter::once(self.text.as_str()).chain(more).collect::<Vec<_>>().join("\n")
    }

    /// What a button of a question sets.
    fn choose(&mut self, ask: Ask, nth: usize) {
        match ask {
            Ask::Product => {
                let product = self.products.get(nth).cloned();
                if product != self.product {
                    self.version = None;
                }
                self.product = product;
            }
            Ask::Version => self.version = None,
            Ask::Scope => self.situation.scope = Scope::ALL.get(nth).copied(),
            Ask::Effect => self.situation.effect = Harm::ALL.get(nth).copied(),
            Ask::Workaround => self.situation.workaround = [false, true].get(nth).copied(),
            Ask::What | Ask::Files | Ask::Confirm => {}
        }
    }
}

/// The running report, when it is the one a button names.
fn running<'a>(step: &'a mut Step<'_>, token: &str) -> Option<&'a mut Report> {
    match &mut step.dialogue.mode {
        Mode::Reporting(report) if report.token == token => Some(report),
        _ => None,
    }
}

/// A button of a question was tapped.
pub fn choose(step: &mut Step<'_>, token: &str, ask: Ask, nth: usize) {
    let lang = step.lang;
    let Some(report) = running(step, token) else { return over(step, token) };
    if nth >= options(report, ask, lang).len() {
        return menu::too_old(step);
    }
    let label = label_of(report, ask, nth, lang);
    let before = (report.product.clone(), report.version.clone(), report.situation);
    let current = report.current == ask;
    report.choose(ask, nth);
    let same = before == (report.product.clone(), report.version.clone(), report.situation);
    if !current && same {
        // A second tap on the same button: it is noted, nothing moves.
        return step.say(message([t(lang, "report-noted-already", &[("label", label.into())])]));
    }
    report.settle(ask);
    report.understood.retain(|a| *a != ask);
    if current {
        return advance(step, None);
    }
    repeat(step, Some(t(lang, "report-changed", &[("label", label.into())])));
}

/// To the next question, or to the card. `note` goes before it.
pub fn advance(step: &mut Step<'_>, note: Option<String>) {
    if let Mode::Reporting(report) = &mut step.dialogue.mode {
        let current = report.current;
        report.settle(current);
        // Their own word on it now: no longer taken from others.
        report.understood.retain(|ask| *ask != current);
        if NUMBERED.contains(&current) && !report.editing {
            report.asked += 1;
        }
        if current == Ask::What {
            begin::understand(report);
        }
        let scheme = &step.plan.severity;
        report.current = if report.editing { Ask::Confirm } else { report.next(scheme) };
        // An answer may make a question needless, or another product's contract ask more.
        report.total = report.asked + report.remaining(scheme);
        report.editing = false;
        report.misread = 0;
    }
    repeat(step, note);
}

/// Asks the current question (again), or shows the card.
pub fn repeat(step: &mut Step<'_>, note: Option<String>) {
    let Some(report) = step.dialogue.report().cloned() else { return };
    let mut out = match report.current {
        Ask::Confirm => card::card(step, &report),
        _ => prompt(step, &report),
    };
    if let Some(note) = note {
        out.blocks.insert(0, say::paragraph(note));
    }
    step.say(out);
}

fn prompt(step: &Step<'_>, report: &Report) -> Outgoing {
    let lang = step.lang;
    let key = match report.current {
        Ask::What => "ask-what",
        Ask::Product => "ask-product",
        Ask::Version => "ask-version",
        Ask::Scope => "ask-scope",
        Ask::Effect => "ask-effect",
        Ask::Workaround => "ask-workaround",
        Ask::Files | Ask::Confirm => "ask-files",
    };
    let product = report.product.as_ref().map(|key| report.names.name(key, lang)).unwrap_or_default();
    let question = t(lang, key, &[("product", product.into())]);
    let numbered = NUMBERED.contains(&report.current) && !report.editing && report.total > 1;
    let place = report.asked + 1;
    let text = if numbered {
        let args = [("nth", place.into()), ("total", report.total.into()), ("question", question.into())];
        t(lang, "ask-numbered", &args)
    } else {
        question
    };
    let mut out = message([text]);
    let choices = options(report, report.current, lang);
    let buttons: Vec<_> = choices
        .into_iter()
        .enumerate()
        .map(|(nth, label)| {
            let action = Action::Choose { report: report.token.clone(), ask: report.current, nth };
            button(label, &action)
        })
        .collect();
    let per_row = if buttons.iter().all(|b| b.label.chars().count() <= 8) { 3 } else { 1 };
    out.buttons = buttons.chunks(per_row).map(<[_]>::to_vec).collect();
    out.buttons.push(last_row(step, report));
    out
}

/// A person and the way out are one tap away in every prompt.
pub fn last_row(step: &Step<'_>, report: &Report) -> Vec<crate::message::Button> {
    let cancel = Action::Cancel { report: report.token.clone() };
    vec![person_button(step.lang, Some(&report.token)), button(tt(step.lang, "button-cancel"), &cancel)]
}

/// A report left unfinished long ago: after the answer to what they wrote, the way back to it.
pub fn offer_parked(step: &mut Step<'_>) {
    let fresh = std::mem::take(&mut step.dialogue.parked_now);
    let idle = step.dialogue.mode == Mode::Idle;
    let Some(report) = step.dialogue.parked.as_ref().filter(|_| fresh && idle) else { return };
    let resume = Action::Report { about: Some(report.token.clone()) };
    let cancel = Action::Cancel { report: report.token.clone() };
    let title = say::clip(&say::title_of(&report.text), 40);
    let text = match title.is_empty() {
        true => tt(step.lang, "report-parked-untitled"),
        false => t(step.lang, "report-parked", &[("title", title.into())]),
    };
    let mut out = message([text]);
    let lang = step.lang;
    out.buttons = vec![vec![
        button(tt(lang, "button-resume"), &resume),
        button(tt(lang, "button-cancel-report"), &cancel),
    ]];
    step.say(out);
}

/// One line of the card is to be changed.
pub fn edit(step: &mut Step<'_>, token: &str, ask: Ask) {
    let Some(report) = running(step, token) else { return over(step, token) };
    if ask == Ask::Confirm {
        return menu::too_old(step);
    }
    report.editing = true;
    report.current = ask;
    repeat(step, None);
}

pub fn cancel(step: &mut Step<'_>, token: &str) {
    if running(step, token).is_none() {
        return over(step, token);
    }
    menu::cancel(step);
}

/// Confirmed: the ticket is opened, the rest is said by the driver once it has its number.
pub fn confirm(step: &mut Step<'_>, token: &str) {
    let Some(report) = running(step, token).map(|r| r.clone()) else { return over(step, token) };
    if report.text.is_empty() {
        step.dialogue.mode = Mode::Reporting(Box::new(Report { current: Ask::What, ..report }));
        return repeat(step, None);
    }
    let opening = Opening {
        token: report.token.clone(),
        kind: report.kind,
        title: say::title_of(&report.text),
        text: report.text.clone(),
        product: report.product.clone(),
        version: report.version.clone(),
        situation: report.situation,
        packet: packet(step, answers(step, &report)),
        with: report.said.iter().map(|s| s.id.clone()).collect(),
        person: false,
        ack: step.ack.take(),
    };
    step.effect(Effect::OpenTicket(Box::new(opening)));
    step.effect(Effect::Remember(Profile { lang: None, product: report.product, version: report.version }));
    step.dialogue.becomes_ticket(token);
    step.dialogue.end_episode();
    step.dialogue.heard.clear();
}

/// A button of a report that is no longer running: kindly, what became of it.
fn over(step: &mut Step<'_>, token: &str) {
    let ended = step.dialogue.ended.iter().rev().find(|e| e.token == token).cloned();
    let text = match ended {
        Some(ended) => match ended.number {
            Some(number) => t(step.lang, "report-over-ticket", &[("number", number.to_string().into())]),
            None => tt(step.lang, "report-over-cancelled"),
        },
        None => return menu::too_old(step),
    };
    step.say(message([text]));
}

/// The hand-off packet of this episode.
pub fn packet(step: &Step<'_>, answers: Vec<(String, String)>) -> Packet {
    Packet {
        transcript: step.facts.transcript.clone(),
        searches: step.dialogue.searches.clone(),
        articles: step.dialogue.articles.clone(),
        answers,
        attachments: step.facts.attachments.clone(),
    }
}

fn answers(step: &Step<'_>, report: &Report) -> Vec<(String, String)> {
    let situation = report.situation;
    let earlier: Vec<String> = step.facts.tickets.iter().take(5).map(|t| t.number.to_string()).collect();
    let known = [
        ("customer", Some(step.ctx.name.clone())),
        ("what", Some(report.words())),
        ("error_code", error_code(&report.words())),
        ("product", report.product.clone()),
        ("version", report.version.clone()),
        ("scope", situation.scope.map(|s| s.to_string())),
        ("effect", situation.effect.map(|e| e.to_string())),
        ("workaround", situation.workaround.map(|w| if w { "yes" } else { "no" }.to_string())),
        ("files", Some(report.files().to_string())),
        ("earlier_tickets", Some(earlier.join(", "))),
    ];
    let told = known.into_iter().filter_map(|(key, value)| Some((key.to_string(), value?)));
    told.filter(|(_, value)| !value.is_empty()).collect()
}
