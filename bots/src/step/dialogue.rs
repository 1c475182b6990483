//! What the bot remembers of a chat between two events. Stored as JSON with the conversation; a part
//! that an older or newer version wrote and this one cannot read falls back to its empty value.
mod episode;

use firstline_core::Time;
use firstline_core::severity::Situation;
use firstline_core::text_enum;
use firstline_core::ticket::{ArticleShown, Kind, Number, SearchMade};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::product::Names;
use crate::action::Token;

/// Stands for the id of the message being heard in this turn, until the driver knows it.
pub const CURRENT: &str = "@";
const KEPT_ANSWERS: usize = 4;
const KEPT_MESSAGES: usize = 6;
const KEPT_RECORDS: usize = 20;
const KEPT_ENDED: usize = 12;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dialogue {
    #[serde(deserialize_with = "lenient")]
    pub mode: Mode,
    /// A report left unfinished through a long silence: offered again, never fed unasked.
    #[serde(deserialize_with = "lenient")]
    pub parked: Option<Box<Report>>,
    /// It was put aside in this turn.
    #[serde(skip)]
    pub parked_now: bool,
    /// When they last wrote or tapped.
    pub active: Option<Time>,
    /// When the present episode began; the hand-off packet reaches back to here.
    pub since: Option<Time>,
    /// Answers given lately, newest last: their buttons still work.
    #[serde(deserialize_with = "lenient")]
    pub answers: Vec<Given>,
    /// Messages heard lately that may still be put onto a ticket, newest last.
    #[serde(deserialize_with = "lenient")]
    pub heard: Vec<Said>,
    #[serde(deserialize_with = "lenient")]
    pub searches: Vec<SearchMade>,
    #[serde(deserialize_with = "lenient")]
    pub articles: Vec<ArticleShown>,
    /// Reports that ended, newest last: their buttons say so.
    #[serde(deserialize_with = "lenient")]
    pub ended: Vec<Ended>,
    /// A question about an upgrade that waits for an answer of theirs.
    #[serde(deserialize_with = "lenient")]
    pub upgrade: Option<super::upgrade::Pending>,
    /// Searches in a row that found nothing.
    pub misses: u8,
    #[serde(deserialize_with = "lenient")]
    pub album: Option<Album>,
    /// Arrival of the messages of the last seconds, in milliseconds; for the flood guard.
    #[serde(deserialize_with = "lenient")]
    pub arrivals: Vec<i64>,
    /// When "slow down" was said last.
    pub slowed: Option<Time>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Mode {
    #[default]
    Idle,
    Reporting(Box<Report>),
    /// A person was asked for and we want to know what it is about.
    Person {
        token: Token,
        said: Vec<Said>,
        kind: Kind,
    },
    /// The next message goes to this ticket.
    Appending {
        number: Number,
    },
    /// The next message says why the level of this ticket is not right.
    Contesting {
        number: Number,
    },
}

/// An answer we gave, as far as its buttons need it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Given {
    pub token: Token,
    /// The search event of the kb.
    pub search: Option<String>,
    pub question: String,
    /// The message that asked; absent for a tapped frequent question.
    pub said: Option<Said>,
    pub hits: Vec<Shown>,
    /// The products of a deciding question.
    pub products: Vec<String>,
    /// Which hit is on the screen.
    pub current: Option<usize>,
    /// The last hit that did not help.
    pub rejected: Option<usize>,
    /// Solved, or handed over to a report or a person.
    pub closed: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shown {
    pub id: String,
    pub revision: i64,
    pub title: String,
    pub product: Option<String>,
    pub score: f32,
    pub path: String,
    /// Its steps were on the screen.
    pub seen: bool,
}

/// A message of the customer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    pub token: Token,
    /// The transcript's message id, or `CURRENT`.
    pub id: String,
    /// The platform's id, by which an edit finds it.
    pub external: Option<String>,
    pub text: String,
    pub files: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Album {
    pub id: String,
    /// The platform's id of its first part.
    pub message: String,
}

/// A report that ended: with a ticket, or cancelled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ended {
    pub token: Token,
    pub number: Option<Number>,
    /// Ended in this turn by a ticket whose number is not known yet.
    #[serde(skip)]
    pub fresh: bool,
}

