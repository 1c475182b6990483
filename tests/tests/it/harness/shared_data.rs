//! The team's real corpora and published platform descriptions. They are not part of the project: found, read, never copied.
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::not_run::not_run;

/// `FIRSTLINE_SHARED_DATA`, else `../shared/data` beside the repository.
pub fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("FIRSTLINE_SHARED_DATA").map_or(beside, PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// A file of the shared data. Without it the test is reported as not run (or fails, under CI) and the caller returns.
pub fn file(name: &str) -> Option<PathBuf> {
    let found = folder().map(|folder| folder.join(name)).filter(|path| path.exists());
    if found.is_none() {
        not_run(
            &format!("shared data ({name})"),
            "Point FIRSTLINE_SHARED_DATA to the folder that holds them.",
        );
    }
    found
}

#[derive(Clone, Debug, Deserialize)]
pub struct Document {
    pub id: String,
    pub lang: String,
    pub title: String,
    pub body_md: String,
    #[serde(default)]
    pub product: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Query {
    pub id: String,
    pub lang: String,
    pub query: String,
    pub relevant: Vec<String>,
    #[serde(default)]
    pub tags: Vec<String>,
}

/// All articles of a corpus, such as `zh_alchemy`.
pub fn corpus(name: &str) -> Option<Vec<Document>> {
    file(&format!("retrieval/{name}.corpus.jsonl.gz")).map(|path| read_lines(&path))
}

/// All development queries of a set, such as `zh_alchemy`.
pub fn queries(name: &str) -> Option<Vec<Query>> {
    file(&format!("retrieval/{name}.dev.jsonl")).map(|path| read_lines(&path))
}

/// One value a line, plain or gzipped by the file's ending. Panics naming file and line.
pub fn read_lines<T: DeserializeOwned>(path: &Path) -> Vec<T> {
    let reader = open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut values = Vec::new();
    for (index, line) in BufReader::new(reader).lines().enumerate() {
        let place = || format!("{}:{}", path.display(), index + 1);
        let line = line.unwrap_or_else(|error| panic!("{}: {error}", place()));
        if !line.trim().is_empty() {
            values.push(serde_json::from_str(&line).unwrap_or_else(|error| panic!("{}: {error}", place())));
        }
    }
    values
}

pub fn read_text(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    open(path)?.read_to_string(&mut text)?;
    Ok(text)
}

fn open(path: &Path) -> std::io::Result<Box<dyn Read>> {
    let file = std::fs::File::open(path)?;
    let gzipped = path.extension().is_some_and(|ending| ending == "gz");
    Ok(if gzipped { Box::new(GzDecoder::new(file)) } else { Box::new(file) })
}
