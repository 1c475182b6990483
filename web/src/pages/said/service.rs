//! What service did on a ticket, in words: whose it is, what is covered, who got it and why, what was done.
use firstline_bots::texts::{cause_word, entitlement_lines, money};
use firstline_core::entitlement::Cause;
use firstline_core::routing::Why;
use firstline_core::ticket::service::{AttentionWhy, Service};

use crate::pages::{Page, times};

/// Icon and text of an entry; `None` where it does not concern the reader.
pub(super) fn words(p: &Page, entry: &Service, inside: bool) -> Option<(&'static str, String)> {
    let told = match entry {
        Service::Entitled { entitlement } => ("note", entitlement_lines(entitlement, p.lang.tag()).join(" ")),
        Service::Handling { to, agreed_by, note, .. } => ("swap", handling(p, to.as_str(), agreed_by, note)),
        Service::Remote { authorised_by, authorised_at, note } => {
            let args = [("who", authorised_by.into()), ("when", p.moment(*authorised_at).into())];
            ("terminal", with(p.lang.text_with("service-remote", &args), Some(note)))
        }
        Service::Work { kind, minutes, on, note } => {
            let span = times::span(p.lang, minutes * 60_000);
            let args = [("kind", p.word("work", kind).into()), ("span", span.into()), ("on", on.into())];
            ("clock", with(p.lang.text_with("service-work", &args), Some(note)))
        }
        Service::Quoted { days, cents, currency, note } => {
            let args = [("days", (*days).into()), ("price", money(*cents, currency).into())];
            ("report", with(p.lang.text_with("service-quoted", &args), Some(note)))
        }
        Service::QuoteDecided { accepted, by } => {
            let key = if *accepted { "service-quote-accepted" } else { "service-quote-declined" };
            ("check", p.t1(key, by))
        }
        Service::Unanswered { days } => ("clock", p.tn("service-unanswered", days)),
        _ if !inside => return None,
        other => private(p, other),
    };
    Some(told)
}

/// For staff only.
fn private(p: &Page, entry: &Service) -> (&'static str, String) {
    match entry {
        Service::Placed { customer, contract, installation } => {
            let parts: Vec<&str> =
                [customer, contract, installation].into_iter().flatten().map(String::as_str).collect();
            ("book", p.t1("service-placed", &parts.join(" · ")))
        }
        Service::Cause { to, .. } => {
            let cause = to.map_or_else(|| p.t("cause-unknown"), |c| cause_word(c.as_str(), p.lang.tag()));
            ("swap", p.t1("service-cause", &cause))
        }
        Service::Exclusion { id: Some(id) } => ("alert", p.t1("service-exclusion", &p.word("exclusion", id))),
        Service::Exclusion { id: None } => ("swap", p.t("service-exclusion-none")),
        Service::Routed { group, person, why } => {
            let to: Vec<&str> = [group, person].into_iter().flatten().map(String::as_str).collect();
            let args = [("to", to.join(" · ").into()), ("why", reasons(p, why).into())];
            ("person", p.lang.text_with("service-routed", &args))
        }
        Service::Quota { id, used_minutes, limit_minutes, used_up } => {
            let days = |m: i64| format!("{:.1}", m as f64 / 480.0);
            let args = [
                ("quota", p.word("quota", id).into()),
                ("used", days(*used_minutes).into()),
                ("limit", days(*limit_minutes).into()),
            ];
            let key = if *used_up { "service-quota-used-up" } else { "service-quota-near" };
            ("alert", p.lang.text_with(key, &args))
        }
        Service::Attention { why, .. } => ("alert", attention(p, why)),
        Service::Excluded { name, reason } => ("person", with(p.t1("service-excluded", name), Some(reason))),
        Service::About { number } => ("note", p.t1("service-about", &number.to_string())),
        Service::ComplainedOf { number } => ("alert", p.t1("service-complained-of", &number.to_string())),
        // The rest is told to customers, too.
        _ => ("note", String::new()),
    }
}

pub fn attention(p: &Page, why: &AttentionWhy) -> String {
    match why {
        AttentionWhy::Repeated { times } => p.tn("attention-repeated", times),
        AttentionWhy::SameFault { tickets } => p.tn("attention-same-fault", tickets),
        AttentionWhy::LowRating { stars } => p.tn("attention-low-rating", stars),
        AttentionWhy::Contested => p.t("attention-contested"),
    }
}

fn handling(p: &Page, to: &str, agreed_by: &Option<String>, note: &Option<String>) -> String {
    let mut text = p.t1("service-handling", &p.word("handling", to));
    if let Some(by) = agreed_by {
        text = format!("{text} {}", p.t1("service-agreed", by));
    }
    with(text, note.as_ref())
}

/// Why somebody got a ticket.
pub fn reasons(p: &Page, why: &[Why]) -> String {
    let words: Vec<String> = why.iter().map(|w| reason(p, w)).collect();
    words.join(&p.t("list-comma"))
}

fn reason(p: &Page, why: &Why) -> String {
    match why {
        Why::SameEngineer { number } => p.t1("why-same-engineer", &number.to_string()),
        Why::Excluded { name } => p.t1("why-excluded", name),
        Why::Skill { cause } => p.t1("why-skill", &skill(p, *cause)),
        Why::Region { region } => p.t1("why-region", region),
        Why::Load { open } => p.tn("why-load", open),
        Why::Complaint => p.t("why-complaint"),
        Why::NamedEngineer => p.t("why-named"),
        Why::Emergency => p.t("why-emergency"),
        Why::InWarranty => p.t("why-in-warranty"),
        Why::AfterWarranty => p.t("why-after-warranty"),
        Why::OnDuty => p.t("why-on-duty"),
        Why::OnlyGroup => p.t("why-only-group"),
        Why::Nobody => p.t("why-nobody"),
        Why::ByHand => p.t("why-by-hand"),
        Why::Successor => p.t("why-successor"),
    }
}

pub fn skill(p: &Page, cause: Cause) -> String {
    cause_word(cause.as_str(), p.lang.tag())
}

fn with(text: String, note: Option<&String>) -> String {
    match note.map(|n| n.trim()).filter(|n| !n.is_empty()) {
        Some(note) => format!("{text} — {note}"),
        None => text,
    }
}
