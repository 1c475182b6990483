//! Following the database: every change of an article reaches the index within a second. One process
//! writes a folder; others read what it writes.
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use firstline_core::{Error, Result};
use tokio_util::sync::CancellationToken;

use super::{Library, Progress};
use crate::index::folder::WriterLock;
use crate::index::index_error;
use crate::index::live::{Live, Seen};
use crate::index::mark::Mark;
use crate::index::writer::{Work, Writer};
use crate::{cases, feedback, store};

/// How often another process's changes are looked for.
const POLL: Duration = Duration::from_millis(500);
/// After a failure there is no hurry: a full disk does not get emptier by trying.
pub(super) const BACK_OFF: Duration = Duration::from_secs(5);
/// After so many rounds without a change (a minute) the writer's memory is given back; its merges ended long ago.
const IDLE_ROUNDS: u32 = 120;
/// Rounds between two looks at the tickets (2 s), and at what people said of articles (30 s).
const LOOK_AROUND: u64 = 4;
const LEARN: u64 = 60;
/// Articles read and added at a time.
pub(super) const PAGE: i64 = 200;
/// A commit costs tens of milliseconds; during an import one is made after so many articles.
const COMMIT_AFTER: usize = 2000;
/// How long `refresh` waits for another process that writes the index.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the follower keeps between its rounds.
#[derive(Default)]
pub(super) struct Follower {
    pub lock: Option<WriterLock>,
    pub writer: Option<Writer>,
    pub seen: Seen,
    sums_checked: bool,
    /// Rounds that failed one after another while adding.
    failures: u32,
    /// Rounds with nothing to add.
    idle: u32,
}

impl Follower {
    fn rest(&mut self) {
        self.idle = self.idle.saturating_add(1);
        if self.idle >= IDLE_ROUNDS {
            self.writer = None;
        }
    }
}

