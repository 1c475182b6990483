//! Routing, handling, work and the customer's word, as the plans promise them, on both databases.
use firstline_core::desk::service::{Authorisation, NewCase, NewWork, SIGN_OFF_DAYS};
use firstline_core::desk::{NewRequest, Notice, Patch, Reply};
use firstline_core::entitlement::Cause;
use firstline_core::groups;
use firstline_core::routing::{GroupKind, Why};
use firstline_core::staff::Role;
use firstline_core::ticket::service::{AttentionWhy, Handling, Service};
use firstline_core::ticket::{Actor, Kind, Number, Status, related, rows};
use firstline_core::{Desk, Error, jobs};

use crate::desk::{MONDAY, on_both};
use crate::service::{Hospital, entries, fault, group, group_with, manager, member, open, place, why};

async fn assignee(desk: &Desk, number: Number) -> Option<String> {
    desk.ticket(number).await.expect("a ticket").ticket.assignee_id
}

async fn resolve(desk: &Desk, number: Number, actor: &Actor) {
    let solved = Patch { status: Some(Status::Resolved), ..Patch::default() };
    desk.patch(number, actor, &solved).await.expect("a solution");
}

on_both! {
    async fn p6_04_a_case_goes_to_the_engineers_for_its_cause(t: TestDesk) {
        let boss = manager(&t.desk).await;
        let (ann, eve) = (member(&t.desk, "ann", Role::Engineer).await, member(&t.desk, "eve", Role::Agent).await);
        group_with(&t.desk, &boss, "数据库组", GroupKind::General, &[&ann], &[Cause::Database], None).await;
        group(&t.desk, &boss, "一线", GroupKind::General, &[&eve]).await;
        let db = open(&t.desk, &fault("数据库报死锁")).await.ticket.number;
        assert_eq!(assignee(&t.desk, db).await, Some(ann.id.clone()));
        assert_eq!(why(&t.desk, db).await, [Why::Skill { cause: Cause::Database }, Why::Load { open: 0 }]);
        let other = open(&t.desk, &fault("点保存就闪退")).await.ticket.number;
        assert_eq!(assignee(&t.desk, other).await, Some(eve.id.clone()));
        // Staff know better than the words.
        t.desk.patch(other, &boss, &Patch { assignee: Some(None), ..Patch::default() }).await.unwrap();
        t.desk.set_cause(other, &boss, Some(Cause::Database)).await.unwrap();
        assert_eq!(assignee(&t.desk, other).await, Some(ann.id));
    }
}

on_both! {
    async fn p6_02_groups_have_members_hours_and_what_they_know(t: TestDesk) {
        let boss = manager(&t.desk).await;
        let eve = member(&t.desk, "eve", Role::Agent).await;
        let made = group(&t.desk, &boss, "远程组", GroupKind::Remote, &[&eve]).await;
        let mut tx = t.desk.db.begin().await.unwrap();
        let views = groups::views(&mut tx, MONDAY, &t.desk.plans.holidays()).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!((views[0].name.as_str(), views[0].open_now, views[0].members.len()), ("远程组", true, 1));
        assert_eq!(groups::open_at(&made, MONDAY.plus_seconds(12 * 3600), &t.desk.plans.holidays()),
            firstline_core::routing::Opening::Closed { next: Some(MONDAY.plus_seconds(23 * 3600 + 1800)) });
        let agent = Actor::Staff(eve.id.clone());
        let mine = t.desk.change_group(&agent, &made.id, made.version, &new_group(&eve.id)).await;
        assert!(matches!(mine, Err(Error::Forbidden(_))));
    }
}

fn new_group(member: &str) -> groups::NewGroup {
    groups::NewGroup {
        name: "远程组".into(),
        kind: GroupKind::Remote,
        region: None,
        skills: vec![],
        zone: String::new(),
        hours: "24x7".into(),
        holidays: false,
        members: vec![member.into()],
    }
}

