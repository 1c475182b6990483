//! `firstline catalogue add|import|export|path|list|publish|withdraw`: products and releases.
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use firstline_bots::advice;
use firstline_bots::step::say;
use firstline_bots::texts::Lang;
use firstline_core::Clock;
use firstline_core::Time;
use firstline_kb::catalogue::model::{Release, State, Texts, Viewer};
use firstline_kb::catalogue::path::Goal;
use firstline_kb::catalogue::{Ask, Catalogue, export as exporter, import as importer};

use clap::Subcommand;

use crate::cli::args::parse_lang;
use crate::cli::output;
use crate::cli::progress::Reporter;
use crate::config::Config;
use crate::serve::stores;

/// Complaints shown one by one; the rest is counted.
const SHOWN: usize = 20;
const ACTOR: &str = "command line";

#[derive(Debug, Subcommand)]
pub enum ReleaseCommand {
    /// Import products and releases; importing the same again changes nothing
    ///
    /// PATH is a folder, a .tar.gz or a file with: a manifest in TOML or JSON (`[[product]]`, `[[release]]`), .NET
    /// releases.json files, a sheet of updates that supersede each other (.csv), a Sparkle appcast, GitHub releases
    /// as JSON, or the Node.js schedule. What it is, is seen from the content.
    Import {
        /// The folder, archive or file to import
        path: PathBuf,
        /// The key of the product where the source names none
        #[arg(long, value_name = "KEY")]
        product: Option<String>,
    },
    /// Write the whole catalogue as JSON manifests, the form import reads
    Export {
        /// Where to write; made when it is not there
        dir: PathBuf,
    },
    /// Add one release from a TOML or JSON file, as a draft
    Add {
        /// The manifest with the release
        file: PathBuf,
    },
    /// List products, or the releases of one
    List {
        /// The product's key; all products without one
        product: Option<String>,
        /// Drafts and withdrawn releases, too
        #[arg(long)]
        all: bool,
    },
    /// Which patch do I need? The shortest safe list in order, or why there is none (exit code 3)
    #[command(disable_version_flag = true)]
    Path {
        /// The product's key or any of its names
        product: String,
        /// What is installed now
        version: String,
        /// What it runs on, such as windows-x64
        #[arg(long)]
        platform: Option<String>,
        /// newest, security, smallest, channel, channel:NAME, fixes:CODE or to:VERSION
        #[arg(long, default_value = "newest")]
        goal: String,
        /// The day to answer for; today unless told
        #[arg(long, value_name = "DAY")]
        as_of: Option<String>,
        /// zh-CN or en
        #[arg(long, default_value = "en", value_parser = parse_lang)]
        lang: &'static str,
        /// Print the answer as JSON
        #[arg(long)]
        json: bool,
    },
    /// Publish a release, now or at a time, and tell everybody it concerns
    #[command(disable_version_flag = true)]
    Publish {
        /// The product's key
        product: String,
        /// The release
        version: String,
        /// Such as 2026-01-31T08:00:00Z
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
    },
    /// Withdraw a published release and tell everybody who has it
    #[command(disable_version_flag = true)]
    Withdraw {
        /// The product's key
        product: String,
        /// The release
        version: String,
        /// Why, and what to do now
        #[arg(long)]
        reason: String,
    },
}

