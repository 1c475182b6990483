//! Routing as a pure decision, each commitment by its id; hours of groups; causes guessed from words.
use firstline_core::Time;
use firstline_core::entitlement::{Cause, Period, guess_cause};
use firstline_core::routing::{
    Decision, GroupKind, GroupView, Hours, Member, Opening, Request, Routing, Special, Why, pick,
};
use firstline_core::ticket::{Kind, Number};
use jiff::civil::Date;
use jiff::tz::TimeZone;

fn member(id: &str, open: i64) -> Member {
    Member { staff_id: id.into(), name: id.to_uppercase(), open, on_duty: false }
}

fn group(id: &str, kind: GroupKind, members: Vec<Member>) -> GroupView {
    let (id, name) = (id.to_owned(), id.to_owned());
    GroupView { id, name, kind, region: None, skills: vec![], open_now: true, members }
}

fn request() -> Request {
    Request {
        kind: Kind::Fault,
        severity: 3,
        cause: None,
        region: None,
        period: None,
        named: None,
        previous: None,
        excluded: vec![],
    }
}

fn decide(rules: &Routing, request: &Request, groups: &[GroupView]) -> Decision {
    pick(rules, request, groups, &[member("boss", 2), member("chief", 1)]).expect("a decision")
}

#[test]
fn p6_04_a_case_goes_to_those_who_know_it_and_there_to_the_least_loaded() {
    let mut dba = group("dba", GroupKind::General, vec![member("ann", 4), member("bob", 2)]);
    dba.skills = vec![Cause::Database];
    let mut platform = group("platform", GroupKind::General, vec![member("pia", 0)]);
    platform.skills = vec![Cause::Environment];
    let desk = group("desk", GroupKind::General, vec![member("eve", 9)]);
    let groups = [desk, dba, platform];
    let of = |cause| decide(&Routing::default(), &Request { cause, ..request() }, &groups);
    let database = of(Some(Cause::Database));
    assert_eq!((database.group.as_deref(), database.assignee.as_deref()), (Some("dba"), Some("bob")));
    assert_eq!(database.why, [Why::Skill { cause: Cause::Database }, Why::Load { open: 2 }]);
    assert_eq!(of(Some(Cause::Network)).group.as_deref(), Some("platform"), "a branch covers its parts");
    assert_eq!(
        of(Some(Cause::Software)).assignee.as_deref(),
        Some("eve"),
        "nobody special: the all-rounders"
    );
    assert_eq!(of(None).group.as_deref(), Some("desk"));
}

#[test]
fn p8_06_the_nearest_group_serves() {
    let mut south = group("south", GroupKind::General, vec![member("sue", 0)]);
    south.region = Some("guangdong".into());
    let mut north = group("north", GroupKind::General, vec![member("nan", 7)]);
    north.region = Some("beijing".into());
    let at = Request { region: Some("beijing".into()), ..request() };
    let decision = decide(&Routing::default(), &at, &[south, north]);
    assert_eq!(decision.assignee.as_deref(), Some("nan"));
    assert_eq!(decision.why[0], Why::Region { region: "beijing".into() });
}

#[test]
fn p6_03_after_the_warranty_the_remote_group_takes_over() {
    let groups = [
        group("on site", GroupKind::OnSite, vec![member("sam", 0)]),
        group("centre", GroupKind::Remote, vec![member("ros", 5)]),
    ];
    let rules = Routing { after_warranty: Some(GroupKind::Remote), ..Routing::default() };
    let of = |period| decide(&rules, &Request { period: Some(period), ..request() }, &groups);
    assert_eq!(of(Period::Warranty).group.as_deref(), Some("on site"));
    assert_eq!(of(Period::Warranty).why[0], Why::InWarranty);
    for period in [Period::Maintenance, Period::After] {
        assert_eq!(of(period).group.as_deref(), Some("centre"));
        assert_eq!(of(period).why[0], Why::AfterWarranty);
    }
}

