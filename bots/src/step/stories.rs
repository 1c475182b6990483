//! Stories of the pure step: they read as chats.
mod review;
mod stage;

use firstline_core::severity::{Effect as Harm, Scope, Situation};
use firstline_core::ticket::{Kind, Number, Status};
use firstline_kb::events::Verdict;

use self::stage::Stage;
use super::dialogue::{CURRENT, Mode};
use super::{Ask, Effect, say};
use crate::event::Event;
use crate::texts::Lang;

fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in:\n{text}");
    }
}

#[test]
fn p3_14_the_accountants_story_in_chinese() {
    let mut chat = Stage::new("zh-hans").knows("invoice", "3.2.1");
    let answer = chat.says("开票时报错 E-1042,连不上服务器");
    has(
        &answer,
        &[
            "E-1042，连不上开票服务器",
            "检查网线",
            "https://help.example/kb/e1042",
            "解决了",
            "还是不行",
            "转人工",
        ],
    );
    has(&chat.taps("还是不行"), &["问题 1/3：有多少人受影响", "转人工", "取消"]);
    has(&chat.taps("只有我"), &["问题 2/3：对工作的影响"]);
    has(&chat.taps("完全停了"), &["问题 3/3：有没有别的办法"]);
    has(&chat.taps("没有"), &["最后一步", "跳过"]);
    let card = chat.sends("", 1, None);
    has(
        &card,
        &[
            "请核对",
            "开票时报错 E-1042",
            "invoice 3.2.1",
            "附件：1 个",
            "2 级，因为",
            "10 分钟内首次响应，4 小时内解决",
        ],
    );
    let opened = chat.taps("确认提交");
    has(&opened, &["工单 FL-1001", "2 级，因为工作已停、单个用户受影响、没有替代办法"]);
    has(
        &opened,
        &[
            "首次响应：10 分钟内（今天 09:40 前",
            "解决：4 小时内（今天 13:30 前",
            "https://help.example/t/FL-1001",
        ],
    );
    let opening = chat.openings()[0];
    assert_eq!(opening.with, ["message1", "message6"]);
    assert_eq!(opening.text, "开票时报错 E-1042,连不上服务器");
    assert_eq!(opening.packet.articles[0].verdict, "still_broken");
    assert_eq!(opening.packet.searches.len(), 1);
    assert!(opening.packet.answers.contains(&("error_code".into(), "E-1042".into())));
}

#[test]
fn the_accountants_story_in_english_without_anything_remembered() {
    let mut chat = Stage::new("en-US");
    has(
        &chat.says("E-1042 when I issue an invoice, cannot reach the server"),
        &["Solved", "Still broken", "Read the article"],
    );
    has(&chat.taps("Still broken"), &["Question 1 of 4: Which version of invoice"]);
    has(&chat.says("3.2.1"), &["Question 2 of 4: How many people"]);
    has(&chat.taps("Only me"), &["Question 3 of 4"]);
    has(&chat.taps("Work has stopped"), &["Question 4 of 4"]);
    has(&chat.taps("No"), &["Last step"]);
    has(
        &chat.taps("skip"),
        &["not submitted yet", "invoice 3.2.1", "L2, because", "within 10 minutes, solved within 4 hours"],
    );
    has(
        &chat.taps("Submit"),
        &["Your ticket is FL-1001", "L2, because", "by 01:40 UTC today", "by 05:30 UTC today"],
    );
    assert_eq!(chat.ctx.version.as_deref(), Some("3.2.1"), "remembered for the next time");
}

#[test]
fn p1_05_a_slow_but_running_system_is_a_fault_too() {
    let mut chat = Stage::new("zh").knows("invoice", "3");
    chat.says("/report 系统很慢");
    chat.says("很多人");
    chat.says("慢得要命");
    chat.says("没有办法");
    has(&chat.says("跳过"), &["2 级，因为能用但很慢"]);
}

