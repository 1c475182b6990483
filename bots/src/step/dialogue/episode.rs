//! Where one matter ends and the next begins.
use firstline_core::Time;

use super::{Dialogue, Mode, Report};

impl Dialogue {
    /// Begins an episode unless one is under way; it ends after half a day of silence, and with it what the
    /// bot was waiting for. `sent` is when the message was written.
    pub fn begin_episode(&mut self, now: Time, sent: Time) {
        const SILENCE_MILLIS: i64 = 12 * 3600 * 1000;
        let last = self.active.map(Time::millis).max(self.arrivals.last().copied());
        let silent = last.is_some_and(|last| sent.millis() - last > SILENCE_MILLIS);
        if silent {
            self.leave_mode();
        }
        if silent || self.since.is_none() {
            self.end_episode();
            self.since = Some(now);
        }
    }

    /// Waits for nothing any more; a report is put aside.
    fn leave_mode(&mut self) {
        if let Mode::Reporting(report) = std::mem::take(&mut self.mode) {
            self.park(report);
            self.parked_now = true;
        }
    }

    fn park(&mut self, report: Box<Report>) {
        if let Some(older) = self.parked.replace(report) {
            self.end(&older.token, None, false);
        }
    }

    /// Goes on with the report that was put aside; one that is running takes its place.
    pub fn take_up(&mut self) {
        let Some(report) = self.parked.take() else { return };
        if let Mode::Reporting(running) = std::mem::replace(&mut self.mode, Mode::Reporting(report)) {
            self.park(running);
        }
        self.parked_now = false;
    }

    /// Forgets what belonged to the matter that just ended; buttons of its answers go on working.
    pub fn end_episode(&mut self) {
        self.since = None;
        self.searches.clear();
        self.articles.clear();
        self.misses = 0;
        for answer in &mut self.answers {
            answer.closed = true;
        }
    }
}
