//! From Telegram's updates to events.
use serde_json::Value;
use teloxide::types::{CallbackQuery, ChatMemberUpdated, Message, MessageKind, Update, UpdateKind, User};

use firstline_core::conversation::Address;
use firstline_core::inbox::Incoming;
use firstline_core::{Time, secret};

use super::{CHANNEL, group, prune};
use crate::event::{Envelope, Event};

mod content;

/// Who reads.
pub(super) struct Me<'a> {
    pub id: &'a str,
    /// Without the `@`.
    pub username: Option<&'a str>,
}

/// What became of one update.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken {
    /// `None` for what does not concern us: talk in groups, service messages.
    pub incoming: Option<Incoming>,
    pub update_id: Option<i64>,
    /// The button press to answer.
    pub callback: Option<String>,
}

/// Never fails: what cannot be read is put aside with its JSON.
pub(super) fn update(raw: &Value, me: &Me<'_>) -> Taken {
    let update_id = raw["update_id"].as_i64();
    let callback = raw["callback_query"]["id"].as_str().map(str::to_owned);
    let event = match parse(raw) {
        Some(update) => from_update(update, me),
        None => Mapped::Aside("unknown kind or unreadable"),
    };
    let incoming = match event {
        Mapped::Ignored => None,
        Mapped::Event(address, envelope) => Some(envelope.incoming(address, delivery(raw))),
        Mapped::Aside(reason) => Some(aside(raw, me, reason)),
    };
    Taken { incoming, update_id, callback }
}

enum Mapped {
    Event(Address, Box<Envelope>),
    Aside(&'static str),
    Ignored,
}

/// The id of this delivery; an update without one is known by its content.
fn delivery(raw: &Value) -> String {
    match raw["update_id"].as_i64() {
        Some(id) => id.to_string(),
        None => format!("sha256:{}", secret::sha256_hex(raw.to_string().as_bytes())),
    }
}

fn aside(raw: &Value, me: &Me<'_>, reason: &str) -> Incoming {
    Incoming {
        address: nowhere(CHANNEL, me.id),
        external_id: delivery(raw),
        event: raw.clone(),
        aside: Some(reason.to_owned()),
        sent_by: None,
    }
}

/// Where an update without a readable sender is filed.
pub(super) fn nowhere(channel: &str, bot: &str) -> Address {
    Address { channel: channel.into(), bot: bot.into(), chat: "-".into(), external_user: "-".into() }
}

/// teloxide's reading, of the pruned update where the whole one is too new for it.
fn parse(raw: &Value) -> Option<Update> {
    // From text: out of a `Value` teloxide cannot tell the kinds apart, because it borrows their names.
    let read = |text: String| serde_json::from_str::<Update>(&text).ok().filter(is_understood);
    read(raw.to_string()).or_else(|| read(prune::update(raw).to_string()))
}

/// A message with one detail that teloxide does not know parses, too, but as one without content.
fn is_understood(update: &Update) -> bool {
    match &update.kind {
        UpdateKind::Error(_) => false,
        UpdateKind::Message(m) | UpdateKind::EditedMessage(m) => !matches!(m.kind, MessageKind::Empty {}),
        _ => true,
    }
}

fn from_update(update: Update, me: &Me<'_>) -> Mapped {
    match update.kind {
        UpdateKind::Message(message) => from_message(&message, me),
        UpdateKind::EditedMessage(message) => from_edit(&message, me),
        UpdateKind::CallbackQuery(query) => from_press(&query, me),
        UpdateKind::MyChatMember(change) => from_membership(&change, me),
        _ => Mapped::Aside("a kind of update that nobody asked for"),
    }
}

fn address(me: &Me<'_>, chat: i64, user: &User) -> Address {
    Address {
        channel: CHANNEL.into(),
        bot: me.id.into(),
        chat: chat.to_string(),
        external_user: user.id.0.to_string(),
    }
}

/// `sent_at` in seconds, as Telegram tells it.
fn envelope(event: Event, user: &User, private: bool, sent_at: Option<i64>) -> Box<Envelope> {
    let sent_at = sent_at.map(|seconds| Time(0).plus_seconds(seconds));
    let (name, lang_hint) = (user.full_name(), user.language_code.clone());
    Box::new(Envelope { event, name, lang_hint, private, sent_at })
}

/// The words of a message that are for us, or nothing.
fn words(message: &Message, text: &str, me: &Me<'_>) -> Option<String> {
    if message.chat.is_private() {
        Some(group::private(text, me))
    } else {
        group::addressed(message, text, me)
    }
}

fn from_message(message: &Message, me: &Me<'_>) -> Mapped {
    if message.migrate_to_chat_id().is_some() || message.migrate_from_chat_id().is_some() {
        return Mapped::Aside("a group became a supergroup with another id");
    }
    let Some(user) = message.from.as_ref().filter(|user| !user.is_bot) else { return Mapped::Ignored };
    if !matches!(message.kind, MessageKind::Common(_)) {
        return Mapped::Ignored; // somebody joined, a title changed
    }
    let Some(text) = words(message, &content::text(message), me) else { return Mapped::Ignored };
    let event = Event::Message {
        id: message.id.0.to_string(),
        text,
        files: content::files(message),
        reply_to: message.reply_to_message().map(|original| original.id.0.to_string()),
        album: message.media_group_id().map(|album| album.0.clone()),
        ack: None,
    };
    let sent_at = Some(message.date.timestamp());
    let envelope = envelope(event, user, message.chat.is_private(), sent_at);
    Mapped::Event(address(me, message.chat.id.0, user), envelope)
}

fn from_edit(message: &Message, me: &Me<'_>) -> Mapped {
    let Some(user) = message.from.as_ref().filter(|user| !user.is_bot) else { return Mapped::Ignored };
    let Some(text) = words(message, &content::text(message), me) else { return Mapped::Ignored };
    let event = Event::Edited { id: message.id.0.to_string(), text };
    let sent_at = Some(message.edit_date().unwrap_or(&message.date).timestamp());
    let envelope = envelope(event, user, message.chat.is_private(), sent_at);
    Mapped::Event(address(me, message.chat.id.0, user), envelope)
}

fn from_press(query: &CallbackQuery, me: &Me<'_>) -> Mapped {
    let Some(action) = query.data.clone() else { return Mapped::Ignored };
    // Under an inline message there is no chat to answer in but the presser's own.
    let (chat, private, message_id) = match &query.message {
        Some(message) => (message.chat().id.0, message.chat().is_private(), Some(message.id().0.to_string())),
        None => (query.from.id.0 as i64, true, None),
    };
    let event = Event::Pressed { action, message_id, ack: None };
    // Telegram does not tell when a button was pressed.
    Mapped::Event(address(me, chat, &query.from), envelope(event, &query.from, private, None))
}

fn from_membership(change: &ChatMemberUpdated, me: &Me<'_>) -> Mapped {
    let gone = |member: &teloxide::types::ChatMember| member.is_left() || member.is_banned();
    let event = match (gone(&change.old_chat_member), gone(&change.new_chat_member)) {
        (false, true) => Event::Left,
        (true, false) => Event::Returned,
        _ => return Mapped::Ignored,
    };
    let private = change.chat.is_private();
    let envelope = envelope(event, &change.from, private, Some(change.date.timestamp()));
    Mapped::Event(address(me, change.chat.id.0, &change.from), envelope)
}

#[cfg(test)]
mod tests;
