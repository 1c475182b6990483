//! The outbox: what is to be sent, in order per chat, at least once. A chat that is blocked or limited
//! never delays another, and staff can see how each message stands.
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;

use crate::store::{Db, Tx};
use crate::{Clock, Result, Time};

text_enum! {
    /// `Blocked`: the user blocked the bot or the chat is gone. `Failed`: the platform refuses it for good.
    OutboxState ("state") { Queued = "queued", Sent = "sent", Blocked = "blocked", Failed = "failed" }
}

/// A message on its way out.
#[derive(Clone, Debug, FromRow)]
pub struct OutboxRow {
    pub id: String,
    pub channel: String,
    pub bot: String,
    pub chat: String,
    pub conversation_id: Option<String>,
    pub ticket_id: Option<String>,
    pub message_id: Option<String>,
    /// A typed payload of the bots room, or a `desk::Notice` that it renders.
    pub payload: Json<Value>,
    #[sqlx(try_from = "String")]
    pub state: OutboxState,
    pub attempts: i64,
    pub next_at: Time,
    pub error: Option<String>,
    pub created_at: Time,
    pub sent_at: Option<Time>,
}

/// The first unsent message of a chat.
#[derive(Clone, Debug, FromRow)]
pub struct Head {
    #[sqlx(flatten)]
    pub message: OutboxRow,
    /// Unsent messages of this chat, this one included.
    pub waiting: i64,
}

/// What to send where.
#[derive(Clone, Debug)]
pub struct Outgoing<'a> {
    pub channel: &'a str,
    pub bot: &'a str,
    pub chat: &'a str,
    pub conversation_id: Option<&'a str>,
    pub ticket_id: Option<&'a str>,
    pub message_id: Option<&'a str>,
    pub payload: &'a Value,
}

/// True for channels whose reader comes to us: the row itself is the delivery.
pub fn is_mailbox(channel: &str) -> bool {
    matches!(channel, "web" | "terminal")
}

/// Queues a message and gives its id. Ids sort in the order they were queued.
pub async fn queue(tx: &mut Tx, clock: &Clock, out: &Outgoing<'_>) -> Result<String> {
    let id = clock.id();
    let state = if is_mailbox(out.channel) { OutboxState::Sent } else { OutboxState::Queued };
    on_tx!(tx, c => sqlx::query(
        "insert into outbox (id, channel, bot, chat, conversation_id, ticket_id, message_id, payload, state, next_at, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $10, $9, $9)")
        .bind(&id).bind(out.channel).bind(out.bot).bind(out.chat).bind(out.conversation_id).bind(out.ticket_id)
        .bind(out.message_id).bind(Json(out.payload)).bind(clock.now()).bind(state.as_str())
        .execute(c).await.map(drop))?;
    Ok(id)
}

/// The first unsent message of each chat of a bot that is due, oldest first.
pub async fn heads(db: &Db, channel: &str, bot: &str, now: Time, limit: i64) -> Result<Vec<Head>> {
    let rows = on!(db, p => sqlx::query_as(
        "select o.*, h.waiting from outbox o join (select min(id) as id, count(*) as waiting from outbox where state = 'queued' and channel = $1 and bot = $2 \
         group by chat) h on h.id = o.id where o.next_at <= $3 order by o.id limit $4")
        .bind(channel).bind(bot).bind(now).bind(limit).fetch_all(p).await)?;
    Ok(rows)
}

/// The first unsent message of one chat, due or not.
pub async fn head_of(db: &Db, channel: &str, bot: &str, chat: &str) -> Result<Option<OutboxRow>> {
    let row = on!(db, p => sqlx::query_as(
        "select * from outbox where state = 'queued' and channel = $1 and bot = $2 and chat = $3 order by id limit 1")
        .bind(channel).bind(bot).bind(chat).fetch_optional(p).await)?;
    Ok(row)
}

/// Messages of a chat after `after_id`, sent or not: the web chat and the terminal read their mail here.
pub async fn after(
    db: &Db,
    channel: &str,
    bot: &str,
    chat: &str,
    after_id: &str,
    limit: i64,
) -> Result<Vec<OutboxRow>> {
    let rows = on!(db, p => sqlx::query_as(
        "select * from outbox where channel = $1 and bot = $2 and chat = $3 and id > $4 order by id limit $5")
        .bind(channel).bind(bot).bind(chat).bind(after_id).bind(limit).fetch_all(p).await)?;
    Ok(rows)
}

