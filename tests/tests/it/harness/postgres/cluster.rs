//! One cluster for the life of the test process: in memory where there is room, without fsync, gone afterwards.
use std::path::{Path, PathBuf};
use std::process::Command;

use super::programs;
use crate::harness::{at_exit, ports};

const PREFIX: &str = "firstline-pg-";

#[derive(Debug)]
pub struct Cluster {
    port: u16,
}

impl Cluster {
    /// `None` without the server programs. A cluster that exists and does not start is an error, not a skip.
    pub fn start() -> Option<Self> {
        let bin = programs::folder()?;
        let base = base_folder();
        remove_leftovers(&base, &bin);
        let data = base.join(format!("{PREFIX}{}", std::process::id()));
        make_folder(&data);
        let cleaning = format!("{} ; rm -rf '{}'", stop_command(&bin, &data), data.display());
        at_exit::run(&cleaning);
        let path = data.to_str().expect("a readable path");
        let fresh =
            ["-D", path, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"];
        programs::call(&bin.join("initdb"), &fresh).expect("a new cluster");
        // The port may be gone by the time the server binds it; then another one is tried.
        let started = (0..5).find_map(|_| start_on(&bin, path, ports::free_port()).ok());
        let port = started.unwrap_or_else(|| panic!("PostgreSQL does not start; see {path}/log"));
        Some(Self { port })
    }

    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }
}

fn start_on(bin: &Path, data: &str, port: u16) -> Result<u16, String> {
    let settings = format!(
        "-p {port} -h 127.0.0.1 -c unix_socket_directories= -c fsync=off -c synchronous_commit=off \
         -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB -c jit=off"
    );
    let log = format!("{data}/log");
    programs::call(
        &bin.join("pg_ctl"),
        &["-D", data, "-l", &log, "-w", "-t", "60", "-o", &settings, "start"],
    )?;
    Ok(port)
}

/// Memory if it is a gigabyte free, else the temporary folder.
fn base_folder() -> PathBuf {
    let free = Command::new("df").args(["-k", "--output=avail", "/dev/shm"]).output().ok();
    let kilobytes = free.and_then(|output| {
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .last()
            .and_then(|line| line.trim().parse::<u64>().ok())
    });
    if kilobytes.unwrap_or(0) > 1_000_000 { PathBuf::from("/dev/shm") } else { std::env::temp_dir() }
}

fn make_folder(data: &Path) {
    std::fs::create_dir_all(data).expect("a folder for the cluster");
    if programs::is_root() {
        let given = Command::new("chown").arg("postgres").arg(data).status();
        assert!(given.is_ok_and(|status| status.success()), "no user postgres to run the server as");
    }
}

fn stop_command(bin: &Path, data: &Path) -> String {
    let runner: Vec<String> = programs::runner().iter().map(|word| format!("'{word}'")).collect();
    format!(
        "cd / ; {} '{}/pg_ctl' -D '{}' -m immediate stop",
        runner.join(" "),
        bin.display(),
        data.display()
    )
}

/// Clusters of test processes that are gone and whose cleaning was itself killed.
fn remove_leftovers(base: &Path, bin: &Path) {
    for entry in std::fs::read_dir(base).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner =
            name.to_str().and_then(|name| name.strip_prefix(PREFIX)).and_then(|id| id.parse::<u32>().ok());
        let Some(owner) = owner else { continue };
        if Path::new(&format!("/proc/{owner}")).exists() {
            continue;
        }
        let cleaning = format!("{} ; rm -rf '{}'", stop_command(bin, &entry.path()), entry.path().display());
        let _ = Command::new("sh").args(["-c", &cleaning]).output();
    }
}
