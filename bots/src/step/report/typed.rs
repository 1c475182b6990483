//! Words and files sent while a report is being taken. What fits the question answers it; what does not
//! is kept with the description and the question asked again, kindly, once or twice.
use firstline_core::severity::{Effect, Scope};

use super::{advance, confirm, options, repeat};
use crate::step::dialogue::{Mode, Report, Said};
use crate::step::words;
use crate::step::{Ask, Step};
use crate::texts::{Lang, tt};

/// After so many answers that fit nothing the question is left open.
const PATIENCE: u8 = 2;

/// What somebody sent while a report is running.
pub fn words(step: &mut Step<'_>, said: Said) {
    let Mode::Reporting(report) = &mut step.dialogue.mode else { return };
    if said.files > 0 {
        return files(step, said);
    }
    let text = said.text.as_str();
    match report.current {
        Ask::What => {
            report.text = said.text.clone();
            report.said.retain(|s| !s.text.is_empty() || s.files > 0);
            report.said.insert(0, said);
            advance(step, None);
        }
        Ask::Files => {
            if !words::is_skip(text) && !words::is_unknown(text) {
                report.said.push(said);
            }
            advance(step, None);
        }
        Ask::Confirm if confirms(text) => {
            let token = report.token.clone();
            confirm(step, &token);
        }
        Ask::Confirm => {
            report.said.push(said);
            let note = tt(step.lang, "report-added");
            repeat(step, Some(note));
        }
        ask => choice(step, ask, said),
    }
}

fn confirms(text: &str) -> bool {
    let words = [
        "确认",
        "提交",
        "确认提交",
        "对",
        "没问题",
        "好",
        "好的",
        "是",
        "是的",
        "可以",
        "1",
        "confirm",
        "submit",
        "yes",
        "ok",
        "okay",
        "send",
        "y",
        "correct",
    ];
    words.contains(&words::fold(text).trim_end_matches(['!', '.', '。', '！']))
}

/// Files join the report; a question that was open stays open.
fn files(step: &mut Step<'_>, said: Said) {
    let Mode::Reporting(report) = &mut step.dialogue.mode else { return };
    let caption = said.text.clone();
    let was_files = report.current == Ask::Files;
    let names_it = report.current == Ask::What && !caption.is_empty();
    report.said.push(said);
    report.settle(Ask::Files);
    if names_it {
        report.text = caption;
    }
    let note = tt(step.lang, "report-file-taken");
    if was_files || names_it { advance(step, Some(note)) } else { repeat(step, Some(note)) }
}

/// Words where a button was expected.
fn choice(step: &mut Step<'_>, ask: Ask, said: Said) {
    let Mode::Reporting(report) = &mut step.dialogue.mode else { return };
    if set(report, ask, &said.text) {
        if says_more(report, ask, &said.text, step.lang) {
            report.said.push(said);
        }
        return advance(step, None);
    }
    report.misread += 1;
    report.said.push(said);
    if report.misread > PATIENCE {
        let note = tt(step.lang, "report-left-open");
        return advance(step, Some(note));
    }
    let note = tt(step.lang, "report-misread");
    repeat(step, Some(note));
}

/// True when an answer holds more words than the one it was read as: they are kept with the description.
fn says_more(report: &Report, ask: Ask, text: &str, lang: Lang) -> bool {
    let text = text.trim();
    let few = match ask {
        Ask::Product | Ask::Version => 20,
        _ if text.is_ascii() => 12,
        _ => 4,
    };
    let taken_whole =
        report.product.as_deref() == Some(text) || options(report, ask, lang).iter().any(|o| o == text);
    text.chars().count() > few && !taken_whole
}

/// Sets what the words say; false when they do not answer the question.
fn set(report: &mut Report, ask: Ask, text: &str) -> bool {
    let unknown = words::is_unknown(text);
    match ask {
        Ask::Product => product(report, text, unknown),
        Ask::Version => version(report, text, unknown),
        Ask::Scope => {
            let nth = words::nth_of(text, 3);
            report.situation.scope = nth.and_then(|n| Scope::ALL.get(n).copied());
            report.situation.scope = report.situation.scope.or_else(|| words::scope_of(text));
            report.situation.scope.is_some() || unknown
        }
        Ask::Effect => {
            let nth = words::nth_of(text, 5);
            report.situation.effect = nth.and_then(|n| Effect::ALL.get(n).copied());
            report.situation.effect = report.situation.effect.or_else(|| words::effect_of(text));
            report.situation.effect.is_some() || unknown
        }
        Ask::Workaround => {
            let nth = words::nth_of(text, 2).map(|n| n == 1);
            report.situation.workaround = nth.or_else(|| words::workaround_of(text).filter(|_| !unknown));
            report.situation.workaround.is_some() || unknown
        }
        Ask::What | Ask::Files | Ask::Confirm => false,
    }
}

fn product(report: &mut Report, text: &str, unknown: bool) -> bool {
    let folded = words::fold(text);
    let nth = words::nth_of(text, report.products.len()).and_then(|n| report.products.get(n));
    let named = report.names.find(&report.products, &folded);
    let Some((product, name)) = nth.map(|key| (key, folded.clone())).or(named) else {
        if unknown {
            return true;
        }
        // A product we do not know by name is an answer, too, when it is short.
        let short = text.chars().count() <= 40 && !text.contains(['?', '？']);
        if short {
            report.version = words::version_in(text);
            report.product = Some(text.trim().to_string());
        }
        return short;
    };
    let product = product.clone();
    report.version = words::version_in(&folded.replace(&name, " ")).or(report.version.take());
    report.product = Some(product);
    true
}

fn version(report: &mut Report, text: &str, unknown: bool) -> bool {
    if unknown {
        return true;
    }
    let whole = text.trim();
    let version =
        words::version_in(whole).or_else(|| (whole.chars().count() <= 20).then(|| whole.to_string()));
    report.version = version.or(report.version.take());
    report.version.is_some()
}
