//! `firstline catalogue …`: one file for each group of commands, each with its own arguments.
mod file;
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
}

pub async fn run(config: &Config, command: CatalogueCommand) -> Result<ExitCode> {
    match command {
        CatalogueCommand::Release(command) => release::run(config, command).await,
        CatalogueCommand::File { command } => file::run(config, command).await,
    }
}
