//! How a report begins: by command, after an answer that did not help, by words of disaster. What is
//! known from there is not asked again.
use firstline_core::severity::Situation;
use firstline_core::ticket::Kind;

use super::{advance, repeat};
use crate::step::dialogue::{Given, Mode, Report, Said};
use crate::step::product::Names;
use crate::step::words;
use crate::step::{Ask, Step, menu};
use crate::texts::tt;

/// `/report`, with or without words.
pub fn from_command(step: &mut Step<'_>, words: &str, said: Said) {
    if words.is_empty() {
        return from_press(step, None);
    }
    begin(step, words, vec![said], None, None, "report-intro");
}

/// Over the link out of a group: what they asked there is what happens.
pub fn from_group(step: &mut Step<'_>) {
    match step.facts.group.clone() {
        Some(asked) if step.dialogue.report().is_none() => {
            begin(step, &asked, Vec::new(), None, None, "report-intro")
        }
        _ => from_press(step, None),
    }
}

/// The button, with the answer or message it stood under.
pub fn from_press(step: &mut Step<'_>, about: Option<&str>) {
    if about.is_none() && step.dialogue.parked_now {
        step.dialogue.take_up();
    }
    if step.dialogue.report().is_some() {
        let note = tt(step.lang, "report-running");
        return repeat(step, Some(note));
    }
    if let Some(given) = about.and_then(|token| step.dialogue.given(token)).cloned() {
        return from_answer(step, &given);
    }
    let said: Vec<Said> = about.and_then(|token| step.dialogue.message(token)).cloned().into_iter().collect();
    let text = said.first().map(|s| s.text.clone()).unwrap_or_default();
    begin(step, &text, said, None, None, "report-intro");
}

/// After an answer that did not help: the question is what happens.
pub fn from_answer(step: &mut Step<'_>, given: &Given) {
    if let Some(kept) = step.dialogue.given_mut(&given.token) {
        kept.closed = true;
    }
    let seen = given.current.or(if given.hits.len() == 1 { Some(0) } else { None });
    let product = seen.and_then(|i| given.hits.get(i)).and_then(|h| h.product.clone());
    let product = product.or_else(|| (given.products.len() == 1).then(|| given.products[0].clone()));
    let said = given.said.clone().into_iter().collect();
    let key = if given.current.is_some() { "report-intro-broken" } else { "report-intro" };
    begin(step, &given.question.clone(), said, product, Some(given.token.clone()), key);
}

/// Words of disaster: `begin` takes from them what they answer.
pub fn from_disaster(step: &mut Step<'_>, said: Said) {
    let text = said.text.clone();
    begin(step, &text, vec![said], None, None, "report-intro-urgent");
}

fn begin(
    step: &mut Step<'_>,
    text: &str,
    said: Vec<Said>,
    product: Option<String>,
    answer: Option<String>,
    intro: &str,
) {
    if !step.ctx.private {
        return menu::to_private(step, "report");
    }
    let mut report = Report {
        token: step.ctx.token.clone(),
        kind: Kind::Fault,
        text: text.trim().to_string(),
        said,
        product: None,
        version: None,
        situation: Situation::default(),
        products: step.facts.products.iter().take(8).cloned().collect(),
        names: Names::default(),
        settled: Vec::new(),
        current: Ask::What,
        editing: false,
        total: 0,
        asked: 0,
        understood: Vec::new(),
        misread: 0,
        answer,
        urgent: false,
    };
    know(step, &mut report, product);
    report.names = Names::of(&step.ctx.products, report.products.iter().chain(&report.product));
    preset(&mut report);
    understand(&mut report);
    let scheme = &step.plan.severity;
    report.total = report.remaining(scheme);
    report.current = report.next(scheme);
    let intro = tt(step.lang, if report.urgent { "report-intro-urgent" } else { intro });
    step.dialogue.mode = Mode::Reporting(Box::new(report));
    if step.dialogue.report().is_some_and(|r| r.current == Ask::Confirm) {
        return advance(step, Some(intro));
    }
    repeat(step, Some(intro));
}

/// What is known already: the words, the product of the article, what they reported about last time.
fn know(step: &Step<'_>, report: &mut Report, product: Option<String>) {
    let only = (report.products.len() == 1).then(|| report.products[0].clone());
    report.product = product.or_else(|| step.ctx.product.clone()).or(only);
    if report.product.is_some() && report.product == step.ctx.product {
        report.version = step.ctx.version.clone();
    }
    if report.product.is_some() {
        report.settled.push(Ask::Product);
    }
    if report.version.is_some() {
        report.settled.push(Ask::Version);
    }
    if !report.text.is_empty() {
        report.settled.push(Ask::What);
    }
    if report.files() > 0 {
        report.settled.push(Ask::Files);
    }
    // With nothing to choose from and nothing known, the product is only asked for on the card.
    if report.products.is_empty() && report.product.is_none() {
        report.settle(Ask::Product);
    }
}

/// What their words say of the severity answers questions. A tap on the card confirms it.
pub fn understand(report: &mut Report) {
    let said = words::situation(&report.words());
    let open = |report: &Report, ask| !report.settled.contains(&ask);
    if open(report, Ask::Scope) && said.scope.is_some() {
        report.situation.scope = said.scope;
        report.understand(Ask::Scope);
    }
    if open(report, Ask::Effect) && said.effect.is_some() {
        report.situation.effect = said.effect;
        report.understand(Ask::Effect);
    }
    if open(report, Ask::Workaround) && said.workaround.is_some() {
        report.situation.workaround = said.workaround;
        report.understand(Ask::Workaround);
    }
}

/// Words of disaster answer questions. They never confirm.
fn preset(report: &mut Report) {
    let Some(disaster) = words::disaster(&report.text) else { return };
    report.urgent = true;
    report.situation.effect = Some(disaster.effect);
    report.situation.scope = disaster.scope;
    let around = words::situation(&report.text).workaround;
    report.situation.workaround = Some(around.unwrap_or(false));
    for ask in [Ask::Product, Ask::Version, Ask::Effect, Ask::Workaround, Ask::Files] {
        report.settle(ask);
    }
    if disaster.scope.is_some() {
        report.settle(Ask::Scope);
    }
}