/// When the next queued message of a bot is due.
pub async fn next_due(db: &Db, channel: &str, bot: &str) -> Result<Option<Time>> {
    let due = on!(db, p => sqlx::query_scalar(
        "select min(next_at) from outbox where state = 'queued' and channel = $1 and bot = $2")
        .bind(channel).bind(bot).fetch_one(p).await)?;
    Ok(due)
}

/// Takes a message for sending where several processes look at one queue: nobody else sees it as due
/// for `lease_millis`. False when another process was faster. A SQLite file has one process only.
pub async fn claim(db: &Db, clock: &Clock, row: &OutboxRow, lease_millis: i64) -> Result<bool> {
    let Db::Postgres(pool) = db else { return Ok(true) };
    // One statement commits by itself: a transaction around it would cost two more round trips.
    let done =
        sqlx::query("update outbox set next_at = $2 where id = $1 and state = 'queued' and next_at = $3")
            .bind(&row.id)
            .bind(clock.now().plus_millis(lease_millis))
            .bind(row.next_at)
            .execute(pool)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Queues again what belongs to a ticket and could not be delivered while the user had blocked the bot.
pub async fn requeue_blocked(tx: &mut Tx, clock: &Clock, channel: &str, bot: &str, chat: &str) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "update outbox set state = 'queued', next_at = $4, error = null \
         where state = 'blocked' and ticket_id is not null and channel = $1 and bot = $2 and chat = $3")
        .bind(channel).bind(bot).bind(chat).bind(clock.now()).execute(c).await.map(drop))?;
    Ok(())
}

/// Marks a message sent under the platform's message ids.
pub async fn sent(tx: &mut Tx, clock: &Clock, row: &OutboxRow, external_ids: &[String]) -> Result<()> {
    on_tx!(tx, c => sqlx::query("update outbox set state = 'sent', sent_at = $2, attempts = attempts + 1, error = null where id = $1")
        .bind(&row.id).bind(clock.now()).execute(c).await.map(drop))?;
    for external_id in external_ids {
        on_tx!(tx, c => sqlx::query(
            "insert into outbox_sent (channel, bot, chat, external_id, outbox_id) values ($1, $2, $3, $4, $5) \
             on conflict (channel, bot, chat, external_id) do nothing")
            .bind(&row.channel).bind(&row.bot).bind(&row.chat).bind(external_id).bind(&row.id)
            .execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Notes a failed attempt: tried again at `next_at`, or ended in `state`.
pub async fn not_sent(tx: &mut Tx, id: &str, state: OutboxState, error: &str, next_at: Time) -> Result<()> {
    on_tx!(tx, c => sqlx::query("update outbox set state = $2, error = $3, next_at = $4, attempts = attempts + 1 where id = $1")
        .bind(id).bind(state.as_str()).bind(error).bind(next_at).execute(c).await.map(drop))?;
    Ok(())
}

/// Ends everything queued for a chat that cannot be reached.
pub async fn block_chat(tx: &mut Tx, channel: &str, bot: &str, chat: &str, error: &str) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "update outbox set state = 'blocked', error = $4 where state = 'queued' and channel = $1 and bot = $2 and chat = $3")
        .bind(channel).bind(bot).bind(chat).bind(error).execute(c).await.map(drop))?;
    Ok(())
}

/// How the message of a timeline entry stands, for staff: newest first.
pub async fn of_ticket(db: &Db, ticket_id: &str) -> Result<Vec<OutboxRow>> {
    let rows = on!(db, p => sqlx::query_as("select * from outbox where ticket_id = $1 order by id desc")
        .bind(ticket_id).fetch_all(p).await)?;
    Ok(rows)
}

/// The message one of whose parts the platform calls `external_id`.
pub async fn by_external(
    db: &Db,
    channel: &str,
    bot: &str,
    chat: &str,
    external_id: &str,
) -> Result<Option<OutboxRow>> {
    let row = on!(db, p => sqlx::query_as(
        "select o.* from outbox o join outbox_sent s on s.outbox_id = o.id \
         where s.channel = $1 and s.bot = $2 and s.chat = $3 and s.external_id = $4")
        .bind(channel).bind(bot).bind(chat).bind(external_id).fetch_optional(p).await)?;
    Ok(row)
}

/// What did not arrive: blocked, refused, or tried in vain several times. Newest first, for staff.
pub async fn troubled(db: &Db, limit: i64) -> Result<Vec<OutboxRow>> {
    let rows = on!(db, p => sqlx::query_as(
        "select * from outbox where state in ('blocked', 'failed') or (state = 'queued' and attempts >= 3) \
         order by id desc limit $1").bind(limit).fetch_all(p).await)?;
    Ok(rows)
}
