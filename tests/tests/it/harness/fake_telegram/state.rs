//! Everything the fake knows, behind one lock, and the signal rung at every change.
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard};
use std::time::Instant;

use serde_json::Value;

use super::callbacks::Callback;
use super::fault::Fault;
use super::files::StoredFile;
use super::receipts::{Call, Receipt};
use super::sent::Sent;
use super::updates::Pending;
use super::webhook::Webhook;
use crate::harness::faults::Script;
use crate::harness::signal::Signal;

/// Of the real form, and plainly not a secret.
pub const TOKEN: &str = "123456789:TEST";

pub struct Shared {
    pub root: String,
    pub script: Script<Fault>,
    pub signal: Signal,
    state: Mutex<State>,
}

impl Shared {
    pub fn new(address: SocketAddr) -> Self {
        Self {
            root: format!("http://{address}"),
            script: Script::default(),
            signal: Signal::default(),
            state: Mutex::new(State::default()),
        }
    }

    /// For reading. A test that panicked with the lock held must not hide its message behind a poisoned lock.
    pub fn look(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// For changing: rings the signal afterwards.
    pub fn change<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        let result = work(&mut self.look());
        self.signal.ring();
        result
    }
}

pub struct ChatState {
    pub json: Value,
    /// The person has blocked the bot: everything sent there is refused until they come back.
    pub blocked: bool,
}

pub struct State {
    pub chats: HashMap<i64, ChatState>,
    /// Messages of both sides by chat and id, as the server would show them now.
    pub messages: BTreeMap<(i64, i64), Value>,
    pub sent: Vec<Sent>,
    /// How many messages of a chat `Chat::next_sent` has already handed to the test.
    pub seen: HashMap<i64, usize>,
    pub pending: VecDeque<Pending>,
    pub receipts: HashMap<i64, Receipt>,
    pub callbacks: HashMap<String, Callback>,
    pub files: HashMap<String, StoredFile>,
    pub webhook: Option<Webhook>,
    /// Kinds the bot asked for; `None` is the server's default.
    pub allowed_updates: Option<Vec<String>>,
    /// Number of the newest long poll; an older one that still waits is told to stop.
    pub poll: u64,
    /// Long polls that wait at this moment.
    pub waiting_polls: usize,
    pub most_waiting_polls: usize,
    pub calls: Vec<Call>,
    pub violations: Vec<String>,
    pub commands: BTreeMap<String, Value>,
    pub reads_all_group_messages: bool,
    next_id: i64,
    pub started: Instant,
}

impl Default for State {
    fn default() -> Self {
        Self {
            chats: HashMap::new(),
            messages: BTreeMap::new(),
            sent: Vec::new(),
            seen: HashMap::new(),
            pending: VecDeque::new(),
            receipts: HashMap::new(),
            callbacks: HashMap::new(),
            files: HashMap::new(),
            webhook: None,
            allowed_updates: None,
            poll: 0,
            waiting_polls: 0,
            most_waiting_polls: 0,
            calls: Vec::new(),
            violations: Vec::new(),
            commands: BTreeMap::new(),
            reads_all_group_messages: false,
            next_id: 1,
            started: Instant::now(),
        }
    }
}

impl State {
    /// The next number of the one row from which message, update, user and file ids are made.
    pub fn next_id(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id
    }
}
