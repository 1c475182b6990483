//! The confirmation card: everything the report holds, each line changeable, with the level it will
//! get, why, and what is promised for it. All of that is the core's word, not ours.
use firstline_core::Time;
use firstline_core::clocks::{self, ClockReading};
use firstline_core::desk::Opened;
use firstline_core::plan::Milestone;
use firstline_core::severity::{Effect, Scope};
use firstline_core::ticket::Kind;

use super::dialogue::Report;
use super::report::{last_row, options};
use super::say::{self, button, lines};
use super::{Ask, Opening, Step};
use crate::action::Action;
use crate::message::{Block, Button, Outgoing, Span};
use crate::texts::{self, Lang, severity_reason, t, tt};

/// The card of a report.
pub fn card(step: &Step<'_>, report: &Report) -> Outgoing {
    let lang = step.lang;
    let assessment = step.plan.severity.assess(report.situation);
    let clocks = clocks::at_opening(step.plan, report.kind, assessment.level, step.ctx.now);
    let mut out = Outgoing::default();
    out.blocks.push(Block::Heading(tt(lang, "card-heading")));
    out.blocks.push(lines(card_lines(report, lang)));
    let severity = severity_reason(&assessment, lang);
    out.blocks.push(say::paragraph(t(lang, "card-severity", &[("severity", severity.into())])));
    out.blocks.push(say::paragraph(promise_preview(&clocks, lang)));
    out.blocks.push(say::paragraph(tt(lang, "card-confirm")));
    let confirm = Action::Confirm { report: report.token.clone() };
    out.buttons.push(vec![button(tt(lang, "button-confirm"), &confirm)]);
    let asks = [Ask::What, Ask::Product, Ask::Version, Ask::Scope, Ask::Effect, Ask::Workaround, Ask::Files];
    let edits: Vec<Button> = asks.iter().map(|ask| edit_button(report, *ask, lang)).collect();
    out.buttons.extend(edits.chunks(3).map(<[Button]>::to_vec));
    if report.urgent {
        let search = Action::Search { report: report.token.clone() };
        out.buttons.push(vec![button(tt(lang, "button-search-first"), &search)]);
    }
    out.buttons.push(last_row(step, report));
    out
}

fn edit_button(report: &Report, ask: Ask, lang: Lang) -> Button {
    button(edit_label(ask, lang), &Action::Edit { report: report.token.clone(), ask })
}

fn edit_label(ask: Ask, lang: Lang) -> String {
    match ask {
        Ask::What => tt(lang, "edit-what"),
        Ask::Product => tt(lang, "edit-product"),
        Ask::Version => tt(lang, "edit-version"),
        Ask::Scope => tt(lang, "edit-scope"),
        Ask::Effect => tt(lang, "edit-effect"),
        Ask::Workaround => tt(lang, "edit-workaround"),
        Ask::Files | Ask::Confirm => tt(lang, "edit-files"),
    }
}

fn card_lines(report: &Report, lang: Lang) -> Vec<String> {
    let unknown = || tt(lang, "card-unknown");
    let picked = |ask: Ask, nth: Option<usize>| {
        nth.and_then(|n| options(report, ask, lang).into_iter().nth(n)).unwrap_or_else(unknown)
    };
    let situation = report.situation;
    let scope = situation.scope.and_then(|s| Scope::ALL.iter().position(|x| *x == s));
    let effect = situation.effect.and_then(|e| Effect::ALL.iter().position(|x| *x == e));
    let workaround = situation.workaround.map(usize::from);
    let name = report.product.as_ref().map(|key| report.names.name(key, lang));
    let product = match (&name, &report.version) {
        (Some(product), Some(version)) => format!("{product} {version}"),
        (Some(product), None) => t(lang, "card-no-version", &[("product", product.as_str().into())]),
        (None, Some(version)) => version.clone(),
        (None, None) => unknown(),
    };
    let marked = |ask: Ask, line: String| match report.understood.contains(&ask) {
        true => t(lang, "card-understood", &[("line", line.into())]),
        false => line,
    };
    vec![
        t(lang, "card-what", &[("text", say::clip(&report.words(), 600).into())]),
        t(lang, "card-product", &[("product", product.into())]),
        marked(Ask::Scope, t(lang, "card-scope", &[("scope", picked(Ask::Scope, scope).into())])),
        marked(Ask::Effect, t(lang, "card-effect", &[("effect", picked(Ask::Effect, effect).into())])),
        marked(
            Ask::Workaround,
            t(lang, "card-workaround", &[("workaround", picked(Ask::Workaround, workaround).into())]),
        ),
        t(lang, "card-files", &[("count", report.files().into())]),
    ]
}

