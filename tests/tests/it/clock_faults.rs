//! What goes wrong with time, on both databases: a dead process, a clock set wrong, other zones and holidays, two
//! nodes at once. Each breach has the right instant and is there once.
use firstline_core::calendar::csv;
use firstline_core::clocks::{self, ClockEvent, ClockState, What};
use firstline_core::desk::{NewRequest, Patch, Reply, import_holidays};
use firstline_core::jobs::{self, Job};
use firstline_core::plan::{DEFAULT, Difficulty, Milestone, Plan};
use firstline_core::severity::{Effect, Scope, Situation};
use firstline_core::ticket::{Actor, ClockRow, Kind, Number, PlanRef, Status, TimelineEntry};
use firstline_core::{Desk, Time};

use crate::desk::{TestDesk, on_both};
use crate::service::{Hospital, fault, manager, open};

fn at(text: &str) -> Time {
    Time::from_timestamp(text.parse().expect("a time"))
}

fn stopped() -> NewRequest {
    let situation =
        Situation { scope: Some(Scope::Single), effect: Some(Effect::Stopped), workaround: Some(false) };
    NewRequest { situation, ..fault("开不了机") }
}

async fn run(desk: &Desk, job: &Job) {
    match job.kind.as_str() {
        jobs::CLOCK_DUE => {
            let number = job.data.0["ticket"].as_str().unwrap().parse().unwrap();
            let milestone = job.data.0["milestone"].as_str().unwrap().parse().unwrap();
            desk.clock_due(job, number, milestone).await.unwrap();
        }
        jobs::ESCALATE => {
            let step = serde_json::from_value(job.data.0.clone()).unwrap();
            desk.escalate(job, &step).await.unwrap();
        }
        jobs::RECOUNT => desk.recount(job).await.unwrap(),
        other => panic!("{other}"),
    }
}

async fn settle(desk: &Desk) {
    while let Some(job) = jobs::claim(&desk.db, &desk.clock).await.unwrap() {
        run(desk, &job).await;
    }
}

async fn breaches(desk: &Desk, number: Number, wanted: Milestone) -> Vec<Time> {
    let timeline = desk.ticket(number).await.unwrap().timeline;
    let all = timeline.iter().filter_map(|e| match e.data.0 {
        TimelineEntry::Breached { milestone, due_at } if milestone == wanted => Some(due_at),
        _ => None,
    });
    all.collect()
}

async fn clock(desk: &Desk, number: Number, milestone: Milestone) -> ClockRow {
    let view = desk.ticket(number).await.unwrap();
    view.clocks.into_iter().find(|c| c.milestone == milestone).expect("such a clock")
}

on_both! {
    async fn a_process_dead_over_a_due_time_records_its_instant_once(t: TestDesk) {
        let number = open(&t.desk, &stopped()).await.ticket.number;
        let due = clock(&t.desk, number, Milestone::FirstResponse).await.due_at;
        // Nothing runs for a day; another process starts.
        t.minutes_pass(24 * 60);
        let (db, clock, files) = (t.desk.db.clone(), t.clock.clone(), t.desk.files.clone());
        let next = Desk::new(db, clock, files, "http://help.example").await.unwrap();
        settle(&next).await;
        settle(&t.desk).await;
        assert_eq!(breaches(&next, number, Milestone::FirstResponse).await, [due]);
    }
}

on_both! {
    async fn a_clock_set_back_or_forward_two_hours_neither_loses_nor_doubles(t: TestDesk) {
        let number = open(&t.desk, &stopped()).await.ticket.number;
        let due = clock(&t.desk, number, Milestone::FirstResponse).await.due_at;
        t.minutes_pass(-120);
        // Touched while the machine's clock lies before the opening: its promises stay.
        let boss = manager(&t.desk).await;
        let note = Reply { text: "看一下".into(), internal: true, ..Reply::default() };
        t.desk.reply(number, &boss, &note).await.unwrap();
        settle(&t.desk).await;
        let kept = clock(&t.desk, number, Milestone::FirstResponse).await;
        assert_eq!((kept.due_at, kept.state), (due, ClockState::Running));
        // Forward beyond the due time, and back again.
        t.minutes_pass(240);
        settle(&t.desk).await;
        t.minutes_pass(-120);
        settle(&t.desk).await;
        t.minutes_pass(300);
        settle(&t.desk).await;
        assert_eq!(breaches(&t.desk, number, Milestone::FirstResponse).await, [due]);
    }
}

