//! When an event fails for good the user hears it once, with the way to a person.
use firstline_core::Result;
use firstline_core::inbox::InboxRow;
use firstline_core::outbox::{self, Outgoing};

use super::{Operator, known_conversation};
use crate::event::{Envelope, Event};
use crate::message::Payload;
use crate::step::say::{message, person_button, report_button};
use crate::texts::{Lang, tt};

impl Operator {
    pub(super) async fn apologize(&self, row: &InboxRow) -> Result<()> {
        let envelope = serde_json::from_value::<Envelope>(row.event.0.clone()).ok();
        let expects_answer = envelope
            .as_ref()
            .is_none_or(|e| matches!(e.event, Event::Message { .. } | Event::Pressed { .. }));
        if !expects_answer {
            return Ok(());
        }
        let conversation = known_conversation(&self.desk, row).await?;
        let spoken = conversation.as_ref().and_then(|c| c.lang.clone());
        let hint = envelope.and_then(|e| e.lang_hint);
        let lang = Lang::from(spoken.or(hint).as_deref());
        let mut sorry = message([tt(lang, "apology")]);
        sorry.buttons = vec![vec![person_button(lang, None), report_button(lang, None)]];
        let payload = Payload::message(sorry);
        let mut tx = self.desk.db.begin().await?;
        let out = Outgoing {
            channel: &row.channel,
            bot: &row.bot,
            chat: &row.chat,
            conversation_id: conversation.as_ref().map(|c| c.id.as_str()),
            ticket_id: None,
            message_id: None,
            payload: &payload,
        };
        outbox::queue(&mut tx, &self.desk.clock, &out).await?;
        tx.commit().await?;
        self.desk.committed(&[]);
        Ok(())
    }
}