on_both! {
    async fn p9_06_the_rota_says_who_is_on_duty_and_the_urgent_reaches_them(t: TestDesk) {
        let boss = manager(&t.desk).await;
        let (eve, dan) = (member(&t.desk, "eve", Role::Agent).await, member(&t.desk, "dan", Role::Engineer).await);
        let made = group(&t.desk, &boss, "一线", GroupKind::General, &[&eve, &dan]).await;
        let night = (MONDAY.plus_seconds(8 * 3600), MONDAY.plus_seconds(24 * 3600));
        let id = t.desk.add_duty(&boss, &made.id, &dan.id, night, "13800000000").await.unwrap();
        assert!(groups::on_duty_now(&t.desk.db, MONDAY).await.unwrap().is_empty());
        t.minutes_pass(9 * 60);
        let now = groups::on_duty_now(&t.desk.db, t.clock.now()).await.unwrap();
        assert_eq!((now[0].staff_name.as_str(), now[0].phone.as_str()), ("dan", "13800000000"));
        let urgent = NewRequest { situation: firstline_core::severity::Situation {
            scope: Some(firstline_core::severity::Scope::Many), effect: Some(firstline_core::severity::Effect::Stopped),
            workaround: Some(false),
        }, ..fault("全部停了") };
        let number = open(&t.desk, &urgent).await.ticket.number;
        assert_eq!(assignee(&t.desk, number).await, Some(dan.id.clone()));
        assert!(why(&t.desk, number).await.contains(&Why::OnDuty));
        let outsider = member(&t.desk, "out", Role::Agent).await;
        let wrong = t.desk.add_duty(&boss, &made.id, &outsider.id, night, "").await;
        assert!(matches!(wrong, Err(Error::Invalid { field, .. }) if field == "staff"));
        let backwards = t.desk.add_duty(&boss, &made.id, &dan.id, (night.1, night.0), "").await;
        assert!(matches!(backwards, Err(Error::Invalid { field, .. }) if field == "ends"));
        t.desk.remove_duty(&boss, &id).await.unwrap();
        assert!(groups::on_duty_now(&t.desk.db, t.clock.now()).await.unwrap().is_empty());
    }
}

on_both! {
    async fn p6_34_level_1_goes_to_the_emergency_group_whose_people_are_known(t: TestDesk) {
        let boss = manager(&t.desk).await;
        let (eve, max) = (member(&t.desk, "eve", Role::Agent).await, member(&t.desk, "max", Role::Engineer).await);
        group(&t.desk, &boss, "一线", GroupKind::General, &[&eve]).await;
        group(&t.desk, &boss, "应急组", GroupKind::Emergency, &[&max]).await;
        let all_stopped = NewRequest { situation: firstline_core::severity::Situation {
            scope: Some(firstline_core::severity::Scope::Most), effect: Some(firstline_core::severity::Effect::Stopped),
            workaround: Some(false),
        }, ..fault("全院都挂不了号") };
        let number = open(&t.desk, &all_stopped).await.ticket.number;
        assert_eq!(assignee(&t.desk, number).await, Some(max.id.clone()));
        assert_eq!(groups::emergency_people(&t.desk.db).await.unwrap(), [max.id]);
    }
}

on_both! {
    async fn p5_03_the_same_problem_goes_back_to_the_same_engineer(t: TestDesk) {
        let boss = manager(&t.desk).await;
        let (old, new) = (member(&t.desk, "old", Role::Engineer).await, member(&t.desk, "new", Role::Engineer).await);
        group(&t.desk, &boss, "一线", GroupKind::General, &[&old, &new]).await;
        let first = open(&t.desk, &fault("报错 E-1042")).await.ticket.number;
        t.desk.patch(first, &boss, &Patch { assignee: Some(Some(new.id.clone())), ..Patch::default() }).await.unwrap();
        resolve(&t.desk, first, &boss).await;
        let again = open(&t.desk, &fault("又报 E-1042 了")).await.ticket.number;
        assert_eq!(assignee(&t.desk, again).await, Some(new.id.clone()));
        assert_eq!(why(&t.desk, again).await, [Why::SameEngineer { number: first }]);
        // Reopened, a ticket stays with whoever had it.
        t.desk.customer_reopens(first).await.unwrap();
        assert_eq!(assignee(&t.desk, first).await, Some(new.id));
    }
}

