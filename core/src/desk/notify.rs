//! Telling a customer in their chat what happened on their ticket.
use super::{Change, Desk, Notice};
use crate::conversation::Conversation;
use crate::outbox::{self, Outgoing};
use crate::store::Tx;
use crate::ticket::Ticket;
use crate::{Error, Result};

/// Queues a notice into the chat a ticket came from; none when it came from no chat.
pub(super) async fn notify(
    desk: &Desk,
    tx: &mut Tx,
    ticket: &Ticket,
    message_id: Option<&str>,
    notice: &Notice,
) -> Result<Option<Change>> {
    let Some(conversation_id) = &ticket.conversation_id else { return Ok(None) };
    let found: Option<Conversation> = on_tx!(tx, c => sqlx::query_as("select * from conversation where id = $1")
        .bind(conversation_id).fetch_optional(c).await)?;
    let Some(conversation) = found else { return Ok(None) };
    let payload = serde_json::to_value(notice).map_err(|e| Error::invalid("notice", e.to_string()))?;
    let out = Outgoing {
        channel: &conversation.channel,
        bot: &conversation.bot,
        chat: &conversation.chat,
        conversation_id: Some(&conversation.id),
        ticket_id: Some(&ticket.id),
        message_id,
        payload: &payload,
    };
    outbox::queue(tx, &desk.clock, &out).await?;
    Ok(Some(Change::Chat { channel: conversation.channel, chat: conversation.chat }))
}
