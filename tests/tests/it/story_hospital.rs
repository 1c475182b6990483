//! The hospital's story of issue 4: plan P3, the eve of National Day, a nurse's report in the chat, the promise
//! and its sum; a level contested; what is told out of hours. In the chat on both databases, and in a browser.
use firstline_core::Time;
use firstline_core::customers::{ContactRole, NewContact, NewContract};
use firstline_core::desk::{Patch, Reply};
use firstline_core::jobs;
use firstline_core::routing::GroupKind;
use firstline_core::staff::Role;
use firstline_core::ticket::{Actor, Number, TimelineEntry};

use crate::desk::on_both;
use crate::harness::browser::{Browser, Window};
use crate::pages_site::{AGENT, Hands, PASSWORD, Site};
use crate::service::{Hospital, contract, group, member};
use crate::story::{Chat, Office, has};

fn at(text: &str) -> Time {
    Time::from_timestamp(text.parse().expect("a time"))
}

fn p3() -> NewContract {
    NewContract { plan: "P3".into(), accepted_on: Some("2026-03-01".into()), ..contract() }
}

/// The hospital under P3, and a nurse of it in a chat, at this time.
async fn nurse<'a>(office: &'a Office, h: &Hospital, user: &str, when: &str) -> Chat<'a> {
    let desk = &office.t.desk;
    office.t.clock.advance_millis(at(when).since(desk.clock.now()));
    let new = NewContact {
        name: "护士".into(),
        email: Some(format!("{user}@hospital.example")),
        phone: None,
        role: ContactRole::Operator,
    };
    let who = desk.add_contact(&h.boss, &h.customer.id, &new).await.expect("a contact");
    desk.join(&who, "telegram", "bot", user).await.expect("the nurse's account");
    office.chat("telegram", user, "zh-hans")
}

on_both! {
    async fn p3_07_p3_09_p3_01_the_eve_of_national_day(t: TestDesk) {
        let office = Office::open(t).await;
        let h = Hospital::with(&office.t.desk, p3()).await;
        let mut she = nurse(&office, &h, "5001", "2026-09-30T17:40:00+08:00").await;
        let card = she.says("全院都挂不了号，没有别的办法").await;
        has(&card, &["还没有提交", "影响范围：大多数人", "影响程度：完全停了", "预计级别：1 级，因为工作已停、大多数人受影响、没有替代办法"]);
        has(&card, &["72 小时内首次响应"]);
        let opened = she.taps("确认提交").await;
        has(&opened, &["工单 FL-1001 已建好", "1 级，因为工作已停、大多数人受影响、没有替代办法"]);
        has(&opened, &["首次响应：72 小时内（10月3日（周六）17:40 前，北京时间）"]);
        has(&opened, &["解决时间：您的服务方案没有约定", "自验收之日起12个月内，软件本身出错免费维护。"]);
        assert!(!opened.contains("非工作时间"), "they work until 18:00: {opened}");

        // She contests the level; staff see it, decide with a note, and she hears of it.
        has(&she.taps("级别不对").await, &["FL-1001 现在定为1 级", "为什么"]);
        has(&she.says("其实只有一楼窗口，二楼可以挂").await, &["已记下", "FL-1001"]);
        let view = she.ticket(1001).await;
        assert!(view.timeline.iter().any(|e| matches!(&e.data.0, TimelineEntry::Contested { words } if words.contains("二楼"))));
        assert_eq!(view.messages.last().unwrap().text, "其实只有一楼窗口，二楼可以挂");
        let lower = Patch { severity: Some(3), reason: Some("二楼窗口可以挂号".into()), ..Patch::default() };
        office.t.desk.patch(Number(1001), &h.boss, &lower).await.unwrap();
        has(&she.looks().await, &["级别调整了：3 级，客服调整：二楼窗口可以挂号"]);
        has(&she.says("/status FL-1001").await, &["3 级", "级别不对"]);

        // Answered 14 minutes late: on record, with its sum.
        office.t.clock.advance_millis(at("2026-10-03T17:54:00+08:00").since(office.t.clock.now()));
        let answer = Reply { text: "已修复。".into(), ..Reply::default() };
        office.t.desk.reply(Number(1001), &h.boss, &answer).await.unwrap();
        let view = she.ticket(1001).await;
        let first = view.clocks.iter().find(|c| c.milestone.as_str() == "first_response").unwrap();
        assert_eq!((first.state.as_str(), first.breached_by_seconds), ("breached", 14 * 60));
    }
}

