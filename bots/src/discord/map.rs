//! From serenity's events to ours.
use serde_json::json;
use serenity::all::{
    CommandDataOptionValue, CommandInteraction, ComponentInteraction, Message, MessageType,
    MessageUpdateEvent, User,
};

use firstline_core::Time;
use firstline_core::conversation::Address;
use firstline_core::files::FileOffer;
use firstline_core::inbox::Incoming;

use super::CHANNEL;
use super::defer::Ack;
use super::menu;
use crate::event::{Envelope, Event};

/// One event with where it came from.
#[derive(Clone, Debug)]
pub(super) struct Mapped {
    /// Discord's id of it, unique for the bot and growing with time.
    pub id: u64,
    pub external_id: String,
    pub chat: String,
    pub user: String,
    pub envelope: Envelope,
    /// Commands and buttons.
    pub ack: Option<Ack>,
}

impl Mapped {
    pub fn incoming(&self, bot: &str) -> Incoming {
        let address = Address {
            channel: CHANNEL.into(),
            bot: bot.into(),
            chat: self.chat.clone(),
            external_user: self.user.clone(),
        };
        self.envelope.incoming(address, self.external_id.clone())
    }
}

/// A message for us: in a private chat, or in a guild by name or as an answer to us.
pub(super) fn message(message: &Message, me: &str) -> Option<Mapped> {
    if message.author.bot || !matches!(message.kind, MessageType::Regular | MessageType::InlineReply) {
        return None;
    }
    let private = message.guild_id.is_none();
    if !private && !message.mentions.iter().any(|user| user.id.to_string() == me) {
        return None;
    }
    let event = Event::Message {
        id: message.id.to_string(),
        text: without_mention(&message.content, me),
        files: message.attachments.iter().map(offer).collect(),
        reply_to: message.message_reference.as_ref().and_then(|r| r.message_id).map(|id| id.to_string()),
        album: None,
        ack: None,
    };
    Some(mapped(
        message.id.get(),
        message.id.to_string(),
        message.channel_id.get(),
        &message.author,
        private,
        event,
    ))
}

/// A message with another wording. Updates without an edit (an unfolded link) are none.
pub(super) fn edit(update: &MessageUpdateEvent, me: &str) -> Option<Mapped> {
    let author = update.author.as_ref().filter(|author| !author.bot)?;
    let edited = update.edited_timestamp?;
    let private = update.guild_id.is_none();
    let named =
        update.mentions.as_ref().is_some_and(|users| users.iter().any(|user| user.id.to_string() == me));
    if !private && !named {
        return None;
    }
    let text = without_mention(update.content.as_deref()?, me);
    let event = Event::Edited { id: update.id.to_string(), text };
    let external_id = format!("{}:{}", update.id, edited.timestamp_millis());
    let mut mapped = mapped(update.id.get(), external_id, update.channel_id.get(), author, private, event);
    mapped.envelope.sent_at = Some(Time(edited.timestamp_millis()));
    Some(mapped)
}

pub(super) fn command(asked: &CommandInteraction) -> Mapped {
    let value = |value: &CommandDataOptionValue| match value {
        CommandDataOptionValue::String(text) => text.clone(),
        CommandDataOptionValue::Integer(number) => number.to_string(),
        _ => String::new(),
    };
    let values: Vec<String> = asked.data.options.iter().map(|option| value(&option.value)).collect();
    let private = asked.guild_id.is_none();
    let ack = Ack {
        application: asked.application_id.to_string(),
        token: asked.token.clone(),
        user: asked.user.id.to_string(),
        edits_original: true,
    };
    let event = Event::Message {
        id: asked.id.to_string(),
        text: menu::as_words(&asked.data.name, &values),
        files: Vec::new(),
        reply_to: None,
        album: None,
        ack: Some(ack.write()),
    };
    let (id, channel) = (asked.id.get(), asked.channel_id.get());
    let mapped = mapped(id, id.to_string(), channel, &asked.user, private, event);
    Mapped { ack: Some(ack), ..with_locale(mapped, &asked.locale) }
}

pub(super) fn button(asked: &ComponentInteraction) -> Mapped {
    let private = asked.guild_id.is_none();
    let ack = Ack {
        application: asked.application_id.to_string(),
        token: asked.token.clone(),
        user: asked.user.id.to_string(),
        edits_original: false,
    };
    let event = Event::Pressed {
        action: asked.data.custom_id.clone(),
        message_id: Some(asked.message.id.to_string()),
        // In private an ordinary message does as well, and a nonce guards it against repeats.
        ack: (!private).then(|| ack.write()),
    };
    let (id, channel) = (asked.id.get(), asked.channel_id.get());
    let mapped = mapped(id, id.to_string(), channel, &asked.user, private, event);
    Mapped { ack: Some(ack), ..with_locale(mapped, &asked.locale) }
}

fn mapped(id: u64, external_id: String, channel: u64, user: &User, private: bool, event: Event) -> Mapped {
    let name = user.global_name.clone().unwrap_or_else(|| user.name.clone());
    let envelope = Envelope { event, name, lang_hint: None, private, sent_at: Some(time_of(id)) };
    Mapped { id, external_id, chat: channel.to_string(), user: user.id.to_string(), envelope, ack: None }
}

/// When Discord made an id: its upper bits count the milliseconds since 2015.
fn time_of(snowflake: u64) -> Time {
    Time((snowflake >> 22) as i64 + 1_420_070_400_000)
}

fn with_locale(mut mapped: Mapped, locale: &str) -> Mapped {
    mapped.envelope.lang_hint = Some(locale.to_owned());
    mapped
}

fn offer(attachment: &serenity::all::Attachment) -> FileOffer {
    FileOffer {
        name: attachment.filename.clone(),
        mime: attachment.content_type.clone().unwrap_or_else(|| "application/octet-stream".into()),
        size: u64::from(attachment.size),
        sha256: None,
        source: json!({ "url": attachment.url }),
    }
}

/// The words without `<@our id>`.
fn without_mention(text: &str, me: &str) -> String {
    let plain = text.replace(&format!("<@{me}>"), "").replace(&format!("<@!{me}>"), "").replace('\0', " ");
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_the_time() {
        // The example of Discord's reference: 2016-04-30 11:18:25.796 UTC.
        assert_eq!(time_of(175_928_847_299_117_063), Time(1_462_015_105_796));
    }

    #[test]
    fn our_name_is_cut_out() {
        assert_eq!(without_mention("<@200> E-1042 again", "200"), "E-1042 again");
        assert_eq!(without_mention("so <@!200>", "200"), "so");
        assert_eq!(without_mention("<@201> hi", "200"), "<@201> hi");
    }
}
