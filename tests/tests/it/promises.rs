//! Promises in the live product, on both databases: what is recorded moves the clocks, staff are told once,
//! and an edited plan waits until somebody applies it.
use firstline_core::calendar::{HolidaySets, csv};
use firstline_core::desk::{Happening, NewRequest, import_holidays};
use firstline_core::jobs::{self, Job};
use firstline_core::plan::{DEFAULT, Difficulty, Milestone};
use firstline_core::severity::{Effect, Scope, Situation};
use firstline_core::staff::{self, Role};
use firstline_core::ticket::{Actor, ClockRow, Kind, MilestoneStep, Mode, Number, PlanRef, TimelineEntry};
use firstline_core::{Desk, Error};

use crate::desk::{TestDesk, on_both};

fn request(scope: Scope) -> NewRequest {
    NewRequest {
        title: "Nobody can register patients".into(),
        text: "since this morning".into(),
        kind: Kind::Fault,
        product: None,
        version: None,
        situation: Situation { scope: Some(scope), effect: Some(Effect::Stopped), workaround: Some(false) },
        customer_name: "护士".into(),
        customer_email: "nurse@example.com".into(),
    }
}

async fn open(desk: &Desk, scope: Scope) -> Number {
    let mut tx = desk.db.begin().await.unwrap();
    let opened = desk.open_request(&mut tx, &request(scope)).await.unwrap();
    tx.commit().await.unwrap();
    opened.ticket.number
}

async fn member(desk: &Desk, email: &str, role: Role) -> staff::Staff {
    staff::add(&desk.db, &desk.clock, email, "", role, "correct horse").await.unwrap()
}

/// Runs what is due, as the job worker does. Gives the escalation jobs among them.
async fn settle(t: &TestDesk) -> Vec<Job> {
    let mut told = Vec::new();
    while let Some(job) = jobs::claim(&t.desk.db, &t.clock).await.unwrap() {
        match job.kind.as_str() {
            jobs::ESCALATE => {
                let step = serde_json::from_value(job.data.0.clone()).unwrap();
                t.desk.escalate(&job, &step).await.unwrap();
                told.push(job);
            }
            _ => {
                let number = job.data.0["ticket"].as_str().unwrap().parse().unwrap();
                let milestone = job.data.0["milestone"].as_str().unwrap().parse().unwrap();
                t.desk.clock_due(&job, number, milestone).await.unwrap();
            }
        }
    }
    told
}

async fn clock(t: &TestDesk, number: Number, milestone: Milestone) -> ClockRow {
    let view = t.desk.ticket(number).await.unwrap();
    view.clocks.into_iter().find(|c| c.milestone == milestone).expect("such a clock")
}

/// The shipped plan as text, with the id of the default plan, so that new tickets run under it.
async fn run_under(t: &TestDesk, id: &str) {
    let source = t.desk.plans.get(id).unwrap().source.replace(&format!("id = \"{id}\""), "id = \"default\"");
    t.desk.save_plan(DEFAULT, &source, "for this test", "nobody").await.unwrap();
}

on_both! {
    async fn p4_07_a_plan_confirmed_on_a_ticket_moves_its_due_time(t: TestDesk) {
        run_under(&t, "P4").await;
        let number = open(&t.desk, Scope::Single).await;
        let promised = t.clock.now().plus_seconds(3 * 86_400);
        t.desk.happened(number, &Actor::System, &Happening::PlanConfirmed(promised, None)).await.unwrap();
        let resolve = clock(&t, number, Milestone::Resolve).await;
        assert_eq!((resolve.due_at, resolve.state.as_str()), (promised, "running"));
        t.minutes_pass(3 * 24 * 60);
        t.clock.advance_millis(1);
        settle(&t).await;
        assert_eq!(clock(&t, number, Milestone::Resolve).await.state.as_str(), "breached");
    }
}

