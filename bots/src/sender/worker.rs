//! The outbox worker of one bot: chats side by side, each strictly in order, at least once.
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use firstline_core::outbox::{self, Head, OutboxRow};
use firstline_core::{Desk, Result, conversation, crash};

use super::pace::Pace;
use super::setback::Setback;
use super::{Carrier, Part, SendError, Shipment, nonce};
use crate::message::{Outgoing, Payload};
use crate::notice;

/// Other nodes queue without waking us, and a retry comes due by itself: look this often.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long messages under way may take when the process stops.
const DRAIN: Duration = Duration::from_secs(5);

/// For so long per part a claimed message is nobody else's; longer than a platform's client waits.
const TEXT_LEASE_MILLIS: i64 = 60_000;
const FILE_LEASE_MILLIS: i64 = 180_000;

/// Empties the outbox of one bot. Cheap to clone.
#[derive(Clone)]
pub struct Sender(Arc<Inner>);

struct Inner {
    desk: Desk,
    carrier: Arc<dyn Carrier>,
    pace: Pace,
    chats: Mutex<Chats>,
    /// Parts that arrived of messages that did not arrive whole, by outbox id: they are not sent again.
    progress: Mutex<HashMap<String, Vec<String>>>,
}

#[derive(Default)]
struct Chats {
    /// Somebody is writing to them now.
    busy: HashSet<String>,
    /// Let go since the last look at the outbox began: what that look shows of them may have been sent.
    let_go: HashSet<String>,
}

/// Marks a chat as being written to until it is dropped, also by a panic.
struct Busy(Arc<Inner>, String);

impl Drop for Busy {
    fn drop(&mut self) {
        let mut chats = lock(&self.0.chats);
        chats.busy.remove(&self.1);
        chats.let_go.insert(std::mem::take(&mut self.1));
    }
}

/// What a look at the outbox came to.
#[derive(Clone, Copy, Default)]
struct Look {
    /// Chats that are written to since.
    started: usize,
    /// The end of a chat's task is a reason to look again; what is queued later tells of itself.
    more: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sender {
    pub fn new(desk: Desk, carrier: Arc<dyn Carrier>) -> Sender {
        let pace = Pace::new(carrier.limits());
        Sender(Arc::new(Inner { desk, carrier, pace, chats: Mutex::default(), progress: Mutex::default() }))
    }

    /// Works until `stop`; then finishes what is under way.
    pub async fn run(&self, stop: CancellationToken) {
        let inner = &self.0;
        let mut tasks = JoinSet::new();
        let (mut look, mut more) = (true, false);
        let woken = inner.desk.signals.outbox.notified();
        tokio::pin!(woken);
        loop {
            if look {
                // Registered before looking: whatever commits after the look wakes us.
                woken.set(inner.desk.signals.outbox.notified());
                woken.as_mut().enable();
                match self.start_due(&mut tasks, &stop).await {
                    Ok(seen) => more = seen.more,
                    Err(error) => {
                        tracing::warn!(channel = inner.carrier.channel(), %error, "the outbox cannot be read");
                        tokio::time::sleep(LOOK_EVERY).await;
                    }
                }
            }
            look = tokio::select! {
                () = stop.cancelled() => break,
                () = woken.as_mut() => true,
                Some(_) = tasks.join_next() => more,
                () = tokio::time::sleep(LOOK_EVERY) => true,
            }
        }
        let _ = tokio::time::timeout(DRAIN, async { while tasks.join_next().await.is_some() {} }).await;
    }

    /// For tests: sends everything that is due now, what that makes due included. Gives how many rows.
    pub async fn settle(&self) -> Result<usize> {
        let never = CancellationToken::new();
        let mut count = 0;
        loop {
            let mut tasks = JoinSet::new();
            if self.start_due(&mut tasks, &never).await?.started == 0 {
                return Ok(count);
            }
            while let Some(done) = tasks.join_next().await {
                count += done.unwrap_or(0);
            }
        }
    }

    /// Starts a task for each chat that has something due and nobody at it.
    async fn start_due(&self, tasks: &mut JoinSet<usize>, stop: &CancellationToken) -> Result<Look> {
        let inner = &self.0;
        let mut look = Look { more: true, ..Look::default() };
        let Some(bot) = inner.carrier.bot() else { return Ok(look) };
        let room = inner.carrier.limits().concurrent;
        if inner.pace.is_held() || tasks.len() >= room {
            return Ok(look);
        }
        lock(&inner.chats).let_go.clear();
        let now = inner.desk.clock.now();
        let heads =
            outbox::heads(&inner.desk.db, inner.carrier.channel(), &bot, now, 2 * room as i64).await?;
        look.more = false;
        for head in heads {
            look.more |= head.waiting > 1;
            let Some((busy, stale)) = inner.take(&head.message.chat, tasks.len() < room) else {
                look.more = true;
                continue;
            };
            let (sender, stop) = (self.clone(), stop.clone());
            tasks.spawn(async move {
                let count = sender.0.write_to(head, stale, &stop).await;
                drop(busy);
                count
            });
            look.started += 1;
        }
        Ok(look)
    }
}

impl Inner {
    /// A chat to write to, unless somebody does; with whether what was just read of it may be over.
    fn take(self: &Arc<Self>, chat: &str, room: bool) -> Option<(Busy, bool)> {
        let mut chats = lock(&self.chats);
        if !room || !chats.busy.insert(chat.to_owned()) {
            return None;
        }
        let stale = chats.let_go.contains(chat);
        Some((Busy(Arc::clone(self), chat.to_owned()), stale))
    }

