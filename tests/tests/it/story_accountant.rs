//! The accountant's story of issue 2, word for word, in Chinese and in English, on both databases.
use firstline_bots::event::Event;
use firstline_core::desk::{Patch, Reply};
use firstline_core::ticket::{Actor, Author, Kind, Number, Status};

use crate::desk::on_both;
use crate::story::{Office, has};

on_both! {
    async fn p3_14_p5_18_p6_35_in_chinese(t: TestDesk) {
        let office = Office::open(t).await;
        let agent = Actor::Staff(office.agent().await.id);
        let mut she = office.chat("telegram", "5001", "zh-hans");
        has(&she.says("/start").await, &["您好", "猜你想问"]);
        let asked = she.screen[0].1.buttons.iter().filter(|row| row[0].action.starts_with("f:")).count();
        assert!((3..=8).contains(&asked), "{asked} frequent questions");
        she.remembers("invoice", "3.2.1").await;

        let answer = she.says("开票时报错 E-1042,连不上服务器").await;
        has(&answer, &["E-1042，连不上开票服务器", "1. ", "http://help.example/kb/", "解决了", "还是不行", "转人工"]);
        has(&she.taps("还是不行").await, &["问题 1/3：有多少人受影响？"]);
        has(&she.taps("只有我").await, &["问题 2/3"]);
        has(&she.taps("完全停了").await, &["问题 3/3"]);
        has(&she.taps("没有").await, &["截图或日志"]);
        has(&she.sends_photo().await, &["还没有提交", "invoice 3.2.1", "附件：1 个", "2 级，因为", "4 小时内解决"]);
        let opened = she.taps("确认提交").await;
        has(&opened, &["工单 FL-1001 已建好", "2 级，因为工作已停、单个用户受影响、没有替代办法"]);
        has(&opened, &["10 分钟内（今天 09:10 前", "4 小时内（今天 13:00 前", "http://help.example/t/FL-1001?key="]);

        // In the console: everything already said.
        let view = she.ticket(1001).await;
        assert_eq!((view.ticket.severity, view.ticket.kind, view.ticket.status), (2, Kind::Fault, Status::New));
        assert_eq!(view.ticket.product_version.as_deref(), Some("3.2.1"));
        let texts: Vec<&str> = view.messages.iter().map(|m| m.text.as_str()).collect();
        assert_eq!(texts, ["开票时报错 E-1042,连不上服务器", ""], "her words once, then the picture");
        assert_eq!(view.attachments.values().flatten().count(), 1);
        let packet = serde_json::to_value(&view.timeline[0].data.0).unwrap()["packet"].clone();
        assert_eq!(packet["articles"][0]["verdict"], "still_broken");
        assert_eq!(packet["attachments"].as_array().unwrap().len(), 1);
        let transcript = packet["transcript"].as_array().unwrap();
        assert!(transcript.iter().any(|h| h["text"].as_str().unwrap().contains("只有我")), "{transcript:?}");

        // He answers, the answer arrives in her chat, she replies there.
        let reply = Reply { text: "请重启连接服务。".into(), status: Some(Status::WaitingForCustomer), ..Reply::default() };
        office.t.desk.reply(Number(1001), &agent, &reply).await.unwrap();
        has(&she.looks().await, &["小林 回复了 FL-1001", "请重启连接服务。"]);
        has(&she.replies("请重启", "重启后好像可以了").await, &["已补充到 FL-1001"]);
        let view = she.ticket(1001).await;
        assert_eq!(view.ticket.status, Status::Open);
        assert_eq!(view.messages.last().map(|m| (m.author, m.text.as_str())), Some((Author::Customer, "重启后好像可以了")));

        // He resolves it, she taps that it works and gives five stars.
        let solved = Patch { status: Some(Status::Resolved), ..Patch::default() };
        office.t.desk.patch(Number(1001), &agent, &solved).await.unwrap();
        has(&she.looks().await, &["FL-1001", "已处理完成", "现在好了吗", "还是不行"]);
        has(&she.taps("好了").await, &["FL-1001 已关闭", "★★★★★"]);
        let five = she.action("★★★★★");
        has(&she.presses(&five).await, &["谢谢"]);
        has(&she.presses(&five).await, &["已经评价过了"]);
        let view = she.ticket(1001).await;
        assert_eq!((view.ticket.status, view.rating), (Status::Closed, Some(5)));
    }
}

