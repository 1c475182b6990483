//! Files are copied on arrival; what will never come is visible, and who sent too much is told.
use std::sync::Arc;

use firstline_bots::event::Event;
use firstline_bots::fetch::JobRunner;
use firstline_bots::sender::{Carrier, Sender};
use firstline_bots::telegram::{Mode, Telegram, TelegramConfig};
use firstline_core::files::{Attachment, AttachmentState, FileOffer};
use firstline_core::{Desk, on};
use serde_json::{Value, json};

use crate::adapter::{Running, await_inbox, envelope};
use crate::desk::TestDesk;
use crate::harness::fake_telegram::{FakeTelegram, Fault};
use crate::harness::faults::Rule;

async fn attachments(desk: &Desk) -> Vec<Attachment> {
    let rows = on!(&desk.db, p => sqlx::query_as("select * from attachment order by id").fetch_all(p).await);
    rows.expect("the attachments are read")
}

/// What a step does with a message with these files.
async fn hear(desk: &Desk, files: &[FileOffer]) {
    let event = await_inbox(desk, 1).await.remove(0);
    let turn = desk.turn(&event, "Li", true).await.expect("a conversation");
    let mut tx = desk.begin_turn(&turn).await.expect("a turn");
    tx.heard("see the files", Some("1"), files).await.expect("heard");
    tx.finish(&Value::Null, Some("en")).await.expect("finished");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_copied_or_their_end_is_known() {
    let (t, fake) = (TestDesk::sqlite().await, FakeTelegram::start().await);
    let config =
        TelegramConfig { token: fake.token().into(), api_url: Some(fake.url()), mode: Mode::Polling };
    let telegram = Telegram::connect(t.desk.clone(), config).expect("a configuration");
    let receiving = telegram.clone();
    let li = fake.person("Li");
    li.document("app.log", "text/plain", b"log lines", "");
    li.huge_document("dump.zip", 60 * 1024 * 1024);
    let running = Running::start(|stop| async move { receiving.run(stop).await });
    let mut files = Vec::new();
    for row in await_inbox(&t.desk, 2).await {
        let Event::Message { files: offered, .. } = envelope(&row).event else { panic!("a message") };
        files.extend(offered);
    }
    // The platform kept quiet about the size.
    files[1].size = 0;
    files.push(FileOffer {
        source: json!({ "file_id": "gone" }),
        name: "gone.txt".into(),
        ..files[0].clone()
    });
    hear(&t.desk, &files).await;

    fake.fault(Rule::new(Fault::BadGateway).method("getFile"));
    let carriers: Vec<Arc<dyn Carrier>> = vec![Arc::new(telegram.clone())];
    let runner = JobRunner::new(t.desk.clone(), carriers);
    runner.settle().await.expect("the jobs run");
    assert_eq!(attachments(&t.desk).await[0].state, AttachmentState::Waiting, "a fault of the moment");
    t.clock.advance_millis(60_000);
    runner.settle().await.expect("the jobs run");
    let settled = attachments(&t.desk).await;
    let states: Vec<AttachmentState> = settled.iter().map(|a| a.state).collect();
    assert_eq!(states, [AttachmentState::Stored, AttachmentState::TooLarge, AttachmentState::Failed]);
    let stored =
        t.desk.files.get(settled[0].sha256.as_deref().expect("an address")).await.expect("the bytes");
    assert_eq!(stored, bytes::Bytes::from_static(b"log lines"));

    Sender::new(t.desk.clone(), Arc::new(telegram)).settle().await.expect("the outbox is read");
    assert!(li.await_text("dump.zip").await.text.len() > "dump.zip".len());
    assert_eq!(runner.settle().await.expect("the jobs run"), 0, "nothing is left to do");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_outlives_a_long_outage_and_is_given_up_after_a_day() {
    let (t, fake) = (TestDesk::sqlite().await, FakeTelegram::start().await);
    let config =
        TelegramConfig { token: fake.token().into(), api_url: Some(fake.url()), mode: Mode::Polling };
    let telegram = Telegram::connect(t.desk.clone(), config).expect("a configuration");
    let receiving = telegram.clone();
    let li = fake.person("Li");
    li.document("app.log", "text/plain", b"log lines", "");
    let running = Running::start(|stop| async move { receiving.run(stop).await });
    let row = await_inbox(&t.desk, 1).await.remove(0);
    let Event::Message { files, .. } = envelope(&row).event else { panic!("a message") };
    hear(&t.desk, &[files[0].clone(), files[0].clone()]).await;
    let state = async |index: usize| attachments(&t.desk).await[index].state;

    // Without the bot, then three hours without the platform.
    let alone = JobRunner::new(t.desk.clone(), Vec::new());
    for _ in 0..20 {
        assert_eq!(alone.settle().await.expect("the jobs run"), 2);
        t.minutes_pass(1);
    }
    let carriers: Vec<Arc<dyn Carrier>> = vec![Arc::new(telegram)];
    let runner = JobRunner::new(t.desk.clone(), carriers);
    fake.fault(Rule::new(Fault::BadGateway).method("getFile").always());
    for _ in 0..18 {
        assert_eq!(runner.settle().await.expect("the jobs run"), 2, "at least every ten minutes");
        t.minutes_pass(10);
    }
    assert_eq!((state(0).await, state(1).await), (AttachmentState::Waiting, AttachmentState::Waiting));
    fake.heal();
    fake.fault(Rule::new(Fault::BadGateway).method("getFile"));
    runner.settle().await.expect("the jobs run");
    let states = [state(0).await, state(1).await];
    assert!(states.contains(&AttachmentState::Stored) && states.contains(&AttachmentState::Waiting));
    fake.fault(Rule::new(Fault::BadGateway).method("getFile").always());
    t.minutes_pass(24 * 60);
    runner.settle().await.expect("the jobs run");
    let states = [state(0).await, state(1).await];
    assert!(states.contains(&AttachmentState::Stored) && states.contains(&AttachmentState::Failed));
    running.stop().await;
}
