//! Log output: to stderr, so that what commands print can be piped.
use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// Libraries that talk more than an operator wants to hear, unless the filter names them.
const QUIET: &str = "sqlx=warn,tantivy=error,serenity=warn,hyper=warn,reqwest=warn,teloxide=warn";

/// Installs the subscriber; a second call (tests) changes nothing.
pub fn install(config: &Config) {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", config.log_level))
        .unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let installed = match config.log_format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text => builder.with_ansi(std::io::stderr().is_terminal()).try_init(),
    };
    drop(installed);
}

/// For commands: warnings only, unless a filter was asked for.
pub fn install_quiet(config: &Config) {
    let level = if config.log_level == Config::default().log_level { "warn" } else { &config.log_level };
    install(&Config { log_level: level.to_owned(), ..config.clone() });
}
