//! A desk under test: the real use cases on a real database, with a clock that only the test moves.
use std::path::PathBuf;

use firstline_core::files::Files;
use firstline_core::store::{Db, migrate};
use firstline_core::{Clock, Desk, Time};
use tempfile::TempDir;

use crate::harness::postgres;

/// Monday 2026-09-28, 09:00 in Shanghai.
pub const MONDAY: Time = Time(1_790_557_200_000);

pub struct TestDesk {
    pub desk: Desk,
    pub clock: Clock,
    pub dir: TempDir,
}

impl TestDesk {
    pub async fn sqlite() -> TestDesk {
        let dir = TempDir::new().expect("a temporary folder");
        let url = format!("sqlite:{}", dir.path().join("test.db").display());
        TestDesk::open(&url, dir).await
    }

    /// `None` (said on stderr) where no PostgreSQL can be started and nobody demands it.
    pub async fn postgres(name: &str) -> Option<TestDesk> {
        let url = postgres::pg_url(name).await?;
        Some(TestDesk::open(&url, TempDir::new().expect("a temporary folder")).await)
    }

    async fn open(url: &str, dir: TempDir) -> TestDesk {
        let db = Db::open(url).await.expect("the database opens");
        migrate(&db, vec![firstline_kb::migrations()]).await.expect("the schema is made");
        let clock = Clock::manual(MONDAY);
        let files = Files::folder(&dir.path().join("files")).expect("the file folder is made");
        let desk = Desk::new(db, clock.clone(), files, "http://help.example").await.expect("the desk opens");
        TestDesk { desk, clock, dir }
    }

    pub fn index_dir(&self) -> PathBuf {
        self.dir.path().join("index")
    }

    pub fn minutes_pass(&self, minutes: i64) {
        self.clock.advance_millis(minutes * 60_000);
    }
}

/// One case on both databases: `on_both! { async fn name(t: TestDesk) { … } }`.
macro_rules! on_both {
    ($(#[$meta:meta])* async fn $name:ident($t:ident: TestDesk) $body:block) => {
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn case($t: $crate::desk::TestDesk) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                case($crate::desk::TestDesk::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(t) = $crate::desk::TestDesk::postgres(stringify!($name)).await {
                    case(t).await;
                }
            }
        }
    };
}
pub(crate) use on_both;
