//! A chat for stories: events go in as an adapter writes them, the operator steps them, and what leaves
//! through the outbox is on the screen, "sent" under a platform id so that it can be replied to.
use std::path::Path;

use bytes::Bytes;
use firstline_bots::event::{Envelope, Event};
use firstline_bots::message::{Outgoing, Payload};
use firstline_bots::notice;
use firstline_bots::operator::Operator;
use firstline_bots::step::say;
use firstline_core::conversation::{self, Address, Conversation};
use firstline_core::desk::view::TicketView;
use firstline_core::files::FileOffer;
use firstline_core::inbox::{self, Incoming};
use firstline_core::outbox;
use firstline_core::staff::{self, Role, Staff};
use firstline_core::ticket::Number;
use firstline_core::{Desk, people};
use firstline_kb::Library;

use crate::desk::TestDesk;

/// A desk with the demo articles and an operator.
pub struct Office {
    pub t: TestDesk,
    pub operator: Operator,
}

impl Office {
    pub async fn open(t: TestDesk) -> Office {
        let library =
            Library::open(t.desk.db.clone(), t.clock.clone(), &t.index_dir()).await.expect("the kb opens");
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kb/demo");
        firstline_kb::import::import(&library, &demo, &mut |_| {})
            .await
            .expect("the demo articles are imported");
        library.refresh().await.expect("the index follows");
        let operator = Operator::new(t.desk.clone(), library);
        Office { t, operator }
    }

    pub async fn agent(&self) -> Staff {
        let desk = &self.t.desk;
        staff::add(&desk.db, &desk.clock, "lin@firstline.example", "小林", Role::Agent, "correct horse")
            .await
            .unwrap()
    }

    /// A chat of a new person.
    pub fn chat(&self, channel: &str, user: &str, hint: &str) -> Chat<'_> {
        let at = Address {
            channel: channel.into(),
            bot: "bot".into(),
            chat: user.into(),
            external_user: user.into(),
        };
        Chat {
            office: self,
            at,
            hint: hint.into(),
            private: true,
            screen: Vec::new(),
            read_up_to: String::new(),
        }
    }
}

pub struct Chat<'a> {
    pub office: &'a Office,
    pub at: Address,
    pub hint: String,
    pub private: bool,
    /// What the last turn said: `(platform id, message)`.
    pub screen: Vec<(String, Outgoing)>,
    read_up_to: String,
}

impl Chat<'_> {
    fn desk(&self) -> &Desk {
        &self.office.t.desk
    }

    pub async fn says(&mut self, text: &str) -> String {
        let id = self.desk().clock.id();
        self.sends(&id, text, Vec::new(), None).await
    }

    pub async fn sends(
        &mut self,
        id: &str,
        text: &str,
        files: Vec<FileOffer>,
        reply_to: Option<String>,
    ) -> String {
        self.turn(Event::Message {
            id: id.into(),
            text: text.into(),
            files,
            reply_to,
            album: None,
            ack: None,
        })
        .await
    }

    pub async fn sends_photo(&mut self) -> String {
        let content = Bytes::from_static(b"\x89PNG a screenshot");
        let size = content.len() as u64;
        let sha256 = Some(self.desk().files.put(content).await.unwrap());
        let source = serde_json::Value::Null;
        let photo = FileOffer { name: "screen.png".into(), mime: "image/png".into(), size, sha256, source };
        let id = self.desk().clock.id();
        self.sends(&id, "", vec![photo], None).await
    }

    /// Replies to the message on the screen that contains `quoted`.
    pub async fn replies(&mut self, quoted: &str, text: &str) -> String {
        let found = self.screen.iter().find(|(_, m)| say::plain(m).contains(quoted));
        let reply_to =
            found.map(|(id, _)| id.clone()).unwrap_or_else(|| panic!("no {quoted:?} in {}", self.text()));
        let id = self.desk().clock.id();
        self.sends(&id, text, Vec::new(), Some(reply_to)).await
    }

    /// Taps a button on the screen by a part of its label.
    pub async fn taps(&mut self, label: &str) -> String {
        let action = self.action(label);
        self.presses(&action).await
    }

    pub fn action(&self, label: &str) -> String {
        let mut buttons = self.screen.iter().flat_map(|(_, m)| m.buttons.iter().flatten());
        let found = buttons.find(|b| b.label.contains(label));
        found.unwrap_or_else(|| panic!("no button {label:?} in:\n{}", self.text())).action.clone()
    }

    pub async fn presses(&mut self, action: &str) -> String {
        self.turn(Event::Pressed { action: action.into(), message_id: None, ack: None }).await
    }

    pub async fn turn(&mut self, event: Event) -> String {
        let delivery = self.desk().clock.id();
        self.deliver(&delivery, event).await;
        self.office.operator.settle().await.unwrap();
        self.looks().await
    }

    /// Stores an event without stepping it.
    pub async fn deliver(&self, delivery: &str, event: Event) {
        let envelope = Envelope {
            event,
            name: "王会计".into(),
            lang_hint: Some(self.hint.clone()),
            private: self.private,
            sent_at: None,
        };
        let event = serde_json::to_value(envelope).unwrap();
        self.deliver_raw(delivery, event).await;
    }

    pub async fn deliver_raw(&self, delivery: &str, event: serde_json::Value) {
        let incoming = Incoming {
            address: self.at.clone(),
            external_id: delivery.into(),
            event,
            aside: None,
            sent_by: None,
        };
        self.desk().receive(&[incoming], None).await.unwrap();
    }

    /// Reads what arrived since, as the platform would show it. Gives its plain text.
    pub async fn looks(&mut self) -> String {
        let desk = self.desk().clone();
        let rows =
            outbox::after(&desk.db, &self.at.channel, &self.at.bot, &self.at.chat, &self.read_up_to, 100)
                .await;
        self.screen.clear();
        for row in rows.unwrap() {
            let message = match serde_json::from_value(row.payload.0.clone()).unwrap() {
                Payload::Message { message } => *message,
                Payload::Notice(n) => notice::render(&n, &self.lang().await, &desk.links, desk.clock.now()),
            };
            let id = format!("sent-{}", row.id);
            let mut tx = desk.db.begin().await.unwrap();
            outbox::sent(&mut tx, &desk.clock, &row, std::slice::from_ref(&id)).await.unwrap();
            tx.commit().await.unwrap();
            self.read_up_to = row.id;
            self.screen.push((id, message));
        }
        self.text()
    }

    pub fn text(&self) -> String {
        self.screen.iter().map(|(_, m)| say::plain(m)).collect::<Vec<_>>().join("\n---\n")
    }

    pub async fn conversation(&self) -> Conversation {
        conversation::find(&self.desk().db, &self.at).await.unwrap().expect("a conversation")
    }

    async fn lang(&self) -> String {
        self.conversation().await.lang.unwrap_or_default()
    }

    /// As after an earlier report.
    pub async fn remembers(&self, product: &str, version: &str) {
        let person = self.conversation().await.person_id;
        let profile =
            people::Profile { lang: None, product: Some(product.into()), version: Some(version.into()) };
        let mut tx = self.desk().db.begin().await.unwrap();
        people::remember(&mut tx, &person, &profile).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn ticket(&self, number: i64) -> TicketView {
        self.desk().ticket(Number(number)).await.unwrap()
    }

    pub async fn pending(&self) -> bool {
        inbox::head_of(&self.desk().db, &self.at).await.unwrap().is_some()
    }
}

/// Every part must be in the text.
#[track_caller]
pub fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in:\n{text}");
    }
}
