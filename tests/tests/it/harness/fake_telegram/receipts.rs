//! What happened when: calls as they came in, updates as they went out. Benchmarks read these stamps.
use std::time::Instant;

use serde_json::{Map, Value};

/// One call of the bot, in the order of the answers.
#[derive(Clone, Debug)]
pub struct Call {
    /// In lower case.
    pub method: String,
    pub chat: Option<i64>,
    pub fields: Map<String, Value>,
    /// When its head was received.
    pub at: Instant,
    pub answered: Instant,
    /// The HTTP status; 0 where the connection was cut instead.
    pub status: u16,
}

/// What became of one update.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub injected: Instant,
    /// Every time it went out, by poll or by webhook.
    pub handed_out: Vec<Instant>,
    /// When the bot said it has it: a higher offset, or 2xx from its webhook.
    pub confirmed: Option<Instant>,
}

impl Receipt {
    pub fn new() -> Self {
        Self { injected: Instant::now(), handed_out: Vec::new(), confirmed: None }
    }
}
