//! A severity level and its reason in words.
use firstline_core::severity::{Assessment, Reason, Situation};

use super::{Lang, t, tt};

/// The level as people say it: `2 级` or `L2`.
pub fn level(level: u8, lang: impl Into<Lang>) -> String {
    t(lang, "severity-level", &[("level", level.to_string().into())])
}

/// The level with the reason for it: `2 级，因为……` or `L2, because …`.
pub fn severity_reason(assessment: &Assessment, lang: impl Into<Lang>) -> String {
    let lang = lang.into();
    let digit = level(assessment.level, lang);
    match &assessment.reason {
        Reason::Rule { situation, .. } => {
            let why = situation_words(situation, lang);
            t(lang, "severity-by-rule", &[("level", digit.into()), ("why", why.into())])
        }
        Reason::Unassessed => t(lang, "severity-unassessed", &[("level", digit.into())]),
        Reason::Staff { note } => {
            t(lang, "severity-by-staff", &[("level", digit.into()), ("note", note.as_str().into())])
        }
    }
}

fn situation_words(situation: &Situation, lang: Lang) -> String {
    let effect = situation.effect.map(|e| tt(lang, &format!("why-effect-{}", e.as_str().replace('_', "-"))));
    let scope = situation.scope.map_or("unknown", |s| s.as_str());
    let workaround = match situation.workaround {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    };
    let parts = [
        effect,
        Some(tt(lang, &format!("why-scope-{scope}"))),
        Some(tt(lang, &format!("why-workaround-{workaround}"))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(&tt(lang, "list-comma"))
}
