//! Discord, inwards: deferred at once, stored once, read back after an absence.
use std::time::Duration;

use firstline_bots::discord::{Discord, DiscordConfig};
use firstline_bots::event::Event;
use firstline_bots::sender::{Carrier, FetchError};
use firstline_core::{Desk, conversation};
use serde_json::json;

use crate::adapter::{Running, await_inbox, envelope, inbox, words};
use crate::desk::TestDesk;
use crate::harness::fake_discord::{FakeDiscord, Fault};
use crate::harness::faults::Rule;

fn bot(desk: &Desk, fake: &FakeDiscord) -> Discord {
    let config = DiscordConfig { token: fake.token().into(), api_base: Some(fake.api_base()) };
    Discord::connect(desk.clone(), config).expect("a configuration")
}

fn start(desk: &Desk, fake: &FakeDiscord) -> Running {
    let discord = bot(desk, fake);
    Running::start(|stop| async move { discord.run(stop).await })
}

/// Makes the conversations that the operator would have made from what arrived.
async fn know_conversations(desk: &Desk) {
    for row in inbox(desk).await {
        let mut tx = desk.db.begin().await.expect("a transaction");
        let private = envelope(&row).private;
        conversation::ensure(&mut tx, &desk.clock, &row.address(), "Li", private)
            .await
            .expect("a conversation");
        tx.commit().await.expect("committed");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_edits_files_and_mentions_arrive() {
    let (t, fake) = (TestDesk::sqlite().await, FakeDiscord::start().await);
    let running = start(&t.desk, &fake);
    fake.await_connected().await;
    let li = fake.person("Li");
    let said = li.says("开票报错 E-1042");
    await_inbox(&t.desk, 1).await;
    li.edits(said, "开票报错 E-1043");
    await_inbox(&t.desk, 2).await;
    li.sends_files("see", &[("app.log", "text/plain", b"log lines")]);
    await_inbox(&t.desk, 3).await;
    let guild = fake.guild("Customers");
    let public = li.in_channel(fake.channel(guild, "help"));
    public.says("nothing for a bot");
    public.mentions_bot("E-1042 again");
    let rows = await_inbox(&t.desk, 4).await;
    assert_eq!(
        (rows[0].external_id.as_str(), words(&rows[0]).as_str()),
        (said.to_string().as_str(), "开票报错 E-1042")
    );
    assert!(matches!(envelope(&rows[1]).event, Event::Edited { id, .. } if id == said.to_string()));
    let Event::Message { files, .. } = envelope(&rows[2]).event else { panic!("a message") };
    let fetched = bot(&t.desk, &fake).fetch(&files[0].source, 1000).await;
    assert_eq!(fetched, Ok(bytes::Bytes::from_static(b"log lines")));
    fake.expire_attachments();
    assert!(matches!(bot(&t.desk, &fake).fetch(&files[0].source, 1000).await, Err(FetchError::Gone(_))));
    assert_eq!(words(&rows[3]), "E-1042 again");
    assert!(!envelope(&rows[3]).private && envelope(&rows[0]).private);
    running.stop().await;
    assert_eq!(fake.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_and_buttons_are_deferred_while_the_database_is_busy() {
    let (t, fake) = (TestDesk::sqlite().await, FakeDiscord::start().await);
    let running = start(&t.desk, &fake);
    fake.await_connected().await;
    fake.await_command("report").await;
    let li = fake.person("Li").speaking("en-US");
    // Whoever holds the one writer holds up the store, but not the first answer.
    let writing = t.desk.db.begin().await.expect("a transaction");
    let asked = li.slash("search", &[("words", json!("printer offline"))]);
    let ack = fake.await_ack(asked).await;
    assert_eq!(ack.kind, 5);
    assert!(inbox(&t.desk).await.is_empty());
    writing.rollback().await.expect("rolled back");
    let rows = await_inbox(&t.desk, 1).await;
    assert_eq!(words(&rows[0]), "/search printer offline");
    assert_eq!(envelope(&rows[0]).lang_hint.as_deref(), Some("en-US"));
    assert!(matches!(envelope(&rows[0]).event, Event::Message { ack: Some(_), .. }));
    running.stop().await;
    assert_eq!(fake.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_in_a_guild_goes_on_in_private() {
    let (t, fake) = (TestDesk::sqlite().await, FakeDiscord::start().await);
    let running = start(&t.desk, &fake);
    fake.await_connected().await;
    fake.await_command("report").await;
    let li = fake.person("Li");
    let public = li.in_channel(fake.channel(fake.guild("Customers"), "help"));
    public.slash("report", &[]);
    let rows = await_inbox(&t.desk, 1).await;
    assert!(envelope(&rows[0]).private);
    assert_eq!(rows[0].chat, li.channel_id().to_string());
    let pointer = public.await_text("私信").await;
    assert!(pointer.ephemeral);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_while_we_were_away_is_read_back_once() {
    let (t, fake) = (TestDesk::sqlite().await, FakeDiscord::start().await);
    let running = start(&t.desk, &fake);
    fake.await_connected().await;
    let li = fake.person("Li");
    li.says("before");
    await_inbox(&t.desk, 1).await;
    know_conversations(&t.desk).await;
    running.stop().await;
    for n in 0..3 {
        li.says(&format!("while away {n}"));
    }
    let running = start(&t.desk, &fake);
    let rows = await_inbox(&t.desk, 4).await;
    assert_eq!(
        rows.iter().map(words).collect::<Vec<_>>(),
        ["before", "while away 0", "while away 1", "while away 2"]
    );
    fake.await_connected().await;
    // A lost session with something said meanwhile: replayed or read back, it is one event.
    fake.forget_sessions();
    li.says("in between");
    fake.cut_gateway();
    let rows = await_inbox(&t.desk, 5).await;
    assert_eq!(words(&rows[4]), "in between");
    running.stop().await;
    assert_eq!(inbox(&t.desk).await.len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_message_hides_nothing_that_was_missed() {
    let (t, fake) = (TestDesk::sqlite().await, FakeDiscord::start().await);
    let running = start(&t.desk, &fake);
    fake.await_connected().await;
    let li = fake.person("Li");
    li.says("before");
    let sent_at = envelope(&await_inbox(&t.desk, 1).await[0]).sent_at.expect("told by its id");
    assert!(sent_at.millis() > 1_420_070_400_000);
    know_conversations(&t.desk).await;
    running.stop().await;
    for n in 0..3 {
        li.says(&format!("while away {n}"));
    }
    let route = "GET channels/messages";
    let broken = || Rule::new(Fault::BadGateway).method(route).place(li.channel_id());
    fake.fault(broken().always());
    let running = start(&t.desk, &fake);
    fake.await_connected().await;
    fake.await_that("a failed look", |fake| !fake.calls(route).is_empty()).await;
    li.says("hello?");
    assert_eq!(words(&await_inbox(&t.desk, 2).await[1]), "hello?");
    running.stop().await;
    // Neither the newer message nor the end of the process moved the place to read on from.
    fake.heal();
    fake.fault(broken());
    let running = start(&t.desk, &fake);
    let rows = await_inbox(&t.desk, 5).await;
    assert_eq!(
        rows.iter().map(words).collect::<Vec<_>>(),
        ["before", "hello?", "while away 0", "while away 1", "while away 2"]
    );
    running.stop().await;
    assert_eq!(inbox(&t.desk).await.len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_gateway_address_is_an_error_and_never_the_public_gateway() {
    let (t, fake) = (TestDesk::sqlite().await, FakeDiscord::start().await);
    fake.fault(Rule::new(Fault::BadGateway).method("GET gateway").times(2));
    let discord = bot(&t.desk, &fake);
    let meter = discord.clone();
    let running = Running::start(|stop| async move { discord.run(stop).await });
    fake.await_that("a second look for the gateway", |fake| fake.calls("GET gateway").len() >= 2).await;
    assert_eq!(fake.connected(), 0);
    assert!(!meter.meter().read().connected);
    fake.await_connected().await;
    let stopping = std::time::Instant::now();
    running.stop().await;
    assert!(stopping.elapsed() < Duration::from_secs(8), "{:?}", stopping.elapsed());
}
