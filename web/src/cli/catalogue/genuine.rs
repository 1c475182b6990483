//! `firstline catalogue keygen|rotate|sign|verify`: none of them needs a server, a database or a network.
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use firstline_core::{Clock, Time};
use firstline_kb::genuine::{self, Fault, Keyring, Lifetimes, Role, Seen};

use crate::cli::output;

/// Make the vendor's signing keys in an empty folder. Run it on a machine that stays offline
///
/// The folder gets the secret keys, 1.root.json (what customers must be given by a way they trust) and
/// release.pub (for the ordinary minisign). The server never needs any secret key.
#[derive(Debug, Args)]
pub struct Keygen {
    /// Where the keys go: an empty folder, made when it is not there
    folder: PathBuf,
    /// How many keys the root has
    #[arg(long, default_value_t = 1, value_name = "N")]
    root_keys: usize,
    /// How many of them must sign a new root
    #[arg(long, default_value_t = 1, value_name = "N")]
    threshold: usize,
}

/// Exchange the keys of a role by a new root; sign the folder anew afterwards
#[derive(Debug, Args)]
pub struct Rotate {
    /// root, targets, snapshot or timestamp
    #[arg(value_parser = parse_role)]
    role: Role,
    /// The folder of keygen
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,
}

/// Sign every file below a folder, offline
///
/// Writes NAME.minisig beside each file and new metadata into FOLDER/metadata. Run it again when files change or
/// before the timestamp ends.
#[derive(Debug, Args)]
pub struct Sign {
    /// The folder with the files
    folder: PathBuf,
    /// The folder of keygen
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,
    /// How long the list of files holds
    #[arg(long, default_value_t = 365, value_name = "DAYS")]
    targets_days: i64,
    /// How long the timestamp holds: the longest that customers can be kept from hearing of a newer release
    #[arg(long, default_value_t = 30, value_name = "DAYS")]
    timestamp_days: i64,
}

/// Check that files are the vendor's, whole, and not older than what was seen before
///
/// Exit codes: 0 genuine; 1 other failure; 2 wrong usage; 10 not signed by enough trusted keys; 11 rollback to an
/// older version; 12 freeze: the timestamp ended; 13 mix and match of metadata; 14 wrong file; 15 endless data;
/// 16 fast-forward of a version; 17 broken key rotation; 18 expired metadata; 19 downgraded signature;
/// 20 missing or unreadable file or metadata.
#[derive(Debug, Args)]
pub struct Verify {
    /// The folder with the files and their metadata folder
    folder: PathBuf,
    /// The root you trust: 1.root.json as the vendor gave it to you, not as you found it beside the files
    #[arg(long, value_name = "FILE")]
    root: PathBuf,
    /// Only this file, as a path inside FOLDER
    #[arg(long, value_name = "PATH")]
    file: Option<String>,
    /// What earlier runs saw is kept here [default: beside the root, with .seen at its end]
    #[arg(long, value_name = "FILE")]
    seen: Option<PathBuf>,
    /// Judge as of this instant (RFC 3339) instead of now
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    at: Option<Time>,
}

fn parse_role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|e: firstline_core::Error| e.to_string())
}

fn parse_time(text: &str) -> Result<Time, String> {
    let at: Result<jiff::Timestamp, _> = text.parse();
    at.map(Time::from_timestamp).map_err(|e| e.to_string())
}

pub fn keygen(args: &Keygen) -> Result<ExitCode> {
    let made = Keyring::at(&args.folder).make(&Clock::system(), args.root_keys, args.threshold);
    ended(made.map(|_| {
        format!(
            "keys are in {}\ngive customers {} and {}; keep every .key file offline",
            args.folder.display(),
            args.folder.join("1.root.json").display(),
            args.folder.join("release.pub").display()
        )
    }))
}

pub fn rotate(args: &Rotate) -> Result<ExitCode> {
    let rotated = genuine::rotate(&Keyring::at(&args.keys), &Clock::system(), args.role);
    ended(rotated.map(|root| {
        format!("root {} has new keys for {}; now sign the folder anew", root.version, args.role)
    }))
}

pub fn sign(args: &Sign) -> Result<ExitCode> {
    let lives = Lifetimes { targets: args.targets_days, timestamp: args.timestamp_days };
    let signed = genuine::sign_folder(&args.folder, &Keyring::at(&args.keys), Clock::system().now(), lives);
    ended(signed.map(|files| {
        let lines = files.iter().map(|f| format!("{}  {}  {} bytes\n", f.sha256, f.path, f.size));
        format!("{}{} files signed", lines.collect::<String>(), files.len())
    }))
}

pub fn verify(args: &Verify) -> Result<ExitCode> {
    let seen_at = args.seen.clone().unwrap_or_else(|| beside(&args.root));
    ended(check(args, &seen_at))
}

fn check(args: &Verify, seen_at: &Path) -> Result<String, Fault> {
    let trusted = genuine::read_root(&args.root)?;
    let now = args.at.unwrap_or_else(|| Clock::system().now());
    let seen = Seen::load(seen_at)?;
    let verified = genuine::verify_folder(&args.folder, &trusted, &seen, now, args.file.as_deref())?;
    verified.seen.store(seen_at)?;
    let names: String = verified.files.iter().map(|name| format!("genuine  {name}\n")).collect();
    Ok(format!("{names}{} files of release {} are genuine", verified.files.len(), verified.release))
}

fn beside(root: &Path) -> PathBuf {
    let mut name = root.as_os_str().to_owned();
    name.push(".seen");
    name.into()
}

fn ended(done: Result<String, Fault>) -> Result<ExitCode> {
    match done {
        Ok(text) => {
            output::line(text)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(fault) => {
            eprintln!("error: {fault}");
            Ok(ExitCode::from(fault.exit_code()))
        }
    }
}
