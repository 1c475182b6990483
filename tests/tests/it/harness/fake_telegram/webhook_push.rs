//! Delivery to the webhook: in order within a chat, chats side by side, again after a failure.
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::state::{Shared, State};
use crate::harness::wall_clock::unix_seconds;

/// First pause after a failure; doubled each time up to the longest. The real server is slower, the order is the same.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

struct Push {
    update_id: i64,
    json: Value,
    url: String,
    secret: Option<String>,
}

pub fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().expect("an HTTP client")
}

/// Status of one delivery; `Err` is a connection that failed.
pub async fn post(
    client: &reqwest::Client,
    url: &str,
    secret: Option<&str>,
    update: &Value,
) -> Result<u16, String> {
    let mut request = client.post(url).json(update);
    if let Some(secret) = secret {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    let response = request.send().await.map_err(|error| error.to_string())?;
    Ok(response.status().as_u16())
}

pub async fn run(shared: Arc<Shared>) {
    let client = client();
    let mut changes = shared.signal.listen();
    loop {
        changes.borrow_and_update();
        let (pushes, next) = due(&mut shared.look());
        for push in pushes {
            let (shared, client) = (Arc::clone(&shared), client.clone());
            tokio::spawn(async move {
                let outcome = post(&client, &push.url, push.secret.as_deref(), &push.json).await;
                shared.change(|state| settle(state, push.update_id, outcome));
            });
        }
        let pause = next.map_or(Duration::from_secs(3600), |at| at.saturating_duration_since(Instant::now()));
        let _ = tokio::time::timeout(pause, changes.changed()).await;
    }
}

/// The updates to push now, marked as under way, and the time at which the next one may go.
fn due(state: &mut State) -> (Vec<Push>, Option<Instant>) {
    let Some(webhook) = state.webhook.clone() else { return (Vec::new(), None) };
    let now = Instant::now();
    let mut busy: Vec<i64> =
        state.pending.iter().filter(|pending| pending.in_flight).map(|pending| pending.queue).collect();
    let mut pushes = Vec::new();
    let mut next: Option<Instant> = None;
    for pending in &mut state.pending {
        if busy.contains(&pending.queue) || busy.len() >= webhook.max_connections {
            continue;
        }
        // Whether sent or held back, it blocks what follows in its queue.
        busy.push(pending.queue);
        if let Some(at) = pending.not_before.filter(|at| *at > now) {
            next = Some(next.map_or(at, |earlier| earlier.min(at)));
            continue;
        }
        pending.in_flight = true;
        let (url, secret) = (webhook.url.clone(), webhook.secret.clone());
        pushes.push(Push { update_id: pending.id, json: pending.json.clone(), url, secret });
    }
    let ids: Vec<i64> = pushes.iter().map(|push| push.update_id).collect();
    state.stamp(&ids);
    (pushes, next)
}

fn settle(state: &mut State, update_id: i64, outcome: Result<u16, String>) {
    let Some(index) = state.pending.iter().position(|pending| pending.id == update_id && pending.in_flight)
    else {
        return;
    };
    let pending = &mut state.pending[index];
    pending.in_flight = false;
    let trouble = match outcome {
        Ok(status) if (200..300).contains(&status) => {
            if pending.copies > 1 {
                pending.copies -= 1;
            } else {
                state.pending.remove(index);
            }
            state.confirm(update_id);
            return;
        }
        Ok(status) => format!("Wrong response from the webhook: {status}"),
        Err(error) => error,
    };
    let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(pending.failures)).min(LONGEST_PAUSE);
    pending.failures += 1;
    pending.not_before = Some(Instant::now() + pause);
    if let Some(webhook) = &mut state.webhook {
        webhook.last_error = Some((unix_seconds(), trouble));
    }
}