text_enum! {
    /// What the guided report asks, in this order. The words are short: they travel in buttons.
    Ask ("ask") {
        What = "w",
        Product = "p",
        Version = "v",
        Scope = "s",
        Effect = "e",
        Workaround = "k",
        Files = "f",
        Confirm = "c",
    }
}

/// A report being taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub token: Token,
    pub kind: Kind,
    /// What happens, in the customer's words.
    pub text: String,
    /// The messages that belong to it.
    #[serde(default)]
    pub said: Vec<Said>,
    #[serde(default)]
    pub product: Option<String>,
    #[serde(default)]
    pub version: Option<String>,
    #[serde(default)]
    pub situation: Situation,
    /// Products to choose from, in the order of their buttons.
    #[serde(default)]
    pub products: Vec<String>,
    /// What they and the product reported about are called.
    #[serde(default)]
    pub names: Names,
    #[serde(default)]
    pub settled: Vec<Ask>,
    pub current: Ask,
    /// One line of the card is being changed: back to the card afterwards.
    #[serde(default)]
    pub editing: bool,
    /// How many numbered questions this report asks.
    #[serde(default)]
    pub total: usize,
    /// How many of them were answered.
    #[serde(default)]
    pub asked: usize,
    /// What was taken from their own words: said on the card, where a tap confirms it.
    #[serde(default)]
    pub understood: Vec<Ask>,
    /// How often the current question was answered with something else.
    #[serde(default)]
    pub misread: u8,
    #[serde(default)]
    pub answer: Option<Token>,
    /// Begun by words of disaster.
    #[serde(default)]
    pub urgent: bool,
}

fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(d: D) -> Result<T, D::Error> {
    let value = Value::deserialize(d)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

impl Dialogue {
    /// Reads what is stored; `null` and what cannot be read is a fresh start.
    pub fn load(value: &Value) -> Dialogue {
        serde_json::from_value(value.clone()).unwrap_or_default()
    }

    pub fn store(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    pub fn given(&self, token: &str) -> Option<&Given> {
        self.answers.iter().find(|g| g.token == token)
    }

    pub fn given_mut(&mut self, token: &str) -> Option<&mut Given> {
        self.answers.iter_mut().find(|g| g.token == token)
    }

    /// The newest answer that still waits for a verdict.
    pub fn open_answer(&self) -> Option<&Given> {
        self.answers.last().filter(|g| !g.closed)
    }

    pub fn message(&self, token: &str) -> Option<&Said> {
        let asked = self.answers.iter().filter_map(|g| g.said.as_ref());
        self.heard.iter().chain(asked).find(|s| s.token == token)
    }

    pub fn report(&self) -> Option<&Report> {
        match &self.mode {
            Mode::Reporting(report) => Some(report),
            _ => None,
        }
    }

    pub fn remember_answer(&mut self, given: Given) {
        push_capped(&mut self.answers, given, KEPT_ANSWERS);
    }

    pub fn remember_message(&mut self, said: Said) {
        push_capped(&mut self.heard, said, KEPT_MESSAGES);
    }

    pub fn remember_search(&mut self, search: SearchMade) {
        push_capped(&mut self.searches, search, KEPT_RECORDS);
    }

    pub fn remember_article(&mut self, shown: &Shown, verdict: &str) {
        self.articles.retain(|a| a.article_id != shown.id);
        let record = ArticleShown {
            article_id: shown.id.clone(),
            revision: shown.revision,
            title: shown.title.clone(),
            verdict: verdict.into(),
        };
        push_capped(&mut self.articles, record, KEPT_RECORDS);
    }

    /// A report ended without a ticket.
    pub fn drop_report(&mut self, token: &str) {
        self.end(token, None, false);
        self.mode = Mode::Idle;
    }

    /// A report (or an answer whose buttons lead to one) becomes the ticket opened in this turn.
    pub fn becomes_ticket(&mut self, token: &str) {
        self.end(token, None, true);
        self.mode = Mode::Idle;
    }

    /// A message went onto a ticket: its button says so from now on.
    pub fn place(&mut self, message: &str, number: Number) {
        self.end(&placed(message), Some(number), false);
        self.heard.retain(|s| s.token != message);
    }

    /// The ticket a message was put onto.
    pub fn placed(&self, message: &str) -> Option<Number> {
        let token = placed(message);
        self.ended.iter().find(|e| e.token == token).and_then(|e| e.number)
    }

    fn end(&mut self, token: &str, number: Option<Number>, fresh: bool) {
        push_capped(&mut self.ended, Ended { token: token.into(), number, fresh }, KEPT_ENDED);
    }

    /// The number of the ticket that was opened in this turn.
    pub fn settle_number(&mut self, number: Number) {
        for ended in self.ended.iter_mut().filter(|e| e.fresh) {
            ended.number = Some(number);
            ended.fresh = false;
        }
    }

    /// Puts the id of the message just heard where `CURRENT` stands.
    pub fn settle_current(&mut self, id: &str) {
        let in_mode: &mut [Said] = match &mut self.mode {
            Mode::Reporting(report) => &mut report.said,
            Mode::Person { said, .. } => said,
            _ => &mut [],
        };
        let asked = self.answers.iter_mut().filter_map(|g| g.said.as_mut());
        for said in in_mode.iter_mut().chain(self.heard.iter_mut()).chain(asked) {
            if said.id == CURRENT {
                said.id = id.to_string();
            }
        }
    }

    /// A message got other words: a report that is still being taken uses them.
    pub fn reword(&mut self, external: &str, text: &str) {
        if let Mode::Reporting(report) = &mut self.mode {
            let mine =
                report.said.iter().any(|s| s.external.as_deref() == Some(external) && s.text == report.text);
            if mine {
                report.text = text.to_string();
            }
            reword_in(report.said.iter_mut(), external, text);
        }
        reword_in(self.heard.iter_mut(), external, text);
        reword_in(self.answers.iter_mut().filter_map(|g| g.said.as_mut()), external, text);
    }
}

/// Messages and reports may be named by the same turn.
fn placed(message: &str) -> Token {
    format!("m{message}")
}

fn reword_in<'a>(said: impl Iterator<Item = &'a mut Said>, external: &str, text: &str) {
    for s in said.filter(|s| s.external.as_deref() == Some(external)) {
        s.text = text.to_string();
    }
}

fn push_capped<T>(list: &mut Vec<T>, item: T, max: usize) {
    list.push(item);
    if list.len() > max {
        list.remove(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_another_version_wrote_falls_back_part_by_part() {
        assert_eq!(Dialogue::load(&Value::Null), Dialogue::default());
        assert_eq!(Dialogue::load(&json!("nonsense")), Dialogue::default());
        let odd = json!({"mode": {"is": "dancing"}, "misses": 1, "answers": [{"token": "a", "new": 1}], "heard": 3});
        let read = Dialogue::load(&odd);
        assert_eq!((read.mode, read.misses, read.answers.len(), read.heard.len()), (Mode::Idle, 1, 1, 0));
    }

    #[test]
    fn it_reads_back_what_it_stored() {
        let mut dialogue = Dialogue { since: Some(Time(5)), ..Dialogue::default() };
        dialogue.remember_message(Said { token: "t".into(), id: CURRENT.into(), ..Said::default() });
        dialogue.becomes_ticket("r");
        dialogue.settle_number(Number(7));
        dialogue.settle_current("m1");
        let read = Dialogue::load(&dialogue.store());
        assert_eq!(read, dialogue);
        assert_eq!((read.heard[0].id.as_str(), read.ended[0].number), ("m1", Some(Number(7))));
    }
}
