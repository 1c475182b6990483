//! Question files and saved runs: one JSON object a line, gzipped when the name ends in `.gz`.
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use firstline_core::{Error, Result};
use flate2::read::MultiGzDecoder;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::ask::{Asked, Called};
use crate::Question;

/// A question and the external ids of articles that answer it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    #[serde(default)]
    pub id: String,
    pub query: String,
    pub relevant: Vec<String>,
    /// The asker's language; by the script of the question when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// What the asker uses, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Figures are given for each, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

impl Case {
    /// A question of which only the words are known, and the article it is tried on.
    pub fn trying(query: &str, external_id: &str) -> Case {
        Case {
            id: String::new(),
            query: query.to_string(),
            relevant: vec![external_id.to_string()],
            lang: None,
            product: None,
            version: None,
            tags: Vec::new(),
        }
    }

    /// The question as it is asked.
    pub fn question(&self, limit: usize) -> Question {
        Question {
            text: self.query.clone(),
            lang: self.lang.clone(),
            product: self.product.clone(),
            version: self.version.clone(),
            kind: None,
            limit,
        }
    }
}

/// What a run found for one question. Other programs' runs need only `id` and `ranked`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    pub id: String,
    pub ranked: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called: Option<Called>,
    /// The best hit's, between 0 and 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
}

/// The questions of a file. A line that is none is an error that names it.
pub fn cases(path: &Path) -> Result<Vec<Case>> {
    let cases: Vec<Case> = read_lines(path)?;
    if cases.is_empty() {
        return Err(Error::invalid(path.display().to_string(), "holds no question"));
    }
    if let Some(case) = cases.iter().find(|case| case.id.is_empty()) {
        let what = format!("{:?} has no id; a saved run could not name it", case.query);
        return Err(Error::invalid(path.display().to_string(), what));
    }
    match cases.iter().find(|case| case.relevant.is_empty()) {
        Some(case) => {
            Err(Error::invalid(path.display().to_string(), format!("{}: `relevant` names nothing", case.id)))
        }
        None => Ok(cases),
    }
}

/// A saved run: question id → ids found, best first.
pub fn run(path: &Path) -> Result<HashMap<String, Vec<String>>> {
    let lines: Vec<Line> = read_lines(path)?;
    Ok(lines.into_iter().map(|line| (line.id, line.ranked)).collect())
}

/// Writes a run for a later comparison.
pub fn write_run(path: &Path, asked: &[Asked]) -> Result<()> {
    let failed = |e: io::Error| Error::invalid(path.display().to_string(), format!("cannot be written: {e}"));
    let mut file = BufWriter::new(File::create(path).map_err(failed)?);
    for one in asked {
        let line = Line {
            id: one.id.clone(),
            ranked: one.ranked.clone(),
            called: Some(one.called),
            score: one.scores.first().copied(),
        };
        serde_json::to_writer(&mut file, &line).map_err(|e| failed(e.into()))?;
        file.write_all(b"\n").map_err(failed)?;
    }
    file.flush().map_err(failed)
}

pub(super) fn read_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let wrong = |what: String| Error::invalid(path.display().to_string(), what);
    let file = File::open(path).map_err(|e| wrong(format!("cannot be read: {e}")))?;
    let gzipped = path.extension().is_some_and(|ending| ending == "gz");
    let read: Box<dyn Read> = if gzipped { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut values = Vec::new();
    for (at, line) in BufReader::new(read).lines().enumerate() {
        let line = line.map_err(|e| wrong(format!("line {}: {e}", at + 1)))?;
        let line = line.trim_start_matches('\u{feff}').trim();
        if !line.is_empty() {
            values.push(serde_json::from_str(line).map_err(|e| wrong(format!("line {}: {e}", at + 1)))?);
        }
    }
    Ok(values)
}