pub async fn run(config: &Config, command: ReleaseCommand) -> Result<ExitCode> {
    let db = stores::open_db(config).await?;
    let catalogue = Catalogue::new(db, Clock::system());
    match command {
        ReleaseCommand::Import { path, product } => import(&catalogue, &path, product).await,
        ReleaseCommand::Export { dir } => {
            let count = exporter::export(&catalogue, &dir).await.with_context(|| {
                format!("cannot export to {}; choose a folder this user may write", dir.display())
            })?;
            output::line(format!("{count} releases written to {}", dir.display()))?;
            Ok(ExitCode::SUCCESS)
        }
        ReleaseCommand::Add { file } => add(&catalogue, &file).await,
        ReleaseCommand::List { product, all } => list(&catalogue, product.as_deref(), all).await,
        ReleaseCommand::Path { product, version, platform, goal, as_of, lang, json } => {
            let as_of = as_of
                .as_deref()
                .map(|day| day.parse().context("--as-of: expected a day such as 2026-01-31"))
                .transpose()?;
            let goal: Goal = goal.parse()?;
            let ask = Ask { product, version, platform, goal, as_of, viewer: Viewer::Anybody };
            path(config, &catalogue, &ask, lang, json).await
        }
        ReleaseCommand::Publish { product, version, at } => {
            publish(&catalogue, &product, &version, at.as_deref()).await
        }
        ReleaseCommand::Withdraw { product, version, reason } => {
            let release = found(&catalogue, &product, &version).await?;
            catalogue.withdraw(&release.id, &Texts::of_script(&reason), ACTOR).await?;
            output::line(format!("{product} {version} is withdrawn; everybody it concerns is told"))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn import(catalogue: &Catalogue, path: &Path, product: Option<String>) -> Result<ExitCode> {
    if !path.exists() {
        bail!("{}: there is no such file or folder", path.display());
    }
    let mut reporter = Reporter::new("importing");
    let options = importer::Options { product };
    let imported = importer::import(catalogue, path, &options, &mut |at| reporter.show(at)).await;
    reporter.finish();
    let report = imported.with_context(|| format!("{} cannot be imported", path.display()))?;
    for problem in report.bad.iter().take(SHOWN) {
        eprintln!("{problem}");
    }
    if report.bad.len() > SHOWN {
        eprintln!("… and {} more like these", report.bad.len() - SHOWN);
    }
    output::line(format!(
        "{} new, {} changed, {} unchanged, {} not taken",
        report.new,
        report.changed,
        report.same,
        report.bad.len()
    ))?;
    Ok(if report.bad.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn add(catalogue: &Catalogue, file: &Path) -> Result<ExitCode> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let draft = importer::one_release(&text).with_context(|| format!("{} is no release", file.display()))?;
    let (product, version) = (draft.product.clone(), draft.version.to_string());
    catalogue.add_draft(draft, ACTOR).await?;
    output::line(format!(
        "{product} {version} is a draft; firstline catalogue publish {product} {version} publishes it"
    ))?;
    Ok(ExitCode::SUCCESS)
}

async fn list(catalogue: &Catalogue, product: Option<&str>, all: bool) -> Result<ExitCode> {
    let Some(product) = product else {
        for product in catalogue.products().await? {
            let releases = catalogue.releases(&product.key).await?;
            output::line(format!("{}\t{}\t{} releases", product.key, product.name("en"), releases.len()))?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    if catalogue.product(product).await?.is_none() {
        bail!("no product {product:?}; firstline catalogue list shows all");
    }
    for release in catalogue.releases(product).await? {
        if !all && release.state != State::Published {
            continue;
        }
        let draft = &release.draft;
        let day = draft.date.map(|d| d.to_string()).unwrap_or_default();
        let security = if draft.security { "security" } else { "" };
        output::line(format!(
            "{}\t{}\t{day}\t{}\t{security}",
            draft.version,
            draft.channel_name(),
            release.state
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Exit code 0 with steps, 3 with an honest reason why there are none.
async fn path(
    config: &Config,
    catalogue: &Catalogue,
    ask: &Ask,
    lang: &'static str,
    json: bool,
) -> Result<ExitCode> {
    let advice = catalogue.advise(ask).await?;
    if json {
        output::line(serde_json::to_string_pretty(&advice)?)?;
    } else {
        let site = config.public_url.clone().unwrap_or_default();
        let words = advice::message(&advice, Lang::from(lang), site.trim_end_matches('/'));
        output::line(say::plain(&words))?;
    }
    Ok(if advice.reason.is_none() { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

async fn publish(catalogue: &Catalogue, product: &str, version: &str, at: Option<&str>) -> Result<ExitCode> {
    let release = found(catalogue, product, version).await?;
    match at {
        None => {
            catalogue.publish(&release.id, ACTOR).await?;
            output::line(format!("{product} {version} is published; everybody it concerns is told"))?;
        }
        Some(at) => {
            let at: Time = serde_json::from_value(at.into())
                .context("--at: expected a time such as 2026-01-31T08:00:00Z")?;
            catalogue.schedule(&release.id, at, ACTOR).await?;
            output::line(format!("{product} {version} is published at {at}, by the running server"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn found(catalogue: &Catalogue, product: &str, version: &str) -> Result<Release> {
    let release = catalogue.release(product, version).await?;
    release.with_context(|| {
        format!("no release {version} of {product:?}; firstline catalogue list {product} --all shows all")
    })
}
