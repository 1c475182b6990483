//! Measures the product beside its yardsticks, in one run on one machine: `bash tests/bench`.
//! Figures are printed as a table with the target next to each; nothing here fails a build.
#[path = "measure/articles.rs"]
mod articles;
#[path = "measure/catalogue.rs"]
mod catalogue;
#[path = "measure/clocks.rs"]
mod clocks;
#[path = "measure/corpus.rs"]
mod corpus;
#[path = "measure/due.rs"]
mod due;
#[path = "measure/index.rs"]
mod index;
#[path = "measure/queue.rs"]
mod queue;
#[path = "measure/search.rs"]
mod search;
#[path = "measure/start.rs"]
mod start;
#[path = "measure/stats.rs"]
mod stats;
#[path = "measure/suggest.rs"]
mod suggest;
#[path = "measure/tickets.rs"]
mod tickets;
#[path = "measure/turn.rs"]
mod turn;
#[path = "measure/yardstick.rs"]
mod yardstick;

/// The tests' own harness.
#[path = "../tests/it"]
mod it {
    pub mod harness;
}
use it::harness;

#[tokio::main]
async fn main() {
    // `cargo bench` passes its own flags; a bare word selects one measure.
    let wanted = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let runs = |name: &str| wanted.as_deref().is_none_or(|w| w == name);
    println!("| measure | figure | target |\n|---|---|---|");
    if runs("clocks") {
        clocks::measure();
    }
    if runs("queue") {
        queue::measure().await;
    }
    if runs("due") {
        due::measure().await;
    }
    if runs("turn") {
        turn::measure().await;
    }
    if runs("tickets") {
        tickets::measure().await;
    }
    if runs("search") {
        search::measure().await;
    }
    if runs("index") {
        index::measure().await;
    }
    if runs("catalogue") {
        catalogue::measure().await;
    }
    if runs("suggest") {
        suggest::measure().await;
    }
    if runs("start") {
        start::measure().await;
    }
}
