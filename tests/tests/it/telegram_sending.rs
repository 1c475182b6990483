//! Telegram, outwards: in order per chat, at least once, and one chat's trouble is no other's.
use std::sync::Arc;

use firstline_bots::message::{Block, Button, Outgoing, Span};
use firstline_bots::sender::{Carrier, Sender};
use firstline_bots::telegram::{CHANNEL, Mode, Telegram, TelegramConfig};
use firstline_core::outbox::OutboxState;

use crate::adapter::{Running, outbox_row, queue};
use crate::desk::TestDesk;
use crate::harness::fake_telegram::{FakeTelegram, Fault};
use crate::harness::faults::Rule;

struct Line {
    t: TestDesk,
    fake: FakeTelegram,
    telegram: Telegram,
    sender: Sender,
}

impl Line {
    async fn open() -> Line {
        Line::on(TestDesk::sqlite().await).await
    }

    async fn on(t: TestDesk) -> Line {
        let fake = FakeTelegram::start().await;
        let config =
            TelegramConfig { token: fake.token().into(), api_url: Some(fake.url()), mode: Mode::Polling };
        let telegram = Telegram::connect(t.desk.clone(), config).expect("a configuration");
        let sender = Sender::new(t.desk.clone(), Arc::new(telegram.clone()));
        Line { t, fake, telegram, sender }
    }

    async fn queue(&self, chat: i64, message: Outgoing) -> String {
        let bot = self.telegram.bot().expect("known from the token");
        queue(&self.t.desk, CHANNEL, &bot, chat, message).await
    }

    async fn say(&self, chat: i64, text: &str) -> String {
        self.queue(chat, Outgoing::text(text)).await
    }

    async fn settle(&self) {
        self.sender.settle().await.expect("the outbox is read");
    }

    async fn state(&self, id: &str) -> OutboxState {
        outbox_row(&self.t.desk, id).await.state
    }

