//! What a chat turn asks of the store, counted and not timed: a read more on every turn is a read more for
//! everybody who waits.
use firstline_bots::event::{Envelope, Event};
use firstline_core::desk::NewRequest;
use firstline_core::inbox::{Incoming, SentBy};
use firstline_core::severity::{Effect, Scope, Situation};
use firstline_core::store::tally;
use firstline_core::ticket::Kind;

use crate::desk::on_both;
use crate::story::{Office, has};

/// Statements between the arrival of a question and the end of its turn, begin and commit aside: the event, and
/// whether its conversation exists.
const RECEIVED: u64 = 2;
/// The conversation with its person, the article and its words, the person's tickets; the transcript twice, the search,
/// the reply, the event, the dialogue. A look at the inbox before and after is not among them.
const STEPPED: u64 = 10;
const LOOKS: u64 = 2;

on_both! {
    async fn a_question_is_answered_with_few_statements(t: TestDesk) {
        let office = Office::open(t).await;
        let mut chat = office.chat("telegram", "1", "zh");
        chat.says("你好").await;
        let desk = &office.t.desk;
        let text = "开票时报错 E-1042，连不上服务器".to_string();
        let id = desk.clock.id();
        let event = Event::Message { id, text, files: Vec::new(), reply_to: None, album: None, ack: None };
        let (name, lang_hint) = ("王会计".to_string(), Some("zh".to_string()));
        let envelope = Envelope { event, name: name.clone(), lang_hint, private: true, sent_at: None };
        let incoming = Incoming {
            address: chat.at.clone(),
            external_id: desk.clock.id(),
            event: serde_json::to_value(envelope).unwrap(),
            aside: None,
            sent_by: Some(SentBy { name, private: true }),
        };

        let (stored, received) = tally(desk.receive(&[incoming], None)).await;
        assert_eq!(stored.unwrap(), 1);
        assert!(received <= RECEIVED, "{received} statements to receive a message");
        let (settled, stepped) = tally(office.operator.settle()).await;
        settled.unwrap();
        has(&chat.looks().await, &["E-1042", "1. "]);
        assert!(stepped <= STEPPED + LOOKS, "{stepped} statements for a turn");
    }
}

/// A ticket over the API, for somebody known: person and contact, number, row, message, the opening; whom it is like, the
/// groups, whom it goes to; the timeline read, the row again, two clocks with their jobs.
const OPENED: u64 = 20;

on_both! {
    async fn a_ticket_is_opened_with_few_statements(t: TestDesk) {
        let request = NewRequest {
            title: "E-1042 when issuing an invoice".into(),
            text: "The client cannot reach the server.".into(),
            kind: Kind::Fault,
            product: Some("invoice".into()),
            version: None,
            situation: Situation { scope: Some(Scope::Many), effect: Some(Effect::Stopped), workaround: Some(false) },
            customer_name: "Li".into(),
            customer_email: "li@example.com".into(),
        };
        let mut tx = t.desk.db.begin().await.unwrap();
        t.desk.open_request(&mut tx, &request).await.unwrap();
        let (opened, statements) = tally(t.desk.open_request(&mut tx, &request)).await;
        assert_eq!(opened.unwrap().clocks.len(), 2);
        tx.commit().await.unwrap();
        assert!(statements <= OPENED, "{statements} statements to open a ticket");
    }
}
