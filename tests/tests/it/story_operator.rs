//! What the operator promises whatever happens: one effect per event, order within a chat, failures that
//! do not hold up the rest, floods that lose nothing.
use firstline_bots::event::Event;
use firstline_core::conversation;
use firstline_core::inbox;
use firstline_core::ticket::{Author, Number, rows};
use serde_json::json;

use crate::desk::on_both;
use crate::story::{Office, has};

fn words(id: &str, text: &str) -> Event {
    Event::Message { id: id.into(), text: text.into(), files: vec![], reply_to: None, album: None, ack: None }
}

on_both! {
    async fn the_same_event_stepped_by_many_at_once_has_one_effect(t: TestDesk) {
        let office = Office::open(t).await;
        let mut he = office.chat("telegram", "6001", "zh-hans");
        he.deliver("u1", words("m1", "报表金额对不上，转人工")).await;
        let nodes = (0..10).map(|_| {
            let operator = office.operator.clone();
            tokio::spawn(async move { operator.settle().await.unwrap() })
        });
        for node in nodes.collect::<Vec<_>>() {
            node.await.unwrap();
        }
        has(&he.looks().await, &["FL-1001"]);
        assert_eq!(he.screen.len(), 1);
        assert!(rows::by_number(&office.t.desk.db, Number(1002)).await.unwrap().is_none());
    }
}

on_both! {
    async fn an_event_that_fails_for_good_is_apologized_for_once_and_the_rest_flows(t: TestDesk) {
        let office = Office::open(t).await;
        let mut he = office.chat("telegram", "6002", "zh-hans");
        he.says("你好").await;
        he.deliver_raw("broken", json!({"event": {"type": "dance"}})).await;
        he.deliver("after", words("m2", "打印机脱机")).await;
        for _ in 0..inbox::MAX_ATTEMPTS {
            office.operator.settle().await.unwrap();
            office.t.minutes_pass(1);
        }
        office.operator.settle().await.unwrap();
        let seen = he.looks().await;
        has(&seen, &["很抱歉", "转人工"]);
        assert_eq!(seen.matches("很抱歉").count(), 1);
        assert!(!he.pending().await && he.screen.len() == 2, "{seen}");
        let troubled = inbox::troubled(&office.t.desk.db, 10).await.unwrap();
        assert_eq!((troubled.len(), troubled[0].external_id.as_str()), (1, "broken"));
    }
}

on_both! {
    async fn a_flood_is_stored_whole_and_slowed_down_once(t: TestDesk) {
        let office = Office::open(t).await;
        let mut he = office.chat("telegram", "6003", "zh-hans");
        for i in 0..30 {
            he.deliver(&format!("u{i}"), words(&format!("m{i}"), "你好")).await;
        }
        office.operator.settle().await.unwrap();
        let seen = he.looks().await;
        assert_eq!((he.screen.len(), seen.matches("有点快").count()), (21, 1));
        let said = conversation::transcript(&office.t.desk.db, &he.conversation().await.id, None, 100).await.unwrap();
        assert_eq!(said.iter().filter(|m| m.author == Author::Customer).count(), 30);
    }
}

on_both! {
    async fn who_left_is_unreachable_until_they_return(t: TestDesk) {
        let office = Office::open(t).await;
        let mut he = office.chat("telegram", "6004", "zh-hans");
        he.says("你好").await;
        he.turn(Event::Left).await;
        assert!(!he.conversation().await.reachable);
        he.turn(Event::Returned).await;
        assert!(he.conversation().await.reachable);
    }
}

on_both! {
    async fn a_reply_to_ones_own_message_on_a_ticket_belongs_to_it(t: TestDesk) {
        let office = Office::open(t).await;
        let mut he = office.chat("telegram", "6005", "zh-hans");
        has(&he.sends("own1", "报表金额对不上，转人工", vec![], None).await, &["FL-1001"]);
        let answer = he.sends("own2", "是三月的那张", vec![], Some("own1".into())).await;
        has(&answer, &["已补充到 FL-1001"]);
        he.sends("own3", "打印机脱机", vec![], None).await;
        let answer = he.sends("own4", "打印机脱机", vec![], Some("own3".into())).await;
        assert!(!answer.contains("已补充"), "{answer}");
    }
}

on_both! {
    async fn messages_written_apart_and_delivered_at_once_are_no_flood(t: TestDesk) {
        let office = Office::open(t).await;
        let mut he = office.chat("telegram", "6006", "zh-hans");
        for i in 0..30 {
            let sent_at = office.t.desk.clock.now().plus_millis(-60_000 * (31 - i));
            let event = json!({
                "event": words(&format!("m{i}"), "你好"), "name": "王会计", "lang_hint": null, "private": true,
                "sent_at": sent_at,
            });
            he.deliver_raw(&format!("u{i}"), event).await;
        }
        office.operator.settle().await.unwrap();
        assert!(!he.looks().await.contains("有点快"));
    }
}
