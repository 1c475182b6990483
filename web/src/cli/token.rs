//! `firstline token create`.
use std::process::ExitCode;

use anyhow::Result;
use firstline_core::staff;

use super::{database, output};
use crate::config::Config;

/// Prints the token and nothing else, so that `TOKEN=$(firstline token create --name x)` works.
pub async fn create(config: &Config, name: &str) -> Result<ExitCode> {
    let (db, clock) = database(config).await?;
    let token = staff::create_token(&db, &clock, name).await?;
    db.close().await;
    output::line(token)?;
    Ok(ExitCode::SUCCESS)
}