on_both! {
    async fn p3_14_p6_35_in_english(t: TestDesk) {
        let office = Office::open(t).await;
        let agent = Actor::Staff(office.agent().await.id);
        let mut she = office.chat("discord", "77", "en-US");
        has(&she.says("/start").await, &["Hello", "People often ask"]);
        she.remembers("invoice", "3.2.1").await;
        let answer = she.says("E-1042 when I issue an invoice, cannot connect to the server").await;
        has(&answer, &["E-1042 when issuing an invoice", "1. ", "Solved", "Still broken", "Talk to a person"]);
        has(&she.taps("Still broken").await, &["Question 1 of 3: How many people are affected?"]);
        she.taps("Only me").await;
        she.taps("Work has stopped").await;
        has(&she.taps("No").await, &["screenshot or a log"]);
        has(&she.sends_photo().await, &["not submitted yet", "invoice 3.2.1", "Files: 1", "L2, because"]);
        let opened = she.taps("Submit").await;
        has(&opened, &["Your ticket is FL-1001", "L2, because work has stopped, a single user is affected, there is no workaround"]);
        has(&opened, &["within 10 minutes (by 01:10 UTC today)", "within 4 hours (by 05:00 UTC today)"]);
        let reply = Reply { text: "Please restart the service.".into(), ..Reply::default() };
        office.t.desk.reply(Number(1001), &agent, &reply).await.unwrap();
        has(&she.looks().await, &["小林 answered FL-1001", "Please restart the service."]);
        has(&she.replies("restart", "it seems fine").await, &["Added to FL-1001"]);
        let solved = Patch { status: Some(Status::Resolved), ..Patch::default() };
        office.t.desk.patch(Number(1001), &agent, &solved).await.unwrap();
        has(&she.looks().await, &["has been solved", "Does it work now?"]);
        has(&she.taps("It works").await, &["FL-1001 is closed"]);
        has(&she.taps("★★★★★").await, &["Thank you"]);
        assert_eq!(she.ticket(1001).await.rating, Some(5));
    }
}

on_both! {
    async fn still_broken_reopens_and_several_tickets_are_told_apart(t: TestDesk) {
        let office = Office::open(t).await;
        let agent = Actor::Staff(office.agent().await.id);
        let mut he = office.chat("telegram", "5002", "zh-hans");
        has(&he.says("月底报表金额对不上，转人工").await, &["已为您转人工，工单 FL-1001"]);
        has(&he.says("我要投诉，打印模板又被改了").await, &["FL-1002"]);
        assert_eq!(he.ticket(1002).await.ticket.kind, Kind::Complaint);
        assert_eq!(he.ticket(1001).await.messages[0].text, "月底报表金额对不上，转人工");
        he.says("补充一下，是九月的报表").await;
        has(&he.taps("补充到我的工单").await, &["FL-1001", "FL-1002"]);
        has(&he.taps("FL-1001").await, &["已补充到 FL-1001"]);
        assert_eq!(he.ticket(1001).await.messages.len(), 2);

        let solved = Patch { status: Some(Status::Resolved), ..Patch::default() };
        office.t.desk.patch(Number(1001), &agent, &solved).await.unwrap();
        he.looks().await;
        has(&he.taps("还是不行").await, &["FL-1001 已重新打开"]);
        assert_eq!(he.ticket(1001).await.ticket.status, Status::Open);
        has(&he.says("/tickets").await, &["FL-1001 · 处理中", "FL-1002 · 新建"]);
        has(&he.says("/status 1001").await, &["状态：处理中", "首次响应：", "解决：", "最近一条"]);
        // Another person's ticket looks like none.
        let mut other = office.chat("telegram", "5003", "zh-hans");
        has(&other.says("/status FL-1001").await, &["您还没有工单"]);
    }
}

on_both! {
    async fn an_edit_of_the_question_shows_on_the_ticket(t: TestDesk) {
        let office = Office::open(t).await;
        let mut he = office.chat("telegram", "5004", "zh-hans");
        he.sends("m1", "报表金额对不上，转人工", Vec::new(), None).await;
        he.turn(Event::Edited { id: "m1".into(), text: "九月报表金额对不上，转人工".into() }).await;
        let view = he.ticket(1001).await;
        assert_eq!(view.messages[0].text, "九月报表金额对不上，转人工");
        assert_eq!(view.revisions[&view.messages[0].id][0].text, "报表金额对不上，转人工");
    }
}