on_both! {
    async fn p3_09_a_holiday_added_for_today_moves_running_clocks(t: TestDesk) {
        // P4 counts working days on its office calendar.
        let h = Hospital::with_plan(&t.desk, "P4", "2026-01-31").await;
        let number = open(&t.desk, &NewRequest { kind: Kind::Emergency, ..stopped() }).await.ticket.number;
        let before = clock(&t.desk, number, Milestone::FixPlan).await.due_at;
        let today = csv::read(b"date,name,is_off_day\n2026-09-29,extra,true\n").unwrap();
        t.desk.take_holidays(&h.boss, "cn", &today).await.unwrap();
        settle(&t.desk).await;
        let after = clock(&t.desk, number, Milestone::FixPlan).await.due_at;
        assert!(after > before, "{before} {after}");
        // Worked after all: the due time comes nearer again, and its job with it.
        let worked = csv::read(b"date,name,is_off_day\n2026-09-29,extra,false\n").unwrap();
        import_holidays(&t.desk.db, &t.clock, "cn", &worked).await.unwrap();
        settle(&t.desk).await;
        assert_eq!(clock(&t.desk, number, Milestone::FixPlan).await.due_at, before);
        t.clock.advance_millis(before.since(t.clock.now()) + 1);
        settle(&t.desk).await;
        assert_eq!(breaches(&t.desk, number, Milestone::FixPlan).await, [before]);
    }
}

on_both! {
    async fn another_time_zone_of_a_calendar_recounts_from_the_same_events(t: TestDesk) {
        let source = t.desk.plans.get("P4").unwrap().source.replace("id = \"P4\"", "id = \"default\"");
        let plan = t.desk.save_plan(DEFAULT, &source, "", "m").await.unwrap();
        let number = open(&t.desk, &NewRequest { kind: Kind::Emergency, ..stopped() }).await.ticket.number;
        let before = clock(&t.desk, number, Milestone::FixPlan).await.due_at;
        let elsewhere = source.replace("time_zone = \"Asia/Shanghai\"", "time_zone = \"Asia/Kolkata\"");
        assert_ne!(source, elsewhere);
        let moved = t.desk.save_plan(DEFAULT, &elsewhere, "", "m").await.unwrap();
        assert_eq!(moved.version, plan.version + 1);
        let to = PlanRef { id: DEFAULT.into(), version: moved.version };
        t.desk.apply_plan(number, &Actor::System, &to, "moved", true).await.unwrap();
        let after = clock(&t.desk, number, Milestone::FixPlan).await.due_at;
        assert_eq!(after.since(before), (2 * 60 + 30) * 60_000, "the same local close, two and a half hours west");
    }
}

