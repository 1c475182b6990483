//! The connection that brings events. serenity keeps it alive; we make sure it is the right one, begin
//! anew when it gives up, and end it quickly.
use std::sync::atomic::Ordering;
use std::time::Duration;

use serenity::all::{ClientBuilder, GatewayIntents, Http, HttpBuilder};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Discord;
use super::handler::Handler;
use super::intake::Arrival;
use crate::sender::Backoff;

/// Without the privileged message content: private chats and mentions carry it all the same.
fn intents() -> GatewayIntents {
    GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES
}

impl Discord {
    pub(super) async fn listen(&self, arrivals: mpsc::Sender<Arrival>, stop: &CancellationToken) {
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(60));
        while !stop.is_cancelled() {
            let ended = self.one_session(&arrivals, stop).await;
            self.0.meter.connected.store(false, Ordering::Relaxed);
            if stop.is_cancelled() {
                return;
            }
            let trouble = ended.err().unwrap_or_else(|| "the connection ended".into());
            if backoff.is_news(&trouble) {
                tracing::warn!(trouble, "no events from Discord for now; trying on");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(backoff.pause(&self.0.desk.clock)) => {}
            }
        }
    }

    /// One client from its start to its end.
    async fn one_session(
        &self,
        arrivals: &mpsc::Sender<Arrival>,
        stop: &CancellationToken,
    ) -> Result<(), String> {
        // serenity would go to the public gateway if its own look-up failed.
        let gateway = self.0.rest.get("/gateway").await.map_err(|error| error.to_string())?;
        let url = gateway["url"].as_str().ok_or("GET /gateway gave no url")?.to_owned();
        // Before the first event of the new session can come.
        self.0.behind.begin();
        let handler = Handler { discord: self.clone(), arrivals: arrivals.clone(), stop: stop.clone() };
        let building = ClientBuilder::new_with_http(self.http(), intents()).event_handler(handler);
        let mut client = building.await.map_err(|error| plain(&error))?;
        *client.ws_url.lock().await = url;
        self.0.meter.connected.store(true, Ordering::Relaxed);
        let shards = client.shard_manager.clone();
        tokio::select! {
            ended = client.start() => ended.map_err(|error| plain(&error)),
            () = stop.cancelled() => {
                let _ = tokio::time::timeout(Duration::from_secs(3), shards.shutdown_all()).await;
                Ok(())
            }
        }
    }

    /// The limiter is off always: with it serenity would ignore the proxy, and our outbox obeys 429 itself.
    fn http(&self) -> Http {
        let builder = HttpBuilder::new(&self.0.config.token).ratelimiter_disabled(true);
        match &self.0.config.api_base {
            Some(base) => builder.proxy(base.trim_end_matches('/')).build(),
            None => builder.build(),
        }
    }
}

/// serenity's errors can hold addresses of a request; the kind is enough.
fn plain(error: &serenity::Error) -> String {
    match error {
        serenity::Error::Gateway(gateway) => gateway.to_string(),
        serenity::Error::Http(_) => "a request to Discord failed".into(),
        serenity::Error::Tungstenite(_) => "the gateway connection failed".into(),
        other => other.to_string(),
    }
}
