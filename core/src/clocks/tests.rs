//! The promises of the ten plans as instants: each test bears the number of the commitment it proves.
use std::sync::Arc;

use super::*;
use crate::plan::Plans;
use crate::ticket::{Mode, Status};

pub(super) fn at(text: &str) -> Time {
    Time::from_timestamp(format!("{text}:00+08:00").parse().expect("a time"))
}

fn plan(id: &str) -> Arc<Plan> {
    Plans::built_in().get(id).expect("the plan ships")
}

/// A case under a plan: opened, then what happened, then looked at.
struct Case {
    plan: Arc<Plan>,
    events: Vec<ClockEvent>,
}

impl Case {
    fn new(id: &str, kind: Kind, severity: u8, opened: &str) -> Case {
        let what = What::opened(kind, severity, Difficulty::Ordinary, None);
        Case { plan: plan(id), events: vec![ClockEvent { at: at(opened), what }] }
    }

    fn then(mut self, when: &str, what: What) -> Case {
        self.events.push(ClockEvent { at: at(when), what });
        self
    }

    fn seen(&self, now: &str) -> Vec<ClockReading> {
        replay(&self.plan, &self.events, at(now))
    }

    fn clock(&self, milestone: Milestone, now: &str) -> ClockReading {
        let found = self.seen(now).into_iter().find(|r| r.milestone == milestone);
        found.unwrap_or_else(|| panic!("{} promises {milestone}", self.plan.id))
    }

    /// Names of what is promised, with the due times, right after the last event.
    fn due(&self) -> Vec<(&'static str, Time)> {
        let now = self.events.last().expect("an opening").at;
        replay(&self.plan, &self.events, now).iter().map(|r| (r.milestone.as_str(), r.due_at)).collect()
    }
}

fn promised(id: &str, kind: Kind, severity: u8, opened: &str) -> Vec<(&'static str, Time)> {
    Case::new(id, kind, severity, opened).due()
}