on_both! {
    async fn a_level_changed_in_the_second_of_the_breach(t: TestDesk) {
        let boss = manager(&t.desk).await;
        let lower = Patch { severity: Some(3), reason: Some("只是不方便".into()), ..Patch::default() };
        let (kept, broken) = (open(&t.desk, &stopped()).await.ticket.number, open(&t.desk, &stopped()).await.ticket.number);
        let due = clock(&t.desk, kept, Milestone::Resolve).await.due_at;
        t.clock.advance_millis(due.since(t.clock.now()));
        t.desk.patch(kept, &boss, &lower).await.unwrap();
        t.clock.advance_millis(1);
        t.desk.patch(broken, &boss, &lower).await.unwrap();
        settle(&t.desk).await;
        assert_eq!(breaches(&t.desk, kept, Milestone::Resolve).await, [], "reached exactly is kept");
        assert_eq!(breaches(&t.desk, broken, Milestone::Resolve).await, [due], "on record for ever");
        assert!(clock(&t.desk, broken, Milestone::Resolve).await.due_at > due);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_that_evaluate_at_once_record_one_breach() {
    let Some(t) = TestDesk::postgres("two_nodes_evaluate").await else { return };
    let other = Desk::new(t.desk.db.clone(), t.clock.clone(), t.desk.files.clone(), "http://help.example");
    let other = other.await.unwrap();
    let mut numbers = Vec::new();
    for _ in 0..10 {
        numbers.push(open(&t.desk, &stopped()).await.ticket.number);
    }
    t.minutes_pass(11);
    // Both take every due job off the list, and each ticket is looked at by both at the same time.
    for number in &numbers {
        let job = |n: u8| Job { id: format!("{n}"), ..job_of(*number) };
        let (a, b) = (job(1), job(2));
        let (one, two) = tokio::join!(
            t.desk.clock_due(&a, *number, Milestone::FirstResponse),
            other.clock_due(&b, *number, Milestone::FirstResponse)
        );
        one.unwrap();
        two.unwrap();
    }
    tokio::join!(settle(&t.desk), settle(&other));
    for number in numbers {
        assert_eq!(breaches(&t.desk, number, Milestone::FirstResponse).await.len(), 1, "{number}");
    }
}

fn job_of(number: Number) -> Job {
    Job {
        id: String::new(),
        kind: jobs::CLOCK_DUE.into(),
        data: sqlx::types::Json(serde_json::json!({ "ticket": number, "milestone": "first_response" })),
        attempts: 1,
    }
}

fn plan(text: &str) -> Plan {
    let head = "id = \"X\"\nversion = 1\nseverity = \"P9-05\"\n";
    let title = "[title]\nzh-CN = \"甲\"\nen = \"x\"\n";
    let (top, rest) = text.split_once("---\n").expect("a top and tables");
    let all = format!("{head}{top}{title}{rest}");
    Plan::parse("x.toml", &all, &firstline_core::calendar::HolidaySets::built_in()).expect("a plan")
}

fn resolve(plan: &Plan, opened: &str, solved: Option<&str>, now: &str) -> clocks::ClockReading {
    let what = What::opened(Kind::Fault, 2, Difficulty::Ordinary, None);
    let mut events = vec![ClockEvent { at: at(opened), what }];
    events.extend(solved.map(|s| ClockEvent { at: at(s), what: What::Status(Status::Resolved) }));
    let all = clocks::replay(plan, &events, at(now));
    all.into_iter().find(|r| r.milestone == Milestone::Resolve).expect("a clock")
}

#[test]
fn due_exactly_at_the_end_of_a_span_is_due_there() {
    let p = plan(
        "time_zone = \"Asia/Shanghai\"\n---\n[calendars.day]\nhours = { mon = [\"08:00-12:00\", \"14:00-18:00\"] }\n\
         [[targets]]\nmilestone = \"resolve\"\nwithin = \"3h\"\ncalendar = \"day\"\n",
    );
    let of = |solved: Option<&str>, now: &str| resolve(&p, "2026-09-28T09:00:00+08:00", solved, now);
    let running = of(None, "2026-09-28T11:00:00+08:00");
    assert_eq!(running.due_at, at("2026-09-28T12:00:00+08:00"), "not 14:00");
    let kept = of(Some("2026-09-28T12:00:00+08:00"), "2026-09-28T13:00:00+08:00");
    assert_eq!((kept.state, kept.breached_by_seconds), (ClockState::Met, 0));
    assert_eq!(of(None, "2026-09-28T12:00:00.001+08:00").state, ClockState::Breached);
}

#[test]
fn the_29th_of_february_and_months_of_other_lengths() {
    let p =
        plan("time_zone = \"Asia/Shanghai\"\n---\n[[targets]]\nmilestone = \"resolve\"\nwithin = \"1mo\"\n");
    let due = |opened: &str| resolve(&p, opened, None, opened).due_at;
    assert_eq!(due("2028-01-31T10:00:00+08:00"), at("2028-02-29T10:00:00+08:00"));
    assert_eq!(due("2027-01-31T10:00:00+08:00"), at("2027-02-28T10:00:00+08:00"));
    assert_eq!(due("2028-02-29T10:00:00+08:00"), at("2028-03-29T10:00:00+08:00"));
}

#[test]
fn the_missing_and_the_doubled_hour() {
    let days =
        plan("time_zone = \"Europe/Berlin\"\n---\n[[targets]]\nmilestone = \"resolve\"\nwithin = \"1d\"\n");
    let due = |p: &Plan, opened: &str| resolve(p, opened, None, opened).due_at;
    // 02:30 does not exist on 29 March 2026; it exists twice on 25 October.
    assert_eq!(due(&days, "2026-03-28T02:30:00+01:00"), at("2026-03-29T03:30:00+02:00"));
    assert_eq!(
        due(&days, "2026-10-24T02:30:00+02:00"),
        at("2026-10-25T02:30:00+02:00"),
        "the first of the two"
    );
    assert_eq!(due(&days, "2026-03-28T12:00:00+01:00"), at("2026-03-29T12:00:00+02:00"), "23 hours later");
    let night = plan(
        "time_zone = \"Europe/Berlin\"\n---\n[calendars.night]\nhours = { sat = [\"22:00-06:00\"] }\n\
         [[targets]]\nmilestone = \"resolve\"\nwithin = \"6h\"\ncalendar = \"night\"\n",
    );
    // The night of 28 March has seven hours, that of 24 October nine.
    assert_eq!(due(&night, "2026-03-28T22:00:00+01:00"), at("2026-03-29T05:00:00+02:00"));
    assert_eq!(due(&night, "2026-10-24T22:00:00+02:00"), at("2026-10-25T03:00:00+01:00"));
}