on_both! {
    async fn p9_09_after_a_complaint_somebody_else_comes(t: TestDesk) {
        let boss = manager(&t.desk).await;
        let (old, new) = (member(&t.desk, "old", Role::Engineer).await, member(&t.desk, "new", Role::Engineer).await);
        group(&t.desk, &boss, "一线", GroupKind::General, &[&old, &new]).await;
        let number = open(&t.desk, &fault("报错")).await.ticket.number;
        let first = assignee(&t.desk, number).await.unwrap();
        t.desk.reassign_after_complaint(number, &boss, "态度不好").await.unwrap();
        let second = assignee(&t.desk, number).await.unwrap();
        assert_ne!(first, second);
        assert!(t.desk.is_excluded(number, &first).await.unwrap());
        t.desk.reroute(number, &boss).await.unwrap();
        assert_eq!(assignee(&t.desk, number).await, Some(second), "whoever was refused does not come back");
        assert!(why(&t.desk, number).await.iter().any(|w| matches!(w, Why::Excluded { .. })));
    }
}

on_both! {
    async fn p5_17_a_complaint_goes_to_the_manager_is_watched_and_linked(t: TestDesk) {
        let boss = manager(&t.desk).await;
        let taker = Actor::Staff(member(&t.desk, "taker", Role::Agent).await.id);
        let first = open(&t.desk, &fault("报错")).await.ticket.number;
        let complaint = NewCase {
            source: "phone".into(),
            request: NewRequest { kind: Kind::Complaint, ..fault("等了三天没人理") },
            phone: None,
        };
        let number = t.desk.take_case(&taker, &complaint).await.unwrap().ticket.number;
        assert_eq!(assignee(&t.desk, number).await.as_deref(), boss.id());
        let placed = place(&t.desk, number).await;
        assert_eq!(placed.watcher_id.as_deref(), taker.id());
        let about = rows::by_number(&t.desk.db, first).await.unwrap().unwrap();
        assert_eq!(placed.about_id, Some(about.id.clone()));
        let seen = related::of(&t.desk.db, &about.id, 10).await.unwrap();
        assert_eq!((seen[0].number, seen[0].how.as_str()), (number, "complaint"));
    }
}

on_both! {
    async fn p5_18_repeated_contact_raises_attention_once_in_a_while(t: TestDesk) {
        let number = open(&t.desk, &fault("报错")).await.ticket.number;
        let eve = Actor::Staff(member(&t.desk, "eve", Role::Agent).await.id);
        let says = async |text: &str, form: &str| t.desk.customer_reply(number, text, &[], form).await.unwrap();
        for (n, minutes) in [(1, 1), (2, 1), (3, 20), (4, 20)] {
            t.minutes_pass(minutes);
            says("还没有人回复吗", &format!("form-{n}")).await;
        }
        let attention: Vec<_> = entries(&t.desk, number).await.into_iter().filter_map(|e| match e {
            Service::Attention { why, .. } => Some(why),
            _ => None,
        }).collect();
        assert_eq!(attention, [AttentionWhy::Repeated { times: 3 }], "hasty messages are one contact");
        assert_eq!(place(&t.desk, number).await.attention, 1);
        t.desk.reply(number, &eve, &Reply { text: "马上看".into(), ..Reply::default() }).await.unwrap();
        t.minutes_pass(20);
        says("谢谢", "form-5").await;
        assert_eq!(place(&t.desk, number).await.attention, 1, "after an answer counting begins anew");
    }
}

on_both! {
    async fn p5_18_several_customers_with_the_same_fault_raise_attention(t: TestDesk) {
        let mut numbers = Vec::new();
        for n in 0..3 {
            let request = NewRequest { customer_email: format!("c{n}@example.com"), ..fault("升级后报 E-2010") };
            numbers.push(open(&t.desk, &request).await.ticket.number);
        }
        assert_eq!(place(&t.desk, numbers[1]).await.attention, 0);
        assert_eq!(place(&t.desk, numbers[2]).await.attention, 1);
        let last = rows::by_number(&t.desk.db, numbers[2]).await.unwrap().unwrap();
        let same = related::of(&t.desk.db, &last.id, 10).await.unwrap();
        assert_eq!(same.iter().map(|r| r.number).collect::<Vec<_>>(), [numbers[1], numbers[0]]);
    }
}