#[test]
fn p7_09_the_named_engineer_comes_first_whatever_the_load() {
    let groups = [group("desk", GroupKind::General, vec![member("res", 40), member("idle", 0)])];
    let named = Request { named: Some("res".into()), ..request() };
    let decision = decide(&Routing::default(), &named, &groups);
    assert_eq!((decision.assignee.as_deref(), decision.why), (Some("res"), vec![Why::NamedEngineer]));
}

#[test]
fn p5_03_the_same_problem_goes_back_to_the_same_engineer() {
    let groups = [group("desk", GroupKind::General, vec![member("old", 9), member("idle", 0)])];
    let again = Request { previous: Some(("old".into(), Number(1001))), ..request() };
    let decision = decide(&Routing::default(), &again, &groups);
    assert_eq!(decision.assignee.as_deref(), Some("old"));
    assert_eq!(decision.why, [Why::SameEngineer { number: Number(1001) }]);
    let gone = Request { previous: Some(("left".into(), Number(1001))), ..request() };
    assert_eq!(
        decide(&Routing::default(), &gone, &groups).assignee.as_deref(),
        Some("idle"),
        "not available"
    );
}

#[test]
fn p9_09_an_excluded_engineer_is_passed_over_even_when_named() {
    let groups = [group("desk", GroupKind::General, vec![member("old", 0), member("new", 5)])];
    let complained = Request {
        named: Some("old".into()),
        previous: Some(("old".into(), Number(1))),
        excluded: vec!["old".into()],
        ..request()
    };
    let decision = decide(&Routing::default(), &complained, &groups);
    assert_eq!(decision.assignee.as_deref(), Some("new"));
    assert!(decision.why.contains(&Why::Excluded { name: "OLD".into() }), "{:?}", decision.why);
}

#[test]
fn p5_17_a_complaint_goes_to_a_manager() {
    let groups = [group("desk", GroupKind::General, vec![member("eve", 0)])];
    let decision = decide(&Routing::default(), &Request { kind: Kind::Complaint, ..request() }, &groups);
    assert_eq!((decision.assignee.as_deref(), decision.group), (Some("chief"), None));
    assert_eq!(decision.why[0], Why::Complaint);
}

#[test]
fn p6_34_level_1_goes_to_the_emergency_group() {
    let groups = [
        group("desk", GroupKind::General, vec![member("eve", 0)]),
        group("experts", GroupKind::Emergency, vec![member("max", 3)]),
    ];
    let of = |severity| decide(&Routing::default(), &Request { severity, ..request() }, &groups);
    assert_eq!((of(1).group.as_deref(), of(1).why[0].clone()), (Some("experts"), Why::Emergency));
    assert_eq!(of(2).group.as_deref(), Some("desk"));
}

#[test]
fn p9_06_out_of_hours_the_urgent_reaches_who_is_on_duty() {
    let on_duty = Member { on_duty: true, ..member("dan", 12) };
    let mut desk = group("desk", GroupKind::General, vec![member("eve", 0), on_duty]);
    desk.open_now = false;
    let of = |severity| decide(&Routing::default(), &Request { severity, ..request() }, &[desk.clone()]);
    assert_eq!(of(2).assignee.as_deref(), Some("dan"));
    assert!(of(2).why.contains(&Why::OnDuty));
    assert_eq!(of(4).assignee.as_deref(), Some("eve"), "what can wait waits for its group");
}

#[test]
fn p6_02_a_group_whose_people_may_not_take_it_keeps_it() {
    let groups = [group("desk", GroupKind::General, vec![member("eve", 0)])];
    let decision =
        decide(&Routing::default(), &Request { excluded: vec!["eve".into()], ..request() }, &groups);
    assert_eq!((decision.group.as_deref(), decision.assignee), (Some("desk"), None));
    assert_eq!(decision.why.last(), Some(&Why::Nobody));
    assert!(pick(&Routing::default(), &request(), &[], &[]).is_none(), "no groups: nothing is decided");
}

