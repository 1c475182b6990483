//! Counting statements: how many SQL statements a piece of work takes. A page that reads once for each
//! row is fast on a desk and slow at a customer's.
use std::cell::Cell;

tokio::task_local! {
    static TALLY: Cell<u64>;
}

/// Noted by `on!` and `on_tx!`; outside of `tally` it costs nothing.
pub fn note_statement() {
    // Not being counted is the usual case.
    let _ = TALLY.try_with(|count| count.set(count.get() + 1));
}

/// Runs `work` and gives how many statements it sent from its own task.
pub async fn tally<T>(work: impl Future<Output = T>) -> (T, u64) {
    TALLY
        .scope(Cell::new(0), async {
            let done = work.await;
            (done, TALLY.with(Cell::get))
        })
        .await
}
