//! What a button means, as a string that fits into Telegram's 64 bytes of callback data. Buttons live
//! for ever in people's chats, so a string that no longer means anything is an ordinary case.
use std::str::FromStr;

use firstline_core::ticket::Number;

use crate::step::Ask;

/// The longest callback data Telegram takes.
pub const MAX_BYTES: usize = 64;

/// Names one of our answers, reports or messages within its conversation: the first 16 digits of the
/// id of the event that made it.
pub type Token = String;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A frequent question was tapped: show its article.
    Frequent {
        article: String,
    },
    /// The `nth` choice of an answer.
    Pick {
        answer: Token,
        nth: usize,
    },
    /// The answer's deciding question: it is about the `nth` product.
    Product {
        answer: Token,
        nth: usize,
    },
    /// What else was found.
    Others {
        answer: Token,
    },
    Solved {
        answer: Token,
    },
    Broken {
        answer: Token,
    },
    /// Say why an answer did not help.
    Why {
        answer: Token,
    },
    /// The `nth` reason.
    Because {
        answer: Token,
        nth: usize,
    },
    /// Search for help after all (offered beside a report begun by words of disaster).
    Search {
        report: Token,
    },
    /// Begin a report, prefilled from an answer or message when there is one.
    Report {
        about: Option<Token>,
    },
    /// A person, please.
    Person {
        about: Option<Token>,
    },
    /// A person, without saying what it is about.
    PersonNow,
    /// The `nth` button of a question of the guided report.
    Choose {
        report: Token,
        ask: Ask,
        nth: usize,
    },
    /// Change one line of the confirmation card.
    Edit {
        report: Token,
        ask: Ask,
    },
    Confirm {
        report: Token,
    },
    Cancel {
        report: Token,
    },
    /// Put an earlier message onto a ticket.
    AddTo {
        message: Token,
        number: Number,
    },
    /// Ask which ticket an earlier message belongs to.
    Which {
        message: Token,
    },
    /// The next message goes to this ticket.
    Append {
        number: Number,
    },
    Status {
        number: Number,
    },
    Tickets,
    /// The level is not right.
    Contest {
        number: Number,
    },
    /// The solution works.
    Works {
        number: Number,
    },
    StillBroken {
        number: Number,
    },
    Stars {
        number: Number,
        stars: u8,
    },
    Lang {
        tag: &'static str,
    },
    /// The `nth` choice of a question about an upgrade.
    Upgrade {
        asked: Token,
        nth: usize,
    },
    /// Tell of a product's releases, or no longer.
    Subscribe {
        product: String,
        on: bool,
    },
    /// The release that fixes their fault works.
    FixWorks {
        number: Number,
    },
    FixBroken {
        number: Number,
    },
}

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Action::Frequent { article } => write!(f, "f:{article}"),
            Action::Pick { answer, nth } => write!(f, "p:{answer}:{nth}"),
            Action::Product { answer, nth } => write!(f, "d:{answer}:{nth}"),
            Action::Others { answer } => write!(f, "o:{answer}"),
            Action::Solved { answer } => write!(f, "ok:{answer}"),
            Action::Broken { answer } => write!(f, "no:{answer}"),
            Action::Why { answer } => write!(f, "b:{answer}"),
            Action::Because { answer, nth } => write!(f, "bc:{answer}:{nth}"),
            Action::Search { report } => write!(f, "q:{report}"),
            Action::Report { about } => write!(f, "r:{}", about.as_deref().unwrap_or_default()),
            Action::Person { about } => write!(f, "h:{}", about.as_deref().unwrap_or_default()),
            Action::PersonNow => f.write_str("hn"),
            Action::Choose { report, ask, nth } => write!(f, "a:{report}:{ask}:{nth}"),
            Action::Edit { report, ask } => write!(f, "e:{report}:{ask}"),
            Action::Confirm { report } => write!(f, "c:{report}"),
            Action::Cancel { report } => write!(f, "x:{report}"),
            Action::AddTo { message, number } => write!(f, "t:{message}:{}", number.0),
            Action::Which { message } => write!(f, "w:{message}"),
            Action::Append { number } => write!(f, "m:{}", number.0),
            Action::Status { number } => write!(f, "s:{}", number.0),
            Action::Tickets => f.write_str("l"),
            Action::Contest { number } => write!(f, "z:{}", number.0),
            Action::Works { number } => write!(f, "y:{}", number.0),
            Action::StillBroken { number } => write!(f, "n:{}", number.0),
            Action::Stars { number, stars } => write!(f, "g:{}:{stars}", number.0),
            Action::Lang { tag } => write!(f, "i:{tag}"),
            Action::Upgrade { asked, nth } => write!(f, "u:{asked}:{nth}"),
            Action::Subscribe { product, on: true } => write!(f, "us:{product}"),
            Action::Subscribe { product, on: false } => write!(f, "uu:{product}"),
            Action::FixWorks { number } => write!(f, "fy:{}", number.0),
            Action::FixBroken { number } => write!(f, "fn:{}", number.0),
        }
    }
}

/// The button says nothing this version understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooOld;

impl FromStr for Action {
    type Err = TooOld;

