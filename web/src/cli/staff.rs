//! `firstline staff add`.
use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use firstline_core::Clock;
use firstline_core::staff::{self, Role};

use super::{database, output};
use crate::config::Config;
use crate::console::login::MAX_PASSWORD;

pub async fn add(config: &Config, email: &str, role: Role, name: Option<&str>) -> Result<ExitCode> {
    let (db, clock) = database(config).await?;
    let given = piped_password()?;
    let password = given.clone().unwrap_or_else(|| generated(&clock));
    ensure!(
        password.chars().count() <= MAX_PASSWORD,
        "the password may have at most {MAX_PASSWORD} characters"
    );
    let member = staff::add(&db, &clock, email, name.unwrap_or_default(), role, &password).await?;
    db.close().await;
    output::line(format!("{} can log in to the console as {}", member.email, member.role))?;
    if given.is_none() {
        output::line(format!("password (shown this once): {password}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The first line of standard input when somebody pipes one in; an empty one counts as none.
fn piped_password() -> Result<Option<String>> {
    let input = std::io::stdin();
    if input.is_terminal() {
        return Ok(None);
    }
    let mut line = String::new();
    input.lock().read_line(&mut line).context("the password cannot be read from standard input")?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    Ok(Some(password).filter(|p| !p.is_empty()))
}

/// Twenty hexadecimal digits: 80 random bits, easy to read out.
pub fn generated(clock: &Clock) -> String {
    clock.secret().chars().take(20).collect()
}
