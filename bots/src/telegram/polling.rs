//! Long polling: a batch is stored in one transaction, and only then is the next offset asked for,
//! which is what confirms it to Telegram.
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};

use firstline_core::inbox::Incoming;
use firstline_core::{Error, Result, crash};

use super::Telegram;
use super::api::Failure;
use super::map::{self, Taken};
use super::setup::ALLOWED_UPDATES;
use crate::sender::Backoff;

/// Seconds the server holds a poll open.
const POLL_SECONDS: u64 = 25;
/// The client waits longer than the server holds.
const PATIENCE: Duration = Duration::from_secs(POLL_SECONDS + 15);
/// After a week without updates the server may go on with a smaller id, which an old offset would hide.
/// Everything before is confirmed by then, so a fresh start costs nothing.
const EMPTY_POLLS_BEFORE_RESET: u32 = 150;

impl Telegram {
    /// Starts without an offset: what the last process did not confirm comes again and is stored once.
    pub(super) async fn poll(&self) {
        let mut offset = 0;
        let mut empty_polls = 0;
        let mut backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(15));
        loop {
            match self.poll_once(offset).await {
                Ok(Some(next)) => {
                    (offset, empty_polls) = (next, 0);
                    self.well(&mut backoff);
                }
                Ok(None) => {
                    empty_polls += 1;
                    if empty_polls >= EMPTY_POLLS_BEFORE_RESET {
                        (offset, empty_polls) = (0, 0);
                    }
                    self.well(&mut backoff);
                }
                Err(trouble) => self.wait_out(&mut backoff, &trouble).await,
            }
        }
    }

    fn well(&self, backoff: &mut Backoff) {
        self.0.meter.connected.store(true, Ordering::Relaxed);
        if backoff.recovered() {
            tracing::info!("Telegram updates arrive again");
        }
    }

    async fn wait_out(&self, backoff: &mut Backoff, trouble: &Trouble) {
        self.0.meter.connected.store(false, Ordering::Relaxed);
        if backoff.is_news(&trouble.text) {
            tracing::warn!(trouble = trouble.text, "no updates from Telegram for now; trying on");
        }
        let pause = backoff.pause(&self.0.desk.clock);
        tokio::time::sleep(trouble.at_least.map_or(pause, |least| pause.max(least))).await;
    }

    /// One poll. Gives the next offset, or nothing for an empty batch.
    async fn poll_once(&self, offset: i64) -> Result<Option<i64>, Trouble> {
        let body = json!({ "offset": offset, "timeout": POLL_SECONDS, "allowed_updates": ALLOWED_UPDATES });
        let answer = self.0.api.call("GetUpdates", &body, PATIENCE).await.map_err(Trouble::from)?;
        let Value::Array(batch) = answer else { return Err(Trouble::new("getUpdates gave no list".into())) };
        if batch.is_empty() {
            return Ok(None);
        }
        let next =
            self.take_in(batch).await.map_err(|e| Trouble::new(format!("updates cannot be stored: {e}")))?;
        crash::point("before_acknowledge");
        // Without any id nothing can be confirmed, and the same batch would come at once.
        next.map(Some)
            .ok_or_else(|| Trouble::new("updates without an update_id; they are stored aside".into()))
    }

    /// Stores a batch and answers its button presses. Gives the offset that confirms it.
    pub(super) async fn take_in(&self, batch: Vec<Value>) -> Result<Option<i64>> {
        let me = map::Me { id: &self.0.id, username: self.0.username.get().map(String::as_str) };
        let taken: Vec<Taken> = batch.iter().map(|update| map::update(update, &me)).collect();
        let events: Vec<Incoming> = taken.iter().filter_map(|t| t.incoming.clone()).collect();
        self.store(events).await?;
        taken.iter().filter_map(|t| t.callback.clone()).for_each(|id| self.stop_spinning(id));
        Ok(taken.iter().filter_map(|t| t.update_id).max().map(|id| id + 1))
    }

    pub(super) async fn store(&self, events: Vec<Incoming>) -> Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        let aside = events.iter().filter(|event| event.aside.is_some()).count();
        match self.0.desk.receive(&events, None).await {
            Ok(new) => {
                self.0.meter.add(|m| &m.received, new);
                self.0.meter.add(|m| &m.set_aside, aside.min(new));
                Ok(())
            }
            Err(error) if error.is_transient() => Err(error),
            Err(error) => self.store_one_by_one(events, &error).await,
        }
    }

    /// One event of the batch cannot be stored whatever we try: it must not hold up the others for ever.
    async fn store_one_by_one(&self, events: Vec<Incoming>, first: &Error) -> Result<()> {
        tracing::error!(error = %first, "a batch cannot be stored as it is; trying each update alone");
        for mut event in events {
            match self.0.desk.receive(std::slice::from_ref(&event), None).await {
                Ok(new) => self.0.meter.add(|m| &m.received, new),
                Err(error) if error.is_transient() => return Err(error),
                Err(error) => {
                    event.aside = Some(format!("cannot be stored: {error}"));
                    event.event = json!({ "unstorable": true });
                    self.0.desk.receive(&[event], None).await?;
                    self.0.meter.add(|m| &m.set_aside, 1);
                }
            }
        }
        Ok(())
    }

    /// The pressed button spins until it is answered. Nothing depends on it, so nobody waits for it.
    fn stop_spinning(&self, callback_query_id: String) {
        let telegram = self.clone();
        tokio::spawn(async move {
            let body = json!({ "callback_query_id": callback_query_id });
            if let Err(failure) =
                telegram.0.api.call("AnswerCallbackQuery", &body, Duration::from_secs(10)).await
            {
                tracing::debug!(%failure, "a button press was not answered");
            }
        });
    }
}

/// Why a poll brought nothing.
struct Trouble {
    text: String,
    at_least: Option<Duration>,
}

impl Trouble {
    fn new(text: String) -> Trouble {
        Trouble { text, at_least: None }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        let seconds = |n: i64| Duration::from_secs(n.clamp(1, 3600).unsigned_abs());
        let (hint, at_least) = match &failure {
            Failure::Refused { code: 409, .. } => {
                (" (another program polls this bot, or a webhook is set)", Some(Duration::from_secs(2)))
            }
            Failure::Refused { code: 401 | 404, .. } => {
                (" (is the token right?)", Some(Duration::from_secs(10)))
            }
            Failure::Refused { retry_after: Some(n), .. } => ("", Some(seconds(*n))),
            _ => ("", None),
        };
        Trouble { text: format!("{failure}{hint}"), at_least }
    }
}
