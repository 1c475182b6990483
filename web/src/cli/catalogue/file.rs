//! `firstline catalogue file add|list|publish|withdraw|link`.
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Subcommand;
use firstline_core::store::Db;
use firstline_core::{Clock, Error};
use firstline_kb::published::{self, FileAccess, FileState, HostedFile, NewFile};

use crate::cli::{database, output};
use crate::config::Config;
use crate::serve::stores;

#[derive(Debug, Subcommand)]
pub enum FileCommand {
    /// Store a file for download; prints its id, SHA-256 and address, one a line
    ///
    /// The same bytes under the same name are the same file: adding them again changes nothing but the
    /// access, where one is given. PATH.minisig, if there is one, becomes its signature.
    Add {
        /// The file to store
        path: PathBuf,
        /// What customers save it as [default: the name of PATH]
        #[arg(long)]
        name: Option<String>,
        /// everyone, signed_in or chosen [default: everyone]
        #[arg(long, value_parser = parse_access)]
        access: Option<FileAccess>,
        /// With --access chosen: an address, a @domain or a person's id; may be given several times
        #[arg(long = "for", value_name = "WHO")]
        given_to: Vec<String>,
        /// Leave it a draft, which only staff can download
        #[arg(long)]
        draft: bool,
    },
    /// All files, the newest first: id, state, access, size, SHA-256, name
    List,
    /// Publish a draft
    Publish {
        /// As `list` shows it
        id: String,
    },
    /// End a file for everybody; its address answers 410 with the reason
    Withdraw {
        /// As `list` shows it
        id: String,
        /// What its readers are told
        #[arg(long)]
        reason: String,
    },
    /// Print an address of one file that works for everybody who has it, for some hours
    Link {
        /// As `list` shows it
        id: String,
        /// How long it works
        #[arg(long, default_value_t = 48)]
        hours: u32,
    },
}

fn parse_access(text: &str) -> Result<FileAccess, String> {
    text.parse().map_err(|e: Error| e.to_string())
}

pub async fn run(config: &Config, command: FileCommand) -> Result<ExitCode> {
    let (db, clock) = database(config).await?;
    match command {
        FileCommand::Add { path, name, access, given_to, draft } => {
            let name = match name {
                Some(name) => name,
                None => own_name(&path)?,
            };
            let state = if draft { FileState::Draft } else { FileState::Published };
            let new =
                NewFile { name, access: access.unwrap_or(FileAccess::Everyone), state, by: "cli".into() };
            let files = stores::files(config)?;
            let added = published::add_path(&db, &files, &clock, &path, &new).await;
            let file = added.with_context(|| format!("{} cannot be added", path.display()))?;
            give(&db, &clock, &file, access, &given_to).await?;
            if let Some(signature) = signature_beside(&path)? {
                published::set_signature(&db, &file.id, &signature).await?;
            }
            print(config, &file)?;
        }
        FileCommand::List => list(&db).await?,
        FileCommand::Publish { id } => published::publish(&db, &clock, &id).await?,
        FileCommand::Withdraw { id, reason } => published::withdraw(&db, &clock, &id, &reason).await?,
        FileCommand::Link { id, hours } => link(config, &db, &clock, &id, hours).await?,
    }
    db.close().await;
    Ok(ExitCode::SUCCESS)
}

fn own_name(path: &Path) -> Result<String> {
    let name = path.file_name().and_then(|n| n.to_str());
    Ok(name
        .with_context(|| format!("{} has no name to take over; give one with --name", path.display()))?
        .to_owned())
}

/// The text of `PATH.minisig`; that it is of the kind we accept, its readers' own program checks.
fn signature_beside(path: &Path) -> Result<Option<String>> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".minisig");
    let text = match std::fs::read_to_string(&beside) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e).context(format!("{} cannot be read", Path::new(&beside).display())),
    };
    anyhow::ensure!(
        text.len() <= 8192
            && text.starts_with("untrusted comment:")
            && text.lines().nth(1).is_some_and(|l| l.starts_with("RU")),
        "{} is no prehashed minisign signature; make one with catalogue sign or minisign -S",
        Path::new(&beside).display()
    );
    Ok(Some(text))
}

async fn give(
    db: &Db,
    clock: &Clock,
    file: &HostedFile,
    access: Option<FileAccess>,
    to: &[String],
) -> Result<()> {
    if let Some(access) = access.filter(|a| *a != file.access) {
        published::set_access(db, clock, &file.id, access).await?;
    }
    let mut tx = db.begin().await?;
    for who in to {
        published::grant(&mut tx, &file.id, who).await?;
    }
    Ok(tx.commit().await?)
}

fn print(config: &Config, file: &HostedFile) -> Result<()> {
    output::line(format!("id:     {}", file.id))?;
    output::line(format!("sha256: {}", file.sha256))?;
    output::line(format!("url:    {}{}", root(config), published::path(file)))?;
    Ok(())
}

/// The root of all links, as the server has it.
fn root(config: &Config) -> String {
    config.public_url.clone().unwrap_or_else(|| format!("http://{}", config.listen))
}

async fn list(db: &Db) -> Result<()> {
    for file in published::list(db, None, i64::MAX).await? {
        let HostedFile { id, state, access, size, sha256, name, .. } = file;
        output::line(format!("{id} {state} {access} {size} {sha256} {name}"))?;
    }
    Ok(())
}

async fn link(config: &Config, db: &Db, clock: &Clock, id: &str, hours: u32) -> Result<()> {
    let file = published::by_id(db, id).await?.ok_or_else(|| Error::not_found("file", id))?;
    let links = firstline_core::desk::Links::open(db, clock, &root(config)).await?;
    let until = clock.now().plus_seconds(i64::from(hours) * 3600);
    output::line(links.page(&published::Link::until(until, "").path(&links, &file)))?;
    Ok(())
}
