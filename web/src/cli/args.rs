//! Commands and flags, with the help a newcomer reads.
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use firstline_core::plan::Difficulty;
use firstline_core::staff::Role;
use firstline_core::ticket::Kind;
use firstline_kb::manual::Format;

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
    /// Products, releases and files for download; works beside a running server
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
    /// Check service plans and explain how a due time comes about
    Plan {
        #[command(subcommand)]
        command: PlanCommand,
    },
    /// Write a document's pages as JSON; run by the server in a process it can kill
    #[command(hide = true)]
    ExtractText {
        from: PathBuf,
        to: PathBuf,
        #[arg(value_parser = parse_format)]
        format: Format,
    },
    /// Look a file over and write what was found as JSON; run by the server in a process it can kill
    #[command(hide = true)]
    InspectFile { from: PathBuf, to: PathBuf, scratch: PathBuf, name: String },
    /// Check configuration, folders, database, index and bots, and say how to mend what is wrong
    Doctor,
}

#[derive(Debug, Subcommand)]
pub enum KbCommand {
    /// Import articles; importing the same again changes nothing
    ///
    /// PATH is a folder of Markdown files with YAML front matter or of HTML pages, a .jsonl or .jsonl.gz file
    /// of {id, lang, title, body_md, product, tags}, the .json of a Zendesk help centre ({articles: [...]}), or
    /// a .csv file of questions and answers.
    Import {
        /// The folder or file to import
        path: PathBuf,
    },
    /// Write every article as Markdown with front matter, the form import reads
    ///
    /// With drafts, owners, pictures and saved questions. A DIR that ends in .jsonl or .csv is a file of the published ones.
    Export {
        /// Where to write; made when it is not there
        dir: PathBuf,
    },
    /// Build the search index anew from the database
    Reindex,
    /// Ask questions with known answers and say how well they were answered
    ///
    /// The same code and settings as in chats and on the portal. Without --corpus the store is asked.
    Eval(super::kb::EvalArgs),
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
    Import {
        /// The sheet
        file: PathBuf,
    },
    /// Write every code as CSV, the form import reads
    Export {
        /// Where to write; standard output unless told
        file: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub enum PlanCommand {
    /// Name every fault of a plan file with its key and reason
    Check {
        /// A plan file, or the id of a plan that ships, such as P6
        file: String,
    },
    /// Import public holidays and make-up working days into a set that calendars name, such as cn
    ///
    /// FILE is a CSV file with the columns date,name,is_off_day or an iCalendar file (.ics).
    Holidays {
        /// The name calendars know the set by
        #[arg(value_name = "SET")]
        set: String,
        /// The days
        file: PathBuf,
    },
    /// Print the promised times of a ticket or of a made-up case, with the sum behind each, day by day
    Explain(Box<Explain>),
}

#[derive(Debug, clap::Args)]
pub struct Explain {
    /// A ticket such as FL-1024, the id of a plan such as P6, or a plan file
    #[arg(value_name = "TICKET|PLAN")]
    pub what: String,
    /// 1 (worst) to 4
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub severity: Option<u8>,
    /// fault, question, change_request, emergency and so on
    #[arg(long, value_name = "KIND", value_parser = parse_kind)]
    pub kind: Option<Kind>,
    /// When it was opened, such as 2026-09-30T17:40+08:00
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// ordinary or difficult
    #[arg(long, value_parser = parse_difficulty, default_value = "ordinary")]
    pub difficulty: Difficulty,
    /// Where the installation stands, in the plan's words
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// As of when; otherwise the last event's time
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
    /// What happened: a JSON list of {"at", "type", "value"}
    #[arg(long, value_name = "FILE.json")]
    pub events: Option<PathBuf>,
    /// For programs
    #[arg(long)]
    pub json: bool,
    /// zh-CN or en; otherwise the language of this terminal
    #[arg(long, value_name = "LANG", value_parser = parse_lang)]
    pub lang: Option<&'static str>,
}

#[derive(Debug, Subcommand)]
pub enum StaffCommand {
    /// Add somebody, or give a known address a new password and role
    ///
    /// The password is the first line of standard input when that is a pipe; otherwise one is made and
    /// printed once.
    Add {
        /// The address they log in with
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

pub(super) fn parse_lang(text: &str) -> Result<&'static str, String> {
    match text {
        "zh" | "zh-CN" => Ok("zh-CN"),
        "en" => Ok("en"),
        _ => Err("expected zh-CN or en".into()),
    }
}

fn parse_kind(text: &str) -> Result<Kind, String> {
    text.parse().map_err(|_| {
        let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        format!("expected one of {}", known.join(", "))
    })
}

fn parse_difficulty(text: &str) -> Result<Difficulty, String> {
    text.parse().map_err(|_| "expected ordinary or difficult".into())
}

fn parse_format(text: &str) -> Result<Format, String> {
    text.parse().map_err(|e: firstline_core::Error| e.to_string())
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

    /// Where a command or an argument says nothing about itself.
    fn silent(command: &clap::Command, path: &str) -> Vec<String> {
        let path = format!("{path} {}", command.get_name());
        let arguments = command.get_arguments().filter(|a| a.get_help().is_none());
        let mut found: Vec<String> = arguments.map(|a| format!("{path} {}", a.get_id())).collect();
        if command.get_about().is_none() {
            found.push(path.clone());
        }
        let shown = command.get_subcommands().filter(|c| !c.is_hide_set());
        found.extend(shown.flat_map(|c| silent(c, &path)));
        found
    }

    #[test]
    fn every_command_and_argument_says_what_it_is() {
        use clap::CommandFactory;
        assert_eq!(silent(&Args::command(), ""), Vec::<String>::new());
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
