//! The gateway: HELLO, IDENTIFY, heartbeats, RESUME, and the close codes of what goes wrong.
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use super::json as objects;
use super::sessions::{self, GUILDS, Order, PRIVILEGED, Session};
use super::state::{Shared, State, TOKEN};
use crate::harness::loopback::{CuttableStream, Loopback};

type Socket = WebSocketStream<CuttableStream>;

/// Payloads a client may send in a minute, and how long one may be.
const EVENTS_A_MINUTE: usize = 120;
const PAYLOAD_LIMIT: usize = 4096;

pub async fn serve(listener: Loopback, shared: Arc<Shared>) {
    loop {
        let (stream, _) = listener.next().await;
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            if let Ok(socket) = tokio_tungstenite::accept_async(stream).await {
                converse(socket, &shared).await;
            }
        });
    }
}

/// One connection from HELLO to its end.
async fn converse(mut socket: Socket, shared: &Shared) {
    let (orders, mut inbox) = unbounded_channel();
    let hello = shared.change(|state| {
        state.counts.connections += 1;
        json!({"op": 10, "t": null, "s": null, "d": {"heartbeat_interval": state.heartbeat_millis, "_trace": []}})
    });
    let _ = orders.send(Order::Send(hello));
    let mut connection = Connection { shared, orders, session: None, received: Vec::new() };
    loop {
        let order = tokio::select! {
            order = inbox.recv() => order,
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) => connection.receive(&text).map(Order::Close),
                Some(Ok(Message::Close(frame))) => {
                    connection.closed_by_peer(frame.map(|frame| frame.code.into()));
                    break;
                }
                Some(Ok(_)) => None,
                Some(Err(_)) | None => break,
            },
        };
        match order {
            Some(Order::Send(payload)) => {
                let sent = socket.send(Message::Text(payload.to_string())).await;
                if sent.is_err() {
                    break;
                }
            }
            Some(Order::Close(code)) => {
                let frame = CloseFrame { code: code.into(), reason: "".into() };
                let _ = socket.close(Some(frame)).await;
                break;
            }
            Some(Order::Cut) => break,
            None => {}
        }
    }
    connection.disconnect();
}

struct Connection<'a> {
    shared: &'a Shared,
    orders: UnboundedSender<Order>,
    session: Option<String>,
    received: Vec<Instant>,
}

impl Connection<'_> {
    /// Takes one payload; the close code where it must not be.
    fn receive(&mut self, text: &str) -> Option<u16> {
        let now = Instant::now();
        self.received.retain(|at| now.duration_since(*at) < Duration::from_secs(60));
        self.received.push(now);
        if self.received.len() > EVENTS_A_MINUTE {
            return Some(4008);
        }
        if text.len() > PAYLOAD_LIMIT {
            return Some(4002);
        }
        let Ok(payload) = serde_json::from_str::<Value>(text) else { return Some(4002) };
        let data = &payload["d"];
        match payload["op"].as_u64() {
            Some(1) => {
                let acknowledge = self.shared.change(|state| {
                    state.counts.heartbeats += 1;
                    state.acknowledges_heartbeats
                });
                if acknowledge {
                    let _ = self.orders.send(Order::Send(json!({"op": 11, "d": null, "s": null, "t": null})));
                }
                None
            }
            Some(2) => self.identify(data),
            Some(6) => self.resume(data),
            Some(3 | 4 | 8) if self.session.is_some() => None,
            Some(3 | 4 | 8) => Some(4003),
            _ => Some(4001),
        }
    }

    fn identify(&mut self, data: &Value) -> Option<u16> {
        if self.session.is_some() {
            return Some(4005);
        }
        if data["token"].as_str().is_none_or(|token| token.trim_start_matches("Bot ") != TOKEN) {
            return Some(4004);
        }
        let intents = data["intents"].as_u64().unwrap_or(0);
        let orders = self.orders.clone();
        let session = self.shared.change(|state| {
            if intents & PRIVILEGED != 0 && !state.message_content_allowed {
                return None;
            }
            state.counts.identifies += 1;
            let shard = data["shard"][0].as_u64().unwrap_or(0);
            // A new identity of a shard ends what could still be resumed of it.
            state.sessions.retain(|session| session.line.is_some() || session.shard != shard);
            let id = format!("{:032x}", state.snowflake());
            let session =
                Session { id: id.clone(), shard, intents, sequence: 0, log: Vec::new(), line: Some(orders) };
            state.sessions.push(session);
            welcome(state, self.shared, &id, &data["shard"]);
            Some(id)
        });
        let refused = session.is_none();
        self.session = session;
        refused.then_some(4014)
    }

    fn resume(&mut self, data: &Value) -> Option<u16> {
        if data["token"].as_str().is_none_or(|token| token.trim_start_matches("Bot ") != TOKEN) {
            return Some(4004);
        }
        let wanted = data["session_id"].as_str().unwrap_or_default().to_owned();
        let seen = data["seq"].as_u64().unwrap_or(0);
        let orders = self.orders.clone();
        let outcome = self.shared.change(|state| {
            let index = state.sessions.iter().position(|session| session.id == wanted)?;
            if seen > state.sessions[index].sequence {
                return Some(Err(4007));
            }
            state.counts.resumes += 1;
            for (_, payload) in state.sessions[index].log.iter().filter(|(sequence, _)| *sequence > seen) {
                let _ = orders.send(Order::Send(payload.clone()));
            }
            state.sessions[index].line = Some(orders.clone());
            sessions::dispatch_to(state, index, "RESUMED", json!({"_trace": []}));
            Some(Ok(()))
        });
        match outcome {
            None => {
                let _ = self.orders.send(Order::Send(json!({"op": 9, "d": false, "s": null, "t": null})));
                None
            }
            Some(Err(code)) => Some(code),
            Some(Ok(())) => {
                self.session = Some(wanted);
                None
            }
        }
    }

    /// Closing with 1000 or 1001 ends the session; any other way it can be resumed.
    fn closed_by_peer(&self, code: Option<u16>) {
        if matches!(code, Some(1000 | 1001)) {
            self.shared
                .change(|state| state.sessions.retain(|session| Some(&session.id) != self.session.as_ref()));
        }
    }

    fn disconnect(&self) {
        self.shared.change(|state| {
            let own = state.sessions.iter_mut().find(|session| Some(&session.id) == self.session.as_ref());
            // A resumed session has the newer connection's line already.
            if let Some(session) = own
                .filter(|session| session.line.as_ref().is_some_and(|line| line.same_channel(&self.orders)))
            {
                session.line = None;
            }
        });
    }
}

/// READY, then the guilds.
fn welcome(state: &mut State, shared: &Shared, session: &str, shard: &Value) {
    let index = state.sessions.len() - 1;
    let has_guilds = state.sessions[index].intents & GUILDS != 0;
    let guilds: Vec<Value> = state.guilds.values().cloned().collect();
    let unavailable: Vec<Value> =
        guilds.iter().map(|guild| json!({"id": guild["id"], "unavailable": true})).collect();
    let ready = json!({
        "v": 10, "user": objects::bot_user(), "guilds": unavailable, "session_id": session, "shard": shard,
        "resume_gateway_url": shared.gateway_url, "user_settings": {}, "relationships": [], "private_channels": [],
        "presences": [], "application": {"id": objects::APPLICATION_ID.to_string(), "flags": 0}, "_trace": [],
    });
    sessions::dispatch_to(state, index, "READY", ready);
    for guild in guilds.into_iter().filter(|_| has_guilds) {
        sessions::dispatch_to(state, index, "GUILD_CREATE", guild);
    }
}
