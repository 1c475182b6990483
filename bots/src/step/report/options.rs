//! The buttons of each question.
use firstline_core::severity::{Effect, Scope};

use crate::step::Ask;
use crate::step::dialogue::Report;
use crate::texts::{Lang, tt};

/// The labels of a question's buttons, in order; the last one is "not sure" where that is an answer.
pub fn options(report: &Report, ask: Ask, lang: Lang) -> Vec<String> {
    match ask {
        Ask::Product => {
            let names = report.products.iter().map(|key| report.names.name(key, lang));
            names.chain([tt(lang, "button-unsure")]).collect()
        }
        Ask::Version => vec![tt(lang, "button-unsure")],
        Ask::Scope => with_unsure(Scope::ALL.iter().map(|s| s.as_str()), "scope", lang),
        Ask::Effect => with_unsure(Effect::ALL.iter().map(|e| e.as_str()), "effect", lang),
        Ask::Workaround => with_unsure(["no", "yes"].into_iter(), "workaround", lang),
        Ask::Files if report.files() > 0 => vec![tt(lang, "button-files-done")],
        Ask::Files => vec![tt(lang, "button-skip")],
        Ask::What | Ask::Confirm => Vec::new(),
    }
}

fn with_unsure<'a>(values: impl Iterator<Item = &'a str>, name: &str, lang: Lang) -> Vec<String> {
    let key = |value: &str| format!("{name}-{}", value.replace('_', "-"));
    values.map(|v| tt(lang, &key(v))).chain([tt(lang, "button-unsure")]).collect()
}

/// The label of one button.
pub fn label_of(report: &Report, ask: Ask, nth: usize, lang: Lang) -> String {
    options(report, ask, lang).into_iter().nth(nth).unwrap_or_default()
}
