//! Writing one message row, whoever said it.
use crate::store::Tx;
use crate::ticket::{Actor, Author};
use crate::{Clock, Result};

pub(super) struct NewMessage<'a> {
    pub conversation_id: Option<&'a str>,
    pub ticket_id: Option<&'a str>,
    pub actor: &'a Actor,
    pub author: Author,
    pub text: &'a str,
    pub internal: bool,
    pub external_id: Option<&'a str>,
}

pub(super) async fn insert_message(tx: &mut Tx, clock: &Clock, m: &NewMessage<'_>) -> Result<String> {
    let id = clock.id();
    on_tx!(tx, c => sqlx::query(
        "insert into message (id, conversation_id, ticket_id, author, author_id, text, internal, external_id, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(&id).bind(m.conversation_id).bind(m.ticket_id).bind(m.author.as_str()).bind(m.actor.id())
        .bind(m.text).bind(m.internal).bind(m.external_id).bind(clock.now())
        .execute(c).await.map(drop))?;
    Ok(id)
}
