//! A second counter that knows no sums: it looks at every minute, one after the other, and asks whether
//! it counts. It agrees with the fast one on a hundred thousand generated cases.
use jiff::tz::TimeZone;

use super::*;
use crate::calendar::HolidaySets;
use crate::ticket::Status;

const ZONES: [&str; 20] = [
    "Asia/Shanghai",
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Africa/Cairo",
    "Asia/Beirut",
    "America/Havana",
    "Pacific/Apia",
    "Africa/Casablanca",
];
const CASES_PER_ZONE: usize = 5_000;
/// 2024-01-15 to 2024-12-10 UTC, in minutes: 29 February and every change of clocks of that year.
const ORIGIN: i64 = 1_705_276_800 / 60;
const MINUTES: usize = 330 * 1440;

/// The hours of the generated calendars, Monday first, and dates with hours of their own.
type Week = [&'static [(i32, i32)]; 7];
const SPLIT: &[(i32, i32)] = &[(480, 720), (840, 1080)];
const NIGHT: &[(i32, i32)] = &[(1320, 1800)];
const EARLY: &[(i32, i32)] = &[(30, 150), (165, 240), (1380, 1440)];
const WEEKS: [Week; 4] = [
    [SPLIT, SPLIT, SPLIT, SPLIT, SPLIT, &[], &[]],
    [NIGHT, NIGHT, NIGHT, NIGHT, NIGHT, NIGHT, NIGHT],
    [EARLY, EARLY, EARLY, &[], EARLY, EARLY, EARLY],
    [&[(0, 1440)], SPLIT, NIGHT, &[], EARLY, &[(600, 660)], &[]],
];

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

/// One zone, minute by minute: what the wall clock shows, in minutes since 1970-01-01 local.
struct World {
    wall: Vec<i64>,
    /// The latest the wall clock has shown so far: in a doubled hour it stands still.
    shown: Vec<i64>,
}

impl World {
    fn of(zone: &TimeZone) -> World {
        let wall: Vec<i64> = (0..MINUTES as i64)
            .map(|m| {
                let at = jiff::Timestamp::from_second((ORIGIN + m) * 60).expect("in range");
                ORIGIN + m + i64::from(zone.to_offset(at).seconds()) / 60
            })
            .collect();
        let mut latest = i64::MIN;
        let shown = wall
            .iter()
            .map(|w| {
                latest = latest.max(*w);
                latest
            })
            .collect();
        World { wall, shown }
    }

    /// Whether each minute is open. Dates of `free` have no hours.
    fn open(&self, week: &Week, free: &[i64]) -> Vec<bool> {
        let hours = |day: i64| -> &'static [(i32, i32)] {
            // 1970-01-01 was a Thursday.
            if free.contains(&day) { &[] } else { week[(day + 3).rem_euclid(7) as usize] }
        };
        let open = |shown: &i64| {
            let (day, minute) = (shown.div_euclid(1440), shown.rem_euclid(1440) as i32);
            hours(day).iter().any(|(a, b)| (*a..*b).contains(&minute))
                || hours(day - 1).iter().any(|(a, b)| (*a..*b).contains(&(minute + 1440)))
        };
        self.shown.iter().map(open).collect()
    }

    fn first_shown(&self, from: usize, wall: i64) -> Option<usize> {
        (from..MINUTES).find(|m| self.shown[*m] >= wall)
    }

    /// The same wall time so many dates later; after a gap by as much, of two the first.
    fn same_time(&self, from: usize, days: i64) -> Option<usize> {
        let wanted = self.wall[from] + days * 1440;
        let mut gap = 0;
        for m in from + 1..MINUTES {
            let jump = self.wall[m] - self.wall[m - 1];
            if jump > 1 && self.wall[m - 1] < wanted && wanted < self.wall[m] {
                gap = jump - 1;
            }
            if self.wall[m] == wanted + gap && (gap > 0 || self.wall[m] == wanted) {
                return Some(m);
            }
        }
        None
    }
}

#[derive(Clone, Copy)]
enum Rule {
    /// Minutes while open (`true`) or of all.
    Minutes(usize, bool),
    Days(i64),
    WorkingDays(usize),
}

struct Slow<'a> {
    world: &'a World,
    open: &'a [bool],
    week: &'a Week,
    free: &'a [i64],
}

struct Verdict {
    due: usize,
    met: Option<usize>,
    late: bool,
    paused: bool,
}

