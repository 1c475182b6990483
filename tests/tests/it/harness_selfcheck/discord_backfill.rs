//! What was written while nobody was connected is read back by REST; attachments are served until their links run out.
use serenity::all::{ChannelId, CreateAttachment, CreateMessage, GetMessages, MessageId, Nonce, UserId};

use super::discord_client::http;
use crate::harness::fake_discord::FakeDiscord;
use crate::harness::platform_schemas::discord_object_violations;

#[tokio::test]
async fn messages_after_the_last_known_one() {
    let fake = FakeDiscord::start().await;
    let http = http(&fake);
    let li = fake.person("李雷");
    let known = li.says("known");
    let missed: Vec<u64> = (0..3).map(|number| li.says(&format!("missed {number}"))).collect();
    let channel = ChannelId::new(li.channel_id());
    let page = GetMessages::new().after(MessageId::new(known)).limit(2);
    let page = channel.messages(&http, page).await.expect("a page");
    let ids: Vec<u64> = page.iter().map(|message| message.id.get()).collect();
    assert_eq!(ids, [missed[1], missed[0]], "the oldest that follow, newest first");

    let guild = fake.guild("Acme");
    let seat = li.in_channel(fake.channel(guild, "support"));
    seat.says("private");
    seat.mentions_bot("hello");
    let page = ChannelId::new(seat.channel_id()).messages(&http, GetMessages::new()).await.expect("a page");
    assert_eq!((page[0].content.ends_with("hello"), page[1].content.as_str()), (true, ""));
}

#[tokio::test]
async fn files_in_both_directions() {
    let fake = FakeDiscord::start().await;
    let http = http(&fake);
    let li = fake.person("李雷");
    let dm = UserId::new(li.user_id()).create_dm_channel(&http).await.expect("a DM");
    assert_eq!(dm.id.get(), li.channel_id());
    let log = CreateAttachment::bytes(b"line 1".as_slice(), "client.log");
    let message =
        CreateMessage::new().content("您的日志").add_file(log).nonce(Nonce::Number(7)).enforce_nonce(true);
    let sent = dm.id.send_message(&http, message).await.expect("sent");
    assert_eq!(sent.attachments[0].filename, "client.log");
    assert_eq!(&li.next_sent().await.files[0].bytes[..], b"line 1");

    let said = li.sends_files("看", &[("截图.png", "image/png", b"PNG")]);
    let message = dm.id.message(&http, MessageId::new(said)).await.expect("the message");
    let link = &message.attachments[0].url;
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let bytes = client.get(link).send().await.expect("an answer").bytes().await.expect("bytes");
    assert_eq!(&bytes[..], b"PNG");
    fake.expire_attachments();
    assert_eq!(client.get(link).send().await.expect("an answer").status(), 404);

    let raw = fake.sent().remove(0).json;
    assert_eq!(
        discord_object_violations("MessageResponse", &raw).unwrap_or_default(),
        Vec::<String>::new(),
        "{raw:#}"
    );
    assert_eq!(fake.violations(), Vec::<String>::new());
}
