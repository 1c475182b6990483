//! Who is told when, before or after a promise comes due.
use super::{Length, Milestone};
use crate::ticket::Kind;
use crate::{Error, Result};

/// One step of the chain. Told once, or again and again until somebody takes the ticket.
#[derive(Clone, Debug, PartialEq)]
pub struct Escalation {
    pub milestone: Milestone,
    pub severity: Option<Vec<u8>>,
    pub kinds: Option<Vec<Kind>>,
    pub moment: Moment,
    pub to: Vec<Recipient>,
    pub repeat: Option<Length>,
}

/// Calendar arithmetic on the target's own calendar: never at midnight because a day is over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moment {
    Opening,
    Before(Length),
    Due,
    After(Length),
}

/// Who is told: `assignee`, `duty`, `role:manager`, `group:emergency`, `person:ADDRESS`,
/// `chat:telegram:-100123`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Recipient {
    Assignee,
    /// Whoever is on duty then.
    Duty,
    Role(crate::staff::Role),
    Group(String),
    Person(String),
    /// A chat of a channel: `(channel, chat)`.
    Chat(String, String),
}

impl std::str::FromStr for Recipient {
    type Err = Error;
    fn from_str(text: &str) -> Result<Recipient> {
        let wrong = || {
            let known = "assignee, duty, role:NAME, group:NAME, person:ADDRESS, chat:CHANNEL:CHAT";
            Error::invalid("to", format!("{text:?} is none of: {known}"))
        };
        match text.split_once(':') {
            None if text == "assignee" => Ok(Recipient::Assignee),
            None if text == "duty" => Ok(Recipient::Duty),
            Some(("role", role)) => role.parse().map(Recipient::Role).map_err(|_| {
                Error::invalid("to", format!("nobody has the role {role:?}: there is no such role"))
            }),
            Some(("group", name)) if !name.is_empty() => Ok(Recipient::Group(name.to_owned())),
            Some(("person", address)) if address.contains('@') => Ok(Recipient::Person(address.to_owned())),
            Some(("chat", rest)) => match rest.split_once(':') {
                Some((channel, chat)) if !channel.is_empty() && !chat.is_empty() => {
                    Ok(Recipient::Chat(channel.to_owned(), chat.to_owned()))
                }
                _ => Err(wrong()),
            },
            _ => Err(wrong()),
        }
    }
}

impl std::fmt::Display for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Recipient::Assignee => f.write_str("assignee"),
            Recipient::Duty => f.write_str("duty"),
            Recipient::Role(role) => write!(f, "role:{role}"),
            Recipient::Group(name) => write!(f, "group:{name}"),
            Recipient::Person(address) => write!(f, "person:{address}"),
            Recipient::Chat(channel, chat) => write!(f, "chat:{channel}:{chat}"),
        }
    }
}