fn shanghai(text: &str) -> Time {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let at: jiff::civil::DateTime = text.parse().unwrap();
    Time::from_timestamp(at.to_zoned(zone).unwrap().timestamp())
}

fn at(hours: &str, now: &str) -> Opening {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    // National Day 2026: 1 to 7 October off, Saturday 10 October made up.
    let special = |date: Date| match (date.month(), date.day()) {
        (10, 1..=7) => Some(Special::Off),
        (10, 10) => Some(Special::Working),
        _ => None,
    };
    Hours::parse(hours).unwrap().at(shanghai(now), &zone, special)
}

#[test]
fn p9_06_out_of_hours_the_next_opening_is_a_date() {
    let p9 = "mon-fri 08:30-17:00";
    let closed = |until: &str| Opening::Closed { next: Some(shanghai(until)) };
    assert_eq!(at(p9, "2026-09-28T08:30"), Opening::Open);
    assert_eq!(at(p9, "2026-09-28T17:00"), closed("2026-09-29T08:30"));
    assert_eq!(at(p9, "2026-09-30T17:40"), closed("2026-10-08T08:30"), "over the holiday");
    assert_eq!(at(p9, "2026-10-10T09:00"), Opening::Open, "a make-up Saturday");
    assert_eq!(at(p9, "2026-10-11T09:00"), closed("2026-10-12T08:30"));
    assert_eq!(at("24x7", "2026-10-01T03:00"), Opening::Open);
}

#[test]
fn p3_09_two_spans_a_day_leave_noon_free() {
    let p3 = "mon-fri 08:00-12:00,14:00-18:00";
    let closed = |until: &str| Opening::Closed { next: Some(shanghai(until)) };
    assert_eq!(at(p3, "2026-09-28T12:00"), closed("2026-09-28T14:00"));
    assert_eq!(at(p3, "2026-09-28T13:59"), closed("2026-09-28T14:00"));
    assert_eq!(at(p3, "2026-09-28T17:59"), Opening::Open);
}

#[test]
fn p6_02_wrong_hours_are_refused_with_the_part_at_fault() {
    for text in
        ["", "mon-fri", "mon-fri 9-18", "foo 09:00-18:00", "mon 18:00-09:00", "mon 09:00-12:00,11:00-13:00"]
    {
        assert!(Hours::parse(text).is_err(), "{text}");
    }
    assert!(Hours::parse("sat-mon 09:00-24:00").is_ok(), "a range may pass the weekend");
}

#[test]
fn p1_04_the_cause_is_guessed_from_the_words() {
    let cases = [
        ("护士误删了一张处方", Some(Cause::Operation)),
        ("I deleted the wrong order by mistake", Some(Cause::Operation)),
        ("数据库报死锁", Some(Cause::Database)),
        ("The Oracle database is full", Some(Cause::Database)),
        ("电脑蓝屏了", Some(Cause::OperatingSystem)),
        ("硬盘坏了", Some(Cause::Hardware)),
        ("开票时报错 E-1042，连不上服务器", Some(Cause::Network)),
        ("点保存就闪退", Some(Cause::Software)),
        ("it crashes: unhandled exception", Some(Cause::Software)),
        ("您好", None),
    ];
    for (words, cause) in cases {
        assert_eq!(guess_cause(words), cause, "{words}");
    }
}

#[test]
fn a_denied_sign_is_no_sign() {
    assert_eq!(guess_cause("网络没问题，不是硬件，就是闪退"), Some(Cause::Network));
    assert_eq!(guess_cause("不是硬件问题，点保存就闪退"), Some(Cause::Software));
    assert_eq!(guess_cause("not a network problem, it just crashes, a bug"), Some(Cause::Software));
    assert_eq!(guess_cause("windowsill"), None);
}
