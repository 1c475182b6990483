//! Death at every named point: what arrived before is exactly one ticket afterwards, with one set of
//! clocks, and its customer is told at most once more than once per crash.
mod channels;
pub mod ledger;

use firstline_core::crash::POINTS;
use tempfile::TempDir;

use crate::harness::process::Recipe;
use ledger::Ledger;

/// Holds a request for a person and says what it is about: one message, one ticket.
const PLEA: &str = "开票时报错 E-1042，重启也没用，请转人工";

/// Runs one channel through all points: the process dies at `point`, starts again without the point,
/// and the customer's one message must have had exactly one effect.
async fn dies_everywhere<C: channels::Channel>(points: &[&str]) {
    for point in points {
        let data = TempDir::new().expect("a temporary folder");
        let mut channel = C::open().await;
        let recipe = channel.settings(Recipe::serve(data.path()), data.path());
        let mut doomed = recipe.clone().env("FIRSTLINE_CRASH_AT", *point).start();
        channel.send(&doomed, PLEA).await;
        let status = doomed.exit().await;
        assert!(!status.success(), "{point}: it was to die there; {}", doomed.output.everything());

        let revived = recipe.start_ready().await;
        channel.deliver_again(&revived).await;
        let number = channel.told_number(&revived).await;
        let ledger = Ledger::of(&revived, data.path()).await;
        assert_eq!(ledger.numbers, std::slice::from_ref(&number), "{point}: tickets after the restart");
        assert_eq!(ledger.milestones, ["first_response", "resolve"], "{point}: one set of clocks");
        let told = channel.times_told(&revived, &number).await;
        assert!((1..=2).contains(&told), "{point}: told {told} times");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn telegram_polling_one_ticket_after_death_at_every_point() {
    dies_everywhere::<channels::TelegramPolling>(&POINTS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn telegram_webhook_one_ticket_after_death_at_every_point() {
    dies_everywhere::<channels::TelegramWebhook>(&POINTS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rest_one_ticket_after_death_with_an_idempotency_key() {
    dies_everywhere::<channels::Rest>(&["after_turn_commit"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn discord_one_ticket_after_death_at_every_point() {
    let points = ["after_inbox_commit", "after_turn_commit", "before_send", "after_send"];
    dies_everywhere::<channels::Discord>(&points).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn web_chat_one_ticket_after_death_at_every_point() {
    dies_everywhere::<channels::WebChat>(&["after_inbox_commit", "after_turn_commit"]).await;
}
