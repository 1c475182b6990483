//! Live pages: a stream that says which ticket changed. The page then fetches itself and swaps the
//! regions that differ, so there is one way to draw everything.
use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use firstline_core::desk::Change;
use firstline_core::ticket::Number;
use futures_util::stream::{Stream, unfold};
use tokio::sync::broadcast::error::RecvError;

use crate::App;

/// Sends `changed` with the ticket's number for every change of a wanted ticket (`None`: of any).
/// Ends when the process stops.
pub fn ticket_changes(
    app: &App,
    wanted: Option<Number>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let state = (app.desk.signals.changes.subscribe(), app.stop.clone());
    let stream = unfold(state, move |(mut changes, stop)| async move {
        loop {
            let change = tokio::select! {
                () = stop.cancelled() => return None,
                change = changes.recv() => change,
            };
            let what = match change {
                Ok(Change::Ticket(number)) if wanted.is_none_or(|w| w == number) => number.to_string(),
                Ok(_) => continue,
                // Too slow to follow: one look at the page brings everything.
                Err(RecvError::Lagged(_)) => "many".to_owned(),
                Err(RecvError::Closed) => return None,
            };
            return Some((Ok(Event::default().event("changed").data(what)), (changes, stop)));
        }
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}
