//! The life of the server: open the store, listen, work, and stop without losing a turn. In-process for
//! tests: `start` takes configuration, clock and listener.
pub mod channels;
pub mod demo;
mod headers;
mod host;
pub mod life;
pub mod limits;
pub mod log;
pub mod metrics;
mod mishaps;
mod outlook;
mod plans;
mod probes;
pub mod router;
pub mod stores;
mod webhook;
pub mod wire;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use firstline_bots::fetch::JobRunner;
use firstline_bots::operator::Operator;
use firstline_bots::sender::Sender;
use firstline_core::Clock;
use firstline_kb::catalogue::Catalogue;
use tokio::net::TcpListener;

use crate::App;
use crate::config::Config;
use channels::Channels;
use life::Life;
use limits::Limits;
use metrics::Metrics;

/// A server at work. Dropping it does not stop it; `stop` does.
pub struct Running {
    pub addr: SocketAddr,
    pub app: App,
    life: Life,
    senders: Vec<Sender>,
}

/// A server whose store is open and that answers nobody yet: what must be there first is made now.
pub struct Opened {
    app: App,
    addr: SocketAddr,
    listener: TcpListener,
    channels: Channels,
    life: Life,
}

/// Starts everything on a listener that is already bound. When it returns, requests are answered.
pub async fn start(config: Config, clock: Clock, listener: TcpListener) -> Result<Running> {
    Ok(open(config, clock, listener).await?.run())
}

/// Opens everything; who connects meanwhile waits until `run`.
pub async fn open(config: Config, clock: Clock, listener: TcpListener) -> Result<Opened> {
    let addr = listener.local_addr().context("the listener has no address")?;
    let stores = stores::open(&config, clock, Some(outlook::local_url(addr))).await?;
    let channels = Channels::new(&stores.desk, &config)?;
    if let Err(error) = stores.desk.keep_pruning().await {
        tracing::warn!(%error, "the daily pruning cannot be arranged now; it is at the next start");
    }
    let life = Life::new();
    let app = App {
        catalogue: Catalogue::new(stores.desk.db.clone(), stores.desk.clock.clone()),
        desk: stores.desk,
        library: stores.library,
        limits: Arc::new(Limits::new(config.rate_limit)),
        visits: Arc::new(Limits::of_pages(config.rate_limit)),
        config: Arc::new(config),
        metrics: Metrics::install(),
        tally: Default::default(),
        telegram: channels.telegram.clone(),
        stop: life.ingress.clone(),
    };
    if let Some(discord) = &channels.discord {
        discord.suggest_from(app.library.clone());
    }
    Ok(Opened { app, addr, listener, channels, life })
}

impl Opened {
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Answers requests and works.
    pub fn run(self) -> Running {
        let Opened { app, addr, listener, channels, life } = self;
        listen(&life, &app, listener);
        let senders = work(&life, &app, &channels);
        channels.start(&life);
        tracing::info!(%addr, public_url = %app.desk.links.public_url, "listening");
        tracing::info!("{}", channels.describe());
        Running { addr, app, life, senders }
    }
}

fn listen(life: &Life, app: &App, listener: TcpListener) {
    let listener = wire::Counting(listener);
    let service = router::router(app.clone()).into_make_service_with_connect_info::<wire::Line>();
    let stop = life.ingress.clone();
    life.spawn_ingress(async move {
        let served = axum::serve(listener, service).with_graceful_shutdown(stop.cancelled_owned()).await;
        if let Err(error) = served {
            tracing::error!(%error, "the web server ended");
        }
    });
}

/// The workers behind the channels: turns, jobs, the index, and a sender for each bot.
fn work(life: &Life, app: &App, channels: &Channels) -> Vec<Sender> {
    let (library, stop) = (app.library.clone(), life.sending.clone());
    life.spawn_sending(async move { library.run(stop).await });
    let (library, stop) = (app.library.clone(), life.work.clone());
    life.spawn_work(async move { library.keep_digesting(stop).await });
    let operator = Operator::new(app.desk.clone(), app.library.clone());
    let stop = life.work.clone();
    life.spawn_work(async move { operator.run(stop).await });
    let (tally, desk, stop) = (app.tally.clone(), app.desk.clone(), life.work.clone());
    life.spawn_work(async move { tally.run(desk, stop).await });
    let (desk, stop) = (app.desk.clone(), life.work.clone());
    life.spawn_work(async move { plans::follow(desk, stop).await });
    let jobs = JobRunner::new(app.desk.clone(), channels.carriers());
    let stop = life.work.clone();
    life.spawn_work(async move { jobs.run(stop).await });
    let senders: Vec<Sender> =
        channels.carriers().into_iter().map(|carrier| Sender::new(app.desk.clone(), carrier)).collect();
    for sender in senders.clone() {
        let stop = life.sending.clone();
        life.spawn_sending(async move { sender.run(stop).await });
    }
    senders
}

impl Running {
    /// Where users find it, without a slash at its end.
    pub fn url(&self) -> &str {
        &self.app.desk.links.public_url
    }

    /// Stops within 10 s: no new input, turns under way finish, what is due is sent, the store closes.
    /// Whatever is not done by then is in the store and goes on at the next start.
    pub async fn stop(self) {
        self.life.end(&self.senders).await;
        life::within(life::CLOSE, "closing the store", self.app.desk.db.close()).await;
        tracing::info!("stopped");
    }
}
