//! The way up through a hundred thousand releases, and the import of the .NET family.
use std::time::{Duration, Instant};

use firstline_core::store::{Db, migrate};
use firstline_core::{Clock, Time};
use firstline_kb::catalogue::Catalogue;
use firstline_kb::catalogue::graph::Graph;
use firstline_kb::catalogue::import::{Options, import};
use firstline_kb::catalogue::model::{Audience, Draft, Product, Release, State, Texts, Viewer};
use firstline_kb::catalogue::path::{Goal, Request, advise};
use tempfile::TempDir;

use crate::harness::shared_data;
use crate::stats::{row, summary};

const RELEASES: u64 = 100_000;

pub async fn measure() {
    let started = Instant::now();
    let graph = graph();
    row("ordering 100,000 releases", &format!("{} ms", started.elapsed().as_millis()), "-");
    for (what, version, goal) in [
        ("upgrade path over 100,000 releases: newest", "1.0.0", "newest"),
        ("the same: fixes a code", "40.7.0", "fixes:E-1000"),
        ("the same: security", "90.1.0", "security"),
        ("the same: smallest change", "1.0.0", "smallest"),
        ("the same: nothing leads there", "1.0.0", "to:99.9.99"),
    ] {
        row(what, &summary(times(&graph, version, goal.parse().expect("a goal"))), "≤ 5 ms");
    }
    family().await;
}

/// Hundred lines of a thousand releases; each line asks for the last release of the one before.
fn graph() -> Graph {
    let release = |n: u64| {
        let (line, rest) = (n / 1000 + 1, n % 1000);
        let mut draft =
            Draft::new("app", format!("{line}.{}.{}", rest / 100, rest % 100).parse().expect("a version"));
        draft.notes = Texts::new("", "changes");
        draft.security = n.is_multiple_of(7);
        if n.is_multiple_of(100) {
            draft.codes = vec![format!("E-{}", n / 100)];
        }
        if rest == 0 && line > 1 {
            draft.min_from = format!("{}.9.99", line - 1).parse().ok();
        }
        if line == 100 && rest == 999 {
            draft.applies_to = Some(">=200".into());
        }
        Release {
            id: n.to_string(),
            draft,
            state: State::Published,
            audience: Audience::Everyone,
            chosen: vec![],
            publish_at: None,
            published_at: Some(Time(0)),
            withdrawn_at: None,
            reason: Texts::default(),
            revision: 1,
            updated_at: Time(0),
        }
    };
    Graph::new(Product::new("app"), (0..RELEASES).map(release).collect())
}

fn times(graph: &Graph, version: &str, goal: Goal) -> Vec<Duration> {
    let request = Request {
        version: version.parse().expect("a version"),
        platform: None,
        goal,
        as_of: "2026-11-22".parse().expect("a day"),
        viewer: Viewer::Anybody,
    };
    let once = || {
        let started = Instant::now();
        std::hint::black_box(advise(graph, &request));
        started.elapsed()
    };
    once();
    (0..50).map(|_| once()).collect()
}

async fn family() {
    let Some(path) = shared_data::file("catalogue/dotnet-releases.tar.gz") else { return };
    let folder = TempDir::new().expect("a folder");
    let db = Db::open(&format!("sqlite:{}", folder.path().join("x.db").display())).await.expect("a database");
    migrate(&db, vec![firstline_kb::migrations()]).await.expect("tables");
    let catalogue = Catalogue::new(db, Clock::system());
    for what in ["import of the .NET family", "the same again"] {
        let started = Instant::now();
        let report = import(&catalogue, &path, &Options::default(), &mut |_| {}).await.expect("an import");
        assert_eq!(report.new + report.same, 346);
        row(what, &format!("{:.2} s", started.elapsed().as_secs_f64()), "≤ 5 s");
    }
}