on_both! {
    async fn p10_02_handling_moves_on_in_order_and_each_step_is_on_record(t: TestDesk) {
        let number = open(&t.desk, &fault("报错")).await.ticket.number;
        let eve = Actor::Staff(member(&t.desk, "eve", Role::Agent).await.id);
        let skipped = t.desk.handle_by(number, &eve, Handling::Remote, None, None).await;
        assert!(matches!(skipped, Err(Error::Invalid { field, .. }) if field == "note"), "phone comes before remote");
        t.desk.handle_by(number, &eve, Handling::Phone, None, None).await.unwrap();
        t.desk.handle_by(number, &eve, Handling::Remote, None, None).await.unwrap();
        t.desk.handle_by(number, &eve, Handling::Remote, None, None).await.unwrap();
        let steps: Vec<_> = entries(&t.desk, number).await.into_iter().filter_map(|e| match e {
            Service::Handling { from, to, .. } => Some((from, to)),
            _ => None,
        }).collect();
        assert_eq!(steps, [(Handling::Chat, Handling::Phone), (Handling::Phone, Handling::Remote)]);
    }
}

on_both! {
    async fn p2_10_a_visit_needs_the_customers_recorded_agreement(t: TestDesk) {
        let number = open(&t.desk, &fault("报错")).await.ticket.number;
        let eve = Actor::Staff(member(&t.desk, "eve", Role::Agent).await.id);
        let note = Some("电话和远程都试过");
        let alone = t.desk.handle_by(number, &eve, Handling::OnSite, Some("  "), note).await;
        assert!(matches!(alone, Err(Error::Invalid { field, .. }) if field == "agreed_by"));
        t.desk.handle_by(number, &eve, Handling::OnSite, Some("王主任"), note).await.unwrap();
        let last = entries(&t.desk, number).await.pop();
        assert!(matches!(last, Some(Service::Handling { agreed_by: Some(by), .. }) if by == "王主任"));
    }
}

on_both! {
    async fn p3_08_no_remote_session_without_who_authorised_it_and_when(t: TestDesk) {
        let number = open(&t.desk, &fault("报错")).await.ticket.number;
        let eve = Actor::Staff(member(&t.desk, "eve", Role::Agent).await.id);
        let work = NewWork { on: "2026-09-28".into(), kind: "remote".into(), minutes: 30, ..NewWork::default() };
        assert!(matches!(t.desk.log_work(number, &eve, &work).await, Err(Error::Invalid { field, .. }) if field == "kind"));
        let now = t.clock.now();
        for (by, at) in [("", now), ("王主任", now.plus_seconds(60))] {
            let wrong = t.desk.log_remote(number, &eve, &Authorisation { by: by.into(), at }, "").await;
            assert!(matches!(wrong, Err(Error::Invalid { .. })), "{by:?}");
        }
        t.desk.log_remote(number, &eve, &Authorisation { by: "王主任".into(), at: now }, "").await.unwrap();
        t.desk.log_work(number, &eve, &work).await.unwrap();
    }
}

on_both! {
    async fn p3_11_the_customer_signs_off_and_silence_closes_after_a_set_time(t: TestDesk) {
        let eve = Actor::Staff(member(&t.desk, "eve", Role::Agent).await.id);
        let (silent, spoke) = (open(&t.desk, &fault("报错")).await.ticket.number, open(&t.desk, &fault("别的")).await.ticket.number);
        resolve(&t.desk, silent, &eve).await;
        resolve(&t.desk, spoke, &eve).await;
        t.minutes_pass(60);
        t.desk.customer_reopens(spoke).await.unwrap();
        resolve(&t.desk, spoke, &eve).await;
        t.minutes_pass(SIGN_OFF_DAYS * 24 * 60 - 1);
        while let Some(job) = jobs::claim(&t.desk.db, &t.clock).await.unwrap() {
            if job.kind == jobs::SIGN_OFF {
                let data = &job.data.0;
                let number: Number = serde_json::from_value(data["ticket"].clone()).unwrap();
                let at = serde_json::from_value(data["resolved_at"].clone()).unwrap();
                for _ in 0..2 {
                    t.desk.sign_off(&job, number, at).await.unwrap();
                }
            } else {
                let mut tx = t.desk.db.begin().await.unwrap();
                jobs::done(&mut tx, &t.clock, &job.id).await.unwrap();
                tx.commit().await.unwrap();
            }
        }
        let status = async |number| t.desk.ticket(number).await.unwrap().ticket.status;
        assert_eq!((status(silent).await, status(spoke).await), (Status::Closed, Status::Resolved));
        let told = entries(&t.desk, silent).await;
        assert_eq!(told.last(), Some(&Service::Unanswered { days: SIGN_OFF_DAYS }));
    }
}

