//! teloxide's `Bot` polls the fake: delivery, confirmation, repetition, quarrels, broken lines.
use std::time::Duration;

use serde_json::json;
use teloxide::RequestError;
use teloxide::prelude::*;
use teloxide::types::{Update, UpdateKind};

use crate::harness::fake_telegram::{FakeTelegram, Fault};
use crate::harness::faults::Rule;

pub fn bot(fake: &FakeTelegram) -> Bot {
    Bot::new(fake.token()).set_api_url(fake.url().parse().expect("an address"))
}

fn ids(updates: &[Update]) -> Vec<i64> {
    updates.iter().map(|update| i64::from(update.id.0)).collect()
}

#[tokio::test]
async fn updates_come_again_until_the_offset_passes_them() {
    let fake = FakeTelegram::start().await;
    let bot = bot(&fake);
    let li = fake.person("李雷");
    let first = li.says("开票时报错 E-1042,连不上服务器");
    let second = li.command("start", "");

    let batch = bot.get_updates().await.expect("updates");
    assert_eq!(ids(&batch), [first.update_id(), second.update_id()]);
    let UpdateKind::Message(message) = &batch[0].kind else { panic!("{:?}", batch[0].kind) };
    assert_eq!(message.text(), Some("开票时报错 E-1042,连不上服务器"));
    assert_eq!(message.from.as_ref().and_then(|user| user.language_code.as_deref()), Some("zh-hans"));

    let again = bot.get_updates().await.expect("updates");
    assert_eq!(ids(&again), ids(&batch), "not confirmed, so they come again");
    assert_eq!(fake.receipt(first.update_id()).handed_out.len(), 2);

    let offset = i32::try_from(second.update_id()).expect("an id of 32 bits");
    let rest = bot.get_updates().offset(offset).await.expect("updates");
    assert_eq!(ids(&rest), [second.update_id()]);
    assert!(fake.receipt(first.update_id()).confirmed.is_some());
    assert_eq!(bot.get_updates().offset(offset + 1).await.expect("no updates").len(), 0);
    assert!(fake.unconfirmed().is_empty());
}

#[tokio::test]
async fn a_waiting_poll_is_woken_by_a_message() {
    let fake = FakeTelegram::start().await;
    let bot = bot(&fake);
    let waiting = tokio::spawn(bot.get_updates().timeout(10).send());
    fake.await_polled().await;
    let said = fake.person("Ann").says("hello");
    let batch = waiting.await.expect("no panic").expect("updates");
    assert_eq!(ids(&batch), [said.update_id()]);
}

#[tokio::test]
async fn of_two_pollers_the_older_is_sent_away() {
    let fake = FakeTelegram::start().await;
    let (one, two) = (bot(&fake), bot(&fake));
    let older = tokio::spawn(one.get_updates().timeout(10).send());
    fake.await_polled().await;
    let newer = tokio::spawn(two.get_updates().timeout(10).send());
    let refused = older.await.expect("no panic").expect_err("a conflict");
    let conflict = RequestError::Api(teloxide::ApiError::TerminatedByOtherGetUpdates);
    assert_eq!(refused.to_string(), conflict.to_string());
    fake.person("Ann").says("hello");
    assert_eq!(newer.await.expect("no panic").expect("updates").len(), 1);
}

#[tokio::test]
async fn the_same_update_many_times_and_one_of_an_unknown_kind() {
    let fake = FakeTelegram::start().await;
    let bot = bot(&fake);
    let li = fake.person("李雷");
    let said = li.says("hello");
    fake.repeat(said.update_id(), 50);
    fake.raw_update("quantum_message", json!({"entangled": true}));
    let batch = bot.get_updates().await.expect("updates");
    assert_eq!(batch.len(), 51);
    assert!(ids(&batch)[..50].iter().all(|id| *id == said.update_id()));
    assert!(matches!(batch[50].kind, UpdateKind::Error(_)), "an unknown kind does not spoil the batch");
}

#[tokio::test]
async fn kinds_the_bot_did_not_ask_for_are_not_queued() {
    let fake = FakeTelegram::start().await;
    let bot = bot(&fake);
    let kinds = [teloxide::types::AllowedUpdate::Message];
    assert_eq!(bot.get_updates().allowed_updates(kinds).await.expect("no updates").len(), 0);
    let li = fake.person("李雷");
    assert_eq!(li.blocks_bot().update, None);
    assert!(li.says("hello").update.is_some());
}

#[tokio::test]
async fn scripted_faults_hit_the_call_they_are_written_for() {
    let fake = FakeTelegram::start().await;
    let bot = bot(&fake);
    let (li, ann) = (fake.person("李雷"), fake.person("Ann"));
    fake.fault(Rule::new(Fault::RetryAfter(7)).method("sendMessage").place(li.id()));
    bot.send_message(ChatId(ann.id()), "not for Ann").await.expect("another chat is untouched");
    match bot.send_message(ChatId(li.id()), "later").await {
        Err(RequestError::RetryAfter(seconds)) => assert_eq!(seconds.duration(), Duration::from_secs(7)),
        other => panic!("{other:?}"),
    }
    bot.send_message(ChatId(li.id()), "now").await.expect("only once");

    fake.fault(Rule::new(Fault::Drop).method("sendMessage"));
    let lost = bot.send_message(ChatId(li.id()), "lost").await;
    assert!(matches!(lost, Err(RequestError::Network(_))), "{lost:?}");
    fake.fault(Rule::new(Fault::DropAfterEffect).method("sendMessage"));
    let unanswered = bot.send_message(ChatId(li.id()), "arrived all the same").await;
    assert!(matches!(unanswered, Err(RequestError::Network(_))), "{unanswered:?}");
    let texts: Vec<String> = li.sent().into_iter().map(|sent| sent.text).collect();
    assert_eq!(texts, ["now", "arrived all the same"]);

    li.blocks_bot();
    let blocked = bot.send_message(ChatId(li.id()), "anybody there?").await;
    assert!(matches!(blocked, Err(RequestError::Api(teloxide::ApiError::BotBlocked))), "{blocked:?}");
    let nowhere = bot.send_message(ChatId(1), "hello").await;
    assert!(matches!(nowhere, Err(RequestError::Api(teloxide::ApiError::ChatNotFound))), "{nowhere:?}");
    let statuses: Vec<u16> = fake.calls("sendMessage").iter().map(|call| call.status).collect();
    assert_eq!(statuses, [200, 429, 200, 0, 0, 403, 400]);
}

#[tokio::test]
async fn a_server_that_is_away_comes_back() {
    let fake = FakeTelegram::start().await;
    let bot = bot(&fake);
    fake.away(true);
    assert!(matches!(bot.get_me().await, Err(RequestError::Network(_))));
    fake.away(false);
    assert_eq!(bot.get_me().await.expect("the bot").username(), fake.bot_username());
}
