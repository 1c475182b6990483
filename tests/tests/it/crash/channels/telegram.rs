//! Telegram, by polling and by webhook.
use std::path::Path;

use super::{Channel, number_in};
use crate::harness::fake_telegram::{Chat, FakeTelegram};
use crate::harness::process::{Process, Recipe};

struct Line {
    fake: FakeTelegram,
    chat: Chat,
}

impl Line {
    async fn open() -> Line {
        let fake = FakeTelegram::start().await;
        let chat = fake.person("王会计").speaking("zh-hans");
        Line { fake, chat }
    }

    fn settings(&self, recipe: Recipe) -> Recipe {
        recipe
            .env("FIRSTLINE_TELEGRAM_TOKEN", self.fake.token())
            .env("FIRSTLINE_TELEGRAM_API_URL", self.fake.url())
    }

    async fn told_number(&self) -> String {
        let sent = self.chat.await_text("FL-").await;
        number_in(&sent.line()).expect("a ticket number")
    }

    fn times_told(&self, number: &str) -> usize {
        self.chat.sent().iter().filter(|sent| sent.says(number)).count()
    }
}

pub struct TelegramPolling(Line);

impl Channel for TelegramPolling {
    async fn open() -> Self {
        TelegramPolling(Line::open().await)
    }

    fn settings(&mut self, recipe: Recipe, _: &Path) -> Recipe {
        self.0.settings(recipe)
    }

    async fn send(&mut self, _: &Process, text: &str) {
        self.0.chat.says(text);
    }

    async fn deliver_again(&mut self, _: &Process) {} // unconfirmed updates come again by themselves

    async fn told_number(&self, _: &Process) -> String {
        self.0.told_number().await
    }

    async fn times_told(&self, _: &Process, number: &str) -> usize {
        self.0.times_told(number)
    }
}

pub struct TelegramWebhook(Line);

impl Channel for TelegramWebhook {
    async fn open() -> Self {
        TelegramWebhook(Line::open().await)
    }

    fn settings(&mut self, recipe: Recipe, _: &Path) -> Recipe {
        let hook = format!("{}/hooks/telegram", recipe.url());
        self.0
            .settings(recipe)
            .env("FIRSTLINE_TELEGRAM_MODE", "webhook")
            .env("FIRSTLINE_TELEGRAM_WEBHOOK_URL", hook)
            .env("FIRSTLINE_TELEGRAM_WEBHOOK_SECRET", "a-secret-of-the-test")
    }

    async fn send(&mut self, _: &Process, text: &str) {
        self.0.chat.says(text);
    }

    async fn deliver_again(&mut self, _: &Process) {} // the platform pushes again after a failed delivery

    async fn told_number(&self, _: &Process) -> String {
        self.0.told_number().await
    }

    async fn times_told(&self, _: &Process, number: &str) -> usize {
        self.0.times_told(number)
    }
}
