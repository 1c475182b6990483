//! Commands and flags, with the help a newcomer reads.
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use firstline_core::staff::Role;

use super::catalogue::CatalogueCommand;
use crate::config::Flags;

/// First line support: answers questions in chats from your knowledge base and turns the rest into tickets.
///
/// Try it: firstline serve --demo
///
/// Settings can also stand in firstline.toml or in FIRSTLINE_* variables; firstline.example.toml lists them all.
#[derive(Debug, Parser)]
#[command(name = "firstline", version, max_term_width = 100, propagate_version = true)]
pub struct Args {
    /// The settings file; otherwise ./firstline.toml or the one in the data folder
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder for database, files and index [default: ./data]
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME [default: SQLite in the data folder]
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server: portal, console, API, bots
    Serve {
        /// Where to listen, HOST:PORT; port 0 takes any free one [default: 127.0.0.1:8080]
        #[arg(long, value_name = "ADDR")]
        listen: Option<String>,
        /// Fill the store with a fictional company's articles and tickets, and say what to try
        #[arg(long)]
        demo: bool,
    },
    /// Talk to the bot in this terminal; reads lines from a pipe, too
    Chat {
        /// zh-CN or en; otherwise the language of this terminal
        #[arg(long, value_name = "LANG", value_parser = parse_lang)]
        lang: Option<&'static str>,
    },
    /// Import, export and index articles; works beside a running server
    Kb {
        #[command(subcommand)]
        command: KbCommand,
    },
<<<<<<< HEAD
    /// Products, releases and files for download; works beside a running server
=======
    /// Products, their releases, and which patch somebody needs
>>>>>>> 3b8b744 (Keep a catalogue: versions of every shape, releases that never change, the way up from what is installed)
    Catalogue {
        #[command(subcommand)]
        command: CatalogueCommand,
    },
    /// People who work in the console
    Staff {
        #[command(subcommand)]
        command: StaffCommand,
    },
    /// Tokens for programs that use the API
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Check configuration, folders, database, index and bots, and say how to mend what is wrong
    Doctor,
}

#[derive(Debug, Subcommand)]
pub enum KbCommand {
    /// Import articles; importing the same again changes nothing
    ///
    /// PATH is a folder of Markdown files with YAML front matter, a .jsonl or .jsonl.gz file of
    /// {id, lang, title, body_md, product, tags}, or a .csv file of questions and answers.
    Import { path: PathBuf },
    /// Write every article as Markdown with front matter, the form import reads
    Export { dir: PathBuf },
    /// Build the search index anew from the database
    Reindex,
    /// The register of error codes, as a sheet
    Codes {
        #[command(subcommand)]
        command: CodesCommand,
    },
}

#[derive(Debug, Subcommand)]
pub enum CodesCommand {
    /// Import error codes; importing the same again changes nothing
    ///
    /// FILE is a CSV whose first line names the columns: code, module, meaning, cure, product, versions, lang.
    /// A broken row is named with its line, and the rest goes on.
    Import { file: PathBuf },
    /// Write every code as CSV, the form import reads
    Export {
        /// Where to write; standard output unless told
        file: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub enum CatalogueCommand {
    /// Import products and releases; importing the same again changes nothing
    ///
    /// PATH is a folder, a .tar.gz or a file with: a manifest in TOML or JSON ([[product]], [[release]]), .NET
    /// releases.json files, a sheet of updates that supersede each other (.csv), a Sparkle appcast, GitHub releases
    /// as JSON, or the Node.js schedule. What it is, is seen from the content.
    Import {
        path: PathBuf,
        /// The key of the product where the source names none
        #[arg(long, value_name = "KEY")]
        product: Option<String>,
    },
    /// Write the whole catalogue as JSON manifests, the form import reads
    Export { dir: PathBuf },
    /// Add one release from a TOML or JSON file, as a draft
    Add { file: PathBuf },
    /// List products, or the releases of one
    List {
        product: Option<String>,
        /// Drafts and withdrawn releases, too
        #[arg(long)]
        all: bool,
    },
    /// Which patch do I need? The shortest safe list in order, or why there is none (exit code 3)
    Path {
        /// The product's key or any of its names
        product: String,
        /// What is installed now
        version: String,
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
    Publish {
        product: String,
        version: String,
        /// Such as 2026-01-31T08:00:00Z
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
    },
    /// Withdraw a published release and tell everybody who has it
    Withdraw {
        product: String,
        version: String,
        /// Why, and what to do now
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum StaffCommand {
    /// Add somebody, or give a known address a new password and role
    ///
    /// The password is the first line of standard input when that is a pipe; otherwise one is made and
    /// printed once.
    Add {
        #[arg(long, value_name = "ADDRESS")]
        email: String,
        /// agent, engineer, curator, manager or admin
        #[arg(long, value_parser = parse_role)]
        role: Role,
        /// What colleagues and customers see; otherwise the address before the @
        #[arg(long)]
        name: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token and print it, alone, on standard output; it is shown this once
    Create {
        /// What the token is for
        #[arg(long)]
        name: String,
    },
}

impl Args {
    pub fn flags(&self) -> Flags {
        let listen = match &self.command {
            Command::Serve { listen, .. } => listen.clone(),
            _ => None,
        };
        Flags {
            config: self.config.clone(),
            data: self.data.clone(),
            database_url: self.database_url.clone(),
            listen,
        }
    }
}

fn parse_lang(text: &str) -> Result<&'static str, String> {
    match text {
        "zh" | "zh-CN" => Ok("zh-CN"),
        "en" => Ok("en"),
        _ => Err("expected zh-CN or en".into()),
    }
}

fn parse_role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|_| {
        let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        format!("expected one of {}", known.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }

    #[test]
    fn global_flags_are_understood_behind_the_command() {
        let args = Args::try_parse_from([
            "firstline",
            "kb",
            "import",
            "x",
            "--data",
            "d",
            "--database-url",
            "sqlite:a",
        ]);
        let flags = args.unwrap().flags();
        assert_eq!(
            (flags.data.unwrap().to_str(), flags.database_url.as_deref()),
            (Some("d"), Some("sqlite:a"))
        );
    }
}
