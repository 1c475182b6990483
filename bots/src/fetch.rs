//! The job worker: files are copied on arrival, because platforms' links expire, and promises that
//! come due are looked at.
mod file;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use firstline_core::jobs::{self, Job};
use firstline_core::plan::Milestone;
use firstline_core::store::Db;
use firstline_core::ticket::{EscalationStep, Number};
use firstline_core::{Desk, Error, Result};
use firstline_kb::catalogue::{Catalogue, lifecycle};
use serde::Deserialize;

use crate::sender::Carrier;

/// Other nodes enqueue without waking us: look this often at least.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Jobs under way at once, so that a slow download holds up no promise.
const CONCURRENT: usize = 4;
/// Jobs that write to the store at the same time where it has one writer: more would only stand in line, in
/// front of a chat turn that wants to write, too.
const ONE_WRITER: usize = 1;
/// How long jobs under way may take when the process stops; they are taken up again by the next one.
const DRAIN: Duration = Duration::from_secs(5);

/// Runs the jobs of this process. Cheap to clone.
#[derive(Clone)]
pub struct JobRunner(Arc<Inner>);

struct Inner {
    desk: Desk,
    catalogue: Catalogue,
    /// Held by a job while it writes.
    writing: Semaphore,
    /// By channel.
    carriers: HashMap<&'static str, Arc<dyn Carrier>>,
}

/// Data of a `sign_off` job.
#[derive(Deserialize)]
struct SignOff {
    ticket: Number,
    resolved_at: firstline_core::Time,
}

/// Data of a `clock_due` job.
#[derive(Deserialize)]
struct ClockDue {
    ticket: Number,
    milestone: Milestone,
}

impl JobRunner {
    pub fn new(desk: Desk, carriers: Vec<Arc<dyn Carrier>>) -> JobRunner {
        let carriers = carriers.into_iter().map(|carrier| (carrier.channel(), carrier)).collect();
        let catalogue = Catalogue::new(desk.db.clone(), desk.clock.clone());
        let at_once = if matches!(desk.db, Db::Sqlite { .. }) { ONE_WRITER } else { CONCURRENT };
        JobRunner(Arc::new(Inner { desk, catalogue, writing: Semaphore::new(at_once), carriers }))
    }

    /// Works until `stop`.
    pub async fn run(&self, stop: CancellationToken) {
        let mut tasks = JoinSet::new();
        loop {
            let woken = self.0.desk.signals.jobs.notified();
            while tasks.len() < CONCURRENT && !stop.is_cancelled() {
                match jobs::claim(&self.0.desk.db, &self.0.desk.clock).await {
                    Ok(Some(job)) => {
                        let inner = Arc::clone(&self.0);
                        tasks.spawn(async move { inner.work(&job).await });
                    }
                    Ok(None) => break,
                    Err(error) => {
                        tracing::warn!(%error, "jobs cannot be read");
                        break;
                    }
                }
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = woken => {}
                Some(_) = tasks.join_next() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
        let _ = tokio::time::timeout(DRAIN, async { while tasks.join_next().await.is_some() {} }).await;
    }

    /// For tests: runs every job that is due now, one after the other. Gives how many.
    pub async fn settle(&self) -> Result<usize> {
        let mut count = 0;
        while let Some(job) = jobs::claim(&self.0.desk.db, &self.0.desk.clock).await? {
            self.0.work(&job).await;
            count += 1;
        }
        Ok(count)
    }
}

impl Inner {
    async fn work(&self, job: &Job) {
        // A file waits for the platform, not for the store.
        let writes = job.kind != jobs::FETCH_FILE;
        let _turn = if writes { self.writing.acquire().await.ok() } else { None };
        let outcome = match job.kind.as_str() {
            jobs::FETCH_FILE => self.fetch_file(job).await,
            jobs::CLOCK_DUE => self.clock_due(job).await,
            lifecycle::PUBLISH_JOB => self.catalogue.publish_due(job).await,
            lifecycle::NOTICE_JOB => self.catalogue.tell(&self.desk, job).await,
            jobs::PRUNE => self.desk.prune(job).await,
            jobs::ESCALATE => self.escalate(job).await,
            jobs::RECOUNT => self.desk.recount(job).await,
            jobs::SIGN_OFF => self.sign_off(job).await,
            other => Err(Error::invalid("kind", format!("nobody here runs jobs of kind {other:?}"))),
        };
        let Err(error) = outcome else { return };
        tracing::warn!(kind = job.kind, job_id = job.id, attempts = job.attempts, %error, "a job failed");
        // A file is given up by its age, not for what our own store could not do; rubbish after a few attempts.
        let is_file = job.kind == jobs::FETCH_FILE && !matches!(error, Error::Invalid { .. });
        let after = is_file.then(|| file::delay_millis(job.attempts));
        let retried = jobs::retry(&self.desk.db, &self.desk.clock, job, &error.to_string(), after).await;
        if let Err(error) = retried {
            // Its lease ends by itself.
            tracing::warn!(job_id = job.id, %error, "a failed job cannot be put back now");
        }
    }

    async fn escalate(&self, job: &Job) -> Result<()> {
        let step: EscalationStep = serde_json::from_value(job.data.0.clone())
            .map_err(|e| Error::invalid("job", format!("data of an escalation: {e}")))?;
        self.desk.escalate(job, &step).await
    }

    async fn clock_due(&self, job: &Job) -> Result<()> {
        let due: ClockDue = serde_json::from_value(job.data.0.clone())
            .map_err(|e| Error::invalid("job", format!("data of a due clock: {e}")))?;
        self.desk.clock_due(job, due.ticket, due.milestone).await
    }

    async fn sign_off(&self, job: &Job) -> Result<()> {
        let due: SignOff = serde_json::from_value(job.data.0.clone())
            .map_err(|e| Error::invalid("job", format!("data of a sign-off: {e}")))?;
        self.desk.sign_off(job, due.ticket, due.resolved_at).await
    }
}