on_both! {
    async fn p9_06_p6_34_out_of_hours_the_next_opening_is_a_date_and_duty_is_reached(t: TestDesk) {
        let office = Office::open(t).await;
        let desk = &office.t.desk;
        let h = Hospital::with(desk, p3()).await;
        let (eve, dan) = (member(desk, "eve", Role::Agent).await, member(desk, "dan", Role::Engineer).await);
        let line = group(desk, &h.boss, "一线", GroupKind::General, &[&eve, &dan]).await;
        let turn = (at("2026-09-30T18:00:00+08:00"), at("2026-10-08T08:00:00+08:00"));
        desk.add_duty(&h.boss, &line.id, &dan.id, turn, "13800000000").await.unwrap();
        let mut she = nurse(&office, &h, "5001", "2026-09-30T18:05:00+08:00").await;
        she.says("全院都挂不了号").await;
        let opened = she.taps("确认提交").await;
        has(&opened, &["现在是非工作时间，下次上班时间：10月8日（周四）08:00", "已通知值班人员 dan"]);
        assert_eq!(desk.ticket(Number(1001)).await.unwrap().ticket.assignee_id.as_ref(), Some(&dan.id), "routed to duty, too");

        let told = async || desk.staff_notices(&dan.id).await.unwrap().len();
        escalate(desk).await;
        assert_eq!((told().await, desk.staff_notices(&eve.id).await.unwrap().len()), (1, 0));
        escalate(desk).await;
        assert_eq!(told().await, 1, "once");
        office.t.minutes_pass(10);
        escalate(desk).await;
        assert_eq!(told().await, 2, "again until somebody takes it");
        let taken = firstline_core::desk::Happening::Taken;
        desk.happened(Number(1001), &Actor::Staff(dan.id.clone()), &taken).await.unwrap();
        office.t.minutes_pass(10);
        escalate(desk).await;
        assert_eq!(told().await, 0, "taken");

        // What can wait disturbs nobody.
        let mut other = nurse(&office, &h, "5002", "2026-09-30T19:00:00+08:00").await;
        other.says("/report 只有我的打印机有点慢，可以手工").await;
        while !other.text().contains("还没有提交") {
            let label = if other.text().contains("最后一步") { "跳过" } else { "不确定" };
            other.taps(label).await;
        }
        let opened = other.taps("确认提交").await;
        has(&opened, &["下次上班时间：10月8日（周四）08:00"]);
        assert!(!opened.contains("值班"), "{opened}");
    }
}

on_both! {
    async fn p9_06_who_is_on_duty_is_called_at_night_whatever_clocks_the_plan_has(t: TestDesk) {
        let office = Office::open(t).await;
        let desk = &office.t.desk;
        // P9 promises no first response, and its own step to the person on duty waits for going on site.
        let p9 = NewContract { plan: "P9".into(), accepted_on: Some("2026-03-01".into()), ..contract() };
        let h = Hospital::with(desk, p9).await;
        let dan = member(desk, "dan", Role::Engineer).await;
        let line = group(desk, &h.boss, "一线", GroupKind::General, &[&dan]).await;
        let night = (at("2026-09-28T17:00:00+08:00"), at("2026-09-29T08:30:00+08:00"));
        desk.add_duty(&h.boss, &line.id, &dan.id, night, "13800000000").await.unwrap();
        let mut she = nurse(&office, &h, "5001", "2026-09-28T20:00:00+08:00").await;
        she.says("系统全部瘫痪了！").await;
        has(&she.taps("确认提交").await, &["9月29日（周二）08:30", "已通知值班人员 dan"]);
        let told = async || desk.staff_notices(&dan.id).await.unwrap().len();
        escalate(desk).await;
        assert_eq!(told().await, 1);
        office.t.minutes_pass(10);
        escalate(desk).await;
        assert_eq!(told().await, 2, "not only when the office opens");
    }
}

