//! The conversation as a pure function: `read` says what an event means and what must be looked up,
//! `respond` says what is answered and what is to happen. No network, no database, no clock but the one given.
pub mod answer;
pub mod blocks;
pub mod card;
pub mod command;
pub mod dialogue;
pub mod follow;
pub mod menu;
pub mod person;
pub mod press;
pub mod product;
pub mod read;
pub mod report;
pub mod say;
#[cfg(test)]
mod stories;
pub mod tickets;
pub mod upgrade;
pub mod why;
pub mod words;

use firstline_core::files::FileOffer;
use firstline_core::people::Profile;
use firstline_core::plan::Plan;
use firstline_core::severity::Situation;
use firstline_core::ticket::{ClockRow, Heard, Kind, Number, Packet, Status, Ticket, TimelineRow};
use firstline_core::{Time, ticket};
use firstline_kb::catalogue::model::Texts;
use firstline_kb::catalogue::path::Advice;
use firstline_kb::catalogue::{Asked, Products};
use firstline_kb::events::Verdict;
use firstline_kb::figures::Reason;
use firstline_kb::{Answer, Article, Found, Question};

use crate::action::Token;
use crate::event::{Envelope, Event};
use crate::message::Outgoing;
use crate::texts::Lang;

pub use dialogue::{Ask, Dialogue};
pub use read::{Intent, Reading, read, recall};

/// What is known before anything is looked up.
#[derive(Clone, Debug)]
pub struct Context {
    pub now: Time,
    /// When the event was sent, where the platform says so; else when it arrived.
    pub received_at: Time,
    /// Names what this turn makes; the beginning of the event's id.
    pub token: Token,
    /// A fresh id for the search of this turn, should there be one.
    pub search_id: String,
    pub channel: String,
    /// The id of this conversation.
    pub conversation: String,
    pub private: bool,
    /// The root of our site, without a slash at its end.
    pub site: String,
    /// The language the person chose, if they ever did.
    pub chosen: Option<Lang>,
    /// The language spoken last in this chat.
    pub spoken: Option<Lang>,
    pub name: String,
    pub product: Option<String>,
    pub version: Option<String>,
    /// The products of the catalogue, for their names.
    pub products: Products,
    /// The person's own ticket whose message this one answers.
    pub replied: Option<TicketRef>,
    /// False after the user left or blocked the bot.
    pub reachable: bool,
}

/// A ticket as far as a chat needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct TicketRef {
    pub id: String,
    pub number: Number,
    pub title: String,
    pub status: Status,
}

impl From<&Ticket> for TicketRef {
    fn from(t: &Ticket) -> TicketRef {
        TicketRef { id: t.id.clone(), number: t.number, title: t.title.clone(), status: t.status }
    }
}

/// What the driver must look up before `respond`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wants {
    pub answer: Option<Question>,
    /// The id of an article whose steps are shown.
    pub article: Option<String>,
    /// "Which patch do I need?"
    pub advice: Option<Asked>,
    /// The name of a product of the catalogue, by its key.
    pub product_title: Option<String>,
    pub frequent: bool,
    pub products: bool,
    /// The group conversation they come from: what they asked there.
    pub group: Option<String>,
    /// The person's tickets.
    pub tickets: bool,
    /// One of them with its clocks and messages.
    pub ticket: Option<Number>,
    /// What was said since the episode began.
    pub transcript: Option<Time>,
    /// Messages whose attachments the packet names.
    pub files_of: Vec<String>,
}

/// What was found of it.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub answer: Option<(Answer, Found)>,
    pub article: Option<Article>,
    /// `None` also when the catalogue has nothing to say.
    pub advice: Option<Advice>,
    pub product_title: Option<Texts>,
    pub frequent: Vec<Article>,
    pub products: Vec<String>,
    /// `None` also when it was somebody else who asked there.
    pub group: Option<String>,
    /// Newest first.
    pub tickets: Vec<TicketRef>,
    /// `None` also when it belongs to somebody else.
    pub ticket: Option<TicketCard>,
    pub transcript: Vec<Heard>,
    /// Ids of the attachments of `Wants::files_of`.
    pub attachments: Vec<String>,
}

impl Facts {
    /// The person's tickets nobody has solved yet.
    pub fn open(&self) -> Vec<Number> {
        self.tickets.iter().filter(|t| t.status.is_open()).map(|t| t.number).collect()
    }
}

/// A ticket with what `/status` tells of it.
#[derive(Clone, Debug)]
pub struct TicketCard {
    pub ticket: Ticket,
    pub clocks: Vec<ClockRow>,
    /// The newest message that is not internal: `(author, text, at)`.
    pub last: Option<(ticket::Author, String, Time)>,
    pub timeline: Vec<TimelineRow>,
    pub link: String,
}

