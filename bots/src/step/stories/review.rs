//! Stories about time, groups and words said twice: what a long silence ends, what a group never hears.
use firstline_core::severity::Scope;
use firstline_core::ticket::{Kind, Number, Status};

use super::has;
use super::stage::Stage;
use crate::action::Action;
use crate::event::Event;
use crate::step::Effect;
use crate::step::dialogue::Mode;

const HOUR: i64 = 3_600_000;

fn later(chat: &mut Stage, hours: i64) {
    chat.ctx.now = chat.ctx.now.plus_millis(hours * HOUR);
    chat.ctx.received_at = chat.ctx.now;
}

#[test]
fn a_group_hears_no_ticket_and_changes_none() {
    let mut chat = Stage::new("zh");
    chat.says("账对不上，转人工");
    chat.says("库存对不上，转人工");
    chat.says("E-1042");
    let which = chat.action("补充到我的工单");
    chat.set_status(Number(1001), Status::Resolved);
    chat.ctx.private = false;
    for text in [chat.sends("", 1, None), chat.says("E-1042"), chat.says("谢谢")] {
        assert!(!text.contains("FL-") && !text.contains("补充到"), "{text}");
    }
    has(&chat.says("好了"), &["问题解决了"]);
    has(&chat.says("好了"), &["太好了"]);
    assert!(chat.tickets.iter().any(|t| t.status == Status::Resolved), "not closed by a word in a group");
    let number = Number(1001);
    let status = Action::Status { number }.to_string();
    for action in [which, status, Action::StillBroken { number }.to_string()] {
        has(&chat.presses(&action), &["私聊"]);
        assert!(!chat.text().contains("FL-"), "{action}");
    }
}

#[test]
fn asking_for_a_person_twice_opens_the_ticket() {
    let mut chat = Stage::new("zh");
    has(&chat.says("转人工"), &["一句话说说"]);
    has(&chat.says("转人工"), &["FL-1001"]);
    assert_eq!(chat.openings()[0].with.len(), 2);
    chat.says("人工");
    has(&chat.says("我要投诉"), &["FL-1002"]);
    assert_eq!(chat.openings()[1].kind, Kind::Complaint);
    chat.says("/human");
    has(&chat.says("/human"), &["FL-1003"]);
    assert_eq!(chat.dialogue.mode, Mode::Idle);
}

#[test]
fn a_verdict_is_understood_after_a_tap_and_after_a_night() {
    let mut chat = Stage::new("zh");
    let printer = Action::Frequent { article: "printer".into() }.to_string();
    chat.presses(&printer);
    has(&chat.says("好了"), &["问题解决了"]);
    chat.presses(&printer);
    has(&chat.says("还是不行"), &["报修"]);
    let mut chat = Stage::new("zh");
    chat.says("E-1042");
    later(&mut chat, 13);
    has(&chat.says("还是不行"), &["抱歉还没解决", "转人工"]);
    later(&mut chat, 13);
    has(&chat.says("好了"), &["太好了"]);
}

#[test]
fn after_a_long_silence_a_message_is_a_new_question_and_the_report_is_offered() {
    let mut chat = Stage::new("zh");
    chat.says("/report 报表空白");
    chat.taps("invoice");
    later(&mut chat, 60);
    has(&chat.says("打印机脱机怎么办"), &["检查网线", "没填完：报表空白", "接着填"]);
    let (resume, cancel) = (chat.action("接着填"), chat.action("取消这个报修"));
    assert!(!chat.says("打印机脱机怎么办").contains("没填完"), "offered once");
    has(&chat.presses(&resume), &["接着来", "有多少人受影响"]);
    has(&chat.says("大家都用不了"), &["影响是"]);
    let report = chat.dialogue.report().unwrap();
    assert_eq!(report.situation.scope, Some(Scope::Most));
    assert_eq!(report.words(), "报表空白\n大家都用不了", "the words are kept");
    later(&mut chat, 60);
    has(&chat.says("取消"), &["已取消报修"]);
    has(&chat.presses(&cancel), &["已经取消"]);
}

#[test]
fn after_a_long_silence_nothing_waits_for_a_message() {
    let mut chat = Stage::new("zh");
    chat.says("转人工");
    later(&mut chat, 13);
    has(&chat.says("打印机脱机怎么办"), &["检查网线"]);
    chat.says("账对不上，转人工");
    chat.presses(&Action::Append { number: Number(1001) }.to_string());
    assert!(matches!(chat.dialogue.mode, Mode::Appending { .. }));
    later(&mut chat, 13);
    has(&chat.says("打印机脱机怎么办"), &["检查网线"]);
    assert_eq!(chat.openings().len(), 1);
}

#[test]
fn who_comes_back_is_reachable_again() {
    let again = |chat: &Stage| chat.effects.iter().filter(|e| matches!(e, Effect::ReachableAgain)).count();
    let mut chat = Stage::new("zh");
    chat.says("E-1042");
    assert_eq!(again(&chat), 0);
    chat.turn(Event::Returned);
    assert_eq!(again(&chat), 1);
    chat.ctx.reachable = false;
    chat.turn(Event::Left);
    assert_eq!(again(&chat), 1);
    chat.says("谢谢");
    assert_eq!(again(&chat), 2);
}
