//! English words that ask for a person.
use crate::step::words::phrase;

const POLITE: &[&str] =
    &["please", "pls", "now", "the", "a", "an", "hi", "hello", "help", "live", "just", "ok"];
const REFUSED: &[&str] = &["no", "not", "don't", "dont", "without", "non"];
const DESKS: &[&str] = &[
    "customer service",
    "customer support",
    "customer care",
    "live chat",
    "human being",
    "live support",
    "real people",
    "tech support please",
    "support team please",
];
/// Behind such a phrase, a part of some software rather than people.
const SOFTWARE: &[&str] = &[
    "module", "page", "portal", "app", "system", "software", "screen", "tab", "report", "menu", "form",
    "widget", "plugin", "window", "history", "log", "data", "feature", "function", "button", "field",
    "record", "records", "list", "table", "database",
];

pub fn asks_for_person(words: &[&str]) -> bool {
    DESKS.iter().any(|desk| desk_asked(words, desk)) || (0..words.len()).any(|i| person_at(words, i))
}

fn desk_asked(words: &[&str], desk: &str) -> bool {
    let long = desk.split(' ').count();
    phrase(words, desk)
        && (0..words.len().saturating_sub(long - 1)).any(|i| {
            phrase(&words[i..i + long], desk)
                && words.get(i + long).is_none_or(|next| !SOFTWARE.contains(next))
        })
}

/// True when the word at `i` means a person one wants to reach.
fn person_at(words: &[&str], i: usize) -> bool {
    let before = if i > 0 { words[i - 1] } else { "" };
    let after = words.get(i + 1).copied().unwrap_or_default();
    if REFUSED.contains(&before) || (i > 1 && REFUSED.contains(&words[i - 2])) {
        return false;
    }
    let alone = words.len() <= 3 && words.iter().enumerate().all(|(k, w)| k == i || POLITE.contains(w));
    let living = ["real", "live", "actual", "human", "support"].contains(&before);
    match words[i] {
        "human" | "humans" => ![
            "resources",
            "resource",
            "readable",
            "error",
            "errors",
            "capital",
            "task",
            "workflow",
            "factor",
            "factors",
            "in",
            "body",
            "machine",
        ]
        .contains(&after),
        "agent" => alone || living || (reached(words, i) && before != "the") || wanted(words, i),
        "person" | "representative" | "rep" | "operator" | "advisor" => {
            alone || living || reached(words, i) || wanted(words, i)
        }
        "someone" | "somebody" | "manager" | "supervisor" | "engineer" | "technician" | "staff" => {
            reached(words, i)
        }
        _ => false,
    }
}

/// Talk to, put me through to, call a …, within a few words before it.
fn reached(words: &[&str], i: usize) -> bool {
    let someone = matches!(words[i], "someone" | "somebody");
    (i.saturating_sub(6)..i).any(|k| {
        let next = words.get(k + 1).copied().unwrap_or_default();
        let direct = k + 2 == i && ["a", "an", "your", "my", "some"].contains(&next) || k + 1 == i && someone;
        match words[k] {
            "talk" | "talking" | "speak" | "speaking" | "chat" => ["to", "with"].contains(&next),
            "connect" | "put" | "hand" => ["me", "us"].contains(&next),
            "transfer" | "forward" | "escalate" => ["me", "us", "this", "it", "to"].contains(&next),
            "reach" | "call" | "contact" | "message" => direct,
            _ => false,
        }
    })
}

/// "I need a …", "get me a …": the wish stands directly before it.
fn wanted(words: &[&str], i: usize) -> bool {
    let [.., verb, article] = words[..i] else { return false };
    let after = words.get(i + 1).copied().unwrap_or_default();
    let me =
        ["me", "us"].contains(&verb) && i >= 3 && ["get", "give", "find", "send"].contains(&words[i - 3]);
    let wish = me || ["need", "want", "get"].contains(&verb);
    let thing =
        SOFTWARE.contains(&after) || ["name", "number", "id", "update", "code", "account"].contains(&after);
    wish && ["a", "an"].contains(&article) && !thing
}

pub fn complains(words: &[&str]) -> bool {
    const OTHERS: &[&str] = &[
        "users",
        "customers",
        "people",
        "colleagues",
        "they",
        "everyone",
        "staff",
        "clients",
        "user",
        "customer",
    ];
    const RECORDS: &[&str] =
        &["type", "types", "category", "number", "management", "register", "ticket", "tickets", "status"];
    words.iter().enumerate().any(|(i, w)| {
        let before = if i > 0 { words[i - 1] } else { "" };
        let after = words.get(i + 1).copied().unwrap_or_default();
        matches!(*w, "complain" | "complaint")
            && !OTHERS.contains(&before)
            && !REFUSED.contains(&before)
            && !SOFTWARE.contains(&after)
            && !RECORDS.contains(&after)
    })
}