impl Library {
    /// Follows the database until told to stop.
    pub async fn run(&self, stop: CancellationToken) {
        for round in 0_u64.. {
            if round.is_multiple_of(LOOK_AROUND) {
                self.look_around(round.is_multiple_of(LEARN)).await;
            }
            let pause = match self.catch_up(&mut |_| {}).await {
                Ok(()) => POLL,
                Err(e) => {
                    tracing::warn!(error = %e, "the index could not follow the articles; trying again");
                    BACK_OFF
                }
            };
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.0.changed.notified(), if pause == POLL => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        *self.0.follower.lock().await = Follower::default();
    }

    /// Takes in what happened elsewhere: tickets that were solved, and now and then what people said of articles.
    async fn look_around(&self, learn: bool) {
        let mut seen = self.0.tickets_seen.lock().await;
        if let Err(e) = cases::follow::follow(&self.0.db, &mut seen).await {
            tracing::warn!(error = %e, "solved tickets could not be followed; trying again");
        }
        drop(seen);
        if learn && let Err(e) = self.learn().await {
            tracing::warn!(error = %e, "feedback could not be taken in; trying again");
        }
    }

    /// Takes what people said of articles into the ranking; gives how many verdicts were new.
    pub async fn learn(&self) -> Result<usize> {
        let learnt = feedback::learn::learn(&self.0.db, &self.0.clock).await?;
        self.follow_dictionary().await?;
        Ok(learnt)
    }

    /// Brings the index up to every change made so far.
    pub async fn refresh(&self) -> Result<()> {
        cases::follow::follow(&self.0.db, &mut *self.0.tickets_seen.lock().await).await?;
        let target = store::counters(&self.0.db, &self.0.clock).await?;
        self.wait_for(target, &mut |_| {}, PATIENCE).await
    }

    /// Builds the index anew, here or in the process that writes it, and waits until it is done.
    pub async fn reindex(&self, progress: &mut (dyn FnMut(Progress) + Send)) -> Result<()> {
        store::order_rebuild(&self.0.db).await?;
        let target = store::counters(&self.0.db, &self.0.clock).await?;
        self.wait_for(target, progress, Duration::MAX).await
    }

    /// `patience` is for another process that writes this folder; our own work takes as long as it takes.
    async fn wait_for(
        &self,
        target: Mark,
        progress: &mut (dyn FnMut(Progress) + Send),
        patience: Duration,
    ) -> Result<()> {
        const PAUSE: Duration = Duration::from_millis(50);
        let mut waited = Duration::ZERO;
        loop {
            self.catch_up(progress).await?;
            let mark = self.live().and_then(|live| live.mark().ok());
            if mark.is_some_and(|mark| mark.reaches(&target)) {
                return Ok(());
            }
            if waited >= patience {
                return Err(Error::Unavailable(
                    "another process holds the index and does not bring it up to date".into(),
                ));
            }
            tokio::time::sleep(PAUSE).await;
            waited += PAUSE;
        }
    }

    /// One round: as the writer apply what is new, else look at what the writer did.
    async fn catch_up(&self, progress: &mut (dyn FnMut(Progress) + Send)) -> Result<()> {
        self.follow_dictionary().await?;
        let mut follower = self.0.follower.lock().await;
        let now = store::counters(&self.0.db, &self.0.clock).await?;
        if !self.take_lock(&mut follower)? {
            return self.follow_writer().await;
        }
        match self.healthy(&mut follower, &now).await {
            Ok((live, mark)) => self.apply_pending(&mut follower, live, mark, now).await,
            Err(why) => {
                tracing::info!(%why, "building the index anew");
                self.rebuild(&mut follower, now, progress).await
            }
        }
    }

    fn take_lock(&self, follower: &mut Follower) -> Result<bool> {
        if follower.lock.is_some() && self.0.folder.lock_exists() {
            return Ok(true);
        }
        *follower = Follower::default();
        follower.lock = self.0.folder.try_lock().map_err(|e| index_error("lock", e))?;
        Ok(follower.lock.is_some())
    }

    /// The index in use and how far it got, or the reason why it must be built anew.
    async fn healthy(&self, follower: &mut Follower, now: &Mark) -> Result<(Arc<Live>, Mark)> {
        let Some(live) = self.live().filter(|l| self.0.folder.current().as_ref() == Some(&l.generation))
        else {
            let live =
                Live::open_current(&self.0.folder)?.ok_or_else(|| index_error("open", "there is none"))?;
            self.set_live(Arc::new(live));
            return Box::pin(self.healthy(follower, now)).await;
        };
        let mark = live.mark()?;
        if !mark.can_follow(now) {
            return Err(index_error("follow", "it belongs to another version, database or order"));
        }
        live.check_files(&mut follower.seen)?;
        if self.0.damaged.load(Ordering::SeqCst) || !follower.sums_checked {
            let checked = live.clone();
            blocking(move || checked.check_sums()).await?;
            follower.sums_checked = true;
            if self.0.damaged.swap(false, Ordering::SeqCst) {
                return Err(index_error("search", "it could not be read"));
            }
        }
        Ok((live, mark))
    }

    async fn apply_pending(
        &self,
        follower: &mut Follower,
        live: Arc<Live>,
        mark: Mark,
        now: Mark,
    ) -> Result<()> {
        if mark.change >= now.change {
            follower.rest();
            return Ok(());
        }
        follower.idle = 0;
        let applied = self.apply_changes(follower, &live, mark, now).await;
        match applied {
            Ok(()) => follower.failures = 0,
            Err(_) => {
                // What was added but not committed is forgotten with the writer; the next round begins at the mark.
                follower.writer = None;
                follower.failures += 1;
                if follower.failures > 1 {
                    self.0.damaged.store(true, Ordering::SeqCst);
                }
            }
        }
        applied
    }

    async fn apply_changes(
        &self,
        follower: &mut Follower,
        live: &Arc<Live>,
        mut mark: Mark,
        now: Mark,
    ) -> Result<()> {
        let mut writer = match follower.writer.take() {
            Some(writer) => writer,
            None => Writer::on(&live.index, work(mark, now))?,
        };
        let mut waiting = 0;
        loop {
            let before = mark.change;
            let rows = store::changed_since(&self.0.db, mark.change, PAGE).await?;
            let done = rows.len() < PAGE as usize;
            mark.change = rows.last().map_or(mark.change, |r| r.change_no);
            if done {
                // Numbers that were taken and given back hide no article.
                mark.change = mark.change.max(now.change);
            }
            writer = self.add_cases(writer, before, mark.change).await?;
            waiting += rows.len();
            let commit = done || waiting >= COMMIT_AFTER;
            writer = blocking(move || {
                writer.apply(&rows)?;
                if commit { writer.commit(mark).map(|()| writer) } else { Ok(writer) }
            })
            .await?;
            if commit {
                waiting = 0;
                live.reload()?;
                live.check_files(&mut follower.seen)?;
            }
            if done {
                follower.writer = Some(writer);
                return Ok(());
            }
        }
    }

    /// The cases whose change numbers lie above `after` and up to `until`.
    pub(super) async fn add_cases(&self, mut writer: Writer, mut after: i64, until: i64) -> Result<Writer> {
        loop {
            let cases = cases::store::changed(&self.0.db, after, until, PAGE).await?;
            let Some(last) = cases.last().map(|case| case.change_no) else { return Ok(writer) };
            after = last;
            writer = blocking(move || writer.apply_cases(&cases).map(|()| writer)).await?;
        }
    }

    /// Shows searches what the writing process committed.
    async fn follow_writer(&self) -> Result<()> {
        let damaged = self.0.damaged.swap(false, Ordering::SeqCst);
        let live = self.live().filter(|_| !damaged);
        match live.filter(|l| self.0.folder.current().as_ref() == Some(&l.generation)) {
            Some(live) => live.reload(),
            None => {
                if let Some(live) = Live::open_current(&self.0.folder)? {
                    self.set_live(Arc::new(live));
                }
                Ok(())
            }
        }
    }
}

/// Thousands of changes are an import.
fn work(mark: Mark, now: Mark) -> Work {
    if now.change - mark.change > COMMIT_AFTER as i64 { Work::Building } else { Work::Following }
}

/// Runs index work, which blocks, beside the asynchronous tasks.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|e| index_error("work", e))?
}
