//! Everything the fake knows, behind one lock, and the signal rung at every change.
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::attachments::StoredFile;
use super::fault::Fault;
use super::interactions::Interaction;
use super::sent::Sent;
use super::sessions::Session;
use crate::harness::faults::Script;
use crate::harness::signal::Signal;
use crate::harness::wall_clock::unix_millis;

/// Plainly not a secret.
pub const TOKEN: &str = "TEST.discord.token";

/// Discord's own epoch, the first second of 2015.
pub const EPOCH_MILLIS: i64 = 1_420_070_400_000;

pub struct Shared {
    pub root: String,
    pub gateway_url: String,
    pub script: Script<Fault>,
    pub signal: Signal,
    state: Mutex<State>,
}

impl Shared {
    pub fn new(rest: SocketAddr, gateway: SocketAddr) -> Self {
        Self {
            root: format!("http://{rest}"),
            gateway_url: format!("ws://{gateway}/gateway"),
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

/// One REST call of the bot, in the order of the answers.
#[derive(Clone, Debug)]
pub struct Call {
    /// The route without its ids, such as `POST channels/messages`.
    pub route: String,
    pub place: Option<u64>,
    pub body: Value,
    /// When its head was received.
    pub at: Instant,
    /// The HTTP status; 0 where the connection was cut instead.
    pub status: u16,
}

#[derive(Clone, Debug)]
pub struct Channel {
    pub id: u64,
    pub guild: Option<u64>,
    pub name: String,
    /// The person of a DM.
    pub recipient: Option<Value>,
    /// The person takes no messages from the bot.
    pub refuses: bool,
}

/// How often the bot did what on the gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GatewayCounts {
    pub connections: usize,
    pub identifies: usize,
    pub resumes: usize,
    pub heartbeats: usize,
}

pub struct State {
    pub users: HashMap<u64, Value>,
    pub guilds: BTreeMap<u64, Value>,
    pub channels: BTreeMap<u64, Channel>,
    /// Messages of all channels as they are now; ids are in the order of time.
    pub messages: BTreeMap<u64, Value>,
    /// Messages only one person sees; they are in no history.
    pub ephemeral: BTreeSet<u64>,
    pub sent: Vec<Sent>,
    /// How many messages of a channel `Seat::next_sent` has already handed to the test.
    pub seen: HashMap<u64, usize>,
    pub files: HashMap<String, StoredFile>,
    pub interactions: BTreeMap<u64, Interaction>,
    /// By `global` or the guild's id.
    pub commands: BTreeMap<String, Vec<Value>>,
    pub sessions: Vec<Session>,
    pub counts: GatewayCounts,
    pub calls: Vec<Call>,
    pub violations: Vec<String>,
    /// Privileged: off unless the operator asked Discord for it.
    pub message_content_allowed: bool,
    pub heartbeat_millis: u64,
    pub acknowledges_heartbeats: bool,
    /// Within this an interaction must have its first answer.
    pub answer_within: Duration,
    last_id: u64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            users: HashMap::new(),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
            ephemeral: BTreeSet::new(),
            sent: Vec::new(),
            seen: HashMap::new(),
            files: HashMap::new(),
            interactions: BTreeMap::new(),
            commands: BTreeMap::new(),
            sessions: Vec::new(),
            counts: GatewayCounts::default(),
            calls: Vec::new(),
            violations: Vec::new(),
            message_content_allowed: false,
            heartbeat_millis: 41_250,
            acknowledges_heartbeats: true,
            answer_within: Duration::from_secs(3),
            last_id: 0,
        }
    }
}

impl State {
    /// A new snowflake: the time in its upper bits, always above the last one.
    pub fn snowflake(&mut self) -> u64 {
        let millis = u64::try_from(unix_millis() - EPOCH_MILLIS).expect("a clock after 2015");
        self.last_id = (millis << 22).max(self.last_id + 1);
        self.last_id
    }

    pub fn guild_of(&self, channel: u64) -> Option<u64> {
        self.channels.get(&channel).and_then(|channel| channel.guild)
    }

    /// The DM with a person, opened if there is none.
    pub fn dm_with(&mut self, user: &Value) -> u64 {
        let known = |channel: &&Channel| {
            channel.recipient.as_ref().is_some_and(|recipient| recipient["id"] == user["id"])
        };
        if let Some(channel) = self.channels.values().find(known) {
            return channel.id;
        }
        let id = self.snowflake();
        let channel =
            Channel { id, guild: None, name: String::new(), recipient: Some(user.clone()), refuses: false };
        self.channels.insert(id, channel);
        id
    }
}
