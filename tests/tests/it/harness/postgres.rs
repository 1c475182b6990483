//! A throw-away PostgreSQL cluster shared by the whole test binary, and an empty database for each test.
mod cluster;
mod programs;

use std::collections::HashMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection, PgConnection};
use tokio::sync::Mutex;

use self::cluster::Cluster;
use super::not_run::not_run;

static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
static TEMPLATES: Mutex<Option<HashMap<String, String>>> = Mutex::const_new(None);
static NEXT: AtomicU32 = AtomicU32::new(1);

/// The address of a new, empty database. `None` where PostgreSQL is not installed: the test is then reported as not run
/// (under CI it fails) and the caller returns.
pub async fn pg_url(name: &str) -> Option<String> {
    let cluster = cluster().await?;
    Some(create(cluster, name, "template0").await)
}

/// The same, copied from a database that `prepare` has filled once for the whole run (migrations take longer than a copy).
pub async fn pg_url_from<F>(template: &str, prepare: impl FnOnce(String) -> F, name: &str) -> Option<String>
where
    F: Future<Output = ()>,
{
    let cluster = cluster().await?;
    // Held while copying too: PostgreSQL refuses to copy a database that another copy reads at that moment.
    let mut templates = TEMPLATES.lock().await;
    let templates = templates.get_or_insert_default();
    if !templates.contains_key(template) {
        let url = create(cluster, template, "template0").await;
        prepare(url.clone()).await;
        let database = url.rsplit('/').next().unwrap_or_default().to_owned();
        templates.insert(template.to_owned(), database);
    }
    Some(create(cluster, name, &templates[template]).await)
}

async fn cluster() -> Option<&'static Cluster> {
    // Starting takes seconds and blocks; the tests that need no database run on meanwhile.
    let started = tokio::task::spawn_blocking(|| CLUSTER.get_or_init(Cluster::start).as_ref());
    let cluster = started.await.expect("the cluster starts or is missing");
    if cluster.is_none() {
        not_run(
            "PostgreSQL server programs",
            "Install the package postgresql (bash tests/run does it as root).",
        );
    }
    cluster
}

async fn create(cluster: &Cluster, name: &str, template: &str) -> String {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let readable: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect();
    let database = format!("t{number}_{}", readable.to_lowercase());
    let mut connection =
        PgConnection::connect(&cluster.url("postgres")).await.expect("a connection to the cluster");
    let statement = format!("create database \"{database}\" template \"{template}\"");
    sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await.expect("a new database");
    connection.close().await.expect("a closed connection");
    cluster.url(&database)
}
