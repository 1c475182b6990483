//! The inbox: what arrived, stored before it is acknowledged. The unique key
//! `(channel, bot, external_id)` makes a repeated delivery harmless.
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;

use crate::conversation::Address;
use crate::store::{Db, Tx};
use crate::{Clock, Result, Time};

/// A turn that failed so often for no fault of the moment is set aside, so that the rest flows.
pub const MAX_ATTEMPTS: i64 = 5;

text_enum! {
    /// `Aside`: of an unknown kind or unreadable, kept for staff. `Failed`: our fault, kept for us.
    InboxState ("state") { Pending = "pending", Done = "done", Aside = "aside", Failed = "failed" }
}

/// One event as an adapter parsed it.
#[derive(Clone, Debug)]
pub struct Incoming {
    pub address: Address,
    /// The platform's id of this delivery, unique per bot.
    pub external_id: String,
    /// A typed event of the bots room, or the raw payload when it is put aside.
    pub event: Value,
    /// Why it is put aside instead of being stepped.
    pub aside: Option<String>,
    /// Lets the conversation begin in the commit that stores the event; without it the step begins it.
    pub sent_by: Option<SentBy>,
}

/// What the platform says about a sender.
#[derive(Clone, Debug)]
pub struct SentBy {
    pub name: String,
    /// False in groups.
    pub private: bool,
}

#[derive(Clone, Debug, FromRow)]
pub struct InboxRow {
    pub id: String,
    pub channel: String,
    pub bot: String,
    pub external_id: String,
    pub chat: String,
    pub external_user: String,
    pub event: Json<Value>,
    #[sqlx(try_from = "String")]
    pub state: InboxState,
    pub attempts: i64,
    pub error: Option<String>,
    pub received_at: Time,
}

impl InboxRow {
    pub fn address(&self) -> Address {
        Address {
            channel: self.channel.clone(),
            bot: self.bot.clone(),
            chat: self.chat.clone(),
            external_user: self.external_user.clone(),
        }
    }
}

/// The oldest pending event of a conversation.
#[derive(Clone, Debug, FromRow)]
pub struct Head {
    #[sqlx(flatten)]
    pub event: InboxRow,
    /// Pending events of this conversation, this one included.
    pub waiting: i64,
}

/// Stores an event; false when it was stored before.
pub async fn insert(tx: &mut Tx, clock: &Clock, incoming: &Incoming) -> Result<bool> {
    let state = if incoming.aside.is_some() { InboxState::Aside } else { InboxState::Pending };
    let at = &incoming.address;
    let event = without_nul(&incoming.event);
    let added = on_tx!(tx, c => sqlx::query(
        "insert into inbox (id, channel, bot, external_id, chat, external_user, event, state, error, received_at, next_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) on conflict (channel, bot, external_id) do nothing")
        .bind(clock.id()).bind(&at.channel).bind(&at.bot).bind(&incoming.external_id).bind(&at.chat)
        .bind(&at.external_user).bind(Json(&event)).bind(state.as_str()).bind(&incoming.aside)
        .bind(clock.now()).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(added == 1)
}

/// PostgreSQL refuses U+0000 in text and JSON: left in, one such message would block its channel for ever.
fn without_nul(value: &Value) -> Value {
    match value {
        Value::String(text) if text.contains('\0') => Value::String(text.replace('\0', "")),
        Value::Array(items) => items.iter().map(without_nul).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (key.replace('\0', ""), without_nul(value))).collect()
        }
        other => other.clone(),
    }
}

/// The oldest due event of each conversation that has one, oldest first.
pub async fn heads(db: &Db, now: Time, limit: i64) -> Result<Vec<Head>> {
    let rows = on!(db, p => sqlx::query_as(
        "select i.*, h.waiting from inbox i join (select min(id) as id, count(*) as waiting from inbox where state = 'pending' \
         group by channel, bot, chat, external_user) h on h.id = i.id where i.next_at <= $1 order by i.id limit $2")
        .bind(now).bind(limit).fetch_all(p).await)?;
    Ok(rows)
}

/// The oldest pending event of one conversation, due or not.
pub async fn head_of(db: &Db, at: &Address) -> Result<Option<InboxRow>> {
    let row = on!(db, p => sqlx::query_as(
        "select * from inbox where state = 'pending' and channel = $1 and bot = $2 and chat = $3 and external_user = $4 \
         order by id limit 1")
        .bind(&at.channel).bind(&at.bot).bind(&at.chat).bind(&at.external_user).fetch_optional(p).await)?;
    Ok(row)
}

/// Marks an event done; false when another step did so first.
pub async fn done(tx: &mut Tx, clock: &Clock, id: &str) -> Result<bool> {
    let changed = on_tx!(tx, c => sqlx::query("update inbox set state = 'done', done_at = $2 where id = $1 and state = 'pending'")
        .bind(id).bind(clock.now()).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(changed == 1)
}

/// Notes a failed step: tried again later, or set aside for good once it failed too often.
pub async fn failed(db: &Db, clock: &Clock, row: &InboxRow, error: &str, transient: bool) -> Result<()> {
    let attempts = row.attempts + 1;
    let give_up = !transient && attempts >= MAX_ATTEMPTS;
    let state = if give_up { InboxState::Failed } else { InboxState::Pending };
    let delay = 200 << attempts.clamp(0, 8);
    let mut tx = db.begin().await?;
    on_tx!(&mut tx, c => sqlx::query(
        "update inbox set state = $2, attempts = $3, error = $4, next_at = $5 where id = $1 and state = 'pending'")
        .bind(&row.id).bind(state.as_str()).bind(attempts).bind(error).bind(clock.now().plus_millis(delay))
        .execute(c).await.map(drop))?;
    tx.commit().await
}

/// How many events a conversation sent since `since`; for the flood guard.
pub async fn count_since(db: &Db, at: &Address, since: Time) -> Result<i64> {
    let n = on!(db, p => sqlx::query_scalar(
        "select count(*) from inbox where channel = $1 and bot = $2 and chat = $3 and external_user = $4 and received_at > $5")
        .bind(&at.channel).bind(&at.bot).bind(&at.chat).bind(&at.external_user).bind(since).fetch_one(p).await)?;
    Ok(n)
}

/// How far a channel was read (`name` tells several apart), or `None` at the start.
pub async fn cursor(db: &Db, channel: &str, bot: &str, name: &str) -> Result<Option<String>> {
    let value = on!(db, p => sqlx::query_scalar(
        "select value from ingress_cursor where channel = $1 and bot = $2 and name = $3")
        .bind(channel).bind(bot).bind(name).fetch_optional(p).await)?;
    Ok(value)
}

pub async fn set_cursor(tx: &mut Tx, channel: &str, bot: &str, name: &str, value: &str) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "insert into ingress_cursor (channel, bot, name, value) values ($1, $2, $3, $4) \
         on conflict (channel, bot, name) do update set value = excluded.value")
        .bind(channel).bind(bot).bind(name).bind(value).execute(c).await.map(drop))?;
    Ok(())
}

/// Events that were put aside or failed, newest first, for staff.
pub async fn troubled(db: &Db, limit: i64) -> Result<Vec<InboxRow>> {
    let rows = on!(db, p => sqlx::query_as(
        "select * from inbox where state in ('aside', 'failed') order by id desc limit $1").bind(limit).fetch_all(p).await)?;
    Ok(rows)
}
