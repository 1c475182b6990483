//! Who may have a file.
use firstline_core::people::Person;
use firstline_core::store::{Db, Tx};
use firstline_core::{Error, Result, on, on_tx};

use super::{FileAccess, HostedFile};

/// Who asks for a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Asker {
    Anybody,
    /// Proved by a chat account, a link or a session.
    Person(Person),
    Staff(String),
}

impl Asker {
    /// As downloads record it: `staff:ID`, `person:ID` or `anybody`.
    pub fn key(&self) -> String {
        match self {
            Asker::Anybody => "anybody".into(),
            Asker::Person(person) => format!("person:{}", person.id),
            Asker::Staff(id) => format!("staff:{id}"),
        }
    }
}

/// Gives a file to somebody: a person's id, an e-mail address, or a domain such as `@hospital.example`.
pub async fn grant(tx: &mut Tx, file_id: &str, who: &str) -> Result<()> {
    let who = normal(who)?;
    on_tx!(tx, c => sqlx::query("insert into kb_file_grant (file_id, who) values ($1, $2) on conflict (file_id, who) do nothing")
        .bind(file_id).bind(who).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn revoke(tx: &mut Tx, file_id: &str, who: &str) -> Result<()> {
    let who = normal(who)?;
    on_tx!(tx, c => sqlx::query("delete from kb_file_grant where file_id = $1 and who = $2")
        .bind(file_id).bind(who).execute(c).await.map(drop))?;
    Ok(())
}

/// To whom a file was given.
pub async fn granted(db: &Db, file_id: &str) -> Result<Vec<String>> {
    let who = on!(db, p => sqlx::query_scalar("select who from kb_file_grant where file_id = $1 order by who")
        .bind(file_id).fetch_all(p).await)?;
    Ok(who)
}

/// Whether the file's access lets this asker have it. Says nothing about its state.
pub async fn may_have(db: &Db, file: &HostedFile, asker: &Asker) -> Result<bool> {
    match (file.access, asker) {
        (_, Asker::Staff(_)) | (FileAccess::Everyone, _) | (FileAccess::SignedIn, Asker::Person(_)) => {
            Ok(true)
        }
        (FileAccess::SignedIn | FileAccess::Chosen, Asker::Anybody) => Ok(false),
        (FileAccess::Chosen, Asker::Person(person)) => was_granted(db, &file.id, person).await,
    }
}

async fn was_granted(db: &Db, file_id: &str, person: &Person) -> Result<bool> {
    let address = person.email.clone().unwrap_or_default();
    let domain = address.rsplit_once('@').map(|(_, host)| format!("@{host}")).unwrap_or_default();
    let found: i64 = on!(db, p => sqlx::query_scalar(
        "select count(*) from kb_file_grant where file_id = $1 and who in ($2, $3, $4)")
        .bind(file_id).bind(&person.id).bind(address).bind(domain).fetch_one(p).await)?;
    Ok(found > 0)
}

fn normal(who: &str) -> Result<String> {
    let who = who.trim().to_lowercase();
    let fits =
        !who.is_empty() && who.len() <= 254 && !who.chars().any(|c| c.is_whitespace() || c.is_control());
    if fits { Ok(who) } else { Err(Error::invalid("who", "is no person's id, address or @domain")) }
}
