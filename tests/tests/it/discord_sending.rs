//! Discord, outwards: answers in place of the deferral, and one chat's trouble is no other's.
use std::sync::Arc;

use firstline_bots::discord::{CHANNEL, Discord, DiscordConfig};
use firstline_bots::event::Event;
use firstline_bots::message::{Block, Button, Outgoing, Span};
use firstline_bots::sender::{Carrier, Sender};
use firstline_core::outbox::OutboxState;

use crate::adapter::{Running, await_inbox, envelope, outbox_row, queue};
use crate::desk::TestDesk;
use crate::harness::fake_discord::{FakeDiscord, Fault, Via};
use crate::harness::faults::Rule;

struct Line {
    t: TestDesk,
    fake: FakeDiscord,
    discord: Discord,
    sender: Sender,
    running: Running,
}

impl Line {
    async fn open() -> Line {
        let (t, fake) = (TestDesk::sqlite().await, FakeDiscord::start().await);
        let config = DiscordConfig { token: fake.token().into(), api_base: Some(fake.api_base()) };
        let discord = Discord::connect(t.desk.clone(), config).expect("a configuration");
        let sender = Sender::new(t.desk.clone(), Arc::new(discord.clone()));
        let receiving = discord.clone();
        let running = Running::start(|stop| async move { receiving.run(stop).await });
        fake.await_connected().await;
        fake.await_command("start").await;
        Line { t, fake, discord, sender, running }
    }

    async fn queue(&self, channel: u64, message: Outgoing) -> String {
        let bot = self.discord.bot().expect("known when connected");
        queue(&self.t.desk, CHANNEL, &bot, channel, message).await
    }

    async fn settle(&self) {
        self.sender.settle().await.expect("the outbox is read");
    }

    fn texts(&self, channel: u64) -> Vec<String> {
        self.fake.sent_to(channel).into_iter().map(|sent| sent.content).collect()
    }

    /// The ack of the newest event.
    async fn ack(&self, events: usize) -> String {
        let rows = await_inbox(&self.t.desk, events).await;
        match envelope(&rows[events - 1]).event {
            Event::Message { ack, .. } | Event::Pressed { ack, .. } => ack.expect("an ack"),
            other => panic!("no ack in {other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_answer_replaces_the_deferral_and_the_next_ones_follow() {
    let line = Line::open().await;
    let li = line.fake.person("Li");
    let asked = li.slash("help", &[]);
    let ack = line.ack(1).await;
    let button = Button { label: "Report".into(), action: "r:".into(), url: None };
    let first = Outgoing { ack: Some(ack), buttons: vec![vec![button]], ..Outgoing::text("I can help") };
    line.queue(li.channel_id(), first).await;
    line.queue(li.channel_id(), Outgoing::text("and more")).await;
    line.settle().await;
    let sent = li.sent();
    assert_eq!(sent.iter().map(|s| s.via).collect::<Vec<_>>(), [Via::Response, Via::Channel]);
    assert_eq!(sent[0].interaction, Some(asked));
    assert_eq!(sent[0].labels(), ["Report"]);
    assert!(sent[1].nonce.is_some());
    assert_eq!(line.fake.violations(), Vec::<String>::new());
    line.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_comes_too_late_is_an_ordinary_message_or_a_private_one() {
    let line = Line::open().await;
    let li = line.fake.person("Li");
    let asked = li.slash("help", &[]);
    let ack = line.ack(1).await;
    line.fake.await_ack(asked).await;
    line.fake.let_interaction_expire(asked);
    line.queue(li.channel_id(), Outgoing { ack: Some(ack), ..Outgoing::text("late") }).await;
    line.settle().await;
    assert_eq!(line.texts(li.channel_id()), ["late"]);
    let public = li.in_channel(line.fake.channel(line.fake.guild("Customers"), "help"));
    let asked = public.slash("help", &[]);
    let ack = line.ack(2).await;
    line.fake.await_ack(asked).await;
    line.fake.let_interaction_expire(asked);
    let personal = Outgoing { ack: Some(ack), ephemeral: true, ..Outgoing::text("for you only") };
    line.queue(public.channel_id(), personal).await;
    line.settle().await;
    assert!(public.sent().is_empty(), "not in public");
    assert_eq!(line.texts(li.channel_id()), ["late", "for you only"]);
    line.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limited_and_closed_chats_delay_nobody() {
    let line = Line::open().await;
    let (a, b, c) = (line.fake.person("A"), line.fake.person("B"), line.fake.person("C"));
    line.fake
        .fault(Rule::new(Fault::RateLimited(7.5)).method("POST channels/messages").place(a.channel_id()));
    c.refuses_messages(true);
    let limited = line.queue(a.channel_id(), Outgoing::text("a")).await;
    let closed = line.queue(c.channel_id(), Outgoing::text("c")).await;
    line.queue(b.channel_id(), Outgoing::text("b")).await;
    line.settle().await;
    assert_eq!(line.texts(b.channel_id()), ["b"]);
    let row = outbox_row(&line.t.desk, &limited).await;
    assert_eq!(row.next_at.since(line.t.clock.now()), 7_500);
    assert_eq!(outbox_row(&line.t.desk, &closed).await.state, OutboxState::Blocked);
    line.t.clock.advance_millis(7_500);
    line.settle().await;
    assert_eq!(line.texts(a.channel_id()), ["a"]);
    line.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_repeated_under_the_same_nonce() {
    let line = Line::open().await;
    let li = line.fake.person("Li");
    line.fake.fault(Rule::new(Fault::DropAfterEffect).method("POST channels/messages"));
    line.queue(li.channel_id(), Outgoing::text("once")).await;
    line.settle().await;
    line.t.clock.advance_millis(10_000);
    line.settle().await;
    assert_eq!(line.texts(li.channel_id()), ["once"]);
    assert_eq!(line.fake.calls("POST channels/messages").len(), 2);
    line.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_texts_are_split_and_notation_is_escaped() {
    let line = Line::open().await;
    let li = line.fake.person("Li");
    let long = Block::Code((0..200).map(|n| format!("line {n} of a log\n")).collect());
    let odd = Block::Paragraph(vec![Span::Text("@everyone: *stars* and snake_case_name".into())]);
    line.queue(li.channel_id(), Outgoing { blocks: vec![odd, long], ..Outgoing::default() }).await;
    line.settle().await;
    let sent = li.sent();
    assert!(sent.len() >= 2 && sent.iter().all(|s| s.content.encode_utf16().count() <= 2000));
    assert!(sent[0].content.contains("\\*stars\\* and snake\\_case\\_name"));
    assert_eq!(line.fake.violations(), Vec::<String>::new());
    line.running.stop().await;
}
