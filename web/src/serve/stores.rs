//! Opening the store: folders, database with its schema, files, the desk and the library over them.
//! Commands and the server do it the same way.
use std::path::Path;

use anyhow::{Context, Result};
use firstline_core::files::Files;
use firstline_core::store::{self, Db, settings};
use firstline_core::{Clock, Desk};
use firstline_kb::Library;

use crate::config::Config;

/// The setting that tells commands where the server is seen.
const PUBLIC_URL: &str = "public_url";

pub struct Stores {
    pub desk: Desk,
    pub library: Library,
}

/// Opens everything. `serving_at` is where the server that asks is seen, when it is a server.
pub async fn open(config: &Config, clock: Clock, serving_at: Option<String>) -> Result<Stores> {
    let db = open_db(config).await?;
    let files = files(config)?;
    let public_url = public_url(&db, config, serving_at).await?;
    let desk = Desk::new(db.clone(), clock.clone(), files, &public_url).await?;
    let library =
        Library::open(db, clock, &config.index_dir()).await.context("the knowledge base cannot be opened")?;
    Ok(Stores { desk, library })
}

/// Where files lie.
pub fn files(config: &Config) -> Result<Files> {
    let folder = config.files_dir();
    Files::folder(&folder).with_context(|| folder_help(&folder))
}

/// The root of all links: as configured, else where the server is seen. A command beside it is told by the
/// store where that was last.
async fn public_url(db: &Db, config: &Config, serving_at: Option<String>) -> Result<String> {
    let known = settings::get(db, PUBLIC_URL).await?;
    let Some(seen) = serving_at else {
        let url = config.public_url.clone().or(known);
        return Ok(url.unwrap_or_else(|| format!("http://{}", config.listen)));
    };
    let url = config.public_url.clone().unwrap_or(seen);
    if known.as_ref() != Some(&url) {
        let mut tx = db.begin().await?;
        settings::put(&mut tx, PUBLIC_URL, &url).await?;
        tx.commit().await?;
    }
    Ok(url)
}

/// The database with its schema up to date.
pub async fn open_db(config: &Config) -> Result<Db> {
    std::fs::create_dir_all(&config.data_dir).with_context(|| folder_help(&config.data_dir))?;
    if config.is_sqlite()
        && let Some(kind) = network_file_system(&config.data_dir)
    {
        tracing::warn!(
            folder = %config.data_dir.display(), kind,
            "SQLite on a network file system loses data when locks fail there; use a local disk or PostgreSQL"
        );
    }
    let db = Db::open(&config.store_url()).await.context(
        "the database cannot be opened; check --data, --database-url or FIRSTLINE_DATABASE_URL, or run firstline doctor",
    )?;
    store::migrate(&db, vec![firstline_kb::migrations()]).await.context(
        "the database's tables cannot be brought up to date; was it written by a newer version of firstline?",
    )?;
    Ok(db)
}

fn folder_help(folder: &Path) -> String {
    format!(
        "{}: cannot be written; choose another folder with --data or give this user the right to write",
        folder.display()
    )
}

/// The kind of network file system a folder lies on, where the system tells (Linux).
pub fn network_file_system(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let mounts = std::fs::read_to_string("/proc/self/mounts").ok()?;
    let entries = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        Some((words.next()?, words.next()?))
    });
    let (_, kind) = entries.filter(|(at, _)| folder.starts_with(at)).max_by_key(|(at, _)| at.len())?;
    let network = ["nfs", "cifs", "smb", "9p", "fuse.sshfs", "fuse.glusterfs", "ceph", "afs"];
    network.iter().any(|n| kind.starts_with(n)).then(|| kind.to_owned())
}
