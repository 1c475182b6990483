//! The patch in the chat: asked for, published, withdrawn; everybody hears it once, in their own language.
use firstline_bots::fetch::JobRunner;
use firstline_core::conversation;
use firstline_core::on;
use firstline_core::ticket::{Number, Status};
use firstline_kb::catalogue::model::{Draft, State, Texts};
use firstline_kb::catalogue::{Catalogue, Wish};

use super::{MANIFEST, catalogue, imported, written};
use crate::desk::{TestDesk, on_both};
use crate::story::{Chat, Office, has};

async fn office(t: TestDesk) -> (Office, Catalogue, JobRunner) {
    let c = catalogue(&t);
    imported(&c, &written(&t, "catalogue.toml", MANIFEST)).await;
    let runner = JobRunner::new(t.desk.clone(), vec![]);
    (Office::open(t).await, c, runner)
}

/// Opens a ticket the short way and gives its number.
async fn reports(chat: &mut Chat<'_>, words: &str) -> i64 {
    let said = chat.says(words).await;
    let at = said.find("FL-").unwrap_or_else(|| panic!("no ticket in {said}"));
    said[at + 3..].chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

fn patch(version: &str, security: bool) -> Draft {
    Draft {
        codes: vec!["E-2010".into()],
        security,
        notes: Texts::new("E-2010 不再出现。", "E-2010 is gone."),
        ..Draft::new("invoice", version.parse().unwrap())
    }
}

on_both! {
    async fn p9_01_p5_10_the_ordered_list_in_chinese_and_english(t: TestDesk) {
        let (office, _, _) = office(t).await;
        let mut she = office.chat("telegram", "5001", "zh-hans");
        let text = she.says("我们的栗子开票是 3.1.4,Windows 2019,要升级到能修 E-1042 的版本").await;
        has(&text, &["从 3.1.4 升级到 3.2.2", "按顺序安装这 2 个版本", "1. 栗子开票 3.1.9", "2. 栗子开票 3.2.2", "先装它：3.2.2 要求先有这个版本"]);
        has(&text, &["批量开票一次只锁一张发票", "备份：点「立即备份」", "回退：恢复备份后装回 3.1.9", "大改动", "安全更新 (重要)", "已知问题"]);
        has(&text, &["52.4 MB", "SHA-256", &"a".repeat(64), "https://downloads.example.com/invoice-3.1.9-setup.exe", "http://help.example/products/invoice/3.2.2"]);
        let (notes, file) = (text.find("批量开票一次").unwrap(), text.find("invoice-3.1.9-setup.exe").unwrap());
        assert!(notes < file && text.find("装回 3.1.4").unwrap() < file, "notes and steps come before the download");

        for channel in ["discord", "web", "terminal"] {
            let mut he = office.chat(channel, "7001", "en");
            let text = he.says("We run Chestnut Invoice 3.1.4 on Windows 2019. Which patch fixes E-1042?").await;
            has(&text, &["from 3.1.4 to 3.2.2", "1. Chestnut Invoice 3.1.9", "First this one: 3.2.2 asks for it", "Roll back: Restore the backup"]);
        }
        // What is known is not asked again.
        has(&she.says("现在最新版是多少，要升级吗").await, &["从 3.1.4 升级到 3.2.2"]);
        has(&she.says("要升级到能修 E-9999 的版本").await, &["目前还没有哪个版本修复 E-9999"]);
    }
}

on_both! {
    async fn p9_01_a_product_is_known_by_the_code_its_release_fixes_and_a_withdrawal_reaches_who_took_it(t: TestDesk) {
        let (office, c, runner) = office(t).await;
        let mut she = office.chat("telegram", "5001", "zh-hans");
        let text = she.says("我们是 3.1.4,Windows 2019,要升级到能修 E-1042 的版本").await;
        has(&text, &["从 3.1.4 升级到 3.2.2", "1. 栗子开票 3.1.9", "2. 栗子开票 3.2.2"]);
        let mut he = office.chat("discord", "5002", "en");
        has(&he.says("Which patch fixes CVE-2026-10421? We run 3.1.9").await, &["from 3.1.9 to 3.2.2"]);
        let mut other = office.chat("web", "5003", "en");
        // Nothing that is named belongs to one product only.
        has(&other.says("Which patch fixes E-9999?").await, &["Which product is it about?"]);
        let release = c.release("invoice", "3.2.2").await.unwrap().unwrap();
        let why = Texts::new("会丢打印模板，请装回 3.1.9。", "It loses print templates; please go back to 3.1.9.");
        c.withdraw(&release.id, &why, "li").await.unwrap();
        runner.settle().await.unwrap();
        has(&she.looks().await, &["3.2.2", "会丢打印模板，请装回 3.1.9。"]);
        has(&he.looks().await, &["3.2.2", "please go back to 3.1.9"]);
        assert_eq!(other.looks().await, "", "it was not given to them");
        let text = she.says("要升级到能修 E-1042 的版本").await;
        assert!(!text.contains("升级到 3.2.2"), "a withdrawn release is never offered: {text}");
    }
}

on_both! {
    async fn circles_cannot_be_published_nor_files_that_are_not_here(t: TestDesk) {
        let (office, c, _) = office(t).await;
        let replacing = |version: &str, old: &str| Draft { supersedes: vec![old.into()], ..patch(version, false) };
        let first = c.add_draft(replacing("4.0", "4.2"), "li").await.unwrap();
        c.add_draft(replacing("4.1", "4.0"), "li").await.unwrap();
        let error = c.add_draft(replacing("4.2", "4.1"), "li").await.unwrap_err();
        assert!(error.to_string().contains("circle"), "{error}");
        assert!(c.release("invoice", "4.2").await.unwrap().is_none(), "nothing half written");
        let error = c.edit_draft(&first, 1, replacing("4.0", "4.1"), "li").await.unwrap_err();
        assert!(error.to_string().contains("circle"), "{error}");
        let file = firstline_kb::catalogue::model::File { name: "a.zip".into(), file_id: Some("nowhere".into()), ..Default::default() };
        let error = c.edit_draft(&first, 1, Draft { files: vec![file], ..patch("4.0", false) }, "li").await.unwrap_err();
        assert!(error.to_string().contains("no file is hosted here"), "{error}");
        c.publish(&first, "li").await.unwrap();
        drop(office);
    }
}

on_both! {
    async fn what_is_left_open_is_asked_and_nothing_else(t: TestDesk) {
        let (office, _, _) = office(t).await;
        let mut he = office.chat("telegram", "5002", "en");
        has(&he.says("Which patch do I need?").await, &["Which product is it about?", "[Chestnut Invoice]", "[Chestnut Stock]"]);
        has(&he.taps("Chestnut Invoice").await, &["Which version do you have now?", "The newest is 3.2.2"]);
        has(&he.says("3.1.9").await, &["from 3.1.9 to 3.2.2"]);
        // Trouble after an upgrade is a fault, not a wish for one.
        let text = he.says("After upgrading to 3.2.2 the client does not start").await;
        assert!(!text.contains("nothing to install"), "{text}");
    }
}

on_both! {
    async fn p6_28_publishing_tells_every_reporter_and_subscriber_once(t: TestDesk) {
        let (office, c, runner) = office(t).await;
        let mut reporter = office.chat("telegram", "5001", "zh-hans");
        let number = reports(&mut reporter, "转人工，开票报错 E-2010，开不了").await;
        let mut subscriber = office.chat("discord", "5002", "en");
        has(&subscriber.says("Which patch for Chestnut Invoice 3.1.9?").await, &["Tell me about new releases"]);
        has(&subscriber.taps("Tell me about new releases").await, &["when Chestnut Invoice has a new release"]);
        let mut stranger = office.chat("telegram", "5003", "zh-hans");
        stranger.says("您好").await;
        let mut other = office.chat("telegram", "5004", "zh-hans");
        reports(&mut other, "转人工，报错 E-20101").await;

        let id = c.add_draft(patch("3.2.3", false), "li").await.unwrap();
        let preview = c.preview(&office.t.desk, &id, State::Published, &Texts::default()).await.unwrap();
        assert_eq!((preview.readers.len(), preview.notice.number), (2, Some(Number(number))));
        c.publish(&id, "li").await.unwrap();
        runner.settle().await.unwrap();
        has(&reporter.looks().await, &["栗子开票 3.2.3 发布了，修复了您在", &format!("FL-{number}"), "E-2010 不再出现", "[好了]", "[还是不行]"]);
        has(&subscriber.looks().await, &["Chestnut Invoice 3.2.3 is out", "E-2010 is gone", "http://help.example/products/invoice/3.2.3"]);
        assert_eq!(stranger.looks().await + &other.looks().await, "", "it does not concern them");

        // A wider order, a second publish, a job that runs twice: nobody hears it again.
        c.publish(&id, "li").await.unwrap();
        c.set_audience(&id, firstline_kb::catalogue::model::Audience::Everyone, &[], "li").await.unwrap();
        runner.settle().await.unwrap();
        assert_eq!(reporter.looks().await + &subscriber.looks().await, "");
    }
}

on_both! {
    async fn the_fix_is_solved_or_still_broken(t: TestDesk) {
        let (office, c, runner) = office(t).await;
        let mut she = office.chat("telegram", "5001", "zh-hans");
        let number = reports(&mut she, "转人工，开票报错 E-2010，开不了").await;
        let id = c.add_draft(patch("3.2.3", false), "li").await.unwrap();
        c.publish(&id, "li").await.unwrap();
        runner.settle().await.unwrap();
        she.looks().await;
        let (works, broken) = (she.action("好了"), she.action("还是不行"));
        has(&she.presses(&broken).await, &[&format!("FL-{number} 继续处理")]);
        assert!(she.ticket(number).await.ticket.status.is_open());
        has(&she.presses(&works).await, &["已关闭", "★★★★★"]);
        assert_eq!(she.ticket(number).await.ticket.status, Status::Closed);
        has(&she.presses(&broken).await, &["已重新打开"]);
        assert_eq!(she.ticket(number).await.ticket.status, Status::Open);
        // A button of somebody else's ticket does nothing.
        let mut other = office.chat("telegram", "5009", "zh-hans");
        other.says("您好").await;
        assert!(!other.presses(&works).await.contains("已关闭"));
    }
}

on_both! {
    async fn p7_06_p9_03_security_is_urgent_and_goes_first(t: TestDesk) {
        let (office, c, runner) = office(t).await;
        let mut she = office.chat("telegram", "5001", "zh-hans");
        she.says("栗子开票 3.1.9 要升级到哪个版本，最新版是多少").await;
        she.taps("有新版本时告诉我").await;
        let plain = c.add_draft(patch("3.2.3", false), "li").await.unwrap();
        let urgent = c.add_draft(patch("3.2.4", true), "li").await.unwrap();
        c.publish(&plain, "li").await.unwrap();
        c.publish(&urgent, "li").await.unwrap();
        runner.settle().await.unwrap();
        she.looks().await;
        let heads: Vec<String> = she.screen.iter().map(|(_, m)| firstline_bots::step::say::plain(m)).collect();
        assert_eq!(heads.len(), 2);
        assert!(heads[0].starts_with("【紧急】 栗子开票 3.2.4 是安全更新") && heads[1].starts_with("栗子开票 3.2.3 发布了"), "{heads:?}");
        // Only security from now on: the subscription says so.
        let conversation = she.conversation().await.id;
        let mut tx = office.t.desk.db.begin().await.unwrap();
        c.subscribe(&mut tx, &conversation, "invoice", Wish::Security).await.unwrap();
        tx.commit().await.unwrap();
        let third = c.add_draft(patch("3.2.5", false), "li").await.unwrap();
        let fourth = c.add_draft(patch("3.2.6", true), "li").await.unwrap();
        c.publish(&third, "li").await.unwrap();
        c.publish(&fourth, "li").await.unwrap();
        runner.settle().await.unwrap();
        let text = she.looks().await;
        assert!(text.contains("3.2.6") && !text.contains("3.2.5 "), "{text}");
    }
}

on_both! {
    async fn p6_22_withdrawing_tells_everybody_who_has_it(t: TestDesk) {
        let (office, c, runner) = office(t).await;
        let mut given = office.chat("telegram", "5001", "zh-hans");
        given.says("栗子开票 3.1.4 要升级到能修 E-1042 的版本").await;
        let mut stranger = office.chat("telegram", "5003", "en");
        stranger.says("hello").await;
        let release = c.release("invoice", "3.2.2").await.unwrap().unwrap();
        let why = Texts::new("会丢打印页，请装回 3.1.9。", "It loses printed pages; install 3.1.9 again.");
        c.withdraw(&release.id, &why, "li").await.unwrap();
        runner.settle().await.unwrap();
        has(&given.looks().await, &["【紧急】 栗子开票 3.2.2 已撤回", "请装回 3.1.9"]);
        assert_eq!(stranger.looks().await, "");
        has(&given.says("栗子开票 3.1.4 要升级到能修 E-1042 的版本").await, &["3.2.2 已经撤回，还没有替代的版本"]);
    }
}

on_both! {
    async fn a_notice_cut_off_halfway_goes_on_where_it_stopped(t: TestDesk) {
        let (office, c, runner) = office(t).await;
        let mut chats = Vec::new();
        for n in 0..5 {
            let mut chat = office.chat("telegram", &format!("60{n}"), "zh-hans");
            chat.says("您好").await;
            let id = conversation::find(&office.t.desk.db, &chat.at).await.unwrap().unwrap().id;
            let mut tx = office.t.desk.db.begin().await.unwrap();
            c.subscribe(&mut tx, &id, "invoice", Wish::All).await.unwrap();
            tx.commit().await.unwrap();
            chats.push(chat);
        }
        let id = c.add_draft(patch("3.2.3", false), "li").await.unwrap();
        c.publish(&id, "li").await.unwrap();
        // Two workers of two processes take the same job, one of them after its lease ended.
        let job = firstline_core::jobs::claim(&office.t.desk.db, &office.t.clock).await.unwrap().unwrap();
        let (first, second) = tokio::join!(c.tell(&office.t.desk, &job), c.tell(&office.t.desk, &job));
        assert!(first.is_ok() && second.is_ok());
        runner.settle().await.unwrap();
        for chat in &mut chats {
            let text = chat.looks().await;
            assert_eq!(text.matches("3.2.3 发布了").count(), 1, "{text}");
        }
        let left: i64 = on!(&office.t.desk.db, p => sqlx::query_scalar(
            "select count(*) from job where kind = 'release_notice' and state = 'todo'").fetch_one(p).await).unwrap();
        assert_eq!(left, 0);
    }
}
