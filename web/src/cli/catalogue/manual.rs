//! `firstline catalogue manual add|list|withdraw`.
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Subcommand;
use firstline_core::{Clock, Error};
use firstline_kb::Library;
use firstline_kb::manual::{self, Format, ManualKind, NewManual};
use firstline_kb::published::{self, FileAccess, FileState, NewFile};

use crate::cli::output;
use crate::config::Config;
use crate::extraction;
use crate::serve::stores;

#[derive(Debug, Subcommand)]
pub enum ManualCommand {
    /// Add a manual, course material or a recording; its text is found by search page by page
    ///
    /// Text is read from PDF, DOCX, HTML, Markdown and plain text; everything else is for download or plays in
    /// the page. Adding the same file again changes what is said of it, not its text.
    // Here --version is the manual's, not ours.
    #[command(disable_version_flag = true)]
    Add {
        /// The manual's file
        path: PathBuf,
        /// operation, maintenance, user_guide, installation, system_description, requirements, design, management,
        /// business, technical, course, recording or demonstration
        #[arg(long, value_parser = parse_kind)]
        kind: ManualKind,
        /// The key of the product it is about
        #[arg(long)]
        product: String,
        /// Version or range it applies to; without one, all of them
        #[arg(long, default_value = "")]
        version: String,
        /// zh-CN or en
        #[arg(long, default_value = "zh-CN")]
        lang: String,
        /// What it is called [default: the name of PATH without its end]
        #[arg(long)]
        title: Option<String>,
        /// everyone, signed_in or chosen; the text of the latter two is not searched
        #[arg(long, value_parser = parse_access, default_value = "everyone")]
        access: FileAccess,
    },
    /// End a manual: its pages leave the search, its address answers 410 with the reason
    Withdraw {
        /// As `list` shows it
        id: String,
        /// What its readers are told
        #[arg(long)]
        reason: String,
    },
    /// All published manuals: id, kind, product, version, language, pages, title
    List,
}

fn parse_kind(text: &str) -> Result<ManualKind, String> {
    text.parse().map_err(|e: firstline_core::Error| e.to_string())
}

fn parse_access(text: &str) -> Result<FileAccess, String> {
    text.parse().map_err(|e: firstline_core::Error| e.to_string())
}

pub async fn run(config: &Config, command: ManualCommand) -> Result<ExitCode> {
    let clock = Clock::system();
    let db = stores::open_db(config).await?;
    let (path, access, new) = match command {
        ManualCommand::List => {
            for m in manual::list(&db).await? {
                output::line(format!(
                    "{} {} {} {} {} {} {}",
                    m.id, m.kind, m.product, m.version, m.lang, m.pages, m.title
                ))?;
            }
            return Ok(ExitCode::SUCCESS);
        }
        ManualCommand::Withdraw { id, reason } => {
            let manual = manual::by_id(&db, &id).await?.ok_or_else(|| Error::not_found("manual", &*id))?;
            published::withdraw(&db, &clock, &manual.file_id, &reason).await?;
            return Ok(ExitCode::SUCCESS);
        }
        ManualCommand::Add { path, kind, product, version, lang, title, access } => {
            let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
            (path, access, NewManual { kind, title: title.unwrap_or(stem), product, version, lang })
        }
    };
    let name = path.file_name().and_then(|n| n.to_str()).context("PATH has no name")?.to_owned();
    let files = stores::files(config)?;
    let pages = match Format::of(&name) {
        Some(format) => extraction::pages(&path, format, &files.incoming(&clock.id()).await?).await?,
        None => Vec::new(),
    };
    let hosted = NewFile { name, access, state: FileState::Published, by: "cli".into() };
    let file = published::add_path(&db, &files, &clock, &path, &hosted).await?;
    let library = Library::open(db, clock, &config.index_dir()).await?;
    let manual = manual::add(&library, &file, &new, &pages).await?;
    output::line(format!("id:     {}", manual.id))?;
    output::line(format!("pages:  {}", manual.pages))?;
    output::line(format!(
        "url:    {}/manuals/{}",
        config.public_url.clone().unwrap_or_else(|| format!("http://{}", config.listen)),
        manual.id
    ))?;
    if let Err(error) = library.refresh().await {
        eprintln!("the manual is stored; the running server indexes it shortly ({error})");
    }
    Ok(ExitCode::SUCCESS)
}