#[test]
fn words_are_taken_where_buttons_are_offered_and_misread_ones_asked_again() {
    let mut chat = Stage::new("zh");
    chat.says("/report");
    has(&chat.says("报表打不开了"), &["哪个产品"]);
    has(&chat.says("invoice 3.2"), &["有多少人"]);
    has(&chat.says("蓝色的那种"), &["先记到问题描述里", "有多少人受影响", "转人工"]);
    has(&chat.says("大家都用不了"), &["影响是"]);
    // Without the effect no rule depends on a way round: it is not asked.
    has(&chat.says("说不清"), &["最后一步"]);
    let card = chat.taps("跳过");
    has(&card, &["报表打不开了\n蓝色的那种", "invoice 3.2"]);
    let situation = chat.dialogue.report().unwrap().situation;
    assert_eq!((situation.scope, situation.effect, situation.workaround), (Some(Scope::Most), None, None));
}

#[test]
fn disaster_shortens_the_questions_and_never_skips_the_confirmation() {
    let mut chat = Stage::new("zh").knows("invoice", "3");
    let card = chat.says("系统全部瘫痪了！");
    has(&card, &["听起来很严重", "请核对（还没有提交）", "1 级，因为", "先看看解决办法", "转人工"]);
    assert!(chat.openings().is_empty());
    has(&chat.taps("确认提交"), &["1 级", "2 小时内"]);
    let situation =
        Situation { scope: Some(Scope::Most), effect: Some(Harm::Stopped), workaround: Some(false) };
    assert_eq!(chat.openings()[0].situation, situation);

    let mut chat = Stage::new("en");
    has(&chat.says("we have a data loss since this morning"), &["serious", "How many people"]);
    has(&chat.taps("Most"), &["not submitted yet", "L1"]);
}

#[test]
fn every_line_of_the_card_can_be_changed() {
    let mut chat = Stage::new("zh").knows("invoice", "3");
    chat.says("系统全部瘫痪了");
    has(&chat.taps("改范围"), &["有多少人受影响"]);
    has(&chat.taps("一部分人"), &["请核对", "影响范围：一部分人", "2 级"]);
    chat.taps("改版本");
    has(&chat.says("3.3"), &["invoice 3.3"]);
    chat.taps("改产品");
    has(&chat.taps("stock"), &["stock（版本未填）"]);
    has(&chat.says("从九点开始的"), &["已补充", "从九点开始的"]);
}

#[test]
fn second_taps_and_old_buttons_are_harmless() {
    let mut chat = Stage::new("zh").knows("invoice", "3");
    chat.says("E-1042");
    let broken = chat.action("还是不行");
    chat.taps("还是不行");
    let single = chat.action("只有我");
    chat.presses(&single);
    has(&chat.presses(&single), &["已经记好了：只有我"]);
    assert_eq!(chat.dialogue.report().unwrap().current, Ask::Effect);
    has(&chat.presses(&broken), &["已经处理过"]);
    chat.says("停了");
    chat.says("没有");
    chat.says("跳过");
    let confirm = chat.action("确认提交");
    chat.presses(&confirm);
    has(&chat.presses(&confirm), &["已经完成", "FL-1001"]);
    has(&chat.presses(&single), &["已经完成", "FL-1001"]);
    has(&chat.presses("zzz:1"), &["太旧"]);
    assert_eq!(chat.openings().len(), 1);
}

#[test]
fn cancel_keeps_nothing_half_made_and_says_so() {
    let mut chat = Stage::new("zh");
    chat.says("/report 打不开");
    let scope = chat.action("invoice");
    has(&chat.says("/cancel"), &["已取消报修，没有提交任何内容"]);
    assert_eq!(chat.dialogue.mode, Mode::Idle);
    has(&chat.presses(&scope), &["已经取消"]);
    has(&chat.says("取消"), &["没有正在进行的操作"]);
    assert!(chat.openings().is_empty());
}

