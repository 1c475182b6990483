//! `firstline kb eval`: how well questions with known answers are answered, on the store or on a corpus of its own.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;
use firstline_core::Clock;
use firstline_kb::eval::{self, Asked, Calls, Change, Comparison, Figures, Patch, Shelf};
use serde::Serialize;

use super::super::output;
use super::super::progress::Reporter;
use super::{complain, library};
use crate::config::Config;

/// Questions that changed are listed up to here; `--json` lists all.
const LISTED: usize = 25;

#[derive(Debug, Args)]
pub struct EvalArgs {
    /// One question a line: {id, query, relevant: [article ids], lang, product, version, tags}
    #[arg(required_unless_present = "saved")]
    queries: Option<PathBuf>,
    /// Ask the saved questions of the store, which guard every publication
    #[arg(long, conflicts_with_all = ["queries", "corpus"])]
    saved: bool,
    /// Ask a throw-away library with these articles instead of the store; anything `kb import` takes
    #[arg(long, value_name = "FILE")]
    corpus: Option<PathBuf>,
    /// Replace bodies in that library: {id, body_md} a line
    #[arg(long, value_name = "FILE", requires = "corpus")]
    patch: Option<PathBuf>,
    /// Replace titles in that library: {id, title} a line
    #[arg(long, value_name = "FILE", requires = "corpus")]
    titles: Option<PathBuf>,
    /// Write what was found, for --against: {id, ranked} a line
    #[arg(long, value_name = "RUN")]
    save: Option<PathBuf>,
    /// Ask each question of the file as somebody who uses the product and version it names; otherwise the words alone
    #[arg(long)]
    with_product: bool,
    /// Compare with a saved run; the exit code is 1 when it got worse and that is hardly chance
    #[arg(long, value_name = "RUN")]
    against: Option<PathBuf>,
    /// Everything as one JSON object
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Results {
    all: Figures,
    tags: BTreeMap<String, Figures>,
    answers: Calls,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<Comparison>,
}

pub async fn run(config: &Config, args: EvalArgs) -> Result<ExitCode> {
    let saved = args.against.as_deref().map(eval::run).transpose()?;
    let asked = match &args.corpus {
        Some(corpus) => {
            let cases =
                args.queries.as_deref().map(|file| of_file(file, &args)).transpose()?.unwrap_or_default();
            let shelf = shelf(corpus, patches(&args)?).await?;
            let asked = ask(&shelf.library, &cases).await;
            shelf.close().await;
            asked?
        }
        None => {
            let library = library(config).await?;
            let cases = match &args.queries {
                Some(file) => of_file(file, &args)?,
                None => library.saved_cases().await?,
            };
            if cases.is_empty() {
                bail!("there are no saved questions yet; add them in the console under Knowledge");
            }
            library.refresh().await.or_else(|e| if library.ready() { Ok(()) } else { Err(e) })?;
            ask(&library, &cases).await?
        }
    };
    if let Some(path) = &args.save {
        eval::write_run(path, &asked)?;
    }
    let results = Results {
        all: Figures::of(asked.iter()),
        tags: eval::by_tag(&asked),
        answers: Calls::of(&asked),
        against: saved.map(|saved| eval::compare(&asked, &saved)),
    };
    if args.json {
        output::line(serde_json::to_string_pretty(&results)?)?;
    } else {
        print(&results)?;
    }
    let worse = results.against.is_some_and(|against| against.is_worse());
    Ok(if worse { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn patches(args: &EvalArgs) -> Result<Vec<Patch>> {
    let read = |path: &Option<PathBuf>| path.as_deref().map(eval::patches).transpose();
    let mut patches = read(&args.patch)?.unwrap_or_default();
    if patches.iter().any(|p| p.body_md.is_none()) {
        bail!("--patch: every line needs id and body_md");
    }
    let titles = read(&args.titles)?.unwrap_or_default();
    if titles.iter().any(|p| p.title.is_none()) {
        bail!("--titles: every line needs id and title");
    }
    // A file of titles may say more than that; only the title counts.
    patches.extend(titles.into_iter().map(|p| Patch { body_md: None, ..p }));
    Ok(patches)
}

async fn shelf(corpus: &Path, patches: Vec<Patch>) -> Result<Shelf> {
    let mut reporter = Reporter::new("preparing");
    let filled = Shelf::fill(corpus, &patches, Clock::system(), &mut |at| reporter.show(at)).await;
    reporter.finish();
    let (shelf, report) =
        filled.with_context(|| format!("{} cannot be prepared for questions", corpus.display()))?;
    complain(&report.bad);
    Ok(shelf)
}

/// The questions of a file. By their words alone they compare with what other engines find.
fn of_file(file: &Path, args: &EvalArgs) -> Result<Vec<eval::Case>> {
    let mut cases = eval::cases(file)?;
    if !args.with_product {
        for case in &mut cases {
            (case.product, case.version) = (None, None);
        }
    }
    Ok(cases)
}

async fn ask(library: &firstline_kb::Library, cases: &[eval::Case]) -> Result<Vec<Asked>> {
    let mut reporter = Reporter::new("asking");
    let asked = eval::ask(library, cases, &mut |at| reporter.show(at)).await;
    reporter.finish();
    Ok(asked?)
}

fn print(results: &Results) -> std::io::Result<()> {
    output::line(format!(
        "{:<18} {:>5}  {:<18} {:<18} {:<18} {:<18} MRR@10",
        "", "n", "hit@1", "recall@1", "recall@5", "recall@10"
    ))?;
    figures("all", &results.all)?;
    for (tag, of) in &results.tags {
        figures(tag, of)?;
    }
    output::line("in percent, [95 % confidence]")?;
    calls(&results.answers)?;
    results.against.as_ref().map_or(Ok(()), comparison)
}

fn figures(name: &str, of: &Figures) -> std::io::Result<()> {
    let [hit1, recall1, recall5, recall10] =
        [of.hit1, of.recall1, of.recall5, of.recall10].map(|share| share.to_string());
    output::line(format!(
        "{name:<18} {:>5}  {hit1:<18} {recall1:<18} {recall5:<18} {recall10:<18} {}",
        of.cases, of.mrr10
    ))
}

fn calls(of: &Calls) -> std::io::Result<()> {
    output::line("\nanswered as        n  with a right article, in percent")?;
    for (name, n, right) in [
        ("direct", of.direct, Some(of.direct_right)),
        ("choices", of.choices, Some(of.choices_right)),
        ("ask", of.ask, Some(of.ask_right)),
        ("reply", of.reply, None),
        ("nothing", of.nothing, None),
    ] {
        let right = right.filter(|_| n > 0).map_or("-".to_string(), |share| share.to_string());
        output::line(format!("{name:<12} {n:>7}  {right}"))?;
    }
    output::line(format!("answered directly and rightly, of all: {}", of.coverage))?;
    for band in &of.bands {
        output::line(format!(
            "best hit {:.1} to {:.1}: {:>5} questions, right {}",
            band.from, band.to, band.cases, band.right
        ))?;
    }
    Ok(())
}

fn comparison(of: &Comparison) -> std::io::Result<()> {
    output::line(format!(
        "\nagainst the saved run: {} better, {} worse; by chance in {:.1} of 100",
        of.better.len(),
        of.worse.len(),
        of.chance * 100.0
    ))?;
    if of.unknown > 0 {
        output::line(format!("{} questions are not in the saved run", of.unknown))?;
    }
    changes("worse", &of.worse)?;
    changes("better", &of.better)
}

fn changes(name: &str, of: &[Change]) -> std::io::Result<()> {
    let place = |place: Option<usize>| place.map_or("-".to_string(), |p| p.to_string());
    for change in of.iter().take(LISTED) {
        let query: String = change.query.chars().take(80).collect();
        output::line(format!(
            "{name} {:>3} to {:>3}  {}  {query}",
            place(change.was),
            place(change.is),
            change.id
        ))?;
    }
    if of.len() > LISTED {
        output::line(format!("… and {} more {name}", of.len() - LISTED))?;
    }
    Ok(())
}
