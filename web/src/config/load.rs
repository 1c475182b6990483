//! Joins the four sources of configuration; the earlier wins: flag, environment, file, default.
use std::path::{Path, PathBuf};

use super::{Config, KEYS, Key, file};

/// What the command line said.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    pub config: Option<PathBuf>,
    pub listen: Option<String>,
    pub data: Option<PathBuf>,
    pub database_url: Option<String>,
}

/// `FIRSTLINE_*` variables as `(name, value)`.
pub type Environment = Vec<(String, String)>;

/// The configuration, where it came from, and what looked wrong but stops nothing.
#[derive(Debug)]
pub struct Loaded {
    pub config: Config,
    pub file: Option<PathBuf>,
    pub warnings: Vec<String>,
}

/// Names that are ours but no settings.
const OTHER_NAMES: [&str; 5] = [
    "FIRSTLINE_CONFIG",
    "FIRSTLINE_CRASH_AT",
    "FIRSTLINE_SHARED_DATA",
    "FIRSTLINE_TEST_DATABASE_URL",
    "FIRSTLINE_LOG",
];

/// Reads everything. The error says which file, line, variable or flag is wrong and what is accepted.
pub fn load(flags: &Flags, environment: &Environment) -> Result<Loaded, String> {
    let mut config = Config::default();
    let file = find_file(flags, environment)?;
    if let Some(path) = &file {
        let text =
            std::fs::read_to_string(path).map_err(|e| format!("{}: cannot be read: {e}", path.display()))?;
        file::apply(&mut config, path, &text)?;
    }
    let warnings = apply_environment(&mut config, environment)?;
    apply_flags(&mut config, flags)?;
    config.check()?;
    Ok(Loaded { config, file, warnings })
}

/// A named file must exist; `./firstline.toml` and the data folder's may.
fn find_file(flags: &Flags, environment: &Environment) -> Result<Option<PathBuf>, String> {
    let named = flags.config.clone().or_else(|| value_of(environment, "FIRSTLINE_CONFIG").map(PathBuf::from));
    if let Some(path) = named {
        if path.is_file() {
            return Ok(Some(path));
        }
        return Err(format!("{}: there is no such file; --config names firstline.toml", path.display()));
    }
    let data = flags.data.clone().or_else(|| value_of(environment, "FIRSTLINE_DATA_DIR").map(PathBuf::from));
    let data = data.unwrap_or_else(|| Config::default().data_dir);
    let candidates = [Path::new("firstline.toml").to_owned(), data.join("firstline.toml")];
    Ok(candidates.into_iter().find(|path| path.is_file()))
}

fn value_of<'a>(environment: &'a Environment, name: &str) -> Option<&'a str> {
    environment.iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str())
}

/// An empty variable counts as not set: compose files and unit files write `NAME=`.
fn apply_environment(config: &mut Config, environment: &Environment) -> Result<Vec<String>, String> {
    for key in KEYS {
        let name = key.env();
        if let Some(value) = value_of(environment, &name) {
            key.set(config, value).map_err(|e| format!("{name}: {e}"))?;
        }
    }
    let known = |name: &str| OTHER_NAMES.contains(&name) || KEYS.iter().any(|key| key.env() == name);
    let strange = environment.iter().filter(|(name, _)| name.starts_with("FIRSTLINE_") && !known(name));
    Ok(strange
        .map(|(name, _)| format!("{name} is no setting and is ignored; see firstline.example.toml"))
        .collect())
}

fn apply_flags(config: &mut Config, flags: &Flags) -> Result<(), String> {
    let data = flags.data.as_ref().map(|path| path.display().to_string());
    let given = [
        ("--listen", "listen", &flags.listen),
        ("--data", "data_dir", &data),
        ("--database-url", "database_url", &flags.database_url),
    ];
    for (flag, name, value) in given {
        if let (Some(value), Some(key)) = (value, Key::find(name)) {
            key.set(config, value).map_err(|e| format!("{flag}: {e}"))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
