//! The same conversation in the terminal, typed and piped, and on the web page, across a reload.
use firstline_bots::event::Event;
use firstline_bots::terminal;
use firstline_bots::webchat::{self, WebAuthor};
use firstline_core::Error;
use firstline_core::ticket::Number;

use crate::desk::on_both;
use crate::story::{Office, has};

async fn typed(office: &Office, lang: &str, lines: &str) -> String {
    let mut output = Vec::new();
    let (desk, operator) = (office.t.desk.clone(), office.operator.clone());
    terminal::run(desk, operator, Some(lang), lines.as_bytes(), &mut output, false).await.unwrap();
    String::from_utf8(output).unwrap()
}

on_both! {
    async fn the_story_typed_into_a_pipe(t: TestDesk) {
        let office = Office::open(t).await;
        // still broken, the version, only me, stopped, no way round, skip, submit
        let seen = typed(&office, "zh-CN", "开票时报错 E-1042,连不上服务器\n2\n3.2.1\n3\n1\n1\n1\n1\n").await;
        has(&seen, &["[1] ✅ 解决了  [2] ❌ 还是不行", "问题 1/4", "还没有提交", "工单 FL-1001 已建好", "2 级，因为"]);
        // The person is remembered, their tickets and the product, too.
        let seen = typed(&office, "en", "my tickets\nE-1042 cannot connect to the server\n2\n").await;
        has(&seen, &["FL-1001 · new", "Question 1 of 3: How many people"]);
        assert!(office.t.desk.ticket(Number(1001)).await.is_ok());
    }
}

on_both! {
    async fn a_file_is_typed_as_its_path(t: TestDesk) {
        let office = Office::open(t).await;
        let path = office.t.dir.path().join("日志.log");
        std::fs::write(&path, "E-1042 at 09:00").unwrap();
        let lines = format!("转人工\n/file {}\n/file /no/such/file\n", path.display());
        has(&typed(&office, "zh-CN", &lines).await, &["FL-1001", "读不到文件"]);
        let view = office.t.desk.ticket(Number(1001)).await.unwrap();
        let files: Vec<_> = view.attachments.values().flatten().collect();
        assert_eq!((files.len(), files[0].name.as_str(), files[0].mime.as_str()), (1, "日志.log", "text/plain"));
    }
}

on_both! {
    async fn a_page_shows_both_sides_after_a_reload(t: TestDesk) {
        let office = Office::open(t).await;
        let desk = &office.t.desk;
        let say = |id: &str, text: &str| Event::Message {
            id: id.into(),
            text: text.into(),
            files: vec![],
            reply_to: None,
            album: None,
            ack: None,
        };
        assert!(webchat::receive(desk, "visitor", "访客", "zh-CN", say("1", "<b>报表空白</b>，转人工")).await.unwrap());
        assert!(!webchat::receive(desk, "visitor", "访客", "zh-CN", say("1", "<b>报表空白</b>，转人工")).await.unwrap());
        office.operator.settle().await.unwrap();
        let shown = webchat::history(desk, "visitor").await.unwrap();
        let authors: Vec<WebAuthor> = shown.iter().map(|m| m.author).collect();
        assert_eq!(authors, [WebAuthor::Customer, WebAuthor::Bot]);
        assert_eq!(shown[0].html, "<p>&lt;b&gt;报表空白&lt;/b&gt;，转人工</p>");
        assert!(shown[1].html.contains("FL-1001") && !shown[1].buttons.is_empty());
        assert_eq!(webchat::after(desk, "visitor", &shown[1].id).await.unwrap(), []);
        let long = "x".repeat(65);
        let refused = webchat::receive(desk, &long, "访客", "zh-CN", say("2", "hi")).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })));
    }
}