on_both! {
    async fn p10_01_difficulty_kind_and_region_change_the_clocks(t: TestDesk) {
        run_under(&t, "P10").await;
        let number = open(&t.desk, Scope::Single).await;
        let names = || async {
            let view = t.desk.ticket(number).await.unwrap();
            let mut names: Vec<&str> = view.clocks.iter().map(|c| c.milestone.as_str()).collect();
            names.sort_unstable();
            names.join(" ")
        };
        assert_eq!(names().await, "first_response resolve");
        let bare = Happening::Difficulty(Difficulty::Difficult, " ".into());
        assert!(matches!(t.desk.happened(number, &Actor::System, &bare).await, Err(Error::Invalid { field, .. }) if field == "note"));
        let hard = Happening::Difficulty(Difficulty::Difficult, "needs the vendor".into());
        t.desk.happened(number, &Actor::System, &hard).await.unwrap();
        assert_eq!(names().await, "first_response plan");
        let moon = Happening::Region(Some("moon".into()));
        assert!(t.desk.happened(number, &Actor::System, &moon).await.is_err());
        t.desk.happened(number, &Actor::System, &Happening::Region(Some("beijing".into()))).await.unwrap();
        assert_eq!(names().await, "first_response plan", "nobody decided to go there yet");
        let go = Happening::Handling(Mode::OnSite, Some("agreed with Ms Li".into()));
        t.desk.happened(number, &Actor::System, &go).await.unwrap();
        assert_eq!(names().await, "first_response on_site plan");
        t.desk.happened(number, &Actor::System, &Happening::Step(MilestoneStep::Arrived, None)).await.unwrap();
        assert_eq!(clock(&t, number, Milestone::OnSite).await.state.as_str(), "met");
    }
}

on_both! {
    async fn p2_10_going_on_site_needs_the_customers_agreement(t: TestDesk) {
        let number = open(&t.desk, Scope::Single).await;
        let bare = Happening::Handling(Mode::OnSite, None);
        assert!(matches!(t.desk.happened(number, &Actor::System, &bare).await, Err(Error::Invalid { field, .. }) if field == "note"));
        t.desk.happened(number, &Actor::System, &Happening::Handling(Mode::Phone, None)).await.unwrap();
        assert_eq!(t.desk.ticket(number).await.unwrap().ticket.mode, Mode::Phone);
    }
}

on_both! {
    async fn p5_19_managers_are_told_once_when_a_promise_is_broken(t: TestDesk) {
        let manager = member(&t.desk, "manager@example.com", Role::Manager).await;
        member(&t.desk, "agent@example.com", Role::Agent).await;
        let number = open(&t.desk, Scope::Single).await;
        assert!(settle(&t).await.is_empty(), "nothing is due yet");
        t.minutes_pass(10);
        t.clock.advance_millis(1);
        let told = settle(&t).await;
        assert_eq!(told.len(), 1);
        // The same job again, as a second node that claimed it late would run it.
        let step = serde_json::from_value(told[0].data.0.clone()).unwrap();
        t.desk.escalate(&told[0], &step).await.unwrap();
        let notices = t.desk.staff_notices(&manager.id).await.unwrap();
        assert_eq!(notices.len(), 1);
        assert_eq!((notices[0].number, notices[0].milestone), (number, Milestone::FirstResponse));
        let timeline = t.desk.ticket(number).await.unwrap().timeline;
        let escalated = timeline.iter().filter(|e| matches!(&e.data.0, TimelineEntry::Escalated { to, .. } if to == &["manager"]));
        assert_eq!(escalated.count(), 1);
    }
}

