//! teloxide's `Bot` sends to the fake: what arrives, what is refused, what becomes of buttons and files.
use teloxide::RequestError;
use teloxide::net::Download;
use teloxide::prelude::*;
use teloxide::types::{
    BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, MessageId, ParseMode, ReplyParameters,
    UpdateKind,
};

use super::telegram_polling::bot;
use crate::harness::fake_telegram::FakeTelegram;

fn keyboard(label: &str, data: &str) -> InlineKeyboardMarkup {
    InlineKeyboardMarkup::new([[InlineKeyboardButton::callback(label, data)]])
}

#[tokio::test]
async fn a_press_goes_back_to_the_bot_and_is_answered_once() {
    let fake = FakeTelegram::start().await;
    let bot = bot(&fake);
    let li = fake.person("李雷");
    let text = "<b>E-1042</b>: 连不上 <code>&lt;server&gt;</code>";
    let sending = bot.send_message(ChatId(li.id()), text).parse_mode(ParseMode::Html);
    sending.reply_markup(keyboard("已解决 ✅", "s:1")).await.expect("sent");

    let sent = li.next_sent().await;
    assert_eq!(sent.text, "E-1042: 连不上 <server>");
    assert_eq!(sent.source, text);
    let entities = [("bold".to_owned(), "E-1042".to_owned()), ("code".to_owned(), "<server>".to_owned())];
    assert_eq!(sent.entities(), entities);
    assert_eq!(sent.labels(), ["已解决 ✅"]);

    li.press("已解决");
    let batch = bot.get_updates().await.expect("updates");
    let UpdateKind::CallbackQuery(query) = &batch[0].kind else { panic!("{:?}", batch[0].kind) };
    assert_eq!(query.data.as_deref(), Some("s:1"));
    assert_eq!(query.message.as_ref().map(|message| message.id().0), i32::try_from(sent.message_id).ok());
    assert_eq!(fake.unanswered_callbacks(), ["s:1"]);
    bot.answer_callback_query(query.id.clone()).text("好的").await.expect("answered");
    fake.await_callbacks_answered().await;
    fake.let_callbacks_expire();
    assert!(bot.answer_callback_query(query.id.clone()).await.is_err(), "stale");

    let id = MessageId(i32::try_from(sent.message_id).expect("an id"));
    bot.edit_message_text(ChatId(li.id()), id, "太好了").await.expect("edited");
    let now = li.sent().remove(0);
    assert_eq!(
        (now.text.as_str(), now.earlier.as_slice()),
        ("太好了", ["E-1042: 连不上 <server>".to_owned()].as_slice())
    );
    assert!(now.labels().is_empty(), "an edit without a keyboard takes it away");
    let same = bot.edit_message_text(ChatId(li.id()), id, "太好了").await;
    assert!(matches!(same, Err(RequestError::Api(teloxide::ApiError::MessageNotModified))), "{same:?}");
}

#[tokio::test]
async fn what_the_server_refuses() {
    let fake = FakeTelegram::start().await;
    let bot = bot(&fake);
    let li = ChatId(fake.person("李雷").id());
    let refusal = |outcome: Result<Message, RequestError>| outcome.expect_err("a refusal").to_string();

    bot.send_message(li, "长".repeat(4096)).await.expect("just fits");
    bot.send_message(li, "😀".repeat(2048)).await.expect("just fits: two units each");
    assert!(refusal(bot.send_message(li, "😀".repeat(2049)).await).contains("too long"));
    assert!(refusal(bot.send_message(li, "  \n ").await).contains("empty"));
    let broken = bot.send_message(li, "a <b").parse_mode(ParseMode::Html).await;
    assert!(refusal(broken).contains("can't parse entities: Unclosed start tag at byte offset 2"));
    let long = bot.send_message(li, "x").reply_markup(keyboard("x", &"y".repeat(65))).await;
    assert!(refusal(long).to_lowercase().contains("button_data_invalid"));
    let local = InlineKeyboardButton::url("open", "http://localhost:8080/t/1".parse().expect("a link"));
    let local = bot.send_message(li, "x").reply_markup(InlineKeyboardMarkup::new([[local]])).await;
    assert!(refusal(local).contains("localhost"));
    let reply = bot.send_message(li, "x").reply_parameters(ReplyParameters::new(MessageId(999_999))).await;
    assert!(refusal(reply).contains("replied"));
    let commands = [BotCommand::new("Start", "upper case")];
    assert!(bot.set_my_commands(commands).await.is_err());
    bot.set_my_commands([BotCommand::new("start", "begin")]).await.expect("registered");
    assert_eq!(fake.commands(""), ["start"]);
}

#[tokio::test]
async fn files_in_both_directions() {
    let fake = FakeTelegram::start().await;
    let bot = bot(&fake);
    let li = fake.person("李雷");
    let log = InputFile::memory(b"line 1\nline 2".to_vec()).file_name("client.log");
    bot.send_document(ChatId(li.id()), log).caption("您的日志").await.expect("sent");
    let sent = li.next_sent().await;
    let file = sent.file.clone().expect("a file");
    assert_eq!((file.name.as_str(), &file.bytes[..]), ("client.log", b"line 1\nline 2".as_slice()));
    assert_eq!(sent.text, "您的日志");
    bot.send_photo(ChatId(li.id()), InputFile::memory(b"JPEG".to_vec())).await.expect("sent");

    li.photo(b"a picture", "看这里");
    li.huge_document("dump.zip", 21 * 1024 * 1024);
    let batch = bot.get_updates().await.expect("updates");
    let UpdateKind::Message(picture) = &batch[0].kind else { panic!("{:?}", batch[0].kind) };
    let largest = picture.photo().and_then(<[_]>::last).expect("a picture").file.id.clone();
    let found = bot.get_file(largest.clone()).await.expect("a file");
    let mut bytes = Vec::new();
    bot.download_file(&found.path, &mut bytes).await.expect("downloaded");
    assert_eq!(bytes, b"a picture");
    fake.expire_files();
    assert!(bot.download_file(&found.path, &mut Vec::new()).await.is_err(), "links run out");

    let UpdateKind::Message(dump) = &batch[1].kind else { panic!("{:?}", batch[1].kind) };
    let dump = dump.document().expect("a file").file.id.clone();
    let refused = bot.get_file(dump).await.expect_err("too big").to_string();
    assert!(refused.to_lowercase().contains("too big"), "{refused}");
}

#[tokio::test]
async fn in_groups_the_bot_hears_what_is_said_to_it() {
    let fake = FakeTelegram::start().await;
    let bot = bot(&fake);
    let (li, han) = (fake.person("李雷"), fake.person("韩梅梅"));
    let group = fake.group("财务部", &li);
    assert_eq!(group.says("中午吃什么").update, None, "privacy mode");
    assert!(group.mentions_bot("开票报错").update.is_some());
    assert!(group.command("report", "").update.is_some());
    assert_eq!(group.says("/report@another_bot").update, None);
    bot.send_message(ChatId(group.id()), "请私聊我").await.expect("sent");
    let asked = group.next_sent().await;
    assert!(group.joined_by(&han).replies(asked.message_id, "好").update.is_some());
    assert_eq!(bot.get_updates().await.expect("updates").len(), 3);
}
