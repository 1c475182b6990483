//! Discord: messages of a DM; what the gateway does not repeat is read back at the next start.
use std::path::Path;

use super::{Channel, number_in};
use crate::harness::fake_discord::{FakeDiscord, Seat};
use crate::harness::process::{Process, Recipe};

pub struct Discord {
    fake: FakeDiscord,
    seat: Seat,
}

impl Channel for Discord {
    async fn open() -> Self {
        let fake = FakeDiscord::start().await;
        let seat = fake.person("王会计");
        Discord { fake, seat }
    }

    fn settings(&mut self, recipe: Recipe, _: &Path) -> Recipe {
        recipe
            .env("FIRSTLINE_DISCORD_TOKEN", self.fake.token())
            .env("FIRSTLINE_DISCORD_API_BASE", self.fake.api_base())
    }

    async fn send(&mut self, _: &Process, text: &str) {
        self.fake.await_connected().await;
        self.seat.says(text);
    }

    async fn deliver_again(&mut self, _: &Process) {}

    async fn told_number(&self, _: &Process) -> String {
        number_in(&self.seat.await_text("FL-").await.content).expect("a ticket number")
    }

    async fn times_told(&self, _: &Process, number: &str) -> usize {
        self.seat.sent().iter().filter(|sent| sent.content.contains(number)).count()
    }
}
