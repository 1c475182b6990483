//! Reading back private messages that came while we were away: a new gateway session replays nothing.
use std::time::Duration;

use serenity::all::Message;
use tokio::sync::mpsc;

use firstline_core::{Error, conversation, inbox};

use super::intake::{Arrival, cursor_name};
use super::rest::RestError;
use super::{CHANNEL, Discord, map};
use crate::sender::Backoff;

/// The chats looked at, the latest first: one call each.
const MOST_CHATS: i64 = 500;
const PAGE: usize = 100;

/// Why a chat was not read back.
enum Missed {
    Later(String),
    /// It is gone or closed to us.
    Never(String),
}

impl From<RestError> for Missed {
    fn from(error: RestError) -> Missed {
        match error {
            RestError::Refused { status: 400 | 403 | 404, .. } => Missed::Never(error.to_string()),
            _ => Missed::Later(error.to_string()),
        }
    }
}

impl From<Error> for Missed {
    fn from(error: Error) -> Missed {
        Missed::Later(error.to_string())
    }
}

impl Discord {
    /// Asks every known private chat for what came after the last thing we stored, until each has
    /// answered or a later session does the same. The ids are the gateway's own, so nothing is taken twice.
    pub(super) async fn backfill(&self, round: u64, arrivals: &mpsc::Sender<Arrival>) {
        let Some(bot) = self.0.identity.get().map(|identity| identity.user.clone()) else { return };
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(60));
        let mut chats = self.chats_behind(&bot, round, &mut backoff).await;
        while !chats.is_empty() && self.0.behind.is_current(round) {
            chats = self.backfill_all(&bot, round, chats, arrivals, &mut backoff).await;
            if !chats.is_empty() {
                tokio::time::sleep(backoff.pause(&self.0.desk.clock)).await;
            }
        }
    }

    /// Asks each chat once; gives those to ask again.
    async fn backfill_all(
        &self,
        bot: &str,
        round: u64,
        chats: Vec<String>,
        arrivals: &mpsc::Sender<Arrival>,
        backoff: &mut Backoff,
    ) -> Vec<String> {
        let (mut found, mut failed) = (0, Vec::new());
        for chat in chats {
            if !self.0.behind.is_current(round) {
                return Vec::new();
            }
            match self.backfill_chat(bot, &chat, arrivals).await {
                Ok(count) => found += count,
                Err(Missed::Never(why)) => tracing::debug!(chat, why, "a chat cannot be read back"),
                Err(Missed::Later(why)) => {
                    if backoff.is_news(&why) {
                        tracing::warn!(chat, why, "a Discord chat cannot be read back now; trying on");
                    }
                    failed.push(chat);
                    continue;
                }
            }
            let _ = arrivals.send(Arrival::CaughtUp { round, chat }).await;
        }
        tracing::info!(found, failed = failed.len(), "missed Discord messages were read back");
        failed
    }

    /// The chats to ask; the cursors of all others may move again.
    async fn chats_behind(&self, bot: &str, round: u64, backoff: &mut Backoff) -> Vec<String> {
        loop {
            match conversation::private_chats(&self.0.desk.db, CHANNEL, bot, MOST_CHATS).await {
                Ok(chats) => {
                    self.0.behind.only(round, &chats);
                    return chats;
                }
                Err(error) if backoff.is_news(&error.to_string()) => {
                    tracing::warn!(%error, "missed Discord messages are not read back yet; trying on");
                }
                Err(_) => {}
            }
            tokio::time::sleep(backoff.pause(&self.0.desk.clock)).await;
        }
    }

    async fn backfill_chat(
        &self,
        bot: &str,
        chat: &str,
        arrivals: &mpsc::Sender<Arrival>,
    ) -> Result<usize, Missed> {
        let cursor = inbox::cursor(&self.0.desk.db, CHANNEL, bot, &cursor_name(chat)).await?;
        let Some(mut after) = cursor.and_then(|value| value.parse::<u64>().ok()) else {
            return Ok(0);
        };
        let mut found = 0;
        loop {
            let page = self.page(chat, after).await?;
            // `after` pages come newest first.
            let mut messages: Vec<Message> =
                page.iter().filter_map(|m| serde_json::from_value(m.clone()).ok()).collect();
            messages.sort_by_key(|message| message.id);
            for mapped in messages.iter().filter_map(|message| map::message(message, bot)) {
                found += 1;
                let _ = arrivals.send(Arrival::read_back(mapped)).await;
            }
            let newest = page.iter().filter_map(|m| m["id"].as_str()?.parse::<u64>().ok()).max();
            match newest.filter(|newest| *newest > after) {
                Some(newest) if page.len() >= PAGE => after = newest,
                _ => return Ok(found),
            }
        }
    }

    async fn page(&self, chat: &str, after: u64) -> Result<Vec<serde_json::Value>, RestError> {
        let path = format!("/channels/{chat}/messages?after={after}&limit={PAGE}");
        loop {
            match self.0.rest.get(&path).await {
                Ok(page) => return Ok(page.as_array().cloned().unwrap_or_default()),
                Err(RestError::Limited { millis, .. }) => {
                    tokio::time::sleep(Duration::from_millis(millis.unsigned_abs())).await;
                }
                Err(error) => return Err(error),
            }
        }
    }
}
