//! The order in which things stop: input, then turns, then sending. Each phase has its time, together
//! less than the ten seconds an init system waits.
use std::future::Future;
use std::time::Duration;

use firstline_bots::sender::Sender;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const INGRESS: Duration = Duration::from_secs(3);
const WORK: Duration = Duration::from_secs(3);
const FLUSH: Duration = Duration::from_millis(1500);
const SENDING: Duration = Duration::from_secs(1);
pub const CLOSE: Duration = Duration::from_secs(1);

/// The running tasks by phase. A phase's token is cancelled when it is to end.
#[derive(Default)]
pub struct Life {
    pub ingress: CancellationToken,
    pub work: CancellationToken,
    pub sending: CancellationToken,
    ingress_tasks: TaskTracker,
    work_tasks: TaskTracker,
    sending_tasks: TaskTracker,
    /// To end by force what does not end by itself.
    aborts: std::sync::Mutex<Vec<JoinHandle<()>>>,
}

impl Life {
    pub fn new() -> Life {
        Life::default()
    }

    /// What receives: the web server, polling, the gateway.
    pub fn spawn_ingress(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.keep(self.ingress_tasks.spawn(task));
    }

    /// What takes turns and runs jobs.
    pub fn spawn_work(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.keep(self.work_tasks.spawn(task));
    }

    /// What sends, and the index.
    pub fn spawn_sending(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.keep(self.sending_tasks.spawn(task));
    }

    fn keep(&self, handle: JoinHandle<()>) {
        self.aborts.lock().unwrap_or_else(|e| e.into_inner()).push(handle);
    }

    /// Ends everything, phase by phase.
    pub async fn end(&self, senders: &[Sender]) {
        finish("receiving", INGRESS, &self.ingress, &self.ingress_tasks).await;
        finish("turns and jobs", WORK, &self.work, &self.work_tasks).await;
        within(FLUSH, "sending what is due", flush(senders)).await;
        finish("sending", SENDING, &self.sending, &self.sending_tasks).await;
        for task in self.aborts.lock().unwrap_or_else(|e| e.into_inner()).drain(..) {
            task.abort();
        }
    }
}

async fn flush(senders: &[Sender]) {
    for sender in senders {
        if let Err(error) = sender.settle().await {
            tracing::warn!(%error, "what is due could not be sent; it is sent after the next start");
        }
    }
}

async fn finish(what: &'static str, time: Duration, token: &CancellationToken, tasks: &TaskTracker) {
    token.cancel();
    tasks.close();
    within(time, what, tasks.wait()).await;
}

/// Waits, but not for ever; says what did not end.
pub async fn within(time: Duration, what: &'static str, work: impl Future<Output = ()>) {
    if tokio::time::timeout(time, work).await.is_err() {
        tracing::warn!(seconds = time.as_secs_f32(), "{what} did not end in time and is cut off");
    }
}
