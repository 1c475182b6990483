//! `/chat/events`: new and changed messages of the visitor's chat as they come. After a broken
//! connection the browser says what it saw last (`Last-Event-ID`); ids the page has already are
//! replaced there, so sending one twice is harmless.
use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use firstline_core::desk::Change;
use firstline_core::secret::sha256_hex;
use futures_util::stream::{self, Stream, StreamExt};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::visitor::Visitor;
use super::{Bubble, bubbles, draw};
use crate::App;
use crate::pages::{Page, PageError};

/// Another node may have written: look without being told.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A message may be committed a moment after a younger one was seen.
const OVERLAP: usize = 10;

struct Watch {
    app: App,
    page: Page,
    chat: String,
    changes: Receiver<Change>,
    /// What the browser has: hash of the drawn message by id.
    shown: HashMap<String, String>,
    /// The browser's newest message when it connected.
    last_seen: String,
    /// The chat was looked at once, even if it could not be read: from then on something must happen first.
    looked: bool,
    /// Nothing was sent yet.
    first: bool,
}

pub async fn stream(
    State(app): State<App>,
    page: Page,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, PageError> {
    let visitor = Visitor::known(&headers).ok_or(PageError::Forbidden)?;
    let last_seen = headers.get("last-event-id").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let changes = app.desk.signals.changes.subscribe();
    let watch = Watch {
        chat: visitor.chat(),
        app,
        page,
        changes,
        shown: HashMap::new(),
        last_seen,
        looked: false,
        first: true,
    };
    let stream = stream::unfold(watch, |mut watch| async move {
        watch.next().await.map(|events| (stream::iter(events.into_iter().map(Ok)), watch))
    });
    Ok(Sse::new(stream.flatten()).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

impl Watch {
    /// The next events, or `None` when the process stops.
    async fn next(&mut self) -> Option<Vec<Event>> {
        if std::mem::replace(&mut self.looked, true) && !self.wait().await {
            return None;
        }
        self.page.now = self.app.desk.clock.now();
        match bubbles(&self.app, &self.chat).await {
            Ok(messages) => Some(self.changed(&messages)),
            Err(error) => {
                tracing::warn!(?error, "a chat could not be read; its stream goes on");
                Some(Vec::new())
            }
        }
    }

    fn changed(&mut self, messages: &[Bubble]) -> Vec<Event> {
        let newest = messages.len().saturating_sub(OVERLAP);
        let mut events = Vec::new();
        for (i, m) in messages.iter().enumerate() {
            let html = draw(&self.page, m);
            let hash = sha256_hex(html.as_bytes());
            let old_news = self.first && m.id <= self.last_seen && i < newest;
            if self.shown.insert(m.id.clone(), hash.clone()).as_ref() != Some(&hash) && !old_news {
                let data =
                    serde_json::json!({ "id": m.id, "author": m.author, "sent": m.sent, "html": html });
                events.push(Event::default().event("message").id(m.id.clone()).data(data.to_string()));
            }
        }
        self.first = false;
        events
    }

    /// Waits until there may be something new; false when the process stops.
    async fn wait(&mut self) -> bool {
        loop {
            tokio::select! {
                () = self.app.stop.cancelled() => return false,
                () = tokio::time::sleep(LOOK_EVERY) => return true,
                change = self.changes.recv() => match change {
                    Ok(Change::Chat { channel, chat }) if channel == "web" && chat == self.chat => return true,
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => return true,
                    Err(RecvError::Closed) => return false,
                },
            }
        }
    }
}
