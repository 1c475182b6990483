//! The Discord adapter: serenity's gateway and types; every REST call that matters goes through our own
//! small client, because with serenity's limiter off (its proxy setting works only so) nobody else would
//! see `retry_after`.
mod backfill;
mod behind;
mod carry;
mod complete;
mod defer;
mod download;
mod gateway;
mod guard;
mod handler;
mod identity;
mod intake;
mod map;
mod menu;
mod private;
mod render;
mod rest;
mod words;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use firstline_core::{Desk, Error, Result};
use firstline_kb::Library;

use self::behind::Behind;
use self::defer::Deferrals;
use self::identity::Identity;
use self::intake::Arrival;
use self::rest::Rest;
use crate::alone::alone;
use crate::message::Outgoing;
use crate::sender::{Carrier, FetchError, Limits, Meter, Part, Rate, SendError, Shipment};

pub const CHANNEL: &str = "discord";

/// Events read but not stored yet; the gateway waits when there are more.
const WAITING: usize = 1024;

/// How the bot is reached. `Debug` shows no secret.
#[derive(Clone)]
pub struct DiscordConfig {
    pub token: String,
    /// The root before `/api/v10`; `None` is Discord's own.
    pub api_base: Option<String>,
}

impl std::fmt::Debug for DiscordConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DiscordConfig").field("api_base", &self.api_base).finish()
    }
}

/// A Discord bot. Cheap to clone.
#[derive(Clone)]
pub struct Discord(Arc<Inner>);

struct Inner {
    desk: Desk,
    rest: Rest,
    config: DiscordConfig,
    /// Known after the first answer of the platform.
    identity: OnceLock<Identity>,
    deferrals: Deferrals,
    behind: Behind,
    meter: Meter,
    /// Where completions come from.
    library: OnceLock<Library>,
}

impl Discord {
    /// Checks the configuration; asks the network nothing.
    pub fn connect(desk: Desk, config: DiscordConfig) -> Result<Discord> {
        if config.token.trim().is_empty() || !config.token.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Error::Config("FIRSTLINE_DISCORD_TOKEN is not a bot token".into()));
        }
        let rest = Rest::new(&config.token, config.api_base.as_deref())?;
        let inner = Inner {
            desk,
            rest,
            config,
            identity: OnceLock::new(),
            deferrals: Deferrals::default(),
            behind: Behind::default(),
            meter: Meter::default(),
            library: OnceLock::new(),
        };
        Ok(Discord(Arc::new(inner)))
    }

    /// Receives until `stop`, whatever happens to the network. Sending is the [`crate::sender::Sender`]'s work.
    pub async fn run(&self, stop: CancellationToken) {
        let (arrivals, waiting) = mpsc::channel::<Arrival>(WAITING);
        let storing = tokio::spawn(self.clone().store_arrivals(waiting));
        let introduced = tokio::select! {
            () = stop.cancelled() => false,
            () = self.introduce() => true,
        };
        if introduced {
            self.listen_alone(arrivals, &stop).await;
        } else {
            drop(arrivals);
        }
        // What arrived is stored before we go; the gateway's handlers have let go of their end by then.
        let _ = tokio::time::timeout(Duration::from_secs(3), storing).await;
    }

    /// Two sessions would get every event twice.
    async fn listen_alone(&self, arrivals: mpsc::Sender<Arrival>, stop: &CancellationToken) {
        let user = self.0.identity.get().map_or("", |identity| identity.user.as_str());
        let what = format!("discord gateway {user}");
        alone(&self.0.desk.db, &what, stop, |turn| {
            let arrivals = arrivals.clone();
            async move { self.listen(arrivals, &turn).await }
        })
        .await;
    }

    /// Asks Discord who we are; for `doctor`.
    pub async fn check(&self) -> Result<String, String> {
        let me = self.0.rest.get("/users/@me").await.map_err(|error| error.to_string())?;
        Ok(me["username"].as_str().unwrap_or("?").to_owned())
    }
}

impl Carrier for Discord {
    fn channel(&self) -> &'static str {
        CHANNEL
    }

    fn bot(&self) -> Option<String> {
        self.0.identity.get().map(|identity| identity.user.clone())
    }

    /// 50 requests a second.
    fn limits(&self) -> Limits {
        Limits { overall: Rate { burst: 50, every: Duration::from_millis(20) }, concurrent: 32 }
    }

    /// About five messages in five seconds in one channel.
    fn rate(&self, _chat: &str) -> Rate {
        Rate { burst: 5, every: Duration::from_secs(1) }
    }

    fn parts(&self, message: &Outgoing) -> Vec<Part> {
        render::parts(message)
    }

    fn send<'a>(&'a self, shipment: &'a Shipment<'a>) -> BoxFuture<'a, Result<String, SendError>> {
        Box::pin(self.carry(shipment))
    }

    fn fetch<'a>(&'a self, source: &'a Value, limit: u64) -> BoxFuture<'a, Result<Bytes, FetchError>> {
        Box::pin(self.download(source, limit))
    }

    fn meter(&self) -> &Meter {
        &self.0.meter
    }
}

/// The texts of a message in Discord's own notation, in order.
pub(crate) fn markup(message: &crate::message::Outgoing) -> Vec<String> {
    let texts = render::parts(message).into_iter().filter_map(|part| match part {
        crate::sender::Part::Text(text) => Some(text.markup),
        crate::sender::Part::File(_) => None,
    });
    texts.collect()
}
