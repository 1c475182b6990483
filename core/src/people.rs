//! People who ask: a person, and who they are on each channel.
use sqlx::FromRow;

use crate::store::{Db, Tx};
use crate::{Clock, Error, Result, Time};

#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub email: Option<String>,
    /// The language they chose, `zh-CN` or `en`; `None` until they do.
    pub lang: Option<String>,
    /// What they reported about last time, so that it is not asked again.
    pub product: Option<String>,
    pub version: Option<String>,
    pub created_at: Time,
}

pub async fn by_id(db: &Db, id: &str) -> Result<Option<Person>> {
    let row =
        on!(db, p => sqlx::query_as("select * from person where id = $1").bind(id).fetch_optional(p).await)?;
    Ok(row)
}

/// As `by_id`, inside a transaction that may have made the person.
pub async fn by_id_in(tx: &mut Tx, id: &str) -> Result<Option<Person>> {
    let row = on_tx!(tx, c => sqlx::query_as("select * from person where id = $1").bind(id).fetch_optional(c).await)?;
    Ok(row)
}

/// The person behind a channel account, made on first contact.
pub async fn of_identity(
    tx: &mut Tx,
    clock: &Clock,
    channel: &str,
    bot: &str,
    external_id: &str,
    name: &str,
) -> Result<Person> {
    if let Some(person) = by_identity(tx, channel, bot, external_id).await? {
        return Ok(person);
    }
    let person = insert(tx, clock, name).await?;
    let added = on_tx!(tx, c => sqlx::query(
        "insert into identity (channel, bot, external_id, person_id, name, created_at) values ($1, $2, $3, $4, $5, $6) \
         on conflict (channel, bot, external_id) do nothing")
        .bind(channel).bind(bot).bind(external_id).bind(&person.id).bind(name).bind(clock.now())
        .execute(c).await.map(|done| done.rows_affected()))?;
    if added == 1 {
        return Ok(person);
    }
    // Another node met them in the same instant: theirs is the person, ours never was.
    on_tx!(tx, c => sqlx::query("delete from person where id = $1").bind(&person.id).execute(c).await.map(drop))?;
    let met = by_identity(tx, channel, bot, external_id).await?;
    met.ok_or_else(|| Error::Conflict(format!("the account {external_id} changed meanwhile")))
}

async fn by_identity(tx: &mut Tx, channel: &str, bot: &str, external_id: &str) -> Result<Option<Person>> {
    let person = on_tx!(tx, c => sqlx::query_as(
        "select p.* from person p join identity i on i.person_id = p.id \
         where i.channel = $1 and i.bot = $2 and i.external_id = $3")
        .bind(channel).bind(bot).bind(external_id).fetch_optional(c).await)?;
    Ok(person)
}

/// The person with this address, made when new. A name is only taken for a new one: an API caller
/// must not rename somebody by knowing their address.
pub async fn of_email(tx: &mut Tx, clock: &Clock, email: &str, name: &str) -> Result<Person> {
    let email = normal_email(email)?;
    let name = if name.trim().is_empty() { &email } else { name };
    // The empty update makes the known row come back, also when it was added a moment ago elsewhere.
    let person = on_tx!(tx, c => sqlx::query_as(
        "insert into person (id, name, email, created_at) values ($1, $2, $3, $4) \
         on conflict (email) do update set email = excluded.email returning *")
        .bind(clock.id()).bind(clip(name)).bind(&email).bind(clock.now()).fetch_one(c).await)?;
    Ok(person)
}

async fn insert(tx: &mut Tx, clock: &Clock, name: &str) -> Result<Person> {
    let person = on_tx!(tx, c => sqlx::query_as(
        "insert into person (id, name, created_at) values ($1, $2, $3) returning *")
        .bind(clock.id()).bind(clip(name)).bind(clock.now()).fetch_one(c).await)?;
    Ok(person)
}

/// At most 100 characters, without the one that PostgreSQL refuses.
fn clip(name: &str) -> String {
    name.chars().filter(|c| *c != '\0').take(100).collect()
}

/// What a person told us about themselves; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    pub lang: Option<String>,
    pub product: Option<String>,
    pub version: Option<String>,
}

pub async fn remember(tx: &mut Tx, person_id: &str, profile: &Profile) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "update person set lang = coalesce($2, lang), product = coalesce($3, product), version = coalesce($4, version) where id = $1")
        .bind(person_id).bind(&profile.lang).bind(&profile.product).bind(&profile.version)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Trimmed, lower-case, with one `@` and a dot behind it.
pub fn normal_email(email: &str) -> Result<String> {
    let email = email.trim().to_lowercase();
    let fine = email.len() <= 254
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
        && email.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty()
                && !host.contains('@')
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
        });
    if fine { Ok(email) } else { Err(Error::invalid("email", "is not an e-mail address")) }
}