impl Slow<'_> {
    /// From which minute how many are counted, and whether only open ones are.
    fn aim(&self, rule: Rule, opened: usize) -> Option<(usize, usize, bool)> {
        match rule {
            Rule::Minutes(n, open) => Some((opened, n, open)),
            Rule::Days(n) => Some((opened, self.world.same_time(opened, n)? - opened, false)),
            Rule::WorkingDays(n) => {
                let day = self.world.wall[opened].div_euclid(1440);
                let hours = |d: i64| {
                    if self.free.contains(&d) { &[] } else { self.week[(d + 3).rem_euclid(7) as usize] }
                };
                let close = |d: i64| hours(d).iter().map(|(_, b)| d * 1440 + i64::from(*b)).max();
                let from = self.world.first_shown(opened, (day + 1) * 1440)?;
                let from = close(day)
                    .map_or(Some(from), |c| self.world.first_shown(opened, c).map(|c| c.max(from)))?;
                let worked = (day + 1..).filter(|d| !hours(*d).is_empty()).nth(n - 1)?;
                let end = self.world.first_shown(from, close(worked)?)?;
                Some((from, (from..end).filter(|m| self.open[*m]).count(), true))
            }
        }
    }

    fn judge(&self, rule: Rule, opened: usize, events: &[(usize, What)], now: usize) -> Option<Verdict> {
        let (from, need, only_open) = self.aim(rule, opened)?;
        // What every minute up to now was: running, waiting or solved.
        let mut status = Status::New;
        let mut marks = Vec::with_capacity(now - opened);
        let mut next = events.iter().peekable();
        let mut waits_since = None;
        for minute in opened..=now {
            while let Some((_, what)) = next.next_if(|(m, _)| *m <= minute) {
                match what {
                    What::Status(s) => status = *s,
                    What::CustomerMessage if status.is_waiting() => status = Status::Open,
                    _ => {}
                }
            }
            let waiting = status.is_waiting();
            waits_since = if waiting { waits_since.or(Some(minute)) } else { None };
            marks.push((waiting, !status.is_open()));
        }
        let solved_since = marks.iter().rposition(|(_, solved)| !solved).map_or(0, |last| last + 1);
        let met = (solved_since < marks.len()).then_some(opened + solved_since);
        let mut left = need;
        let mut due = from.max(opened);
        for minute in opened..MINUTES {
            if left == 0 {
                break;
            }
            let (waiting, solved) = if minute < now { marks[minute - opened] } else { (false, false) };
            let gap = solved && met.is_none_or(|met| minute < met);
            if minute >= from && !waiting && !gap && (!only_open || self.open[minute]) {
                left -= 1;
                due = minute + 1;
            }
        }
        if left > 0 {
            return None;
        }
        let late = met.unwrap_or(now) > due;
        let paused = met.is_none() && waits_since.is_some_and(|since| since < due);
        Some(Verdict { due, met, late, paused })
    }
}

fn plan_text(zone: &str, week: &Week, free: &[i64], lengths: &[String; 4]) -> String {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let clock = |m: i32| format!("{:02}:{:02}", (m % 1440) / 60, m % 60);
    let time = |(a, b): &(i32, i32)| {
        format!("\"{}-{}\"", clock(*a), if *b == 1440 { "24:00".into() } else { clock(*b) })
    };
    let hours: Vec<String> = days
        .iter()
        .zip(week)
        .map(|(d, shifts)| format!("{d} = [{}]", shifts.iter().map(time).collect::<Vec<_>>().join(", ")))
        .collect();
    let epoch = jiff::civil::date(1970, 1, 1);
    let free: Vec<String> = free
        .iter()
        .map(|d| {
            format!("{{ date = \"{}\", why = \"free\" }}", epoch.saturating_add(jiff::Span::new().days(*d)))
        })
        .collect();
    let targets: Vec<String> = lengths
        .iter()
        .enumerate()
        .map(|(n, l)| {
            format!(
                "[[targets]]\nmilestone = \"resolve\"\nseverity = {}\nwithin = \"{l}\"\ncalendar = \"{}\"\n",
                n + 1,
                if n == 1 { "24x7" } else { "own" }
            )
        })
        .collect();
    format!(
        "id = \"slow\"\nversion = 1\ntime_zone = \"{zone}\"\nseverity = \"P6-35\"\n[title]\nzh-CN = \"s\"\nen = \"s\"\n\
         [calendars.own]\nhours = {{ {} }}\ndays = [{}]\n{}\n[pauses]\nstatuses = [\"waiting_for_customer\", \"waiting_for_third_party\"]\n",
        hours.join(", "),
        free.join(", "),
        targets.join("\n")
    )
}