on_both! {
    async fn p10_06_a_low_rating_reopens_the_case_to_a_manager(t: TestDesk) {
        let boss = manager(&t.desk).await;
        let eve = Actor::Staff(member(&t.desk, "eve", Role::Agent).await.id);
        let number = open(&t.desk, &fault("报错")).await.ticket.number;
        resolve(&t.desk, number, &eve).await;
        t.desk.customer_rates(number, 2, Some("没修好")).await.unwrap();
        let view = t.desk.ticket(number).await.unwrap();
        assert_eq!((view.ticket.status, view.rating), (Status::Open, Some(2)));
        assert_eq!(view.ticket.assignee_id.as_deref(), boss.id());
        t.desk.customer_rates(number, 1, None).await.unwrap();
        let changed = t.desk.ticket(number).await.unwrap();
        assert_eq!((changed.rating, place(&t.desk, number).await.attention), (Some(1), 1), "changed stars change nothing else");
        resolve(&t.desk, number, &boss).await;
        t.desk.customer_rates(number, 5, None).await.unwrap();
        assert_eq!(t.desk.ticket(number).await.unwrap().ticket.status, Status::Resolved);
    }
}

on_both! {
    async fn p1_03_no_state_loses_a_fault_and_only_a_recorded_solution_closes_it(t: TestDesk) {
        let eve = Actor::Staff(member(&t.desk, "eve", Role::Agent).await.id);
        let number = open(&t.desk, &fault("报错")).await.ticket.number;
        for &status in Status::ALL.iter().filter(|s| s.is_open() && **s != Status::New) {
            t.desk.patch(number, &eve, &Patch { status: Some(status), ..Patch::default() }).await.unwrap();
            let filter = firstline_core::ticket::queue::Filter { limit: 10, ..Default::default() };
            let listed = firstline_core::ticket::queue::list(&t.desk.db, &filter).await.unwrap();
            assert_eq!(listed.iter().map(|q| q.number).collect::<Vec<_>>(), [number], "{status} is in the queue");
        }
        t.minutes_pass(60 * 24 * 60);
        assert!(t.desk.ticket(number).await.unwrap().ticket.status.is_open(), "time alone closes nothing");
        resolve(&t.desk, number, &eve).await;
        let view = t.desk.ticket(number).await.unwrap();
        assert!(view.ticket.resolved_at.is_some());
    }
}

on_both! {
    async fn p3_06_an_individual_change_has_an_estimate_and_a_price_the_customer_decides(t: TestDesk) {
        let boss = manager(&t.desk).await;
        let request = NewRequest { kind: Kind::ChangeRequest, ..fault("发票加一列备注") };
        let number = open(&t.desk, &request).await.ticket.number;
        let first = t.desk.offer_quote(number, &boss, (5, 800_000, "CNY"), "加一列").await.unwrap();
        let second = t.desk.offer_quote(number, &boss, (3, 500_000, "cny"), "加一列，用现有模板").await.unwrap();
        let old = t.desk.decide_quote(number, &first, true).await;
        assert!(matches!(old, Err(Error::Conflict(_))), "the first estimate was replaced");
        t.desk.decide_quote(number, &second, true).await.unwrap();
        assert!(matches!(t.desk.decide_quote(number, &second, false).await, Err(Error::Conflict(_))));
        let last = entries(&t.desk, number).await.pop();
        assert_eq!(last, Some(Service::QuoteDecided { accepted: true, by: "王会计".into() }));
        for (terms, field) in [((0, 1, "CNY"), "days"), ((1, -1, "CNY"), "cents"), ((1, 1, "¥"), "currency")] {
            let wrong = t.desk.offer_quote(number, &boss, terms, "x").await;
            assert!(matches!(wrong, Err(Error::Invalid { field: f, .. }) if f == field));
        }
    }
}

