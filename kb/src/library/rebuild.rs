//! Building the index anew beside the one in use, which follows every change meanwhile.
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use firstline_core::Result;
use tokio::time::Instant;

use super::follow::{BACK_OFF, Follower, PAGE, blocking};
use super::{Library, Progress, Unit};
use crate::index::index_error;
use crate::index::live::{Live, Seen};
use crate::index::mark::Mark;
use crate::index::writer::{Work, Writer};
use crate::store::{self, ArticleRow};

/// How often the index in use is brought up to date meanwhile.
const MEANWHILE: Duration = Duration::from_millis(250);

impl Library {
    /// Searches go on with the old index, if there is one, until the new one is complete.
    pub(super) async fn rebuild(
        &self,
        follower: &mut Follower,
        now: Mark,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<()> {
        let mut old = Old::of(self, follower.writer.take(), &now);
        let generation = self.0.folder.begin(&self.0.clock.id()).map_err(|e| index_error("begin", e))?;
        let built = self.build(follower, &generation, now, &mut old, progress).await;
        match &built {
            Ok(()) => self.0.folder.clean_up(&generation),
            Err(_) => {
                follower.writer = None;
                self.0.folder.abandon(&generation);
            }
        }
        built
    }

    async fn build(
        &self,
        follower: &mut Follower,
        generation: &str,
        now: Mark,
        old: &mut Old,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<()> {
        let (folder, name) = (self.0.folder.clone(), generation.to_string());
        let writer = blocking(move || Writer::create(&folder, &name)).await?;
        let (writer, mark) = self.fill(writer, now, old, progress).await?;
        let writer = self.commit(writer, mark, old).await?;
        // What came while that was written: searches saw it in the old index, and must not lose it again.
        let (writer, mark) = self.add_since(writer, mark, now.change).await?;
        let writer = blocking(move || writer.commit_as(mark)).await?;
        let live = Live::open(&self.0.folder, generation.to_string())?;
        self.0.folder.publish(generation).map_err(|e| index_error("publish", e))?;
        follower.writer = Some(writer);
        follower.seen = Seen::new();
        self.set_live(Arc::new(live));
        self.0.damaged.store(false, Ordering::SeqCst);
        Ok(())
    }

    /// Adds every article; the next page is read while one is added. Gives how far it got.
    async fn fill(
        &self,
        mut writer: Writer,
        now: Mark,
        old: &mut Old,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<(Writer, Mark)> {
        let total = store::count(&self.0.db).await?;
        let mut mark = Mark { change: 0, ..now };
        let mut done = 0;
        let mut rows = store::changed_since(&self.0.db, 0, PAGE).await?;
        while let Some(last) = rows.last().map(|r| r.change_no) {
            mark.change = last;
            done += rows.len() as u64;
            let start = now.change;
            let added = blocking(move || writer.add(&rows, start).map(|()| writer));
            (writer, rows) = tokio::try_join!(added, store::changed_since(&self.0.db, last, PAGE))?;
            progress(Progress { done, total: total.max(done), unit: Unit::Articles });
            old.follow(self).await;
        }
        // Numbers that were taken and given back hide no article.
        mark.change = mark.change.max(now.change);
        writer = self.add_cases(writer, 0, mark.change).await?;
        Ok((writer, mark))
    }

    /// Writes what was added, which takes seconds for a large index; the old one follows meanwhile.
    async fn commit(&self, writer: Writer, mark: Mark, old: &mut Old) -> Result<Writer> {
        let mut committed = std::pin::pin!(blocking(move || writer.commit_as(mark)));
        loop {
            tokio::select! {
                done = &mut committed => return done,
                () = tokio::time::sleep(MEANWHILE) => old.follow(self).await,
            }
        }
    }

    /// Adds what was changed after `mark`. `start`: no article changed before it is there twice.
    async fn add_since(&self, mut writer: Writer, mut mark: Mark, start: i64) -> Result<(Writer, Mark)> {
        loop {
            let rows: Vec<ArticleRow> = store::changed_since(&self.0.db, mark.change, PAGE).await?;
            let Some(last) = rows.last().map(|r| r.change_no) else { return Ok((writer, mark)) };
            writer = blocking(move || writer.add(&rows, start).map(|()| writer)).await?;
            writer = self.add_cases(writer, mark.change, last).await?;
            mark.change = last;
        }
    }
}

/// The index in use while another is built.
struct Old {
    used: Option<Used>,
    looked: Instant,
    /// Until it is looked again.
    pause: Duration,
}

struct Used {
    live: Arc<Live>,
    writer: Option<Writer>,
    mark: Mark,
}

impl Old {
    /// Nothing to follow when there is none, or when it is damaged or of another version or database.
    fn of(library: &Library, writer: Option<Writer>, now: &Mark) -> Old {
        let damaged = library.0.damaged.load(Ordering::SeqCst);
        let used = library.live().filter(|_| !damaged).and_then(|live| {
            let mark = live.mark().ok()?;
            // An order to build anew says nothing against the one in use.
            let usable = Mark { rebuild: now.rebuild, ..mark }.can_follow(now);
            usable.then_some(Used { live, writer, mark })
        });
        Old { used, looked: Instant::now(), pause: MEANWHILE }
    }

    /// Takes in what was changed, now and then. A failure is tried again from what was last written.
    async fn follow(&mut self, library: &Library) {
        if self.looked.elapsed() < self.pause {
            return;
        }
        self.looked = Instant::now();
        if let Err(e) = library.follow_dictionary().await {
            tracing::warn!(error = %e, "the dictionary could not be read anew; trying again");
        }
        self.pause = MEANWHILE;
        let Some(used) = &mut self.used else { return };
        if let Err(e) = used.catch_up(library).await {
            tracing::warn!(error = %e, "the index in use could not follow while another is built; trying again");
            self.pause = BACK_OFF;
            // What was not committed is forgotten with the writer.
            used.writer = None;
            match used.live.mark() {
                Ok(mark) => used.mark = mark,
                Err(_) => self.used = None,
            }
        }
    }
}

impl Used {
    async fn catch_up(&mut self, library: &Library) -> Result<()> {
        let before = self.mark.change;
        let now = store::counters(&library.0.db, &library.0.clock).await?;
        if now.change <= before {
            return Ok(());
        }
        loop {
            let rows = store::changed_since(&library.0.db, self.mark.change, PAGE).await?;
            let Some(last) = rows.last().map(|r| r.change_no) else { break };
            let mut writer = self.writing().await?;
            self.writer = Some(blocking(move || writer.apply(&rows).map(|()| writer)).await?);
            self.mark.change = last;
        }
        // Cases have numbers of the same row, and may be all that changed.
        self.mark.change = self.mark.change.max(now.change);
        let mark = self.mark;
        let writer = library.add_cases(self.writing().await?, before, mark.change).await?;
        self.writer = Some(blocking(move || writer.commit_as(mark)).await?);
        self.live.reload()
    }

    /// The writer, to be put back after use.
    async fn writing(&mut self) -> Result<Writer> {
        if let Some(writer) = self.writer.take() {
            return Ok(writer);
        }
        let live = self.live.clone();
        blocking(move || Writer::on(&live.index, Work::Following)).await
    }
}
