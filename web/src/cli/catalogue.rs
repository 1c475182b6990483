//! `firstline catalogue …`: one file for each group of commands, each with its own arguments.
mod file;
mod genuine;
mod manual;
mod release;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use crate::config::Config;

#[derive(Debug, Subcommand)]
pub enum CatalogueCommand {
    #[command(flatten)]
    Release(release::ReleaseCommand),
    /// Files for download
    File {
        #[command(subcommand)]
        command: file::FileCommand,
    },
    /// Manuals, course material and recordings
    Manual {
        #[command(subcommand)]
        command: manual::ManualCommand,
    },
    Keygen(genuine::Keygen),
    Rotate(genuine::Rotate),
    Sign(genuine::Sign),
    Verify(genuine::Verify),
}

pub async fn run(config: &Config, command: CatalogueCommand) -> Result<ExitCode> {
    match command {
        CatalogueCommand::Release(command) => release::run(config, command).await,
        CatalogueCommand::File { command } => file::run(config, command).await,
        CatalogueCommand::Manual { command } => manual::run(config, command).await,
        CatalogueCommand::Keygen(args) => genuine::keygen(&args),
        CatalogueCommand::Rotate(args) => genuine::rotate(&args),
        CatalogueCommand::Sign(args) => genuine::sign(&args),
        CatalogueCommand::Verify(args) => genuine::verify(&args),
    }
}
