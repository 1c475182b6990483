//! The bots that are configured. Without a token a bot is off, and the log says so once.
use std::sync::Arc;

use anyhow::Result;
use firstline_bots::discord::{Discord, DiscordConfig};
use firstline_bots::sender::Carrier;
use firstline_bots::telegram::{Mode, Telegram, TelegramConfig, WebhookConfig};
use firstline_core::Desk;

use super::life::Life;
use crate::config::{self, Config};

#[derive(Clone)]
pub struct Channels {
    pub telegram: Option<Telegram>,
    pub discord: Option<Discord>,
}

impl Channels {
    /// Checks the tokens' form; asks the network nothing.
    pub fn new(desk: &Desk, config: &Config) -> Result<Channels> {
        let telegram = telegram(&config.telegram).map(|c| Telegram::connect(desk.clone(), c)).transpose()?;
        let discord = discord(&config.discord).map(|c| Discord::connect(desk.clone(), c)).transpose()?;
        Ok(Channels { telegram, discord })
    }

    pub fn carriers(&self) -> Vec<Arc<dyn Carrier>> {
        let telegram = self.telegram.clone().map(|t| Arc::new(t) as Arc<dyn Carrier>);
        let discord = self.discord.clone().map(|d| Arc::new(d) as Arc<dyn Carrier>);
        telegram.into_iter().chain(discord).collect()
    }

    /// Begins to receive.
    pub fn start(&self, life: &Life) {
        if let Some(telegram) = self.telegram.clone() {
            let stop = life.ingress.clone();
            life.spawn_ingress(async move { telegram.run(stop).await });
        }
        if let Some(discord) = self.discord.clone() {
            let stop = life.ingress.clone();
            life.spawn_ingress(async move { discord.run(stop).await });
        }
    }

    /// Which bots are on, in one line.
    pub fn describe(&self) -> String {
        let off = |name: &str, on: bool| {
            let variable = format!("FIRSTLINE_{}_TOKEN", name.to_uppercase());
            if on { format!("{name} on") } else { format!("{name} off (no {variable})") }
        };
        let telegram = off("Telegram", self.telegram.is_some());
        let discord = off("Discord", self.discord.is_some());
        format!("channels: web chat on, {telegram}, {discord}")
    }
}

fn telegram(config: &config::Telegram) -> Option<TelegramConfig> {
    let token = config.token.as_ref()?.expose().to_owned();
    let webhook =
        (config.webhook_url.as_ref()).zip(config.webhook_secret.as_ref()).filter(|_| config.webhook);
    let mode = webhook.map_or(Mode::Polling, |(url, secret)| {
        Mode::Webhook(WebhookConfig { url: url.to_string(), secret: secret.expose().to_owned() })
    });
    Some(TelegramConfig { token, api_url: config.api_url.as_ref().map(root), mode })
}

fn discord(config: &config::Discord) -> Option<DiscordConfig> {
    let token = config.token.as_ref()?.expose().to_owned();
    Some(DiscordConfig { token, api_base: config.api_base.as_ref().map(root) })
}

/// A root without a slash at its end.
fn root(url: &url::Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}