fn promise_preview(clocks: &[ClockReading], lang: Lang) -> String {
    let one = |r: &ClockReading| {
        let args = [
            ("name", within_sentence(promised(r.milestone, lang), lang).into()),
            ("length", texts::length(r.target, lang).into()),
        ];
        t(lang, "promised-within", &args)
    };
    let promises: Vec<String> = clocks.iter().map(one).collect();
    if promises.is_empty() {
        return tt(lang, "promised-none");
    }
    let promises = promises.join(&tt(lang, "promised-comma"));
    t(lang, "promised-after-submit", &[("promises", promises.into())])
}

/// English names begin small within a sentence.
fn within_sentence(name: String, lang: Lang) -> String {
    match (lang, name.chars().next()) {
        (Lang::En, Some(first)) => name.replacen(first, &first.to_lowercase().to_string(), 1),
        _ => name,
    }
}

/// The name of a promise as customers are told it.
pub fn promised(milestone: Milestone, lang: Lang) -> String {
    tt(lang, &format!("promised-{}", milestone.as_str().replace('_', "-")))
}

/// What is said once the core has opened the ticket: number, level with its reason, both promises, link.
pub fn opened(opened: &Opened, opening: &Opening, lang: Lang, now: Time) -> Outgoing {
    let number = opened.ticket.number;
    let key = if opening.person { "opened-person" } else { "opened-report" };
    let mut out = Outgoing { ack: opening.ack.clone(), ..Outgoing::default() };
    out.blocks.push(Block::Heading(t(lang, key, &[("number", number.to_string().into())])));
    out.blocks.push(say::paragraph(severity_reason(&opened.ticket.assessment(), lang)));
    out.blocks.push(lines(promises(opened, lang, now)));
    if let Some(at) = opened.next_opening {
        let when = texts::date(at, now, lang);
        out.blocks.push(say::paragraph(t(lang, "out-of-hours", &[("when", when.into())])));
    }
    if !opened.on_duty.is_empty() {
        let names = opened.on_duty.join(&tt(lang, "list-comma"));
        out.blocks.push(say::paragraph(t(lang, "duty-told", &[("names", names.into())])));
    }
    if let Some(entitlement) = &opened.entitlement {
        out.blocks.push(lines(texts::entitlement_lines(entitlement, lang)));
    }
    let page = say::link(tt(lang, "opened-link"), opened.link.clone());
    out.blocks.push(Block::Paragraph(vec![page]));
    out.blocks.push(Block::Paragraph(vec![Span::Text(tt(lang, "opened-follow-up"))]));
    let add = Action::Append { number };
    let status = Action::Status { number };
    let contest = Action::Contest { number };
    out.buttons = vec![
        vec![button(tt(lang, "button-append"), &add), button(tt(lang, "button-status"), &status)],
        vec![button(tt(lang, "button-contest"), &contest)],
    ];
    out
}

fn promises(opened: &Opened, lang: Lang, now: Time) -> Vec<String> {
    let clocks = &opened.clocks;
    let one = |reading: &ClockReading| {
        let args = [
            ("name", promised(reading.milestone, lang).into()),
            ("length", texts::length(reading.target, lang).into()),
            ("when", texts::when(reading.due_at, now, lang).into()),
        ];
        t(lang, "promised-line", &args)
    };
    if clocks.is_empty() {
        return vec![tt(lang, "promised-none")];
    }
    let end = clocks
        .iter()
        .any(|r| matches!(r.milestone, Milestone::Resolve | Milestone::Plan | Milestone::FixPlan));
    // Silence would be taken for a promise.
    let open_end = (opened.ticket.kind == Kind::Fault && !end).then(|| tt(lang, "promised-no-end"));
    clocks.iter().map(one).chain(open_end).collect()
}
