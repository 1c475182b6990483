//! Conversations: one chat of one person on one channel, with the bot's state of it.
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;

use crate::people::{self, Person};
use crate::store::{Db, Tx};
use crate::ticket::Message;
use crate::{Clock, Error, Result, Time};

#[derive(Clone, Debug, FromRow)]
pub struct Conversation {
    pub id: String,
    /// `telegram`, `discord`, `web`, `terminal`.
    pub channel: String,
    /// Which bot of that channel; `-` where there is one.
    pub bot: String,
    /// The platform's chat id.
    pub chat: String,
    /// The platform's user id; in a group each member has a conversation of their own.
    pub external_user: String,
    pub person_id: String,
    /// False in groups, where nothing personal is said.
    pub private: bool,
    /// The language spoken last.
    pub lang: Option<String>,
    /// Belongs to the bots room; stored as it is.
    pub dialogue: Json<Value>,
    /// False after the user blocked the bot.
    pub reachable: bool,
    /// Guards the dialogue: one step at a time.
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

/// The address of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    pub channel: String,
    pub bot: String,
    pub chat: String,
    pub external_user: String,
}

pub async fn by_id(db: &Db, id: &str) -> Result<Option<Conversation>> {
    let row = on!(db, p => sqlx::query_as("select * from conversation where id = $1").bind(id).fetch_optional(p).await)?;
    Ok(row)
}

pub async fn find(db: &Db, at: &Address) -> Result<Option<Conversation>> {
    let row = on!(db, p => sqlx::query_as(
        "select * from conversation where channel = $1 and bot = $2 and chat = $3 and external_user = $4")
        .bind(&at.channel).bind(&at.bot).bind(&at.chat).bind(&at.external_user).fetch_optional(p).await)?;
    Ok(row)
}

/// A conversation beside its person; the columns of the latter are named apart.
#[derive(FromRow)]
struct Known {
    #[sqlx(flatten)]
    conversation: Conversation,
    person_name: String,
    person_email: Option<String>,
    person_lang: Option<String>,
    person_product: Option<String>,
    person_version: Option<String>,
    person_created_at: Time,
}

/// A conversation with whom it is with, in one read: every turn begins here.
pub async fn with_person(db: &Db, at: &Address) -> Result<Option<(Conversation, Person)>> {
    let known: Option<Known> = on!(db, p => sqlx::query_as(
        "select c.*, p.name as person_name, p.email as person_email, p.lang as person_lang, p.product as person_product, \
         p.version as person_version, p.created_at as person_created_at from conversation c join person p on p.id = c.person_id \
         where c.channel = $1 and c.bot = $2 and c.chat = $3 and c.external_user = $4")
        .bind(&at.channel).bind(&at.bot).bind(&at.chat).bind(&at.external_user).fetch_optional(p).await)?;
    Ok(known.map(|k| {
        let person = Person {
            id: k.conversation.person_id.clone(),
            name: k.person_name,
            email: k.person_email,
            lang: k.person_lang,
            product: k.person_product,
            version: k.person_version,
            created_at: k.person_created_at,
        };
        (k.conversation, person)
    }))
}

/// The conversation at an address, made on first contact together with its person.
pub async fn ensure(
    tx: &mut Tx,
    clock: &Clock,
    at: &Address,
    name: &str,
    private: bool,
) -> Result<Conversation> {
    if let Some(conversation) = find_in(tx, at).await? {
        return Ok(conversation);
    }
    let person = people::of_identity(tx, clock, &at.channel, &at.bot, &at.external_user, name).await?;
    let now = clock.now();
    let made = on_tx!(&mut *tx, c => sqlx::query_as(
        "insert into conversation (id, channel, bot, chat, external_user, person_id, private, lang, dialogue, reachable, version, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $11) \
         on conflict (channel, bot, chat, external_user) do nothing returning *")
        .bind(clock.id()).bind(&at.channel).bind(&at.bot).bind(&at.chat).bind(&at.external_user)
        .bind(&person.id).bind(private).bind(&person.lang).bind(Json(Value::Null)).bind(true).bind(now)
        .fetch_optional(c).await)?;
    let found = match made {
        Some(made) => Some(made),
        // Another node began it in the same instant.
        None => find_in(tx, at).await?,
    };
    found.ok_or_else(|| Error::Conflict(format!("the chat {} changed meanwhile", at.chat)))
}

async fn find_in(tx: &mut Tx, at: &Address) -> Result<Option<Conversation>> {
    let row = on_tx!(tx, c => sqlx::query_as(
        "select * from conversation where channel = $1 and bot = $2 and chat = $3 and external_user = $4")
        .bind(&at.channel).bind(&at.bot).bind(&at.chat).bind(&at.external_user).fetch_optional(c).await)?;
    Ok(row)
}