    fn texts(&self, chat: i64) -> Vec<String> {
        self.fake.sent_to(chat).into_iter().map(|sent| sent.text).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limited_chat_waits_and_delays_nobody() {
    let line = Line::open().await;
    let (a, b) = (line.fake.person("A"), line.fake.person("B"));
    line.fake.fault(Rule::new(Fault::RetryAfter(30)).method("sendMessage").place(a.id()));
    let first = line.say(a.id(), "a1").await;
    line.say(a.id(), "a2").await;
    line.say(b.id(), "b1").await;
    line.settle().await;
    assert_eq!(line.texts(b.id()), ["b1"]);
    assert!(line.texts(a.id()).is_empty());
    let row = outbox_row(&line.t.desk, &first).await;
    assert_eq!(row.next_at.since(line.t.clock.now()), 30_000, "as long as Telegram asked, and to be seen");
    assert!(row.error.is_some());
    line.t.clock.advance_millis(29_000);
    line.settle().await;
    assert!(line.texts(a.id()).is_empty(), "not earlier");
    line.t.clock.advance_millis(1_000);
    line.settle().await;
    assert_eq!(line.texts(a.id()), ["a1", "a2"]);
    assert_eq!(line.state(&first).await, OutboxState::Sent);
    assert_eq!(line.telegram.meter().read().limited, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_of_the_moment_are_tried_again_in_order() {
    for fault in [Fault::BadGateway, Fault::Drop, Fault::Refuse(500, "Internal Server Error".into())] {
        let line = Line::open().await;
        let chat = line.fake.person("A").id();
        line.fake.fault(Rule::new(fault.clone()).method("sendMessage").times(2));
        line.say(chat, "one").await;
        line.say(chat, "two").await;
        for _ in 0..4 {
            line.settle().await;
            line.t.clock.advance_millis(10_000);
        }
        assert_eq!(line.texts(chat), ["one", "two"], "{fault:?}");
        assert_eq!(line.fake.call_count("sendMessage"), 4, "no storm");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocked_chat_ends_as_blocked_and_delays_nobody() {
    for fault in [Fault::Blocked, Fault::ChatNotFound] {
        let line = Line::open().await;
        let (a, b) = (line.fake.person("A"), line.fake.person("B"));
        line.fake.fault(Rule::new(fault).method("sendMessage").place(a.id()).always());
        let (one, two) = (line.say(a.id(), "1").await, line.say(a.id(), "2").await);
        line.say(b.id(), "b").await;
        line.settle().await;
        assert_eq!(line.texts(b.id()), ["b"]);
        assert_eq!([line.state(&one).await, line.state(&two).await], [OutboxState::Blocked; 2]);
        assert_eq!(line.fake.calls("sendMessage").iter().filter(|call| call.chat == Some(a.id())).count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_texts_are_split_with_the_buttons_under_the_last_part() {
    let line = Line::open().await;
    let chat = line.fake.person("A").id();
    let sentence = "发票打印失败,请检查网络连接。";
    let long = Block::Paragraph(vec![Span::Bold(sentence.repeat(700))]);
    let button = Button { label: "解决了".into(), action: "ok:1".into(), url: None };
    let message = Outgoing { blocks: vec![long], buttons: vec![vec![button]], ..Outgoing::default() };
    let id = line.queue(chat, message).await;
    line.fake.fault(Rule::new(Fault::RetryAfter(5)).method("sendMessage"));
    line.settle().await;
    line.t.clock.advance_millis(5_000);
    line.settle().await;
    let sent = line.fake.sent_to(chat);
    assert_eq!(sent.len(), 3);
    assert_eq!(sent.iter().map(|s| s.text.as_str()).collect::<String>(), sentence.repeat(700));
    assert!(sent[0].buttons.is_empty() && sent[2].labels() == ["解决了"]);
    assert!(sent[0].entities().iter().any(|(kind, _)| kind == "bold"));
    assert_eq!(line.state(&id).await, OutboxState::Sent);
    assert_eq!(line.fake.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_that_arrived_is_not_sent_again() {
    let line = Line::open().await;
    let chat = line.fake.person("A").id();
    // A limited picture after a text that arrived.
    let sha256 = line.t.desk.files.put(bytes::Bytes::from_static(b"a log")).await.expect("stored");
    let file = firstline_core::desk::NoticeFile {
        attachment_id: "a".into(),
        name: "app.log".into(),
        mime: "text/plain".into(),
        sha256,
        size: 5,
    };
    line.fake.fault(Rule::new(Fault::RetryAfter(5)).method("sendDocument"));
    line.queue(chat, Outgoing { files: vec![file], ..Outgoing::text("See the file") }).await;
    line.settle().await;
    line.t.clock.advance_millis(5_000);
    line.settle().await;
    let sent = line.fake.sent_to(chat);
    assert_eq!(sent.iter().map(|s| s.method.as_str()).collect::<Vec<_>>(), ["sendmessage", "senddocument"]);
    assert_eq!(sent[1].file.as_ref().map(|f| f.name.as_str()), Some("app.log"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_formatting_goes_out_plain() {
    let line = Line::open().await;
    let chat = line.fake.person("A").id();
    let refusal = "Bad Request: can't parse entities: Unsupported start tag \"b\" at byte offset 0";
    line.fake.fault(Rule::new(Fault::Refuse(400, refusal.into())).method("sendMessage"));
    let blocks = vec![Block::Paragraph(vec![Span::Bold("FL-1024".into()), Span::Text(" is solved".into())])];
    line.queue(chat, Outgoing { blocks, ..Outgoing::default() }).await;
    line.settle().await;
    assert_eq!(line.texts(chat), ["FL-1024 is solved"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_for_good_is_seen_and_the_next_one_goes() {
    let line = Line::open().await;
    let chat = line.fake.person("A").id();
    line.fake.fault(Rule::new(Fault::Refuse(400, "Bad Request: TOPIC_CLOSED".into())).method("sendMessage"));
    let bad = line.say(chat, "bad").await;
    line.say(chat, "good").await;
    line.settle().await;
    assert_eq!(line.texts(chat), ["good"]);
    let row = outbox_row(&line.t.desk, &bad).await;
    assert_eq!(row.state, OutboxState::Failed);
    assert!(row.error.expect("a reason").contains("TOPIC_CLOSED"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_sender_is_woken_by_the_commit_and_drains_at_the_end() {
    let line = Line::open().await;
    let sender = line.sender.clone();
    let running = Running::start(|stop| async move { sender.run(stop).await });
    let chats: Vec<_> = (0..20).map(|n| line.fake.person(&format!("P{n}"))).collect();
    for (n, chat) in chats.iter().enumerate() {
        line.say(chat.id(), &format!("one {n}")).await;
        line.say(chat.id(), &format!("two {n}")).await;
    }
    for (n, chat) in chats.iter().enumerate() {
        assert_eq!(chat.next_sent().await.text, format!("one {n}"));
        assert_eq!(chat.next_sent().await.text, format!("two {n}"));
    }
    running.stop().await;
    assert_eq!(line.fake.sent().len(), 40);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_queued_while_it_sends_goes_once_and_in_order() {
    let line = Line::open().await;
    let sender = line.sender.clone();
    let running = Running::start(|stop| async move { sender.run(stop).await });
    let chats: Vec<_> = (0..4).map(|n| line.fake.person(&format!("P{n}"))).collect();
    // Each commit wakes the sender in the midst of another message of the same chat, or right after it.
    for n in 0..15 {
        for chat in &chats {
            line.say(chat.id(), &format!("{n}")).await;
        }
    }
    let wanted: Vec<String> = (0..15).map(|n| n.to_string()).collect();
    for chat in &chats {
        for text in &wanted {
            assert_eq!(&chat.next_sent().await.text, text);
        }
    }
    running.stop().await;
    assert!(chats.iter().all(|chat| line.texts(chat.id()) == wanted));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_on_one_queue_send_everything_once() {
    let Some(t) = TestDesk::postgres("two_processes_on_one_queue").await else { return };
    let line = Line::on(t).await;
    let chats: Vec<i64> = (0..10).map(|n| line.fake.person(&format!("P{n}")).id()).collect();
    for chat in &chats {
        line.say(*chat, "one").await;
        line.say(*chat, "two").await;
    }
    let other = Sender::new(line.t.desk.clone(), Arc::new(line.telegram.clone()));
    let (here, there) = tokio::join!(line.sender.settle(), other.settle());
    assert!(here.and(there).is_ok());
    // A message that the other one had under way held its chat up for a moment.
    line.settle().await;
    for chat in chats {
        assert_eq!(line.texts(chat), ["one", "two"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_message_outlives_its_first_setbacks() {
    let line = Line::open().await;
    let chat = line.fake.person("A").id();
    let waited = line.say(chat, "a reply").await;
    line.t.minutes_pass(4 * 24 * 60);
    line.fake.fault(Rule::new(Fault::BadGateway).method("sendMessage"));
    line.fake.fault(Rule::new(Fault::RetryAfter(30)).method("sendMessage"));
    line.settle().await;
    assert_eq!(line.state(&waited).await, OutboxState::Queued);
    line.t.minutes_pass(1);
    line.settle().await;
    assert_eq!(line.state(&waited).await, OutboxState::Queued);
    line.t.minutes_pass(1);
    line.settle().await;
    assert_eq!(line.texts(chat), ["a reply"]);
    let hopeless = line.say(chat, "another").await;
    line.fake.fault(Rule::new(Fault::BadGateway).method("sendMessage").always());
    for _ in 0..21 {
        line.t.minutes_pass(4 * 60);
        line.settle().await;
    }
    assert_eq!(line.state(&hopeless).await, OutboxState::Failed);
}