async fn escalate(desk: &firstline_core::Desk) {
    while let Some(job) = jobs::claim(&desk.db, &desk.clock).await.unwrap() {
        if job.kind == jobs::ESCALATE {
            let step = serde_json::from_value(job.data.0.clone()).unwrap();
            desk.escalate(&job, &step).await.unwrap();
        }
    }
}

on_both! {
    async fn p6_35_p9_05_only_what_the_scheme_in_force_needs_is_asked(t: TestDesk) {
        let office = Office::open(t).await;
        let p9 = NewContract { plan: "P9".into(), accepted_on: Some("2026-03-01".into()), ..contract() };
        let h = Hospital::with(&office.t.desk, p9).await;
        let mut she = nurse(&office, &h, "5001", "2026-09-28T10:00:00+08:00").await;
        she.says("/start").await;
        she.remembers("invoice", "3.2.1").await;
        // P9 goes by the effect alone.
        has(&she.says("/report 报表打不出来").await, &["对工作的影响是？"]);
        has(&she.taps("只有一个功能").await, &["最后一步"]);
        has(&she.taps("跳过").await, &["预计级别：3 级", "影响范围：未填"]);
        she.taps("取消").await;
        // What the words leave no doubt of is not asked, but stands on the card.
        has(&she.says("/report 能用，但是很慢").await, &["最后一步"]);
        has(&she.taps("跳过").await, &["影响程度：能用，但很慢（按您说的理解，请核对）"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn p3_07_one_click_shows_the_auditor_the_sum() {
    let Some(phone) = Browser::open(Window::Phone, "zh-CN").await else { return };
    let site = Site::open().await;
    let desk = site.server.running.app.desk.clone();
    let h = Hospital::with(&desk, p3()).await;
    let set = |when: &str| site.server.clock.advance_millis(at(when).since(desk.clock.now()));
    set("2026-09-30T17:40:00+08:00");
    phone.goes(&desk.links.contact(&h.contact.id).replace(&*desk.links.public_url, &site.url(""))).await;
    phone.clicks(".card button").await;
    phone.sees("#text", "").await;
    phone.types("#text", "全院都挂不了号，没有别的办法\u{E007}").await;
    phone.sees(".say-bot", "预计级别：1 级").await;
    phone.screenshot("hospital-phone-card").await;
    phone.clicks("button[value^=\"c:\"]").await;
    phone.sees(".say-bot", "10月3日（周六）17:40").await;
    phone.screenshot("hospital-phone-opened").await;

    set("2026-10-03T17:54:00+08:00");
    let answer = Reply { text: "已修复。".into(), ..Reply::default() };
    desk.reply(Number(1001), &h.boss, &answer).await.unwrap();
    let Some(desktop) = Browser::open(Window::Desktop, "zh-CN").await else { return };
    desktop.goes(&site.url("/console")).await;
    desktop.types("#email", AGENT).await;
    desktop.types("#password", PASSWORD).await;
    desktop.clicks(".login button").await;
    desktop.sees("h1", "工单").await;
    desktop.goes(&site.url("/console/tickets/FL-1001")).await;
    desktop.sees(".clock-list", "14").await;
    desktop.clicks(".account summary").await;
    desktop.sees(".account tfoot", "72:00").await;
    desktop.screenshot("hospital-ticket-sum").await;
    for (path, name) in [
        ("/console", "hospital-queue"),
        (&*format!("/console/contracts/{}", h.contract.id), "hospital-contract"),
        (&*format!("/console/contracts/{}/plan", h.contract.id), "hospital-plan"),
        ("/console/plans/holidays", "hospital-holidays"),
        ("/console/plans/P3/running", "hospital-running"),
    ] {
        desktop.goes(&site.url(path)).await;
        desktop.screenshot(name).await;
    }
    desktop.all_quiet().await;
    phone.all_quiet().await;
    desktop.close().await;
    phone.close().await;
    site.server.running.stop().await;
}