/// Everything one event causes, in order, inside one transaction.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Goes into the transcript; the message of this turn from here on.
    Heard {
        text: String,
        external_id: Option<String>,
        files: Vec<FileOffer>,
    },
    /// A late part of an album joins the message it belongs to.
    AddFiles {
        external_id: String,
        files: Vec<FileOffer>,
    },
    Edit {
        external_id: String,
        text: String,
    },
    /// With a ticket's id, a reply to this message belongs to that ticket.
    Say {
        message: Box<Outgoing>,
        ticket_id: Option<String>,
    },
    /// The answer with number and promises is rendered from what the core gives back.
    OpenTicket(Box<Opening>),
    AddToTicket {
        number: Number,
        message_id: String,
    },
    /// The same without reopening a solved one.
    NoteOnTicket {
        number: Number,
        message_id: String,
    },
    /// Why they think that the level is not right, in the message of this turn.
    Contest {
        number: Number,
        message_id: String,
        words: String,
    },
    Reopen {
        number: Number,
    },
    ConfirmSolved {
        number: Number,
    },
    Rate {
        number: Number,
        stars: u8,
    },
    Remember(Profile),
    /// The releases (ids) of an upgrade were given to this chat.
    GaveReleases(Vec<String>),
    /// Tell this chat of a product's releases, or no longer.
    Subscribe {
        product: String,
        on: bool,
    },
    /// The user left or blocked the bot.
    Unreachable,
    /// The user is back: what happened on their tickets meanwhile is sent after all.
    ReachableAgain,
    RecordSearch {
        id: String,
        lang: Lang,
        product: Option<String>,
        answer: Box<Answer>,
        found: Box<Found>,
    },
    RecordVerdict {
        search: String,
        article: Option<String>,
        verdict: Verdict,
    },
    /// Why an article did not help.
    RecordReason {
        search: Option<String>,
        article: String,
        revision: i64,
        reason: Reason,
    },
}

/// What is needed to open a ticket.
#[derive(Clone, Debug)]
pub struct Opening {
    pub token: Token,
    pub kind: Kind,
    pub title: String,
    pub text: String,
    pub product: Option<String>,
    pub version: Option<String>,
    pub situation: Situation,
    pub packet: Packet,
    /// Transcript messages that move onto the ticket.
    pub with: Vec<String>,
    /// A person was asked for, rather than a fault reported.
    pub person: bool,
    pub ack: Option<String>,
}

/// The outcome of a turn.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub dialogue: Dialogue,
    pub lang: Lang,
    pub effects: Vec<Effect>,
}

/// A turn being put together.
pub struct Step<'a> {
    pub dialogue: Dialogue,
    pub lang: Lang,
    pub ctx: &'a Context,
    pub facts: &'a Facts,
    pub plan: &'a Plan,
    pub effects: Vec<Effect>,
    /// Taken by the first thing said.
    pub ack: Option<String>,
}

impl Step<'_> {
    pub fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub fn say(&mut self, message: Outgoing) {
        self.say_about(message, None);
    }

    /// Says something whose answer belongs to a ticket.
    pub fn say_about(&mut self, mut message: Outgoing, ticket_id: Option<String>) {
        message.ack = self.ack.take();
        self.effects.push(Effect::Say { message: Box::new(message), ticket_id });
    }

    /// Says something only its reader should see where others could read it.
    pub fn say_aside(&mut self, mut message: Outgoing) {
        message.ephemeral = !self.ctx.private;
        self.say(message);
    }
}

/// Decides what an event causes, given what was looked up for it. `dialogue` is the one `recall` gave.
pub fn respond(
    dialogue: &Dialogue,
    envelope: &Envelope,
    reading: &Reading,
    ctx: &Context,
    facts: &Facts,
    plan: &Plan,
) -> Outcome {
    let mut step = Step {
        dialogue: dialogue.clone(),
        lang: reading.lang,
        ctx,
        facts,
        plan,
        effects: Vec::new(),
        ack: read::ack_of(envelope),
    };
    read::note_arrival(&mut step.dialogue, envelope, ctx);
    if is_back(envelope, ctx) {
        step.effect(Effect::ReachableAgain);
    }
    menu::take(&mut step, envelope, &reading.intent);
    report::offer_parked(&mut step);
    Outcome { dialogue: step.dialogue, lang: step.lang, effects: step.effects }
}

/// Who writes or taps after having been gone is back, whether the platform says so or not.
fn is_back(envelope: &Envelope, ctx: &Context) -> bool {
    match envelope.event {
        Event::Returned => true,
        Event::Left => false,
        _ => !ctx.reachable,
    }
}
