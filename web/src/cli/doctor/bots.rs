//! The bots: off without a token, otherwise asked who they are.
use std::path::Path;

use firstline_core::files::Files;
use firstline_core::store::{self, Db};
use firstline_core::{Clock, Desk};

use super::finding::Finding;
use crate::config::Config;
use crate::serve::channels::Channels;

pub async fn check(config: &Config) -> Vec<Finding> {
    let off = |what, token: &str| Finding::ok(what, format!("off (no {token})"));
    if config.telegram.token.is_none() && config.discord.token.is_none() {
        return vec![off("Telegram", "FIRSTLINE_TELEGRAM_TOKEN"), off("Discord", "FIRSTLINE_DISCORD_TOKEN")];
    }
    let channels = match connect(config).await {
        Ok(channels) => channels,
        Err(e) => return vec![Finding::fail("bots", e.to_string(), "correct the token or address it names")],
    };
    let telegram = match &channels.telegram {
        Some(bot) => answer("Telegram", bot.check().await),
        None => off("Telegram", "FIRSTLINE_TELEGRAM_TOKEN"),
    };
    let discord = match &channels.discord {
        Some(bot) => answer("Discord", bot.check().await),
        None => off("Discord", "FIRSTLINE_DISCORD_TOKEN"),
    };
    vec![telegram, discord]
}

/// The adapters want a desk; asking who they are touches nothing of it, so it gets a throw-away store.
async fn connect(config: &Config) -> anyhow::Result<Channels> {
    let folder = std::env::temp_dir().join(format!("firstline-doctor-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let channels = connect_in(&folder, config).await;
    // The system clears the folder for temporary files if we cannot.
    let _ = std::fs::remove_dir_all(&folder);
    channels
}

async fn connect_in(folder: &Path, config: &Config) -> anyhow::Result<Channels> {
    let db = Db::open(&format!("sqlite:{}", folder.join("doctor.db").display())).await?;
    store::migrate(&db, Vec::new()).await?;
    let desk = Desk::new(db, Clock::system(), Files::folder(folder)?, "http://localhost").await?;
    Channels::new(&desk, config)
}

fn answer(what: &'static str, said: Result<String, String>) -> Finding {
    match said {
        Ok(name) => Finding::ok(what, format!("connected as {name}")),
        Err(e) => Finding::fail(what, e, "check the token, the network and a proxy in between"),
    }
}
