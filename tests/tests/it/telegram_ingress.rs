//! Telegram, inwards: every update is stored once before it is confirmed, whatever the network does.
use std::sync::Arc;

use firstline_bots::event::Event;
use firstline_bots::sender::{Carrier, FetchError};
use firstline_bots::telegram::webhook::WebhookError;
use firstline_bots::telegram::{Mode, Telegram, TelegramConfig, WebhookConfig};
use firstline_core::Desk;
use firstline_core::inbox::InboxState;
use futures_util::future::join_all;
use serde_json::json;

use crate::adapter::{Running, await_inbox, envelope, inbox, words};
use crate::desk::TestDesk;
use crate::harness::fake_telegram::{FakeTelegram, Fault};
use crate::harness::faults::Rule;

const SECRET: &str = "test-secret_1";

fn bot(desk: &Desk, fake: &FakeTelegram, mode: Mode) -> Telegram {
    let config = TelegramConfig { token: fake.token().into(), api_url: Some(fake.url()), mode };
    Telegram::connect(desk.clone(), config).expect("a configuration")
}

fn polling(desk: &Desk, fake: &FakeTelegram) -> Running {
    let telegram = bot(desk, fake, Mode::Polling);
    Running::start(|stop| async move { telegram.run(stop).await })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_do_arrives_once_and_in_order() {
    let (t, fake) = (TestDesk::sqlite().await, FakeTelegram::start().await);
    let li = fake.person("李娜");
    let first = li.says("开票时报错 E-1042");
    li.photo(b"a picture", "看图");
    li.edits(first.message_id, "开票时报错 E-1043");
    fake.repeat(first.update_id(), 50);
    let running = polling(&t.desk, &fake);
    let rows = await_inbox(&t.desk, 3).await;
    fake.await_confirmed(first.update_id()).await;
    assert_eq!(inbox(&t.desk).await.len(), 3, "fifty copies, one event");
    assert_eq!(words(&rows[0]), "开票时报错 E-1042");
    assert_eq!((rows[0].bot.as_str(), rows[0].chat.as_str()), ("123456789", li.id().to_string().as_str()));
    assert!(matches!(envelope(&rows[1]).event, Event::Message { files, .. } if files.len() == 1));
    assert!(matches!(envelope(&rows[2]).event, Event::Edited { text, .. } if text == "开票时报错 E-1043"));
    assert_eq!(fake.commands("zh").len(), 9);
    assert_eq!(fake.commands(""), fake.commands("en"));
    assert_eq!(fake.violations(), Vec::<String>::new());
    running.stop().await;
}

/// Two nodes on one database: one polls, the other stands by and takes over when the first is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_node_polls_and_another_takes_over() {
    let Some(t) = TestDesk::postgres("one_node_polls").await else { return };
    let fake = FakeTelegram::start().await;
    let (first, second) = (polling(&t.desk, &fake), polling(&t.desk, &fake));
    let li = fake.person("Li");
    let before = li.says("one");
    fake.await_confirmed(before.update_id()).await;
    fake.await_that("both nodes are set up", |fake| fake.call_count("getMe") == 2).await;
    first.stop().await;
    let after = li.says("two");
    fake.await_confirmed(after.update_id()).await;
    let said: Vec<String> = inbox(&t.desk).await.iter().map(words).collect();
    assert_eq!(said, ["one", "two"]);
    assert_eq!(fake.most_polls_at_once(), 1, "never both");
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_and_broken_updates_are_put_aside_and_the_rest_flows() {
    let (t, fake) = (TestDesk::sqlite().await, FakeTelegram::start().await);
    fake.raw_update("quantum_state", json!({ "spin": 1 }));
    fake.broken_update(json!({ "no": "update_id" }));
    fake.broken_update(json!("rubbish"));
    let li = fake.person("Li");
    let said = li.says("hello");
    let running = polling(&t.desk, &fake);
    fake.await_confirmed(said.update_id()).await;
    let rows = inbox(&t.desk).await;
    let aside = rows.iter().filter(|row| row.state == InboxState::Aside).count();
    assert_eq!((aside, rows.len()), (3, 4));
    assert_eq!(words(rows.last().expect("the message")), "hello");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_goes_on_after_every_kind_of_trouble() {
    let (t, fake) = (TestDesk::sqlite().await, FakeTelegram::start().await);
    fake.fault(Rule::new(Fault::BadGateway).method("getMe"));
    fake.fault(Rule::new(Fault::Drop).method("deleteWebhook"));
    for fault in [Fault::BadGateway, Fault::Drop, Fault::DropAfterEffect, Fault::RetryAfter(1)] {
        fake.fault(Rule::new(fault).method("getUpdates"));
    }
    fake.fault(
        Rule::new(Fault::Refuse(409, "Conflict: terminated by other getUpdates request".into()))
            .method("getUpdates"),
    );
    let li = fake.person("Li");
    let said = li.says("still there?");
    let running = polling(&t.desk, &fake);
    fake.await_confirmed(said.update_id()).await;
    assert_eq!(inbox(&t.desk).await.len(), 1);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pressed_buttons_stop_spinning_also_when_told_twice() {
    let (t, fake) = (TestDesk::sqlite().await, FakeTelegram::start().await);
    let li = fake.person("Li");
    let pressed = li.press_data(1, "ok:1");
    fake.repeat(pressed.update_id(), 3);
    let running = polling(&t.desk, &fake);
    fake.await_callbacks_answered().await;
    let rows = await_inbox(&t.desk, 1).await;
    assert!(matches!(envelope(&rows[0]).event, Event::Pressed { action, .. } if action == "ok:1"));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_album_is_told_by_its_group_and_a_group_only_hears_what_is_for_us() {
    let (t, fake) = (TestDesk::sqlite().await, FakeTelegram::start().await);
    fake.reads_all_group_messages(true);
    let li = fake.person("Li");
    li.album(&[b"one", b"two"], "both");
    let group = fake.group("Ops", &li);
    group.says("nothing for a bot");
    group.mentions_bot("E-1042 again");
    let last = group.command("help", "");
    let running = polling(&t.desk, &fake);
    fake.await_confirmed(last.update_id()).await;
    let rows = inbox(&t.desk).await;
    let albums: Vec<String> = rows
        .iter()
        .filter_map(|row| match envelope(row).event {
            Event::Message { album, .. } => album,
            _ => None,
        })
        .collect();
    assert_eq!(albums.len(), 2);
    assert_eq!(albums[0], albums[1]);
    assert_eq!([words(&rows[2]), words(&rows[3])], ["E-1042 again", "/help"]);
    assert!(!envelope(&rows[2]).private);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_stores_before_it_accepts_and_knows_its_secret() {
    let (t, fake) = (TestDesk::sqlite().await, FakeTelegram::start().await);
    let hook = WebhookConfig { url: "http://127.0.0.1:9/hook".into(), secret: SECRET.into() };
    let telegram = Arc::new(bot(&t.desk, &fake, Mode::Webhook(hook)));
    let body = json!({ "update_id": 7, "message": {
        "message_id": 1, "date": 1, "text": "hello", "from": { "id": 5, "is_bot": false, "first_name": "Li" },
        "chat": { "id": 5, "type": "private", "first_name": "Li" } } })
    .to_string();
    let early = telegram.receive(Some(SECRET), body.as_bytes()).await;
    assert!(matches!(early, Err(WebhookError::Unavailable(_))), "before getMe: come again");
    let running = Running::start({
        let telegram = Arc::clone(&telegram);
        |stop| async move { telegram.run(stop).await }
    });
    fake.await_that("the webhook set", |fake| fake.call_count("setWebhook") > 0).await;
    for wrong in [None, Some(""), Some("test-secret_2")] {
        assert!(matches!(telegram.receive(wrong, body.as_bytes()).await, Err(WebhookError::Unauthorized)));
    }
    assert!(inbox(&t.desk).await.is_empty());
    let deliveries = (0..50).map(|_| telegram.receive(Some(SECRET), body.as_bytes()));
    assert!(join_all(deliveries).await.iter().all(Result::is_ok));
    assert_eq!(inbox(&t.desk).await.len(), 1, "fifty deliveries, one event");
    telegram.receive(Some(SECRET), b"{ not json").await.expect("accepted, or it would come for ever");
    assert_eq!(inbox(&t.desk).await[1].state, InboxState::Aside);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_fetched_within_the_limit() {
    let (t, fake) = (TestDesk::sqlite().await, FakeTelegram::start().await);
    let li = fake.person("Li");
    li.document("app.log", "text/plain", b"log lines", "");
    let last = li.huge_document("dump.zip", 60 * 1024 * 1024);
    let running = polling(&t.desk, &fake);
    fake.await_confirmed(last.update_id()).await;
    let sources: Vec<_> = inbox(&t.desk)
        .await
        .iter()
        .map(|row| match envelope(row).event {
            Event::Message { files, .. } => files[0].source.clone(),
            other => panic!("no file in {other:?}"),
        })
        .collect();
    let telegram = bot(&t.desk, &fake, Mode::Polling);
    assert_eq!(telegram.fetch(&sources[0], 1000).await, Ok(bytes::Bytes::from_static(b"log lines")));
    assert_eq!(telegram.fetch(&sources[0], 4).await, Err(FetchError::TooLarge));
    assert_eq!(telegram.fetch(&sources[1], 1 << 30).await, Err(FetchError::TooLarge));
    assert!(matches!(telegram.fetch(&json!({ "file_id": "nonsense" }), 10).await, Err(FetchError::Gone(_))));
    running.stop().await;
}

#[tokio::test]
async fn a_token_of_another_form_stops_the_start() {
    let t = TestDesk::sqlite().await;
    for token in ["", "abc", "abc:def", ":x"] {
        let config = TelegramConfig { token: token.into(), api_url: None, mode: Mode::Polling };
        assert!(Telegram::connect(t.desk.clone(), config).is_err(), "{token:?}");
    }
}

#[tokio::test]
async fn doctor_hears_who_the_bot_is_or_what_is_wrong_without_the_token() {
    let (t, fake) = (TestDesk::sqlite().await, FakeTelegram::start().await);
    assert_eq!(bot(&t.desk, &fake, Mode::Polling).check().await, Ok(format!("@{}", fake.bot_username())));
    fake.away(true);
    let trouble = bot(&t.desk, &fake, Mode::Polling).check().await.expect_err("nobody is there");
    assert!(!trouble.contains(fake.token()) && !trouble.contains("TEST"), "{trouble}");
}