on_both! {
    async fn p3_07_staff_log_a_phone_letter_or_fax_case(t: TestDesk) {
        let h = Hospital::with_plan(&t.desk, "default", "2026-01-31").await;
        for source in ["phone", "letter", "fax", "email", "internet"] {
            let case = NewCase { source: source.into(), request: fault("报错"), phone: None };
            let opened = t.desk.take_case(&h.boss, &case).await.unwrap();
            assert_eq!(opened.ticket.channel, source);
            assert!(opened.entitlement.is_some(), "known by the address");
        }
        let nameless = NewRequest { customer_email: String::new(), ..fault("报错") };
        let by_phone = NewCase { source: "phone".into(), request: nameless.clone(), phone: Some("010-6552 1234".into()) };
        let first = t.desk.take_case(&h.boss, &by_phone).await.unwrap().ticket;
        let second = t.desk.take_case(&h.boss, &by_phone).await.unwrap().ticket;
        assert_eq!(first.person_id, second.person_id, "the same number is the same caller");
        let nobody = t.desk.take_case(&h.boss, &NewCase { source: "phone".into(), request: nameless, phone: None }).await;
        assert!(matches!(nobody, Err(Error::Invalid { field, .. }) if field == "phone"));
        let view = t.desk.ticket(first.number).await.unwrap();
        assert_eq!(view.messages[0].author.as_str(), "customer", "whoever typed it, the customer said it");
    }
}

on_both! {
    async fn p7_09_the_named_engineer_is_not_replaced_without_consent(t: TestDesk) {
        let h = Hospital::with_plan(&t.desk, "default", "2026-01-31").await;
        let (res, idle) = (member(&t.desk, "res", Role::Engineer).await, member(&t.desk, "idle", Role::Engineer).await);
        group(&t.desk, &h.boss, "驻点", GroupKind::OnSite, &[&res, &idle]).await;
        assert!(t.desk.name_engineer(&h.boss, &h.contract.id, &res.id, "").await.unwrap().is_none());
        for n in 0..3 {
            let number = open(&t.desk, &fault(&format!("第{n}个问题"))).await.ticket.number;
            assert_eq!(assignee(&t.desk, number).await, Some(res.id.clone()));
            assert_eq!(why(&t.desk, number).await, [Why::NamedEngineer]);
        }
        let asked = t.desk.name_engineer(&h.boss, &h.contract.id, &idle.id, "调岗").await.unwrap().expect("a question");
        let named = async || t.desk.contract(&h.contract.id).await.unwrap().named_engineer_id;
        assert_eq!(named().await, Some(res.id.clone()), "asked is not agreed");
        t.desk.decide_engineer(&h.boss, &asked.id, false, "王主任").await.unwrap();
        assert_eq!(named().await, Some(res.id.clone()));
        let again = t.desk.name_engineer(&h.boss, &h.contract.id, &idle.id, "调岗").await.unwrap().expect("a question");
        t.desk.decide_engineer(&h.boss, &again.id, true, "王主任").await.unwrap();
        assert_eq!(named().await, Some(idle.id.clone()));
        let twice = t.desk.decide_engineer(&h.boss, &again.id, false, "王主任").await;
        assert!(matches!(twice, Err(Error::Conflict(_))));
    }
}

on_both! {
    async fn p1_02_requests_are_of_several_kinds(t: TestDesk) {
        for &kind in Kind::ALL {
            let opened = open(&t.desk, &NewRequest { kind, ..fault("请看一下") }).await;
            assert_eq!(opened.ticket.kind, kind);
            assert!(!opened.clocks.is_empty(), "{kind} has a promise");
        }
    }
}

#[test]
fn a_notice_of_the_cost_survives_being_stored() {
    let told = Notice::ClosedUnanswered { number: Number(1001), title: "x".into(), days: 7 };
    let stored = serde_json::to_value(&told).expect("JSON");
    assert_eq!(serde_json::from_value::<Notice>(stored).expect("a notice"), told);
}
