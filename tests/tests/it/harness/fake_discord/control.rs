//! Weather on the gateway: what a test does to the connections.
use std::time::Duration;

use serde_json::json;

use super::FakeDiscord;
use super::sessions::Order;
use super::state::GatewayCounts;

impl FakeDiscord {
    /// Sessions with a connection at this moment.
    pub fn connected(&self) -> usize {
        self.shared.look().sessions.iter().filter(|session| session.line.is_some()).count()
    }

    /// Waits until the bot has a session on the gateway.
    pub async fn await_connected(&self) {
        let connected = || (self.connected() > 0).then_some(());
        self.shared.signal.until(connected, || format!("a session on the gateway; {}", self.summary())).await;
    }

    /// Waits until no session has a connection, for instance after the process was killed.
    pub async fn await_disconnected(&self) {
        let gone = || (self.connected() == 0).then_some(());
        self.shared.signal.until(gone, || format!("no session on the gateway; {}", self.summary())).await;
    }

    pub fn gateway_counts(&self) -> GatewayCounts {
        self.shared.look().counts
    }

    /// Asks every connection to reconnect and resume (op 7).
    pub fn ask_to_reconnect(&self) {
        self.order(&Order::Send(json!({"op": 7, "d": null, "s": null, "t": null})));
    }

    /// Declares every session invalid (op 9). Not resumable means it is forgotten here too.
    pub fn invalidate_sessions(&self, resumable: bool) {
        self.order(&Order::Send(json!({"op": 9, "d": resumable, "s": null, "t": null})));
        if !resumable {
            self.forget_sessions();
        }
    }

    /// Closes every connection with a code, such as 4000 or 4004.
    pub fn close_gateway(&self, code: u16) {
        self.order(&Order::Close(code));
    }

    /// Cuts every gateway connection without a word.
    pub fn cut_gateway(&self) {
        self.order(&Order::Cut);
        self.gateway.cut_all();
    }

    /// Cuts every open REST connection.
    pub fn cut_rest(&self) {
        self.rest.cut_all();
    }

    /// While `true` REST connections are closed as they come.
    pub fn rest_away(&self, away: bool) {
        self.rest.refuse(away);
        if away {
            self.cut_rest();
        }
    }

    /// While `true` nobody gets onto the gateway.
    pub fn gateway_away(&self, away: bool) {
        self.gateway.refuse(away);
        if away {
            self.cut_gateway();
        }
    }

    /// From now on nothing can be resumed; connections stay until they end by themselves.
    pub fn forget_sessions(&self) {
        self.shared.change(|state| state.sessions.clear());
    }

    /// Whether heartbeats are answered: a connection that is dead though it looks alive.
    pub fn acknowledge_heartbeats(&self, acknowledge: bool) {
        self.shared.change(|state| state.acknowledges_heartbeats = acknowledge);
    }

    /// How often clients that connect from now on shall send a heartbeat.
    pub fn heartbeat_every(&self, pause: Duration) {
        let millis = u64::try_from(pause.as_millis()).expect("a short pause");
        self.shared.change(|state| state.heartbeat_millis = millis);
    }

    /// Changes the three seconds within which an interaction must be answered.
    pub fn answer_within(&self, limit: Duration) {
        self.shared.change(|state| state.answer_within = limit);
    }

    /// Lets the time of an interaction run out.
    pub fn let_interaction_expire(&self, interaction: u64) {
        self.shared.change(|state| {
            state.interactions.get_mut(&interaction).expect("a known interaction").expired = true;
        });
    }

    /// Sends an event of any kind and shape to every session, such as one serenity does not know.
    pub fn raw_event(&self, event: &str, data: serde_json::Value) {
        self.shared.change(|state| super::sessions::dispatch(state, event, &data, 0));
    }

    fn order(&self, order: &Order) {
        for line in self.shared.look().sessions.iter().filter_map(|session| session.line.as_ref()) {
            let _ = line.send(order.clone());
        }
    }
}
