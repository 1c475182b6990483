//! Clocks against a slow oracle that knows nothing of spans: it counts the seconds one by one.
use firstline_core::Time;
use firstline_core::clocks::{ClockEvent, ClockState, What, replay};
use firstline_core::plan::{DEFAULT, Difficulty, Milestone, Plan, Plans};
use firstline_core::ticket::{Kind, Status};
use proptest::prelude::*;

fn plan() -> std::sync::Arc<Plan> {
    Plans::built_in().get(DEFAULT).expect("the default plan ships")
}

fn opened(severity: u8) -> What {
    What::opened(Kind::Fault, severity, Difficulty::Ordinary, None)
}

fn at(seconds: i64) -> Time {
    Time(1_790_557_200_000).plus_seconds(seconds)
}

/// Seconds in which the promise was running from the opening to `to`, counted one by one.
fn counted(events: &[(i64, What)], to: i64) -> i64 {
    (0..to)
        .filter(|second| {
            let status =
                events.iter().rfind(|(when, what)| when <= second && matches!(what, What::Status(_)));
            !matches!(
                status,
                Some((
                    _,
                    What::Status(
                        Status::WaitingForCustomer
                            | Status::WaitingForThirdParty
                            | Status::Resolved
                            | Status::Closed
                    )
                ))
            )
        })
        .count() as i64
}

fn statuses() -> impl Strategy<Value = Vec<(i64, Status)>> {
    let status = prop_oneof![
        Just(Status::Open),
        Just(Status::WaitingForCustomer),
        Just(Status::WaitingForThirdParty),
        Just(Status::Resolved),
        Just(Status::Closed),
    ];
    proptest::collection::vec((1i64..12_000, status), 0..8).prop_map(|mut v| {
        v.sort_by_key(|(at, _)| *at);
        v
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// At its due time exactly the promised seconds have been counted, whatever was paused or reopened
    /// before; and the state follows from that alone.
    #[test]
    fn p6_35_due_time_is_where_the_counted_seconds_are_full(history in statuses(), now in 0i64..15_000, level in 1u8..=2) {
        let history: Vec<(i64, What)> =
            history.into_iter().filter(|(at, _)| *at <= now).map(|(at, s)| (at, What::Status(s))).collect();
        let mut events = vec![ClockEvent { at: at(0), what: opened(level) }];
        events.extend(history.iter().map(|(when, what)| ClockEvent { at: at(*when), what: what.clone() }));

        let readings = replay(&plan(), &events, at(now));
        let resolve = readings.iter().find(|r| r.milestone == Milestone::Resolve).expect("a resolve clock");
        let target = if level == 1 { 7_200 } else { 14_400 };
        prop_assert_eq!(resolve.target_seconds, target);

        let used = counted(&history, now);
        let solved = matches!(history.last(), Some((_, What::Status(Status::Resolved | Status::Closed))));
        let paused = matches!(
            history.last(),
            Some((_, What::Status(Status::WaitingForCustomer | Status::WaitingForThirdParty)))
        );
        let expected = match (used > target, solved, paused) {
            (true, _, _) => ClockState::Breached,
            (false, true, _) => ClockState::Met,
            (false, false, true) => ClockState::Paused,
            (false, false, false) => ClockState::Running,
        };
        prop_assert_eq!(resolve.state, expected, "used {} of {} s at {}", used, target, now);
        if expected == ClockState::Running || expected == ClockState::Paused {
            prop_assert_eq!(resolve.due_at, at(now + target - used));
        }
    }
}

#[test]
fn first_response_never_pauses_and_is_met_by_a_person_of_the_staff() {
    let opened = ClockEvent { at: at(0), what: opened(2) };
    let waiting = ClockEvent { at: at(60), what: What::Status(Status::WaitingForCustomer) };
    let answer = ClockEvent { at: at(540), what: What::AgentMessage };
    let first = |events: &[ClockEvent], now: i64| {
        replay(&plan(), events, at(now))
            .into_iter()
            .find(|r| r.milestone == Milestone::FirstResponse)
            .expect("a clock")
    };
    assert_eq!(first(&[opened.clone(), waiting.clone()], 600).state, ClockState::Running);
    assert_eq!(first(&[opened.clone(), waiting.clone()], 601).state, ClockState::Breached);
    let met = first(&[opened, waiting, answer], 10_000);
    assert_eq!((met.state, met.met_at, met.due_at), (ClockState::Met, Some(at(540)), at(600)));
}

#[test]
fn p6_05_a_changed_severity_recomputes_the_due_time_from_the_opening() {
    let events =
        [ClockEvent { at: at(0), what: opened(3) }, ClockEvent { at: at(3_600), what: What::Severity(1) }];
    let resolve =
        replay(&plan(), &events, at(3_700)).into_iter().find(|r| r.milestone == Milestone::Resolve).unwrap();
    assert_eq!(resolve.due_at, at(7_200));
}