    /// Sends a chat's messages one after the other until none is due. Gives how many were settled.
    async fn write_to(&self, head: Head, stale: bool, stop: &CancellationToken) -> usize {
        let Head { message, mut waiting } = head;
        // Between the look and now another task may have sent it and let go of the chat: read anew.
        let mut next = if stale { self.due_head(&message).await } else { Some(message) };
        let mut count = 0;
        while let Some(row) = next {
            match self.deliver(&row).await {
                Ok(true) => count += 1,
                Ok(false) => return count + 1,
                Err(error) => {
                    tracing::warn!(channel = row.channel, %error, "a sent message cannot be recorded");
                    tokio::time::sleep(LOOK_EVERY).await;
                    return count;
                }
            }
            if stop.is_cancelled() {
                return count;
            }
            // The last one that was seen: what was queued meanwhile has told of itself.
            waiting -= 1;
            if waiting < 1 && !stale {
                return count;
            }
            next = self.due_head(&row).await;
        }
        count
    }

    /// What a chat is to be sent now.
    async fn due_head(&self, of: &OutboxRow) -> Option<OutboxRow> {
        let head = outbox::head_of(&self.desk.db, &of.channel, &of.bot, &of.chat).await;
        head.ok().flatten().filter(|head| head.next_at <= self.desk.clock.now())
    }

    /// Sends one message, part by part. True when the chat's next one may follow.
    async fn deliver(&self, row: &OutboxRow) -> Result<bool> {
        let message = match self.compose(row).await? {
            Ok(message) => message,
            Err(error) => return self.setback(row, &error).await,
        };
        let parts = self.carrier.parts(&message);
        let mut sent = lock(&self.progress).remove(&row.id).unwrap_or_default();
        let begin = sent.len();
        for (index, part) in parts.iter().enumerate().skip(begin) {
            let shipment = Shipment {
                chat: &row.chat,
                part,
                nonce: nonce(&row.id, index),
                ack: message.ack.as_deref(),
                ephemeral: message.ephemeral,
                first: index == 0,
            };
            self.pace.turn(&row.chat, self.carrier.rate(&row.chat)).await;
            if index == begin {
                let claimed = self.claim(row, &parts[begin..]).await;
                if !matches!(claimed, Ok(true)) {
                    self.remember(row, sent);
                    return claimed;
                }
            }
            crash::point("before_send");
            match self.carrier.send(&shipment).await {
                Ok(id) => sent.push(id),
                Err(error) => {
                    self.remember(row, sent);
                    return self.setback(row, &error).await;
                }
            }
            crash::point("after_send");
            self.carrier.meter().add(|m| &m.sent, 1);
        }
        self.record(row, sent).await?;
        Ok(true)
    }

    /// Several processes may serve one queue: who claims a message sends it.
    async fn claim(&self, row: &OutboxRow, parts: &[Part]) -> Result<bool> {
        let lease = parts.iter().map(|part| match part {
            Part::Text(_) => TEXT_LEASE_MILLIS,
            Part::File(_) => FILE_LEASE_MILLIS,
        });
        outbox::claim(&self.desk.db, &self.desk.clock, row, lease.sum()).await
    }

    /// Keeps what arrived of a message for its next attempt.
    fn remember(&self, row: &OutboxRow, sent: Vec<String>) {
        if !sent.is_empty() {
            lock(&self.progress).insert(row.id.clone(), sent);
        }
    }

    /// What to say; `Err` inside when the row makes no sense.
    async fn compose(&self, row: &OutboxRow) -> Result<Result<Outgoing, SendError>> {
        match serde_json::from_value::<Payload>(row.payload.0.clone()) {
            Ok(Payload::Message { message }) => Ok(Ok(*message)),
            Ok(Payload::Notice(notice)) => {
                let lang = self.language(row).await?;
                Ok(Ok(notice::render(&notice, &lang, &self.desk.links, self.desk.clock.now())))
            }
            Err(error) => Ok(Err(SendError::Refused(format!("unreadable payload: {error}")))),
        }
    }

    /// The language spoken last in this conversation.
    async fn language(&self, row: &OutboxRow) -> Result<String> {
        let Some(id) = &row.conversation_id else { return Ok("zh-CN".into()) };
        let found = conversation::by_id(&self.desk.db, id).await?;
        Ok(found.and_then(|c| c.lang).unwrap_or_else(|| "zh-CN".into()))
    }

    async fn record(&self, row: &OutboxRow, sent: Vec<String>) -> Result<()> {
        let written = async {
            let mut tx = self.desk.db.begin().await?;
            outbox::sent(&mut tx, &self.desk.clock, row, &sent).await?;
            tx.commit().await
        };
        let outcome = written.await;
        if outcome.is_err() {
            // The reader has it: remembered, so that the next attempt only records it.
            self.remember(row, sent);
        }
        outcome
    }

    async fn setback(&self, row: &OutboxRow, error: &SendError) -> Result<bool> {
        let meter = self.carrier.meter();
        let setback = Setback { desk: &self.desk, pace: &self.pace, meter, row };
        let go_on = setback.record(error).await?;
        if go_on {
            lock(&self.progress).remove(&row.id);
        }
        Ok(go_on)
    }
}