#[test]
fn p5_18_words_for_a_person_outrank_everything_and_hold_the_sentence() {
    let mut chat = Stage::new("zh");
    has(&chat.says("转人工"), &["一句话说说是什么事", "直接转人工"]);
    has(&chat.says("发票金额不对"), &["已为您转人工，工单 FL-1001", "10 分钟内"]);
    let opening = chat.openings()[0];
    assert_eq!((opening.text.as_str(), opening.title.as_str()), ("转人工", "发票金额不对"));
    assert_eq!(
        (opening.with.as_slice(), opening.kind),
        (&["message1".to_string(), CURRENT.into()][..], Kind::Question)
    );

    // The sentence says it: no question.
    has(&chat.says("发票打不出来了，我要投诉"), &["工单 FL-1002"]);
    assert_eq!(chat.openings()[1].kind, Kind::Complaint);
    // The episode says it: no question.
    chat.says("E-1042");
    has(&chat.says("人工"), &["工单 FL-1003"]);
    assert_eq!(chat.openings()[2].title, "E-1042");
    assert!(
        chat.effects
            .iter()
            .any(|e| matches!(e, Effect::RecordVerdict { verdict: Verdict::AskedForPerson, .. }))
    );
    // In the middle of a report, too, with what it knows.
    chat.says("/report 报表空白");
    has(&chat.says("算了，找个真人来"), &["FL-1004"]);
    assert_eq!(chat.dialogue.mode, Mode::Idle);
    // And this is a question like any other.
    chat.says("人工智能模块在哪里");
    assert_eq!(chat.openings().len(), 4);
}

#[test]
fn a_reply_belongs_to_its_ticket_and_anything_else_is_a_new_question() {
    let mut chat = Stage::new("zh");
    chat.says("账对不上，转人工");
    has(&chat.replies(Number(1001), "还有一张截图"), &["已补充到 FL-1001"]);
    has(&chat.says("打印机脱机怎么办"), &["打印机脱机", "补充到 FL-1001"]);
    let add = chat.action("补充到 FL-1001");
    has(&chat.presses(&add), &["已补充到 FL-1001"]);
    has(&chat.presses(&add), &["已经补充到 FL-1001"]);
    assert!(
        chat.effects
            .iter()
            .any(|e| matches!(e, Effect::AddToTicket { message_id, .. } if message_id == "message3"))
    );
    // Several are open: which one?
    chat.says("库存对不上，转人工");
    chat.says("打印机脱机怎么办");
    has(&chat.taps("补充到我的工单"), &["补充到哪个工单", "FL-1001", "FL-1002"]);
    has(&chat.taps("FL-1002"), &["已补充到 FL-1002"]);
}

#[test]
fn files_find_their_place_and_albums_are_one_message() {
    let mut chat = Stage::new("zh");
    has(&chat.sends("", 1, Some("album")), &["收到 1 个文件", "报修", "转人工"]);
    assert_eq!(chat.sends("", 1, Some("album")), "", "a late part says nothing");
    assert!(matches!(chat.effects.last(), Some(Effect::AddFiles { external_id, .. }) if external_id == "x0"));
    has(&chat.sends("", 2, None), &["收到 2 个文件"]);
    has(&chat.taps("报修"), &["请描述一下"]);
    chat.says("报表空白");
    chat.taps("invoice");
    chat.says("就我");
    chat.says("慢");
    has(&chat.says("有"), &["请核对", "附件：2 个"]);
    chat.taps("确认提交");
    assert_eq!(chat.openings()[0].with, ["message5", "message3"]);
    has(&chat.sends("", 1, None), &["FL-1001"]);
}

#[test]
fn nothing_found_is_said_honestly_and_differently_the_second_time() {
    let mut chat = Stage::new("zh");
    let first = chat.says("量子纠缠报错");
    let second = chat.says("还是量子纠缠");
    has(&first, &["没有找到", "报修", "转人工"]);
    has(&second, &["还是没有找到"]);
    let order: Vec<&str> = chat.said[0].buttons[0].iter().map(|b| b.label.as_str()).collect();
    assert_eq!(order, ["转人工", "报修"]);
    chat.taps("报修");
    assert_eq!(chat.dialogue.report().unwrap().text, "还是量子纠缠");
}

