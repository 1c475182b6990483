//! What the stories of the two adapters stand on: an inbox to read, an outbox to fill, a bot that runs.
use std::future::Future;

use firstline_bots::event::{Envelope, Event};
use firstline_bots::message::{Outgoing, Payload};
use firstline_core::inbox::{InboxRow, InboxState};
use firstline_core::outbox::{self, OutboxRow};
use firstline_core::{Desk, on};
use tokio_util::sync::CancellationToken;

use crate::harness::signal::ask_until;

/// Everything that arrived, in order.
pub async fn inbox(desk: &Desk) -> Vec<InboxRow> {
    let rows = on!(&desk.db, p => sqlx::query_as("select * from inbox order by id").fetch_all(p).await);
    rows.expect("the inbox is read")
}

/// Waits until so many events are stored.
pub async fn await_inbox(desk: &Desk, count: usize) -> Vec<InboxRow> {
    let ask = async || Some(inbox(desk).await).filter(|rows| rows.len() >= count);
    ask_until(ask, || format!("{count} events in the inbox")).await
}

pub fn envelope(row: &InboxRow) -> Envelope {
    assert_ne!(row.state, InboxState::Aside, "put aside: {:?}", row.error);
    serde_json::from_value(row.event.0.clone()).expect("an envelope")
}

/// The words of a message event.
pub fn words(row: &InboxRow) -> String {
    match envelope(row).event {
        Event::Message { text, .. } | Event::Edited { text, .. } => text,
        other => panic!("no words in {other:?}"),
    }
}

/// Queues a message for a chat and gives the row's id.
pub async fn queue(desk: &Desk, channel: &str, bot: &str, chat: impl ToString, message: Outgoing) -> String {
    let payload = Payload::message(message);
    let out = outbox::Outgoing {
        channel,
        bot,
        chat: &chat.to_string(),
        conversation_id: None,
        ticket_id: None,
        message_id: None,
        payload: &payload,
    };
    let mut tx = desk.db.begin().await.expect("a transaction");
    let id = outbox::queue(&mut tx, &desk.clock, &out).await.expect("queued");
    tx.commit().await.expect("committed");
    desk.committed(&[]);
    id
}

pub async fn outbox_row(desk: &Desk, id: &str) -> OutboxRow {
    let row =
        on!(&desk.db, p => sqlx::query_as("select * from outbox where id = $1").bind(id).fetch_one(p).await);
    row.expect("a row of the outbox")
}

/// Something that runs until it is stopped.
pub struct Running {
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    pub fn start<F: Future<Output = ()> + Send + 'static>(
        run: impl FnOnce(CancellationToken) -> F,
    ) -> Running {
        let stop = CancellationToken::new();
        Running { task: tokio::spawn(run(stop.clone())), stop }
    }

    pub async fn stop(mut self) {
        self.stop.cancel();
        (&mut self.task).await.expect("it ends without a panic");
    }
}

/// Dropped at the end of a test it must not go on writing into a database that is gone.
impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
        self.task.abort();
    }
}
