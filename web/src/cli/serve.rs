//! `firstline serve`.
use std::process::ExitCode;

use anyhow::{Context, Result};
use firstline_core::Clock;
use tokio::net::TcpListener;

use super::output;
use crate::config::Config;
use crate::serve::{self, demo};

pub async fn run(config: Config, with_demo: bool) -> Result<ExitCode> {
    let listener = TcpListener::bind(&config.listen).await.with_context(|| {
        format!(
            "cannot listen on {}; is another server there? --listen chooses another address",
            config.listen
        )
    })?;
    let stopped = stop_signal()?;
    let opened = serve::open(config, Clock::system(), listener).await?;
    let guide = match with_demo {
        // Before anybody is answered: the first question would find nothing.
        true => Some(demo::prepare(opened.app()).await.context("the demo cannot be prepared")?),
        false => None,
    };
    let running = opened.run();
    // A script that asked for port 0 reads the port here.
    output::line(format!("firstline listens on http://{}", running.addr))?;
    if let Some(guide) = guide {
        output::line(guide)?;
    }
    stopped.await;
    tracing::info!("stopping: no new input, finishing what is under way");
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// Completes at SIGINT or SIGTERM. Installed before the start, so that no signal is missed.
#[cfg(unix)]
fn stop_signal() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> Result<impl Future<Output = ()>> {
    Ok(async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "Ctrl-C cannot be waited for");
            std::future::pending::<()>().await;
        }
    })
}