#[test]
fn choices_products_and_the_next_answer() {
    let mut chat = Stage::new("zh");
    has(&chat.says("登录不上"), &["哪个产品", "invoice", "stock", "不确定"]);
    has(&chat.taps("invoice"), &["哪一个", "vpn", "driver"]);
    has(&chat.taps("driver"), &["检查网线", "解决了"]);
    has(&chat.taps("看看其他答案"), &["还找到这些", "vpn"]);
    // "Still broken" shows the next answer once when it is nearly as good.
    chat.says("打印机打不出来");
    has(&chat.taps("还是不行"), &["那再试试", "driver"]);
    has(&chat.says("还是不行"), &["报修", "版本"]);
    let verdicts = chat
        .effects
        .iter()
        .filter(|e| matches!(e, Effect::RecordVerdict { verdict: Verdict::StillBroken, .. }));
    assert_eq!(verdicts.count(), 2);
}

#[test]
fn why_an_answer_did_not_help_is_asked_beside_the_way_on() {
    let mut chat = Stage::new("zh");
    chat.says("打印机打不出来");
    has(&chat.taps("还是不行"), &["那再试试", "为什么没用"]);
    has(&chat.taps("为什么没用"), &["步骤看不懂", "照做了没用"]);
    has(&chat.taps("步骤看不懂"), &["记下了"]);
    let told = chat.effects.iter().find_map(|e| match e {
        Effect::RecordReason { search, article, reason, .. } => {
            Some((search.is_some(), article.clone(), *reason))
        }
        _ => None,
    });
    let (has_search, article, reason) = told.expect("a reason");
    assert!(has_search && reason == firstline_kb::figures::Reason::Unclear);
    assert_ne!(article, "driver", "it is about the answer that failed, not the one shown after it");
    // The way on was not lost: the next "still broken" begins the report.
    has(&chat.says("还是不行"), &["报修"]);
}

#[test]
fn a_tapped_frequent_question_is_a_question_asked() {
    let mut chat = Stage::new("zh");
    chat.says("/start");
    let label = chat.said[0].buttons[0][0].label.clone();
    has(&chat.taps(&label), &["解决了"]);
    assert!(chat.effects.iter().any(|e| matches!(e, Effect::RecordSearch { .. })));
    chat.taps("还是不行");
    assert!(
        chat.effects.iter().any(|e| matches!(e, Effect::RecordVerdict { verdict: Verdict::StillBroken, .. }))
    );
}

#[test]
fn solved_is_recorded_and_thanks_are_no_question() {
    let mut chat = Stage::new("zh");
    chat.says("E-1042");
    has(&chat.says("好了，谢谢！"), &["太好了"]);
    assert!(chat.effects.iter().any(|e| matches!(e, Effect::RecordVerdict { verdict: Verdict::Solved, .. })));
    has(&chat.says("谢谢"), &["不客气"]);
    has(&chat.says("你好"), &["您好"]);
    let searches = chat.effects.iter().filter(|e| matches!(e, Effect::RecordSearch { .. }));
    assert_eq!(searches.count(), 1);
}

#[test]
fn after_the_ticket_works_stars_and_still_broken() {
    let mut chat = Stage::new("zh");
    chat.says("账对不上，转人工");
    chat.set_status(Number(1001), Status::Resolved);
    has(&chat.presses("n:1001"), &["FL-1001 已重新打开"]);
    chat.set_status(Number(1001), Status::Resolved);
    has(&chat.says("好了"), &["FL-1001 已关闭", "★★★★★"]);
    has(&chat.taps("★★★★★"), &["谢谢"]);
    assert!(matches!(chat.effects.last_chunk::<2>(), Some([Effect::Rate { stars: 5, .. }, _])));
    // Thanks for a closed ticket do not reopen it.
    has(&chat.replies(Number(1001), "谢谢"), &["不客气"]);
    assert_eq!(chat.tickets[0].status, Status::Closed);
    has(&chat.replies(Number(1001), "又坏了"), &["重新打开"]);
    has(&chat.presses("s:9"), &["没有找到这个工单"]);
}

