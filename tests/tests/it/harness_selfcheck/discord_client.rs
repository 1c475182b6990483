//! The real serenity client against the fake: how the checks start it, and its life on the gateway.
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serenity::all::{
    ClientBuilder, Context, EventHandler, GatewayIntents, Http, HttpBuilder, Interaction, Message,
    MessageUpdateEvent, Ready, ResumedEvent, ShardManager,
};
use serenity::async_trait;
use tokio::task::JoinHandle;

use crate::harness::fake_discord::{FakeDiscord, Fault};
use crate::harness::faults::Rule;
use crate::harness::signal::Signal;

/// What a bot of ours asks for: no privileged intent among it.
pub const INTENTS: GatewayIntents =
    GatewayIntents::GUILDS.union(GatewayIntents::GUILD_MESSAGES).union(GatewayIntents::DIRECT_MESSAGES);

#[derive(Clone, Debug)]
pub enum Event {
    Ready,
    Resumed,
    Message(Box<Message>),
    Updated(Box<MessageUpdateEvent>),
    Interaction(Box<Interaction>),
}

#[derive(Clone, Default)]
pub struct Seen(Arc<(Mutex<Vec<Event>>, Signal)>);

impl Seen {
    fn add(&self, event: Event) {
        self.0.0.lock().expect("events").push(event);
        self.0.1.ring();
    }

    pub fn all(&self) -> Vec<Event> {
        self.0.0.lock().expect("events").clone()
    }

    /// Waits for an event of which `pick` makes something.
    pub async fn pick<T>(&self, what: &str, pick: impl Fn(&Event) -> Option<T>) -> T {
        self.0
            .1
            .until(|| self.all().iter().find_map(&pick), || format!("{what} among {:?}", self.all()))
            .await
    }

    pub async fn message(&self, content: &str) -> Message {
        let pick = |event: &Event| match event {
            Event::Message(message) if message.content == content => Some((**message).clone()),
            _ => None,
        };
        self.pick(&format!("the message {content:?}"), pick).await
    }

    pub async fn interaction(&self) -> Interaction {
        let pick = |event: &Event| match event {
            Event::Interaction(interaction) => Some((**interaction).clone()),
            _ => None,
        };
        self.pick("an interaction", pick).await
    }
}

#[async_trait]
impl EventHandler for Seen {
    async fn ready(&self, _: Context, _: Ready) {
        self.add(Event::Ready);
    }

    async fn resume(&self, _: Context, _: ResumedEvent) {
        self.add(Event::Resumed);
    }

    async fn message(&self, _: Context, message: Message) {
        self.add(Event::Message(Box::new(message)));
    }

    async fn message_update(
        &self,
        _: Context,
        _: Option<Message>,
        _: Option<Message>,
        event: MessageUpdateEvent,
    ) {
        self.add(Event::Updated(Box::new(event)));
    }

    async fn interaction_create(&self, _: Context, interaction: Interaction) {
        self.add(Event::Interaction(Box::new(interaction)));
    }
}

/// A running client. Dropped, it stops.
pub struct Running {
    pub http: Arc<Http>,
    pub seen: Seen,
    shards: Arc<ShardManager>,
    task: JoinHandle<serenity::Result<()>>,
}

impl Running {
    pub async fn stop(self) {
        self.shards.shutdown_all().await;
        self.task.await.expect("no panic").expect("a clean end");
    }
}

pub fn http(fake: &FakeDiscord) -> Http {
    // With the limiter on serenity ignores the proxy and would call the real Discord.
    HttpBuilder::new(fake.token())
        .proxy(fake.api_base())
        .ratelimiter_disabled(true)
        .application_id(fake.application_id().into())
        .build()
}

pub async fn start(fake: &FakeDiscord, intents: GatewayIntents) -> Running {
    let seen = Seen::default();
    let builder = ClientBuilder::new_with_http(http(fake), intents).event_handler(seen.clone());
    let mut client = builder.await.expect("a client");
    let (http, shards) = (Arc::clone(&client.http), Arc::clone(&client.shard_manager));
    let task = tokio::spawn(async move { client.start().await });
    seen.pick("READY", |event| matches!(event, Event::Ready).then_some(())).await;
    Running { http, seen, shards, task }
}

