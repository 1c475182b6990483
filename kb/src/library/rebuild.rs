//! Building the index anew beside the one in use.
use std::sync::Arc;
use std::sync::atomic::Ordering;

use firstline_core::Result;

use super::follow::{Follower, PAGE, blocking};
use super::{Library, Progress, Unit};
use crate::index::index_error;
use crate::index::live::{Live, Seen};
use crate::index::mark::Mark;
use crate::index::writer::Writer;
use crate::store;

impl Library {
    /// Searches go on with the old index, if there is one, until the new one is complete.
    pub(super) async fn rebuild(
        &self,
        follower: &mut Follower,
        now: Mark,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<()> {
        follower.writer = None;
        let generation = self.0.folder.begin(&self.0.clock.id()).map_err(|e| index_error("begin", e))?;
        let built = self.build(follower, &generation, now, progress).await;
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
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<()> {
        let (folder, name) = (self.0.folder.clone(), generation.to_string());
        let writer = blocking(move || Writer::create(&folder, &name)).await?;
        let writer = self.fill(writer, now, progress).await?;
        let live = Live::open(&self.0.folder, generation.to_string())?;
        self.0.folder.publish(generation).map_err(|e| index_error("publish", e))?;
        follower.writer = Some(writer);
        follower.seen = Seen::new();
        self.set_live(Arc::new(live));
        self.0.damaged.store(false, Ordering::SeqCst);
        Ok(())
    }

    async fn fill(
        &self,
        mut writer: Writer,
        now: Mark,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Writer> {
        let total = store::count(&self.0.db).await?;
        let mut mark = Mark { change: 0, ..now };
        let mut done = 0;
        loop {
            let rows = store::changed_since(&self.0.db, mark.change, PAGE).await?;
            let Some(last) = rows.last().map(|r| r.change_no) else { break };
            mark.change = last;
            done += rows.len() as u64;
            writer = blocking(move || writer.apply(&rows).map(|()| writer)).await?;
            progress(Progress { done, total: total.max(done), unit: Unit::Articles });
        }
        // Numbers that were taken and given back hide no article.
        mark.change = mark.change.max(now.change);
        writer = self.add_cases(writer, 0, mark.change).await?;
        blocking(move || writer.commit(mark).map(|()| writer)).await
    }
}
