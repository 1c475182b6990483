//! `firstline chat`.
use std::io::IsTerminal;
use std::process::ExitCode;

use anyhow::Result;
use firstline_bots::operator::Operator;
use firstline_bots::terminal;
use firstline_core::Clock;
use tokio::io::{BufReader, stdin, stdout};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::serve::stores;

/// Talks until the input ends, with or without a server running on the same store.
pub async fn run(config: &Config, lang: Option<&'static str>) -> Result<ExitCode> {
    let stores = stores::open(config, Clock::system(), None).await?;
    if let Err(error) = stores.library.refresh().await {
        eprintln!("the newest articles may not be found yet: {error}");
    }
    let stop = CancellationToken::new();
    let (library, ended) = (stores.library.clone(), stop.clone());
    let following = tokio::spawn(async move { library.run(ended).await });
    let operator = Operator::new(stores.desk.clone(), stores.library);
    let interactive = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let lang = lang.or_else(terminal_lang);
    let talked = tokio::select! {
        talked = terminal::run(stores.desk, operator, lang, BufReader::new(stdin()), stdout(), interactive) => talked,
        _ = tokio::signal::ctrl_c() => Ok(()),
    };
    stop.cancel();
    following.await?;
    talked?;
    Ok(ExitCode::SUCCESS)
}

/// The language this terminal is set to, where that is one of ours.
fn terminal_lang() -> Option<&'static str> {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()))?;
    match set.get(..2) {
        Some("zh") => Some("zh-CN"),
        Some("en") => Some("en"),
        _ => None,
    }
}
