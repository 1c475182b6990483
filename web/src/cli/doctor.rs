//! `firstline doctor`: one line for each thing that must work, and how to mend it where it does not.
mod bots;
mod disk;
mod finding;
mod store;

use std::process::ExitCode;

use anyhow::Result;

use super::output;
use crate::config::{Config, Loaded};
use finding::Finding;

/// Checks everything, changes nothing. Exit code 1 when something failed.
pub async fn run(loaded: Result<Loaded>) -> Result<ExitCode> {
    let findings = match loaded {
        Ok(loaded) => examine(loaded).await,
        Err(error) => {
            let remedy = "mend it and run doctor again; firstline.example.toml documents every setting";
            vec![Finding::fail("configuration", error.to_string(), remedy)]
        }
    };
    for finding in &findings {
        output::line(finding)?;
    }
    let failed = findings.iter().filter(|f| f.is_failure()).count();
    if failed == 0 {
        output::line("everything that must work does")?;
        return Ok(ExitCode::SUCCESS);
    }
    output::line(format!("{failed} of {} checks failed", findings.len()))?;
    Ok(ExitCode::FAILURE)
}

async fn examine(loaded: Loaded) -> Vec<Finding> {
    let mut findings = configuration(&loaded);
    let config = &loaded.config;
    findings.extend(disk::check(config));
    findings.extend(store::check(config).await);
    findings.push(links(config));
    findings.extend(bots::check(config).await);
    findings
}

fn configuration(loaded: &Loaded) -> Vec<Finding> {
    let from = match &loaded.file {
        Some(path) => format!("read from {}", path.display()),
        None => "defaults, no firstline.toml".to_owned(),
    };
    let warnings =
        loaded.warnings.iter().map(|w| Finding::warn("configuration", w, "correct or unset the variable"));
    std::iter::once(Finding::ok("configuration", from)).chain(warnings).collect()
}

/// Links in chat messages must be openable where the reader is.
fn links(config: &Config) -> Finding {
    match &config.public_url {
        Some(url) => Finding::ok("public address", url),
        None => Finding::warn(
            "public address",
            format!("not set; links point to http://{}", config.listen),
            "set FIRSTLINE_PUBLIC_URL to the address users open",
        ),
    }
}
