//! Idempotency keys: one effect for one key, however often and however many at once; on both databases.
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::api_server::{answer, problem, report, served};

served! {
    async fn sixty_four_at_once_open_one_ticket(s: TestServer) {
        let body = report("E-1042");
        let send = |_| answer(s.post("/api/v1/tickets", &body).header("idempotency-key", "order-4711"));
        let answers = join_all((0..64).map(send)).await;
        let first = &answers[0].1;
        for (status, body) in &answers {
            assert_eq!((*status, body), (201, first));
        }
        let (_, list) = answer(s.get("/api/v1/tickets")).await;
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "one ticket");
    }
}

served! {
    async fn the_first_answer_is_given_again_whatever_happened_since(s: TestServer) {
        let body = report("E-1042");
        let send = || s.post("/api/v1/tickets", &body).header("idempotency-key", "k");
        let (_, first) = answer(send()).await;
        let number = first["number"].as_str().expect("a number");
        answer(s.post(&format!("/api/v1/tickets/{number}/messages"), &json!({ "text": "hello" }))).await;
        let again = send().send().await.expect("an answer");
        assert_eq!((again.status().as_u16(), &again.headers()["idempotent-replayed"]), (201, &"true".parse().expect("a value")));
        assert_eq!(again.headers()["location"], format!("/api/v1/tickets/{number}"));
        assert_eq!(again.json::<Value>().await.expect("a body"), first);
    }
}

served! {
    async fn a_key_with_another_request_is_a_conflict(s: TestServer) {
        let number = s.opens("other").await;
        let keyed = |path: &str, body: &Value| s.post(path, body).header("idempotency-key", "k");
        answer(keyed("/api/v1/tickets", &report("one"))).await;
        problem(keyed("/api/v1/tickets", &report("two")).send().await.expect("an answer"), 409).await;
        let messages = format!("/api/v1/tickets/{number}/messages");
        problem(keyed(&messages, &json!({ "text": "x" })).send().await.expect("an answer"), 409).await;
        let long = s.post("/api/v1/tickets", &report("x")).header("idempotency-key", "k".repeat(256));
        problem(long.send().await.expect("an answer"), 422).await;
    }
}

served! {
    async fn a_refused_request_does_not_use_up_its_key(s: TestServer) {
        let keyed = |body: &Value| s.post("/api/v1/tickets", body).header("idempotency-key", "k");
        let mut wrong = report("x");
        wrong["customer"]["email"] = json!("nothing");
        problem(keyed(&wrong).send().await.expect("an answer"), 422).await;
        assert_eq!(answer(keyed(&report("x"))).await.0, 201);
    }
}

served! {
    async fn a_message_is_written_once(s: TestServer) {
        let number = s.opens("E-1042").await;
        let path = format!("/api/v1/tickets/{number}/messages");
        let body = json!({ "text": "Please open TCP 8443." });
        let send = |_| answer(s.post(&path, &body).header("idempotency-key", "m"));
        let answers = join_all((0..64).map(send)).await;
        assert!(answers.iter().all(|(status, body)| *status == 201 && body["id"] == answers[0].1["id"]));
        let (_, ticket) = answer(s.get(&format!("/api/v1/tickets/{number}"))).await;
        assert_eq!(ticket["messages"].as_array().map(Vec::len), Some(2));
    }
}
