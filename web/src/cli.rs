//! The command line. Every command finds the store by `--data`, `--database-url` or the environment.
mod args;
mod catalogue;
mod chat;
mod codes;
mod doctor;
mod extract;
mod kb;
mod output;
mod plan;
mod progress;
mod serve;
mod staff;
mod token;

use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use clap::Parser;
use firstline_core::Clock;
use firstline_core::store::Db;

use crate::config::{self, Config, Loaded};
use crate::serve::{log, stores};
use args::{Args, CodesCommand, Command, KbCommand, PlanCommand, StaffCommand, TokenCommand};

/// Reads the arguments, runs the command and gives its exit code: 0 done, 1 failed, 2 wrong usage,
/// 130 stopped by Ctrl-C.
pub fn run() -> ExitCode {
    let args = Args::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => return fail(&anyhow!(e).context("the asynchronous runtime cannot start")),
    };
    let code = runtime.block_on(async {
        match dispatch(args).await {
            Ok(code) => code,
            Err(e) if output::reader_left(&e) => ExitCode::SUCCESS,
            Err(e) => fail(&e),
        }
    });
    // A thread blocked on reading the terminal must not hold the process.
    runtime.shutdown_background();
    code
}

fn fail(error: &anyhow::Error) -> ExitCode {
    let mut text = format!("error: {error}");
    let mut said = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        // Transparent errors repeat their source.
        if !said.contains(&cause) {
            text.push_str(&format!("\n  because: {cause}"));
        }
        said = cause;
    }
    eprintln!("{text}");
    ExitCode::FAILURE
}

async fn dispatch(args: Args) -> Result<ExitCode> {
    if let Command::ExtractText { from, to, format } = &args.command {
        return Ok(extract::run(from, to, *format));
    }
    if let Command::InspectFile { from, to, scratch, name } = &args.command {
        return Ok(extract::look(from, to, scratch, name));
    }
    // A plan is read and explained by the binary alone, whatever settings lie around.
    match &args.command {
        Command::Plan { command: PlanCommand::Check { file } } => return plan::check(file),
        Command::Plan { command: PlanCommand::Explain(asked) } if !plan::is_ticket(&asked.what) => {
            return plan::explain_plan(asked);
        }
        _ => {}
    }
    let loaded = config::load(&args.flags(), &environment()).map_err(|e| anyhow!("configuration: {e}"));
    if let Command::Doctor = args.command {
        return doctor::run(loaded).await;
    }
    let Loaded { config, warnings, .. } = loaded?;
    match &args.command {
        Command::Serve { .. } => log::install(&config),
        _ => log::install_quiet(&config),
    }
    for warning in &warnings {
        tracing::warn!("{warning}");
    }
    match args.command {
        Command::Serve { demo, .. } => serve::run(config, demo).await,
        Command::Chat { lang } => chat::run(&config, lang).await,
        Command::Kb { command } => until_interrupted(knowledge(&config, command)).await,
        Command::Catalogue { command } => until_interrupted(catalogue::run(&config, command)).await,
        Command::Staff { command: StaffCommand::Add { email, role, name } } => {
            staff::add(&config, &email, role, name.as_deref()).await
        }
        Command::Token { command: TokenCommand::Create { name } } => token::create(&config, &name).await,
        Command::Plan { command: PlanCommand::Holidays { set, file } } => {
            plan::holidays(&config, &set, &file).await
        }
        Command::Plan { command: PlanCommand::Explain(asked) } => plan::explain_ticket(&config, &asked).await,
        Command::Doctor
        | Command::ExtractText { .. }
        | Command::InspectFile { .. }
        | Command::Plan { command: PlanCommand::Check { .. } } => Ok(ExitCode::SUCCESS),
    }
}

async fn knowledge(config: &Config, command: KbCommand) -> Result<ExitCode> {
    match command {
        KbCommand::Import { path } => kb::import(config, &path).await,
        KbCommand::Export { dir } => kb::export(config, &dir).await,
        KbCommand::Reindex => kb::reindex(config).await,
        KbCommand::Codes { command: CodesCommand::Import { file } } => codes::import(config, &file).await,
        KbCommand::Codes { command: CodesCommand::Export { file } } => {
            codes::export(config, file.as_deref()).await
        }
        KbCommand::Eval(args) => kb::eval(config, args).await,
    }
}

/// Ctrl-C ends a long task between two transactions; what was written stays, and the task can be run again.
async fn until_interrupted(work: impl Future<Output = Result<ExitCode>>) -> Result<ExitCode> {
    tokio::select! {
        done = work => done,
        _ = tokio::signal::ctrl_c() => {
            eprintln!("\nstopped; what was written so far is kept, and running the command again completes it");
            Ok(ExitCode::from(130))
        }
    }
}

fn environment() -> config::Environment {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("FIRSTLINE_"))
        .collect()
}

/// The database for commands that need nothing else.
async fn database(config: &Config) -> Result<(Db, Clock)> {
    let db = stores::open_db(config).await.context("the store cannot be opened")?;
    Ok((db, Clock::system()))
}