on_both! {
    async fn p6_34_a_stop_is_told_at_once_and_again_until_somebody_takes_it(t: TestDesk) {
        let manager = member(&t.desk, "manager@example.com", Role::Manager).await;
        let number = open(&t.desk, Scope::Most).await;
        assert_eq!(settle(&t).await.len(), 1, "at once");
        assert!(settle(&t).await.is_empty());
        t.minutes_pass(10);
        assert_eq!(settle(&t).await.len(), 1, "and again");
        t.desk.happened(number, &Actor::Staff(manager.id.clone()), &Happening::Taken).await.unwrap();
        t.minutes_pass(10);
        let later = settle(&t).await;
        let said = t.desk.ticket(number).await.unwrap().timeline;
        let openings = said.iter().filter(|e| matches!(&e.data.0, TimelineEntry::Escalated { milestone: Milestone::Resolve, .. }));
        assert_eq!(openings.count(), 2, "nobody is told of it after that: {later:?}");
        assert!(t.desk.staff_notices(&manager.id).await.unwrap().is_empty(), "taken");
    }
}

on_both! {
    async fn an_edited_plan_waits_until_somebody_applies_it(t: TestDesk) {
        let number = open(&t.desk, Scope::Single).await;
        let due = clock(&t, number, Milestone::FirstResponse).await.due_at;
        let old = t.desk.plans.get(DEFAULT).unwrap();
        let source = old.source.replace("within = \"10min\"", "within = \"20min\"");
        let faulty = old.source.replace("within = \"10min\"", "within = \"10 moons\"");
        assert!(t.desk.save_plan(DEFAULT, &faulty, "", "m").await.is_err());
        let new = t.desk.save_plan(DEFAULT, &source, "twenty minutes", "m").await.unwrap();
        assert_eq!(new.version, old.version + 1);
        settle(&t).await;
        assert_eq!(clock(&t, number, Milestone::FirstResponse).await.due_at, due, "it keeps its version");

        let to = PlanRef { id: DEFAULT.into(), version: new.version };
        let TimelineEntry::PlanChanged { before, after, .. } =
            t.desk.apply_plan(number, &Actor::System, &to, "", false).await.unwrap() else { panic!("a change") };
        assert_eq!(after[0].due_at.since(before[0].due_at), 600_000, "before and after are seen first");
        assert_eq!(clock(&t, number, Milestone::FirstResponse).await.due_at, due);
        t.desk.apply_plan(number, &Actor::System, &to, "agreed on the phone", true).await.unwrap();
        assert_eq!(clock(&t, number, Milestone::FirstResponse).await.due_at, due.plus_seconds(600));
        let next = open(&t.desk, Scope::Single).await;
        assert_eq!(t.desk.ticket(next).await.unwrap().ticket.plan_version, i64::from(new.version));
    }
}

on_both! {
    async fn p3_09_an_imported_holiday_moves_the_next_opening(t: TestDesk) {
        let days = csv::read(b"date,name,is_off_day\n2026-10-08,extra,true\n").unwrap();
        let at = |text: &str| firstline_core::Time::from_timestamp(text.parse().unwrap());
        let evening = at("2026-09-30T18:00:00+08:00");
        let opens = || t.desk.plans.get("P3").unwrap().service.next_opening(evening).unwrap();
        assert_eq!(opens(), at("2026-10-08T08:00:00+08:00"));
        import_holidays(&t.desk.db, &t.clock, "cn", &days).await.unwrap();
        t.desk.refresh_plans().await.unwrap();
        assert_eq!(opens(), at("2026-10-09T08:00:00+08:00"));
        assert!(import_holidays(&t.desk.db, &t.clock, "no such/set", &days).await.is_err());
    }
}

/// The facts that ship are the facts the team holds.
#[test]
fn p3_09_the_shipped_holidays_are_the_published_ones() {
    let Some(path) = crate::harness::shared_data::file("cn-holidays.csv") else { return };
    let read = csv::read(&std::fs::read(path).unwrap()).unwrap();
    let sets = HolidaySets::built_in();
    let shipped = sets.get("cn").unwrap();
    let days = |set: &firstline_core::calendar::Holidays| {
        set.days().iter().map(|(date, day)| (*date, day.off)).collect::<Vec<_>>()
    };
    assert_eq!(days(&read), days(shipped));
}