#[test]
fn the_language_follows_choice_then_script_then_hint() {
    let mut chat = Stage::new("en-US");
    has(&chat.says("/start"), &["Hello", "People often ask"]);
    has(&chat.says("打印机脱机"), &["解决了"]);
    has(&chat.taps("解决了"), &["太好了"]);
    has(&chat.says("printer is offline"), &["Solved"]);
    has(&chat.says("/lang zh"), &["以后用中文"]);
    has(&chat.says("printer is offline"), &["解决了"]);
    has(&chat.says("/lang"), &["English"]);
    has(&chat.taps("English"), &["I will answer in English"]);
    assert_eq!(chat.ctx.chosen, Some(Lang::En));
}

#[test]
fn a_group_hears_answers_and_the_rest_moves_to_a_private_chat() {
    let mut chat = Stage::new("zh");
    chat.ctx.private = false;
    has(&chat.says("E-1042"), &["检查网线"]);
    for text in ["/report", "转人工", "/tickets"] {
        has(&chat.says(text), &["私聊"]);
        assert!(chat.said[0].ephemeral);
        let linked =
            say::with_private_links(&chat.said[0], |p| Some(format!("https://t.me/our_bot?start={p}")));
        assert!(linked.buttons[0][0].url.as_deref().unwrap().starts_with("https://t.me/our_bot?start="));
        assert!(say::with_private_links(&chat.said[0], |_| None).buttons.is_empty());
    }
    chat.says("E-1042");
    has(&chat.taps("还是不行"), &["私聊"]);
    assert!(chat.openings().is_empty());
}

#[test]
fn a_report_begun_in_a_group_goes_on_in_private_with_what_was_asked_there() {
    let mut chat = Stage::new("zh");
    chat.ctx.private = false;
    chat.says("/report");
    let url = chat.said[0].buttons[0][0].url.clone().unwrap();
    assert_eq!(url, "private:report-c1");
    chat.ctx.private = true;
    chat.asked_in_group = Some("开票一直转圈".into());
    chat.says("/start report-c1");
    assert_eq!(chat.dialogue.report().unwrap().text, "开票一直转圈");
    // The link tapped again does not begin anew.
    has(&chat.says("/start report-c1"), &["没填完"]);
    assert_eq!(chat.dialogue.report().unwrap().text, "开票一直转圈");
}

#[test]
fn nobody_is_limited_at_twenty_messages_in_ten_seconds_and_what_is_limited_is_stored() {
    let mut chat = Stage::new("zh");
    for _ in 0..20 {
        assert!(!chat.says("E-1042").contains("有点快"));
        chat.ctx.received_at = chat.ctx.received_at.plus_millis(100);
    }
    has(&chat.says("E-1042"), &["有点快"]);
    assert_eq!(chat.says("E-1042"), "", "said once in the window");
    assert!(matches!(chat.effects.last(), Some(Effect::Heard { .. })));
    chat.ctx.received_at = chat.ctx.received_at.plus_millis(10_001);
    has(&chat.says("E-1042"), &["检查网线"]);
}

#[test]
fn words_behind_a_command_are_the_words() {
    let mut chat = Stage::new("zh");
    chat.says("/human 账对不上了");
    assert_eq!(
        (chat.openings()[0].text.as_str(), chat.openings()[0].with.as_slice()),
        ("账对不上了", &[CURRENT.to_string()][..])
    );
    assert!(matches!(&chat.effects[0], Effect::Heard { text, .. } if text == "账对不上了"));
    has(&chat.says("/human"), &["一句话说说"]);
    has(&chat.taps("直接转人工"), &["FL-1002"]);
    chat.says("/report 报表空白");
    assert_eq!(chat.dialogue.report().unwrap().text, "报表空白");
}

#[test]
fn edits_and_leaving() {
    let mut chat = Stage::new("zh");
    chat.says("/report 报表空白");
    chat.turn(Event::Edited { id: "x0".into(), text: "报表全空白".into() });
    assert!(matches!(chat.effects.last(), Some(Effect::Edit { text, .. }) if text == "报表全空白"));
    chat.turn(Event::Left);
    assert!(matches!(chat.effects.last(), Some(Effect::Unreachable)));
    assert_eq!(chat.turn(Event::Returned), "");
}
