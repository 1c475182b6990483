//! What every handler can reach.
use std::sync::Arc;

use firstline_bots::telegram::Telegram;
use firstline_core::Desk;
use firstline_kb::Library;
use firstline_kb::catalogue::Catalogue;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::downloads::tally::Tally;
use crate::serve::limits::Limits;
use crate::serve::metrics::Metrics;

/// Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub desk: Desk,
    pub library: Library,
    pub catalogue: Catalogue,
    pub config: Arc<Config>,
    /// What `/metrics` renders.
    pub metrics: Metrics,
    /// Of the API without a token.
    pub limits: Arc<Limits>,
    /// Of pages that anybody may ask for and that cost something.
    pub visits: Arc<Limits>,
    /// Downloads that are counted and not stored yet.
    pub tally: Tally,
    /// The connected bot, for its webhook.
    pub telegram: Option<Telegram>,
    /// Cancelled when the process begins to stop: endless responses (Server-Sent Events) end then.
    pub stop: CancellationToken,
}
