//! The database, its tables, who can log in, what is stuck, and the index.
use firstline_core::store::Db;
use firstline_core::{Clock, depths, staff};
use firstline_kb::Library;

use super::finding::Finding;
use crate::config::Config;

pub async fn check(config: &Config) -> Vec<Finding> {
    if config.database_url.is_none() && !config.sqlite_path().exists() {
        let text = format!("{} does not exist yet", config.sqlite_path().display());
        return vec![Finding::warn("database", text, "firstline serve makes it")];
    }
    let db = match Db::open(&config.store_url()).await {
        Ok(db) => db,
        Err(e) => {
            let remedy =
                "check that the database runs and that --database-url names it with user and password";
            return vec![Finding::fail("database", e.to_string(), remedy)];
        }
    };
    let mut findings = tables(&db).await;
    if !findings.iter().any(Finding::is_failure) {
        findings.push(members(&db).await);
        findings.push(index(&db, config).await);
    }
    db.close().await;
    findings
}

async fn tables(db: &Db) -> Vec<Finding> {
    let kind = if db.is_postgres() { "PostgreSQL" } else { "SQLite" };
    let depths = match depths::read(db).await {
        Ok(depths) => depths,
        Err(e) => {
            let remedy = "firstline serve makes the tables and brings them up to date";
            return vec![Finding::fail("database", format!("{kind}: {e}"), remedy)];
        }
    };
    let mut findings = vec![Finding::ok("database", format!("{kind}, tables are there"))];
    for (queue, rows, state) in [
        ("outbox", &depths.outbox, "failed"),
        ("outbox", &depths.outbox, "blocked"),
        ("inbox", &depths.inbox, "failed"),
        ("jobs", &depths.jobs, "failed"),
    ] {
        if let Some((_, n)) = rows.iter().find(|(s, n)| s == state && *n > 0) {
            let remedy = "the console shows them; the log says why";
            findings.push(Finding::warn(queue, format!("{n} {state}"), remedy));
        }
    }
    findings
}

async fn members(db: &Db) -> Finding {
    match staff::all(db).await {
        Ok(all) => match all.iter().filter(|s| !s.disabled).count() {
            0 => Finding::warn(
                "staff",
                "nobody can log in",
                "firstline staff add --email YOU@EXAMPLE.COM --role admin",
            ),
            n => Finding::ok("staff", format!("{n} can log in")),
        },
        Err(e) => Finding::fail("staff", e.to_string(), "firstline serve brings the tables up to date"),
    }
}

async fn index(db: &Db, config: &Config) -> Finding {
    let remedy = "firstline serve builds it by itself; firstline kb reindex does it now";
    match Library::open(db.clone(), Clock::system(), &config.index_dir()).await {
        Ok(library) if library.ready() => Finding::ok("index", config.index_dir().display().to_string()),
        Ok(_) => Finding::warn("index", "is not built yet", remedy),
        Err(e) => Finding::warn("index", e.to_string(), remedy),
    }
}
