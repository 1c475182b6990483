//! The fake pushes to a webhook: secret, order, repetition after failure.
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};
use teloxide::prelude::*;

use super::telegram_polling::bot;
use crate::harness::fake_telegram::FakeTelegram;

/// Update ids with the secret they came with; the first deliveries can be refused.
#[derive(Default)]
struct Received {
    taken: Vec<(i64, String)>,
    refuse: usize,
}

type Shared = Arc<Mutex<Received>>;

async fn receive(State(received): State<Shared>, headers: HeaderMap, body: axum::Json<Value>) -> StatusCode {
    let mut received = received.lock().expect("received");
    if received.refuse > 0 {
        received.refuse -= 1;
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    let secret = headers.get("x-telegram-bot-api-secret-token").and_then(|value| value.to_str().ok());
    received.taken.push((body["update_id"].as_i64().unwrap_or(0), secret.unwrap_or_default().to_owned()));
    StatusCode::OK
}

async fn serve(received: Shared) -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = Router::new().route("/hook", post(receive)).with_state(received);
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/hook")
}

#[tokio::test]
async fn updates_are_pushed_in_order_until_they_are_taken() {
    let fake = FakeTelegram::start().await;
    let bot = bot(&fake);
    let received = Shared::default();
    received.lock().expect("received").refuse = 2;
    let url = serve(Arc::clone(&received)).await;
    bot.set_webhook(url.parse().expect("a link")).secret_token("s3cret_".to_owned()).await.expect("set");
    assert!(bot.get_updates().await.is_err(), "no polling beside a webhook");

    let li = fake.person("李雷");
    let said: Vec<i64> = ["一", "二", "三"].iter().map(|text| li.says(text).update_id()).collect();
    for id in &said {
        fake.await_confirmed(*id).await;
    }
    let expected: Vec<(i64, String)> = said.iter().map(|id| (*id, "s3cret_".to_owned())).collect();
    assert_eq!(received.lock().expect("received").taken, expected);
    assert!(fake.receipt(said[0]).handed_out.len() > 1, "refused twice");
    assert!(bot.get_webhook_info().await.expect("info").last_error_message.is_some());

    let statuses = fake.push_in_parallel(&json!({"update_id": 1}), 50).await;
    assert_eq!(statuses, [200; 50]);
    bot.delete_webhook().await.expect("deleted");
    assert!(bot.get_updates().await.expect("polling again").is_empty());
}