fn list(pairs: &[(&'static str, &str)]) -> Vec<(&'static str, Time)> {
    pairs.iter().map(|(name, when)| (*name, at(when))).collect()
}

use Kind::*;
use Milestone as M;
use Status::*;

#[test]
fn p1_06_urgent_faults_run_at_any_hour_others_in_working_hours() {
    // Friday 2026-09-18, 20:00; Sunday the 20th is worked to make up for National Day.
    assert_eq!(
        promised("P1", Fault, 1, "2026-09-18T20:00"),
        list(&[("first_response", "2026-09-18T21:00"), ("resolve", "2026-09-18T22:00")])
    );
    assert_eq!(
        promised("P1", Fault, 3, "2026-09-18T20:00"),
        list(&[("first_response", "2026-09-20T10:00"), ("resolve", "2026-09-22T18:00")])
    );
    assert_eq!(promised("P1", Emergency, 4, "2026-09-18T20:00")[0].1, at("2026-09-18T21:00"));
}

#[test]
fn p1_02_each_kind_has_its_own_targets() {
    assert_eq!(
        promised("P1", Question, 3, "2026-09-16T17:30"),
        list(&[("first_response", "2026-09-17T09:30")])
    );
    let monthly = promised("P1", DataProcessing, 3, "2026-01-31T10:00");
    assert_eq!(monthly[1], ("resolve", at("2026-02-28T10:00")));
}

#[test]
fn p2_07_response_and_visit_follow_the_level() {
    let first: Vec<Time> =
        (1..=4).map(|level| promised("P2", Fault, level, "2026-03-02T09:00")[0].1).collect();
    let hours = |h: i64| at("2026-03-02T09:00").plus_seconds(h * 3600);
    assert_eq!(first, [at("2026-03-02T09:30"), hours(1), hours(4), hours(8)]);
    // On site counts from the moment both sides agree to go there.
    let case = Case::new("P2", EquipmentFault, 1, "2026-03-02T09:00")
        .then("2026-03-02T11:00", What::Mode(Mode::OnSite));
    assert_eq!(case.clock(M::OnSite, "2026-03-02T11:00").due_at, at("2026-03-02T15:00"));
}

#[test]
fn p2_11_a_question_has_no_repair_clock() {
    // The default plan is nobody's contract and promises an end to questions, too.
    for plan in Plans::built_in().all().into_iter().filter(|plan| plan.id != crate::plan::DEFAULT) {
        let clocks = at_opening(&plan, Question, 2, at("2026-03-02T09:00"));
        assert!(clocks.iter().all(|c| c.milestone != M::Resolve), "{}", plan.id);
    }
}

#[test]
fn p3_07_the_answer_is_due_in_72_elapsed_hours() {
    // The eve of National Day: the holidays do not stop it.
    for kind in [Fault, Question, Complaint, ChangeRequest] {
        assert_eq!(
            promised("P3", kind, 2, "2026-09-30T17:40"),
            list(&[("first_response", "2026-10-03T17:40")])
        );
    }
}

#[test]
fn p3_09_two_spans_a_day_holidays_and_make_up_days() {
    let service = plan("P3").service.clone();
    let open = |text: &str| service.is_open(at(text));
    assert!(open("2026-09-30T17:40") && !open("2026-09-30T13:00") && !open("2026-09-30T18:00"));
    // 1 to 7 October are free, Saturday the 10th is worked, Sunday the 11th is not.
    assert_eq!(service.next_opening(at("2026-09-30T18:00")), Some(at("2026-10-08T08:00")));
    assert_eq!(service.next_opening(at("2026-10-09T18:00")), Some(at("2026-10-10T08:00")));
    assert_eq!(service.next_opening(at("2026-10-10T18:00")), Some(at("2026-10-12T08:00")));
    // Four hours of a morning are full at 12:00, not at 14:00.
    assert_eq!(service.advance(at("2026-09-30T08:00"), 4 * 3_600_000), Some(at("2026-09-30T12:00")));
    assert_eq!(service.advance(at("2026-09-30T17:40"), 30 * 60_000), Some(at("2026-10-08T08:10")));
    assert_eq!(service.retreat(at("2026-10-08T08:10"), 30 * 60_000), Some(at("2026-09-30T17:40")));
}

#[test]
fn p4_07_a_confirmed_plan_replaces_the_two_hours() {
    let case = Case::new("P4", Fault, 2, "2026-10-03T02:00");
    assert_eq!(case.due(), list(&[("first_response", "2026-10-03T02:10"), ("resolve", "2026-10-03T04:00")]));
    let plan_date = What::PlanConfirmed(at("2026-10-09T18:00"));
    let case = case.then("2026-10-03T03:30", plan_date);
    let resolve = case.clock(M::Resolve, "2026-10-05T00:00");
    assert_eq!((resolve.due_at, resolve.state), (at("2026-10-09T18:00"), ClockState::Running));
    let late = case.then("2026-10-09T18:30", What::Status(Resolved)).clock(M::Resolve, "2026-10-10T00:00");
    assert_eq!((late.state, late.breached_by_seconds), (ClockState::Breached, 1800));
}

#[test]
fn p4_07_a_plan_confirmed_too_late_leaves_the_breach_on_record() {
    let case = Case::new("P4", Fault, 2, "2026-10-03T02:00")
        .then("2026-10-03T04:14", What::PlanConfirmed(at("2026-10-09T18:00")));
    let resolve = case.clock(M::Resolve, "2026-10-04T00:00");
    assert_eq!((resolve.state, resolve.due_at), (ClockState::Breached, at("2026-10-09T18:00")));
    assert_eq!((resolve.breached_at, resolve.breached_by_seconds), (Some(at("2026-10-03T04:00")), 14 * 60));
}

#[test]
fn p4_08_wishes_have_a_week_and_a_month() {
    assert_eq!(promised("P4", Usability, 4, "2026-02-20T16:20"), list(&[("resolve", "2026-02-27T16:20")]));
    assert_eq!(promised("P4", Performance, 3, "2026-01-31T16:20"), list(&[("resolve", "2026-02-28T16:20")]));
    assert_eq!(promised("P4", Performance, 3, "2024-01-31T16:20"), list(&[("resolve", "2024-02-29T16:20")]));
}

#[test]
fn p4_09_an_emergency_has_three_milestones_on_two_calendars() {
    // Wednesday before National Day, at night: the next working days are the 8th, 9th and Saturday the 10th.
    let case = Case::new("P4", Emergency, 1, "2026-09-30T22:00");
    let due = [
        ("dispatch", "2026-09-30T23:00"),
        ("contingency_plan", "2026-10-08T18:00"),
        ("fix_plan", "2026-10-10T18:00"),
    ];
    assert_eq!(case.due(), list(&due));
    let case = case
        .then("2026-09-30T22:40", What::Mode(Mode::OnSite))
        .then("2026-10-08T10:00", What::PlanProposed)
        .then("2026-10-10T18:00", What::PlanConfirmed(at("2026-10-20T18:00")));
    let met: Vec<Option<Time>> = case.seen("2026-10-11T00:00").iter().map(|r| r.met_at).collect();
    assert_eq!(
        met,
        [Some(at("2026-09-30T22:40")), Some(at("2026-10-08T10:00")), Some(at("2026-10-10T18:00"))]
    );
    assert!(case.seen("2026-10-11T00:00").iter().all(|r| r.state == ClockState::Met));
}

#[test]
fn p4_10_a_breach_keeps_its_length_whatever_changes_later() {
    let case = Case::new("default", Fault, 1, "2026-03-02T09:00").then("2026-03-02T12:00", What::Severity(4));
    let resolve = case.clock(M::Resolve, "2026-03-02T13:00");
    assert_eq!((resolve.state, resolve.due_at), (ClockState::Breached, at("2026-03-09T09:00")));
    assert_eq!(resolve.breaches, [Breach { due_at: at("2026-03-02T11:00"), seconds: 3600 }]);
    // In the second of the due time itself nothing was broken yet.
    let case = Case::new("default", Fault, 1, "2026-03-02T09:00").then("2026-03-02T11:00", What::Severity(4));
    assert_eq!(case.clock(M::Resolve, "2026-03-02T13:00").state, ClockState::Running);
    // A kind without the promise does not wipe it out.
    let case = Case::new("P4", Fault, 1, "2026-03-02T09:00").then("2026-03-02T09:30", What::Kind(Question));
    let first = case.clock(M::FirstResponse, "2026-03-02T10:00");
    assert_eq!((first.state, first.breached_by_seconds, first.applies), (ClockState::Breached, 1200, false));
}

#[test]
fn p4_10_a_breach_that_no_longer_applies_keeps_its_sum() {
    let case = Case::new("P4", Fault, 2, "2026-11-25T09:00")
        .then("2026-11-25T09:14", What::AgentMessage)
        .then("2026-11-25T09:30", What::Kind(Emergency));
    let explained = explain(&case.plan, &case.events, at("2026-11-25T12:00"));
    let first = explained.iter().find(|e| e.reading.milestone == M::FirstResponse).expect("on record");
    assert_eq!((first.reading.state, first.reading.breached_by_seconds), (ClockState::Breached, 240));
    assert_eq!(first.account.iter().map(|e| e.counted_seconds).sum::<i64>(), 600);
    assert_eq!(first.account.last().expect("a sum").to, first.reading.due_at);
}

#[test]
fn p5_02_p5_07_software_faults_by_level() {
    let due = |level| promised("P5", Fault, level, "2026-10-01T00:00");
    assert_eq!(
        due(1),
        list(&[
            ("first_response", "2026-10-01T00:10"),
            ("plan", "2026-10-01T01:00"),
            ("resolve", "2026-10-01T00:30")
        ])
    );
    assert_eq!((due(2)[2].1, due(3)[2].1), (at("2026-10-01T01:00"), at("2026-10-01T02:00")));
}

#[test]
fn p5_01_p5_04_equipment_at_night_and_on_holidays() {
    let case = Case::new("P5", EquipmentFault, 2, "2026-10-01T03:00");
    let due = [
        ("first_response", "2026-10-01T03:30"),
        ("plan", "2026-10-01T04:00"),
        ("on_site", "2026-10-01T05:00"),
        ("substitute", "2026-10-02T03:00"),
        ("resolve", "2026-10-02T03:00"),
    ];
    assert_eq!(case.due(), list(&due));
    let case =
        case.then("2026-10-01T04:59", What::Arrived).then("2026-10-02T02:00", What::SubstituteProvided);
    let state = |m| case.clock(m, "2026-10-03T00:00").state;
    assert_eq!(
        (state(M::OnSite), state(M::Substitute), state(M::Resolve)),
        (ClockState::Met, ClockState::Met, ClockState::Met)
    );
}

#[test]
fn p5_05_the_report_is_due_three_days_after_the_repair_on_site() {
    let case = Case::new("P5", Fault, 1, "2026-02-26T09:00");
    assert!(case.due().iter().all(|(name, _)| *name != "report"), "no repair on site, no report");
    let case =
        case.then("2026-02-26T15:20", What::RepairedOnSite).then("2026-02-26T15:30", What::Status(Resolved));
    let report = case.clock(M::Report, "2026-02-27T00:00");
    assert_eq!((report.due_at, report.state), (at("2026-03-01T15:20"), ClockState::Running));
    let sent = case.then("2026-03-01T15:20", What::ReportSent).clock(M::Report, "2026-03-02T00:00");
    assert_eq!(sent.state, ClockState::Met, "due exactly: kept");
}

#[test]
fn p6_05_a_changed_severity_recomputes_from_the_opening() {
    let case = Case::new("P6", Fault, 3, "2026-10-01T08:00")
        .then("2026-10-01T08:10", What::Status(WaitingForCustomer))
        .then("2026-10-01T08:40", What::CustomerMessage)
        .then("2026-10-01T09:00", What::Severity(1));
    let now = "2026-10-01T09:00";
    assert_eq!(case.clock(M::Resolve, now).due_at, at("2026-10-01T10:30"), "the pause stays the ticket's");
    assert_eq!(case.clock(M::Plan, now).due_at, at("2026-10-01T10:30"));
    assert_eq!(case.clock(M::FirstResponse, now).due_at, at("2026-10-01T10:00"), "never pauses");
}

#[test]
fn p6_08_nobody_waits_longer_than_two_hours_without_word() {
    let case = Case::new("P6", Question, 4, "2026-10-01T08:00");
    assert_eq!(
        case.due(),
        list(&[("first_response", "2026-10-01T10:00"), ("next_update", "2026-10-01T10:00")])
    );
    let case =
        case.then("2026-10-01T09:00", What::AutomaticMessage).then("2026-10-01T09:30", What::AgentMessage);
    let next = case.clock(M::NextUpdate, "2026-10-01T09:30");
    assert_eq!((next.due_at, next.state), (at("2026-10-01T11:30"), ClockState::Running));
    // A word half an hour too late: the breach is on record, and the next two hours run.
    let case = case.then("2026-10-01T12:00", What::AgentMessage);
    let next = case.clock(M::NextUpdate, "2026-10-01T12:30");
    assert_eq!(
        (next.state, next.breached_by_seconds, next.due_at),
        (ClockState::Breached, 1800, at("2026-10-01T14:00"))
    );
    let case =
        case.then("2026-10-01T13:00", What::Status(Resolved)).then("2026-10-02T08:00", What::Status(Open));
    assert_eq!(case.clock(M::NextUpdate, "2026-10-02T08:00").due_at, at("2026-10-02T10:00"));
}

#[test]
fn p6_24_p6_25_a_person_answers_within_two_hours_on_any_day() {
    let case = Case::new("P6", Fault, 1, "2026-10-01T23:30");
    assert_eq!(case.clock(M::FirstResponse, "2026-10-01T23:30").due_at, at("2026-10-02T01:30"));
    let told = case.then("2026-10-01T23:31", What::AutomaticMessage);
    assert_eq!(told.clock(M::FirstResponse, "2026-10-02T01:31").state, ClockState::Breached);
    let met = told.then("2026-10-02T01:30", What::AgentMessage).clock(M::FirstResponse, "2026-10-03T00:00");
    assert_eq!((met.state, met.met_at), (ClockState::Met, Some(at("2026-10-02T01:30"))));
}

#[test]
fn p6_35_levels_have_their_times_to_solve() {
    let resolve = |level| {
        Case::new("P6", Fault, level, "2026-02-27T16:00").clock(M::Resolve, "2026-02-27T16:00").due_at
    };
    let due = ["2026-02-27T18:00", "2026-02-27T20:00", "2026-03-02T16:00", "2026-03-06T16:00"];
    assert_eq!([1, 2, 3, 4].map(resolve), due.map(at));
}

#[test]
fn p6_35_reopening_continues_without_the_gap() {
    let case = Case::new("P6", Fault, 2, "2026-03-02T09:00")
        .then("2026-03-02T10:00", What::Status(Resolved))
        .then("2026-03-05T10:00", What::Status(Open));
    let resolve = case.clock(M::Resolve, "2026-03-05T10:00");
    assert_eq!((resolve.due_at, resolve.state), (at("2026-03-05T13:00"), ClockState::Running));
    assert_eq!(resolve.remaining_seconds, 3 * 3600);
}

#[test]
fn p7_01_two_hours_and_a_day_at_every_level() {
    for level in 1..=4 {
        assert_eq!(
            promised("P7", Fault, level, "2026-02-17T23:00"),
            list(&[("first_response", "2026-02-18T01:00"), ("resolve", "2026-02-18T23:00")])
        );
    }
}

#[test]
fn p8_01_a_proposal_within_two_days_of_an_inquiry() {
    assert_eq!(promised("P8", Inquiry, 3, "2026-10-02T15:00"), list(&[("plan", "2026-10-04T15:00")]));
    assert!(promised("P8", Fault, 1, "2026-10-02T15:00").is_empty());
}

#[test]
fn p8_04_sent_in_equipment_is_back_within_five_working_days() {
    // It arrives on Monday the 28th: 29th, 30th, then after the holidays 8th, 9th and Saturday the 10th.
    let case = Case::new("P8", Return, 3, "2026-09-24T10:00").then("2026-09-28T10:00", What::Returned);
    assert_eq!(case.due(), list(&[("return", "2026-10-10T18:00")]));
    // Without that event it counts from the report: Thursday, then 28, 29, 30, 8, 9 (25 is Mid-Autumn).
    assert_eq!(promised("P8", Return, 3, "2026-09-24T10:00"), list(&[("return", "2026-10-09T18:00")]));
    let back = case.then("2026-10-10T18:00", What::Status(Resolved)).clock(M::Return, "2026-10-12T00:00");
    assert_eq!(back.state, ClockState::Met);
}

#[test]
fn p9_06_the_phone_is_answered_on_weekdays_and_never_on_make_up_days() {
    let phone = plan("P9").service.clone();
    assert_eq!(
        phone.next_opening(at("2026-10-09T17:00")),
        Some(at("2026-10-12T08:30")),
        "the 10th stays free"
    );
    assert!(phone.is_open(at("2026-10-09T16:59")) && !phone.is_open(at("2026-10-05T10:00")));
}

#[test]
fn p9_07_on_site_within_48_hours_of_the_decision_to_go() {
    let case = Case::new("P9", Fault, 2, "2026-10-01T09:00");
    assert_eq!(case.due(), list(&[("on_site", "2026-10-03T09:00")]));
    let case = case.then("2026-10-01T12:00", What::Mode(Mode::OnSite));
    assert_eq!(case.due(), list(&[("on_site", "2026-10-03T12:00")]));
    assert_eq!(
        case.then("2026-10-03T12:00", What::Arrived).clock(M::OnSite, "2026-10-04T00:00").state,
        ClockState::Met
    );
}

#[test]
fn p9_07_a_ticket_in_a_chat_has_no_visit_until_one_is_decided() {
    let what = What::Opened {
        kind: Fault,
        severity: 2,
        difficulty: Difficulty::Ordinary,
        region: None,
        mode: Some(Mode::Chat),
    };
    let events = [ClockEvent { at: at("2026-10-01T09:00"), what }];
    assert!(replay(&plan("P9"), &events, at("2026-10-05T09:00")).is_empty());
}

#[test]
fn p9_07_p10_03_what_is_no_fault_is_visited_once_somebody_decided_to_go() {
    let asked = Case::new("P9", Question, 2, "2026-10-01T09:00");
    assert!(asked.due().is_empty());
    let visited = asked.then("2026-10-01T12:00", What::Mode(Mode::OnSite));
    assert_eq!(visited.due(), list(&[("on_site", "2026-10-03T12:00")]));
    let mut near = Case::new("P10", Complaint, 3, "2026-03-02T09:00");
    near.events[0].what = What::opened(Complaint, 3, Difficulty::Ordinary, Some("around_beijing".into()));
    assert_eq!(near.due(), list(&[("first_response", "2026-03-02T10:00")]));
    let near = near.then("2026-03-02T09:30", What::Mode(Mode::OnSite));
    assert_eq!(near.clock(M::OnSite, "2026-03-02T09:30").due_at, at("2026-03-02T21:30"));
}

#[test]
fn p10_01_a_difficult_question_has_a_plan_within_three_working_days() {
    let case = Case::new("P10", Question, 3, "2026-02-13T16:30")
        .then("2026-02-13T17:00", What::Difficulty(Difficulty::Difficult));
    // The 14th is worked, the 15th to the 23rd are free.
    assert_eq!(case.due(), list(&[("first_response", "2026-02-13T17:30"), ("plan", "2026-02-25T18:00")]));
}

#[test]
fn p10_01_a_difficult_case_changes_its_clocks() {
    let case = Case::new("P10", Fault, 3, "2026-09-30T09:00");
    assert_eq!(case.due(), list(&[("first_response", "2026-09-30T10:00"), ("resolve", "2026-09-30T17:00")]));
    let case = case.then("2026-09-30T09:20", What::Difficulty(Difficulty::Difficult));
    assert_eq!(case.due(), list(&[("first_response", "2026-09-30T10:00"), ("plan", "2026-10-10T18:00")]));
}

#[test]
fn p10_03_on_site_by_region() {
    for (region, due) in [
        ("beijing", "2026-03-02T11:00"),
        ("around_beijing", "2026-03-02T21:00"),
        ("other", "2026-03-04T09:00"),
    ] {
        let mut case = Case::new("P10", Fault, 3, "2026-03-02T09:00");
        case.events[0].what = What::opened(Fault, 3, Difficulty::Ordinary, Some(region.into()));
        assert_eq!(case.clock(M::OnSite, "2026-03-02T09:00").due_at, at(due), "{region}");
    }
}

#[test]
fn p5_15_waiting_pauses_everything_but_the_first_response() {
    let case = Case::new("P7", Fault, 2, "2026-03-02T09:00")
        .then("2026-03-02T10:00", What::Status(WaitingForThirdParty));
    let (first, resolve) =
        (case.clock(M::FirstResponse, "2026-03-02T12:00"), case.clock(M::Resolve, "2026-03-02T12:00"));
    assert_eq!(first.state, ClockState::Breached);
    // While paused: when it would be due if the pause ended now.
    assert_eq!((resolve.state, resolve.due_at), (ClockState::Paused, at("2026-03-03T11:00")));
    assert_eq!(resolve.remaining_seconds, 23 * 3600);
    // Any word of the customer resumes, whomever the case waited for.
    let wrote = case.then("2026-03-02T12:00", What::CustomerMessage).clock(M::Resolve, "2026-03-02T13:00");
    assert_eq!((wrote.state, wrote.due_at), (ClockState::Running, at("2026-03-03T11:00")));
}

#[test]
fn the_account_adds_up_to_the_target_day_by_day() {
    let case = Case::new("P4", Emergency, 1, "2026-09-30T22:00");
    let explained = explain(&case.plan, &case.events, at("2026-09-30T22:00"));
    let fix = explained.iter().find(|e| e.reading.milestone == M::FixPlan).expect("a fix plan");
    assert_eq!(fix.account.iter().map(|e| e.counted_seconds).sum::<i64>(), 3 * 9 * 3600);
    assert_eq!(fix.account[0].why, Why::DayOfReport);
    assert!(fix.account.iter().any(|e| e.why == Why::Holiday("国庆节".into())));
    assert!(
        fix.account
            .iter()
            .any(|e| e.why == Why::OpenMakeUp("国庆节".into()) && e.counted_seconds == 9 * 3600)
    );
    let joined = fix.account.windows(2).all(|pair| pair[0].to == pair[1].from);
    assert!(
        joined
            && fix.account[0].from == at("2026-09-30T22:00")
            && fix.account.last().unwrap().to == fix.reading.due_at
    );
}