/// Saves the bot's state if nobody else stepped this conversation meanwhile. `reachable` is false when
/// the event was the user's leaving.
pub async fn save(
    tx: &mut Tx,
    clock: &Clock,
    conversation: &Conversation,
    dialogue: &Value,
    lang: Option<&str>,
    reachable: bool,
) -> Result<()> {
    let changed = on_tx!(tx, c => sqlx::query(
        "update conversation set dialogue = $1, lang = coalesce($2, lang), reachable = $3, version = version + 1, updated_at = $4 \
         where id = $5 and version = $6")
        .bind(Json(dialogue)).bind(lang).bind(reachable).bind(clock.now()).bind(&conversation.id).bind(conversation.version)
        .execute(c).await.map(|done| done.rows_affected()))?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Conflict(format!("conversation {} was stepped meanwhile", conversation.id)))
    }
}

/// Notes that messages to this chat arrive nowhere, or arrive again.
pub async fn set_reachable(tx: &mut Tx, channel: &str, bot: &str, chat: &str, reachable: bool) -> Result<()> {
    on_tx!(tx, c => sqlx::query("update conversation set reachable = $4 where channel = $1 and bot = $2 and chat = $3")
        .bind(channel).bind(bot).bind(chat).bind(reachable).execute(c).await.map(drop))?;
    Ok(())
}

/// The newest messages of a conversation, oldest first; `before` is a message id to page back from
/// (`g` sorts behind every hexadecimal id in any collation).
pub async fn transcript(
    db: &Db,
    conversation_id: &str,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<Message>> {
    let mut rows: Vec<Message> = on!(db, p => sqlx::query_as(
        "select * from message where conversation_id = $1 and internal = $4 and id < $2 order by id desc limit $3")
        .bind(conversation_id).bind(before.unwrap_or("g")).bind(limit).bind(false).fetch_all(p).await)?;
    rows.reverse();
    Ok(rows)
}

/// The private chats of the contacts of customers that run a product called one of `names`, with the
/// version of the installation: `(conversation, version)`, the last used chat first.
pub async fn of_installations(db: &Db, names: &[String]) -> Result<Vec<(String, Option<String>)>> {
    let rows: Vec<(String, String, Option<String>)> = on!(db, p => sqlx::query_as(
        "select c.id, i.product, i.product_version from installation i \
         join contact k on k.customer_id = i.customer_id join contact_link l on l.contact_id = k.id \
         join conversation c on c.person_id = l.person_id \
         where i.retired_at is null and k.left_at is null and c.private = $1 and c.reachable = $1 \
         order by c.updated_at desc, c.id")
        .bind(true).fetch_all(p).await)?;
    let uses = |product: &str| names.iter().any(|n| n.eq_ignore_ascii_case(product.trim()));
    Ok(rows
        .into_iter()
        .filter(|(_, product, _)| uses(product))
        .map(|(id, _, version)| (id, version))
        .collect())
}

/// The private chat a person used last and can be reached in.
pub async fn last_private(db: &Db, person_id: &str) -> Result<Option<Conversation>> {
    let row = on!(db, p => sqlx::query_as(
        "select * from conversation where person_id = $1 and private = $2 and reachable = $2 order by updated_at desc, id limit 1")
        .bind(person_id).bind(true).fetch_optional(p).await)?;
    Ok(row)
}

/// The private chats of people whose product is called one of `names`, with the version they named last:
/// `(conversation, version)`. Of several chats of one person the last used counts.
pub async fn of_product(db: &Db, names: &[String]) -> Result<Vec<(String, Option<String>)>> {
    let rows: Vec<(String, String, String, Option<String>)> = on!(db, p => sqlx::query_as(
        "select c.id, c.person_id, p.product, p.version from conversation c join person p on p.id = c.person_id \
         where p.product is not null and c.private = $1 and c.reachable = $1 order by c.updated_at desc, c.id")
        .bind(true).fetch_all(p).await)?;
    let mut seen = std::collections::HashSet::new();
    let uses = |product: &str| names.iter().any(|n| n.eq_ignore_ascii_case(product.trim()));
    let mine =
        rows.into_iter().filter(|(_, person, product, _)| uses(product) && seen.insert(person.clone()));
    Ok(mine.map(|(id, _, _, version)| (id, version)).collect())
}

/// The chat ids of a bot's private conversations, the last used first.
pub async fn private_chats(db: &Db, channel: &str, bot: &str, limit: i64) -> Result<Vec<String>> {
    let chats = on!(db, p => sqlx::query_scalar(
        "select chat from conversation where channel = $1 and bot = $2 and private = $3 order by updated_at desc limit $4")
        .bind(channel).bind(bot).bind(true).bind(limit).fetch_all(p).await)?;
    Ok(chats)
}