    fn from_str(text: &str) -> Result<Action, TooOld> {
        let mut parts = text.split(':');
        let name = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        let action = match (name, rest.as_slice()) {
            ("f", [article]) => Action::Frequent { article: word(article)? },
            ("p", [answer, nth]) => Action::Pick { answer: word(answer)?, nth: count(nth)? },
            ("d", [answer, nth]) => Action::Product { answer: word(answer)?, nth: count(nth)? },
            ("o", [answer]) => Action::Others { answer: word(answer)? },
            ("ok", [answer]) => Action::Solved { answer: word(answer)? },
            ("no", [answer]) => Action::Broken { answer: word(answer)? },
            ("b", [answer]) => Action::Why { answer: word(answer)? },
            ("bc", [answer, nth]) => Action::Because { answer: word(answer)?, nth: count(nth)? },
            ("q", [report]) => Action::Search { report: word(report)? },
            ("r", [about]) => Action::Report { about: word(about).ok() },
            ("h", [about]) => Action::Person { about: word(about).ok() },
            ("hn", []) => Action::PersonNow,
            ("a", [report, ask, nth]) => {
                Action::Choose { report: word(report)?, ask: question(ask)?, nth: count(nth)? }
            }
            ("e", [report, ask]) => Action::Edit { report: word(report)?, ask: question(ask)? },
            ("c", [report]) => Action::Confirm { report: word(report)? },
            ("x", [report]) => Action::Cancel { report: word(report)? },
            ("t", [message, n]) => Action::AddTo { message: word(message)?, number: number(n)? },
            ("w", [message]) => Action::Which { message: word(message)? },
            ("m", [n]) => Action::Append { number: number(n)? },
            ("s", [n]) => Action::Status { number: number(n)? },
            ("l", []) => Action::Tickets,
            ("z", [n]) => Action::Contest { number: number(n)? },
            ("y", [n]) => Action::Works { number: number(n)? },
            ("n", [n]) => Action::StillBroken { number: number(n)? },
            ("g", [n, stars]) => Action::Stars { number: number(n)?, stars: stars_of(stars)? },
            ("i", ["zh-CN"]) => Action::Lang { tag: "zh-CN" },
            ("i", ["en"]) => Action::Lang { tag: "en" },
            ("u", [asked, nth]) => Action::Upgrade { asked: word(asked)?, nth: count(nth)? },
            ("us", [product]) => Action::Subscribe { product: word(product)?, on: true },
            ("uu", [product]) => Action::Subscribe { product: word(product)?, on: false },
            ("fy", [n]) => Action::FixWorks { number: number(n)? },
            ("fn", [n]) => Action::FixBroken { number: number(n)? },
            _ => return Err(TooOld),
        };
        Ok(action)
    }
}

fn word(text: &str) -> Result<String, TooOld> {
    let fine = (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fine { Ok(text.to_string()) } else { Err(TooOld) }
}

fn count(text: &str) -> Result<usize, TooOld> {
    text.parse::<u8>().map(usize::from).map_err(|_| TooOld)
}

fn number(text: &str) -> Result<Number, TooOld> {
    text.parse().map_err(|_| TooOld)
}

fn question(text: &str) -> Result<Ask, TooOld> {
    text.parse().map_err(|_| TooOld)
}

fn stars_of(text: &str) -> Result<u8, TooOld> {
    text.parse().ok().filter(|n| (1..=5).contains(n)).ok_or(TooOld)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_kind() -> Vec<Action> {
        let token = || "0199f3a2b4c57d01".to_string();
        let number = Number(999_999_999_999_999);
        vec![
            Action::Frequent { article: "0199f3a2b4c57d01a9b8c7d6e5f40302".into() },
            Action::Pick { answer: token(), nth: 9 },
            Action::Product { answer: token(), nth: 0 },
            Action::Others { answer: token() },
            Action::Solved { answer: token() },
            Action::Broken { answer: token() },
            Action::Why { answer: token() },
            Action::Because { answer: token(), nth: 5 },
            Action::Search { report: token() },
            Action::Report { about: None },
            Action::Report { about: Some(token()) },
            Action::Person { about: None },
            Action::Person { about: Some(token()) },
            Action::PersonNow,
            Action::Choose { report: token(), ask: Ask::Workaround, nth: 2 },
            Action::Edit { report: token(), ask: Ask::Product },
            Action::Confirm { report: token() },
            Action::Cancel { report: token() },
            Action::AddTo { message: token(), number },
            Action::Which { message: token() },
            Action::Append { number },
            Action::Status { number },
            Action::Tickets,
            Action::Works { number },
            Action::StillBroken { number },
            Action::Stars { number, stars: 5 },
            Action::Lang { tag: "zh-CN" },
            Action::Lang { tag: "en" },
            Action::Upgrade { asked: token(), nth: 7 },
            Action::Subscribe { product: "a-product-key-of-exactly-forty-letters-x".into(), on: true },
            Action::Subscribe { product: "invoice".into(), on: false },
            Action::FixWorks { number },
            Action::FixBroken { number },
        ]
    }

    #[test]
    fn every_action_fits_and_reads_back() {
        for action in every_kind() {
            let text = action.to_string();
            assert!(text.len() <= MAX_BYTES, "{text}");
            assert_eq!(text.parse(), Ok(action), "{text}");
        }
    }

    #[test]
    fn what_we_never_wrote_is_too_old() {
        for text in
            ["", "zz:1", "g:1:6", "g:1:0", "p:abc", "p::1", "s:x", "i:fr", "a:t:zz:1", "f:<script>", "解决"]
        {
            assert_eq!(text.parse::<Action>(), Err(TooOld), "{text}");
        }
    }
}
