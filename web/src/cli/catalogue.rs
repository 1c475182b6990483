//! `firstline catalogue …`: one file for each group of commands, each with its own arguments.
mod file;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use crate::config::Config;

#[derive(Debug, Subcommand)]
pub enum CatalogueCommand {
    /// Files for download
    File {
        #[command(subcommand)]
        command: file::FileCommand,
    },
}

pub async fn run(config: &Config, command: CatalogueCommand) -> Result<ExitCode> {
    match command {
        CatalogueCommand::File { command } => file::run(config, command).await,
    }
}
