//! Reading back private messages that came while we were away: a new gateway session replays nothing.
use std::time::Duration;

use serenity::all::Message;
use tokio::sync::mpsc;

use firstline_core::{conversation, inbox};

use super::intake::{Arrival, cursor_name};
use super::rest::RestError;
use super::{CHANNEL, Discord, map};

/// The chats looked at, the latest first: one call each.
const MOST_CHATS: i64 = 500;
const PAGE: usize = 100;

impl Discord {
    /// Asks every known private chat for what came after the last thing we stored. The ids are the
    /// gateway's own, so nothing is taken twice.
    pub(super) async fn backfill(&self, arrivals: &mpsc::Sender<Arrival>) {
        let _one_at_a_time = self.0.backfilling.lock().await;
        let Some(bot) = self.0.identity.get().map(|identity| identity.user.clone()) else { return };
        let chats = match conversation::private_chats(&self.0.desk.db, CHANNEL, &bot, MOST_CHATS).await {
            Ok(chats) => chats,
            Err(error) => return tracing::warn!(%error, "missed Discord messages were not read back"),
        };
        let mut found = 0;
        for chat in chats {
            match self.backfill_chat(&bot, &chat, arrivals).await {
                Ok(count) => found += count,
                Err(error) => tracing::debug!(%error, chat, "a chat was not read back"),
            }
        }
        tracing::info!(found, "missed Discord messages were read back");
    }

    async fn backfill_chat(
        &self,
        bot: &str,
        chat: &str,
        arrivals: &mpsc::Sender<Arrival>,
    ) -> Result<usize, RestError> {
        let cursor = inbox::cursor(&self.0.desk.db, CHANNEL, bot, &cursor_name(chat)).await;
        let Some(mut after) = cursor.ok().flatten().and_then(|value| value.parse::<u64>().ok()) else {
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
                let _ = arrivals.send(Arrival::new(mapped)).await;
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