fn history(random: &mut Random, opened: usize, severity: u8) -> Vec<(usize, What)> {
    let mut minute = opened;
    let mut severity = severity;
    (0..random.below(8))
        .map(|_| {
            let spread = [40, 400, 3000][random.below(3)];
            minute += 1 + random.below(spread);
            let what = match random.below(9) {
                0 | 1 => What::Status(Status::WaitingForCustomer),
                2 => What::Status(Status::WaitingForThirdParty),
                3 => What::Status(Status::Open),
                4 => What::Status(Status::Resolved),
                5 => What::Status(Status::Closed),
                6 => What::CustomerMessage,
                7 => What::AgentMessage,
                _ => {
                    severity = severity % 4 + 1;
                    What::Severity(severity)
                }
            };
            (minute, what)
        })
        .collect()
}

fn instant(minute: usize) -> Time {
    Time((ORIGIN + minute as i64) * 60_000)
}

#[test]
fn the_slow_counter_agrees_on_a_hundred_thousand_cases() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut cases, mut paused, mut late, mut met) = (0, 0, 0, 0);
    for zone in ZONES {
        let world = World::of(&TimeZone::get(zone).expect("a zone"));
        for week in &WEEKS {
            let free: Vec<i64> = (0..12)
                .map(|_| (ORIGIN / 1440) + random.below(330) as i64)
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect();
            let open = world.open(week, &free);
            let (minutes, all, days, working) =
                (1 + random.below(900), 1 + random.below(6000), 1 + random.below(6), 1 + random.below(4));
            let lengths =
                [format!("{minutes}min"), format!("{all}min"), format!("{days}d"), format!("{working}wd")];
            let rules = [
                Rule::Minutes(minutes, true),
                Rule::Minutes(all, false),
                Rule::Days(days as i64),
                Rule::WorkingDays(working),
            ];
            let plan = Plan::parse("slow", &plan_text(zone, week, &free, &lengths), &HolidaySets::built_in())
                .expect("a plan");
            let slow = Slow { world: &world, open: &open, week, free: &free };
            for _ in 0..CASES_PER_ZONE / WEEKS.len() {
                let opened = 3 * 1440 + random.below(MINUTES - 60 * 1440);
                let level = 1 + random.below(4) as u8;
                let happened = history(&mut random, opened, level);
                let last = happened.last().map_or(opened, |(m, _)| *m);
                let now = last + random.below(4000);
                let mut events = vec![ClockEvent {
                    at: instant(opened),
                    what: What::opened(Kind::Fault, level, Difficulty::Ordinary, None),
                }];
                events.extend(
                    happened.iter().map(|(m, what)| ClockEvent { at: instant(*m), what: what.clone() }),
                );
                let fast = replay(&plan, &events, instant(now)).pop().expect("a clock");

                let mut severity = level;
                let mut broken = false;
                for (nth, (minute, what)) in happened.iter().enumerate() {
                    if let What::Severity(next) = what {
                        let then =
                            slow.judge(rules[usize::from(severity) - 1], opened, &happened[..nth], *minute);
                        broken |= then.expect("within the year").late;
                        severity = *next;
                    }
                }
                let verdict = slow
                    .judge(rules[usize::from(severity) - 1], opened, &happened, now)
                    .expect("within the year");
                let said = format!(
                    "{zone}, {lengths:?}, opened {}, level {level}, {happened:?}, now {now}",
                    instant(opened)
                );
                assert_eq!(fast.due_at, instant(verdict.due), "{said}");
                assert_eq!(fast.met_at, verdict.met.map(instant), "{said}");
                let state = match (broken || verdict.late, verdict.met, verdict.paused) {
                    (true, _, _) => ClockState::Breached,
                    (_, Some(_), _) => ClockState::Met,
                    (_, _, true) => ClockState::Paused,
                    _ => ClockState::Running,
                };
                assert_eq!(fast.state, state, "{said}");
                cases += 1;
                late += usize::from(state == ClockState::Breached);
                met += usize::from(state == ClockState::Met);
                paused += usize::from(state == ClockState::Paused);
            }
        }
    }
    assert!(
        cases >= 100_000 && paused > 2_000 && late > 2_000 && met > 2_000,
        "{cases} {paused} {late} {met}"
    );
}
