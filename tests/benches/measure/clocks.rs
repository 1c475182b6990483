//! Clocks by themselves: a replay of 100,000 open tickets under all plans on one core, and of one ticket.
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use firstline_core::Time;
use firstline_core::clocks::{self, ClockEvent, What};
use firstline_core::plan::{Difficulty, Plan, Plans};
use firstline_core::ticket::{Kind, Status};

use crate::stats::{row, summary};

const TICKETS: usize = 100_000;
/// 2026-09-28 09:00 in China; the holidays lie ahead.
const START: i64 = 1_790_557_200_000;
const HOUR: i64 = 3_600_000;

pub fn measure() {
    let tickets: Vec<(Arc<Plan>, Vec<ClockEvent>)> = (0..TICKETS).map(ticket).collect();
    let now = Time(START + 14 * 24 * HOUR);
    let pass = || {
        let started = Instant::now();
        let sum: usize = tickets.iter().map(|(plan, events)| clocks::replay(plan, events, now).len()).sum();
        (started.elapsed(), black_box(sum))
    };
    let (cold, clocks) = pass();
    let (warm, _) = pass();
    let figure = format!("{:.2} s, again {:.2} s ({clocks} clocks)", cold.as_secs_f64(), warm.as_secs_f64());
    row("evaluation pass over 100,000 open tickets, one core", &figure, "≤ 2 s");
    let each: Vec<Duration> = tickets
        .iter()
        .step_by(20)
        .map(|(plan, events)| {
            let started = Instant::now();
            black_box(clocks::replay(plan, events, now));
            started.elapsed()
        })
        .collect();
    row("one ticket", &summary(each), "≤ 50 µs");
}

/// A ticket of one of the plans with an ordinary life: answered, waiting, resumed, a level changed.
fn ticket(n: usize) -> (Arc<Plan>, Vec<ClockEvent>) {
    thread_local! {
        static PLANS: Vec<Arc<Plan>> = Plans::built_in().all();
    }
    let plan = PLANS.with(|plans| plans[n % plans.len()].clone());
    let n = n as i64;
    let opened = START + (n * 7_919) % (10 * 24 * HOUR);
    let levels = plan.levels();
    let level = |k: i64| levels[(n + k) as usize % levels.len()];
    let at = |hours: i64, what: What| ClockEvent { at: Time(opened + hours * HOUR / 4), what };
    let kind = Kind::ALL[n as usize % Kind::ALL.len()];
    let mut events = vec![at(0, What::opened(kind, level(0), Difficulty::Ordinary, None))];
    if n % 3 != 0 {
        events.push(at(1 + n % 5, What::AgentMessage));
        events.push(at(8, What::Status(Status::WaitingForCustomer)));
        events.push(at(20 + n % 40, What::CustomerMessage));
        events.push(at(60, What::Status(Status::Open)));
    }
    if n % 7 == 0 {
        events.push(at(70, What::Severity(level(1))));
    }
    (plan, events)
}