#[tokio::test]
async fn it_connects_hears_and_shuts_down() {
    let fake = FakeDiscord::start().await;
    let guild = fake.guild("Acme");
    let support = fake.channel(guild, "support");
    let client = start(&fake, INTENTS).await;
    assert_eq!(fake.connected(), 1);
    let li = fake.person("李雷");
    li.says("开票时报错 E-1042");
    let heard = client.seen.message("开票时报错 E-1042").await;
    assert_eq!(heard.author.id.get(), li.user_id());
    assert_eq!(heard.guild_id, None);

    let seat = li.in_channel(support);
    let aside = seat.says("not for the bot");
    let to_bot = seat.mentions_bot("for the bot");
    let heard = client.seen.message(&format!("<@{}> for the bot", fake.bot_user_id())).await;
    assert_eq!((heard.id.get(), heard.guild_id.map(|id| id.get())), (to_bot, Some(guild)));
    let hidden = |event: &Event| match event {
        Event::Message(message) if message.id.get() == aside => Some(message.content.clone()),
        _ => None,
    };
    assert_eq!(client.seen.pick("the other message", hidden).await, "", "content is private");

    let first = li.says("teh");
    li.edits(first, "the");
    let edited = |event: &Event| match event {
        Event::Updated(update) if update.id.get() == first => update.content.clone(),
        _ => None,
    };
    assert_eq!(client.seen.pick("the edit", edited).await, "the");
    client.stop().await;
    fake.await_disconnected().await;
}

#[tokio::test]
async fn it_resumes_and_misses_nothing() {
    let fake = FakeDiscord::start().await;
    let client = start(&fake, INTENTS).await;
    let li = fake.person("李雷");
    li.says("one");
    client.seen.message("one").await;
    fake.gateway_away(true);
    li.says("two");
    fake.gateway_away(false);
    client.seen.message("two").await;
    assert_eq!(fake.gateway_counts().resumes, 1);

    fake.ask_to_reconnect();
    let twice = |fake: &FakeDiscord| fake.gateway_counts().resumes == 2;
    fake.await_that("a second resume", twice).await;
    li.says("three");
    client.seen.message("three").await;
    assert_eq!(fake.gateway_counts().identifies, 1);

    fake.invalidate_sessions(false);
    fake.await_that("a new identity", |fake| fake.gateway_counts().identifies == 2).await;
    fake.await_connected().await;
    li.says("four");
    client.seen.message("four").await;
}

#[tokio::test]
async fn without_acknowledged_heartbeats_it_connects_anew() {
    let fake = FakeDiscord::start().await;
    fake.heartbeat_every(Duration::from_millis(200));
    fake.acknowledge_heartbeats(false);
    let _client = start(&fake, INTENTS).await;
    fake.await_that("another connection", |fake| fake.gateway_counts().connections > 1).await;
    assert!(fake.gateway_counts().heartbeats > 0);
}

#[tokio::test]
async fn privileged_intents_and_wrong_tokens_are_turned_away() {
    let fake = FakeDiscord::start().await;
    let all = INTENTS.union(GatewayIntents::MESSAGE_CONTENT);
    let mut client = ClientBuilder::new_with_http(http(&fake), all)
        .event_handler(Seen::default())
        .await
        .expect("a client");
    assert!(client.start().await.is_err(), "the gateway says 4014");
    fake.grant_message_content(true);
    start(&fake, all).await.stop().await;

    let wrong = HttpBuilder::new("WRONG").proxy(fake.api_base()).ratelimiter_disabled(true).build();
    assert!(wrong.get_current_user().await.is_err(), "401");
    fake.fault(Rule::new(Fault::BadGateway).method("GET gateway"));
    assert!(http(&fake).get_gateway().await.is_err(), "502");
    assert_eq!(http(&fake).get_gateway().await.expect("once only").url.split(':').next(), Some("ws"));
}
