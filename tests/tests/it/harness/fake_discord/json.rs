//! The objects of Discord's API, with every field serenity's strict models and the published description ask for.
use serde_json::{Value, json};

use super::state::{Channel, EPOCH_MILLIS};

pub const BOT_ID: u64 = 1_200_000_000_000_000_200;
/// Applications created after 2016 share the id with their bot; older ones do not, so neither may be taken for the other.
pub const APPLICATION_ID: u64 = 1_200_000_000_000_000_100;

pub fn id_of(object: &Value) -> u64 {
    object["id"].as_str().and_then(|id| id.parse().ok()).expect("an object with an id")
}

pub fn timestamp(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis).expect("a time in range").to_string()
}

/// The time in a snowflake.
pub fn time_of(id: u64) -> String {
    timestamp(i64::try_from(id >> 22).expect("a snowflake") + EPOCH_MILLIS)
}

pub fn user(id: u64, name: &str, bot: bool) -> Value {
    json!({
        "id": id.to_string(), "username": format!("user_{id}"), "global_name": name, "discriminator": "0",
        "avatar": null, "bot": bot, "public_flags": 0, "flags": 0, "primary_guild": null,
    })
}

pub fn bot_user() -> Value {
    let mut bot = user(BOT_ID, "Firstline", true);
    bot["username"] = json!("firstline");
    bot["mfa_enabled"] = json!(false);
    bot["verified"] = json!(true);
    bot["locale"] = json!("en-US");
    bot
}

pub fn application() -> Value {
    json!({
        "id": APPLICATION_ID.to_string(), "name": "Firstline", "icon": null, "description": "", "bot_public": false,
        "bot_require_code_grant": false, "verify_key": "00", "flags": 0, "summary": "", "type": null,
        "bot": bot_user(), "owner": user(1_100_000_000_000_000_001, "Operator", false), "team": null,
    })
}

pub fn member(user: &Value) -> Value {
    let mut member = bare_member();
    member["user"] = user.clone();
    member["permissions"] = json!("2248473465835073");
    member
}

/// As it comes beside a message's author: without the user.
pub fn bare_member() -> Value {
    json!({
        "roles": [], "joined_at": "2024-01-01T00:00:00+00:00", "deaf": false, "mute": false, "flags": 0, "nick": null,
        "avatar": null, "banner": null, "premium_since": null, "pending": false, "communication_disabled_until": null,
    })
}

pub fn channel(channel: &Channel) -> Value {
    let id = channel.id.to_string();
    match (&channel.guild, &channel.recipient) {
        (Some(guild), _) => json!({
            "id": id, "type": 0, "guild_id": guild.to_string(), "name": channel.name, "position": 0, "flags": 0,
            "permission_overwrites": [], "nsfw": false, "rate_limit_per_user": 0, "topic": null, "parent_id": null,
            "last_message_id": null,
        }),
        (None, recipient) => json!({
            "id": id, "type": 1, "flags": 0, "last_message_id": null,
            "recipients": recipient.iter().collect::<Vec<_>>(),
        }),
    }
}

/// A whole guild as GUILD_CREATE brings it.
pub fn guild(id: u64, name: &str) -> Value {
    json!({
        "id": id.to_string(), "name": name, "icon": null, "splash": null, "discovery_splash": null, "banner": null,
        "owner_id": "1100000000000000001", "afk_channel_id": null, "afk_timeout": 300, "verification_level": 1,
        "default_message_notifications": 1, "explicit_content_filter": 0, "roles": [], "emojis": [], "features": [],
        "mfa_level": 0, "application_id": null, "system_channel_id": null, "system_channel_flags": 0,
        "rules_channel_id": null, "vanity_url_code": null, "description": null, "premium_tier": 0,
        "preferred_locale": "en-US", "public_updates_channel_id": null, "nsfw_level": 0, "stickers": [],
        "premium_progress_bar_enabled": false, "joined_at": "2024-01-01T00:00:00+00:00", "large": false,
        "unavailable": false, "member_count": 2, "voice_states": [], "members": [], "channels": [], "threads": [],
        "presences": [], "stage_instances": [], "guild_scheduled_events": [], "safety_alerts_channel_id": null,
    })
}

pub fn message(id: u64, channel: u64, author: &Value) -> Value {
    json!({
        "id": id.to_string(), "channel_id": channel.to_string(), "author": author, "content": "", "type": 0, "flags": 0,
        "timestamp": time_of(id), "edited_timestamp": null, "tts": false, "mention_everyone": false, "mentions": [],
        "mention_roles": [], "attachments": [], "embeds": [], "components": [], "pinned": false,
    })
}
