//! The clock chip: how a promise stands, in two words and one colour.
use firstline_core::Time;
use firstline_core::clocks::ClockState;
use firstline_core::ticket::{ClockRow, Status};

use crate::pages::times::span;
use crate::texts::Lang;

/// Less than this is left: worth a look before anything else.
const SOON_MILLIS: i64 = 30 * 60_000;

/// What the template part `chip` draws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// `running`, `soon`, `overdue`, `paused`, `kept`, `missed` or `none`; also the CSS class.
    pub look: &'static str,
    pub icon: &'static str,
    pub text: String,
    pub due_at: Option<Time>,
}

impl Chip {
    fn new(look: &'static str, icon: &'static str, text: String, due_at: Option<Time>) -> Chip {
        Chip { look, icon, text, due_at }
    }
}

/// The chip of a promise still open.
fn open(lang: Lang, due_at: Time, now: Time) -> Chip {
    let left = due_at.since(now);
    let length = span(lang, left);
    let with = |key: &str| lang.text_with(key, &[("span", length.clone().into())]);
    match left {
        l if l < 0 => Chip::new("overdue", "alert", with("chip-overdue"), Some(due_at)),
        l if l < SOON_MILLIS => Chip::new("soon", "clock", with("chip-due-in"), Some(due_at)),
        _ => Chip::new("running", "clock", with("chip-due-in"), Some(due_at)),
    }
}

/// The chip of one clock.
pub fn of_clock(lang: Lang, clock: &ClockRow, now: Time) -> Chip {
    let due = Some(clock.due_at);
    match clock.state_at(now) {
        ClockState::Running => open(lang, clock.due_at, now),
        ClockState::Paused => Chip::new("paused", "pause", lang.text("chip-paused"), due),
        ClockState::Met => Chip::new("kept", "check", lang.text("chip-kept"), due),
        ClockState::Breached => match clock.met_at {
            None => open(lang, clock.due_at, now.max(clock.due_at.plus_millis(1))),
            Some(met) => {
                let late = span(lang, met.since(clock.due_at));
                Chip::new("missed", "alert", lang.text_with("chip-missed", &[("span", late.into())]), due)
            }
        },
    }
}

/// The chip of a queue row: its earliest open promise.
pub fn of_queue(lang: Lang, next_due_at: Option<Time>, status: Status, now: Time) -> Chip {
    match (next_due_at, status) {
        (_, Status::Resolved | Status::Closed) => {
            Chip::new("kept", "check", lang.text(status_key(status)), None)
        }
        (Some(due_at), _) => open(lang, due_at, now),
        (None, Status::WaitingForCustomer | Status::WaitingForThirdParty) => {
            Chip::new("paused", "pause", lang.text("chip-paused"), None)
        }
        (None, _) => Chip::new("none", "clock", lang.text("chip-none"), None),
    }
}

fn status_key(status: Status) -> &'static str {
    if status == Status::Closed { "status-closed" } else { "status-resolved" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_running_then_soon_then_overdue() {
        let due = Time(10_000_000);
        let at = |millis: i64| of_queue(Lang::En, Some(due), Status::Open, due.plus_millis(-millis));
        assert_eq!((at(2 * 3_600_000).look, at(2 * 3_600_000).text.as_str()), ("running", "due in 2 h"));
        assert_eq!((at(600_000).look, at(600_000).text.as_str()), ("soon", "due in 10 min"));
        assert_eq!((at(-840_000).look, at(-840_000).text.as_str()), ("overdue", "overdue by 14 min"));
        assert_eq!(of_queue(Lang::ZhCn, None, Status::WaitingForCustomer, due).text, "已暂停");
    }
}
