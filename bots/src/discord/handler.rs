//! What serenity calls. Interactions are deferred before anything else is done with them.
use serenity::all::{Context, EventHandler, Interaction, Message, MessageUpdateEvent, Ready, ResumedEvent};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Discord;
use super::defer::{Asked, AskedKind};
use super::intake::Arrival;
use super::map;

pub(super) struct Handler {
    pub discord: Discord,
    pub arrivals: mpsc::Sender<Arrival>,
    pub stop: CancellationToken,
}

impl Handler {
    async fn pass_on(&self, mapped: map::Mapped) {
        // Closed only when the process stops; messages are read back at the next start.
        let _ = self.arrivals.send(Arrival::live(mapped)).await;
    }

    fn me(&self) -> String {
        self.discord.0.identity.get().map(|identity| identity.user.clone()).unwrap_or_default()
    }

    fn read_back(&self) {
        let round = self.discord.0.behind.begin();
        let (discord, arrivals, stop) = (self.discord.clone(), self.arrivals.clone(), self.stop.clone());
        tokio::spawn(async move { stop.run_until_cancelled(discord.backfill(round, &arrivals)).await });
    }
}

#[serenity::async_trait]
impl EventHandler for Handler {
    async fn ready(&self, _: Context, _: Ready) {
        // A new session replays nothing.
        self.read_back();
    }

    async fn resume(&self, _: Context, _: ResumedEvent) {
        self.read_back();
    }

    async fn message(&self, _: Context, message: Message) {
        if let Some(mapped) = map::message(&message, &self.me()) {
            self.pass_on(mapped).await;
        }
    }

    async fn message_update(
        &self,
        _: Context,
        _: Option<Message>,
        _: Option<Message>,
        event: MessageUpdateEvent,
    ) {
        if let Some(mapped) = map::edit(&event, &self.me()) {
            self.pass_on(mapped).await;
        }
    }

    async fn interaction_create(&self, _: Context, interaction: Interaction) {
        let (asked, mapped) = match &interaction {
            Interaction::Command(command) => {
                let (id, token) = (command.id.to_string(), command.token.clone());
                let in_guild = command.guild_id.is_some();
                (Asked { id, token, kind: AskedKind::Command, in_guild }, map::command(command))
            }
            Interaction::Component(button) => {
                let (id, token) = (button.id.to_string(), button.token.clone());
                let in_guild = button.guild_id.is_some();
                (Asked { id, token, kind: AskedKind::Button, in_guild }, map::button(button))
            }
            Interaction::Autocomplete(typing) => return self.discord.complete(typing),
            _ => return,
        };
        self.discord.defer(&asked);
        self.pass_on(mapped).await;
    }
}
