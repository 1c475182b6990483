//! A sheet of error codes: code, module, meaning, cure, product, versions, language. Read as any sheet: the
//! encodings they come in, headings in both languages; a broken row is named and the rest goes on.
use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};
use firstline_core::{Error, Result};

use super::sheet::{delimiter, meaning_of};
use super::text::Utf8Reader;
use super::{AUTHOR, Problem, Progress, Report, Unit};
use crate::Library;
use crate::codes::{CodeDraft, Written};

const HEADINGS: &[(&str, &[&str])] = &[
    ("code", &["code", "error code", "error_code", "错误码", "错误代码", "故障码", "代码"]),
    ("module", &["module", "component", "模块", "部件"]),
    ("meaning", &["meaning", "description", "message", "含义", "说明", "意思", "描述"]),
    (
        "cure",
        &[
            "cure",
            "solution",
            "remedy",
            "fix",
            "steps",
            "处理办法",
            "处理方法",
            "解决办法",
            "解决方法",
            "解决方案",
            "措施",
        ],
    ),
    ("product", &["product", "产品", "产品名称"]),
    ("versions", &["versions", "version", "版本", "适用版本"]),
    ("lang", &["lang", "language", "语言"]),
];
/// Rows written in one transaction.
const BATCH: usize = 300;

/// Imports a sheet into the register. Doing it again changes nothing.
pub async fn codes(
    library: &Library,
    path: &Path,
    author: Option<&str>,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Report> {
    let unreadable = |what: String| Error::invalid(path.display().to_string(), what);
    let file = File::open(path).map_err(|e| unreadable(format!("cannot be read: {e}")))?;
    let total = file.metadata().map_or(0, |m| m.len());
    let delimiter = delimiter(path)?;
    let reader = Utf8Reader::open(file).map_err(unreadable)?;
    let mut sheet =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(reader);
    let mut take = Take {
        library,
        path,
        author: author.unwrap_or(AUTHOR),
        waiting: vec![],
        seen: HashMap::new(),
        report: Report::default(),
    };
    let mut record = StringRecord::new();
    let mut columns: Option<Vec<Option<&'static str>>> = None;
    loop {
        let line = sheet.position().line();
        match sheet.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) if record.iter().all(|cell| cell.trim().is_empty()) => continue,
            Ok(true) => {}
            Err(e) => {
                take.bad(
                    line,
                    None,
                    format!("the sheet cannot be read from here on ({e}); what came before is imported"),
                );
                break;
            }
        }
        match &columns {
            None => columns = Some(header(&record).map_err(unreadable)?),
            Some(columns) => take.row(line, draft(&record, columns)).await?,
        }
        progress(Progress { done: sheet.get_ref().consumed.min(total), total, unit: Unit::Bytes });
    }
    take.write().await?;
    Ok(take.report)
}

fn header(first: &StringRecord) -> std::result::Result<Vec<Option<&'static str>>, String> {
    let columns: Vec<_> = first.iter().map(|heading| meaning_of(HEADINGS, heading)).collect();
    for (needed, chinese) in [("code", "错误码"), ("meaning", "含义"), ("cure", "处理办法")] {
        if !columns.contains(&Some(needed)) {
            return Err(format!(
                "its header has no column {needed} ({chinese}); the first line names the columns: code,module,meaning,cure,product,versions,lang"
            ));
        }
    }
    Ok(columns)
}

fn draft(record: &StringRecord, columns: &[Option<&'static str>]) -> CodeDraft {
    let cell = |what: &str| {
        let at = columns.iter().position(|c| *c == Some(what))?;
        record.get(at).map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_string)
    };
    let text = |what| cell(what).unwrap_or_default();
    CodeDraft {
        code: text("code"),
        lang: text("lang"),
        product: text("product"),
        module: cell("module"),
        meaning: text("meaning"),
        cure: text("cure"),
        versions: cell("versions"),
    }
}

struct Take<'a> {
    library: &'a Library,
    path: &'a Path,
    author: &'a str,
    waiting: Vec<(u64, CodeDraft)>,
    /// The line each entry was first seen in.
    seen: HashMap<String, u64>,
    report: Report,
}

impl Take<'_> {
    fn bad(&mut self, line: u64, key: Option<String>, what: String) {
        self.report.bad.push(Problem { file: self.path.to_path_buf(), line: Some(line), key, what });
    }

    async fn row(&mut self, line: u64, draft: CodeDraft) -> Result<()> {
        match draft.clean() {
            Err(Error::Invalid { field, reason }) => self.bad(line, Some(field), reason),
            Err(e) => return Err(e),
            Ok(clean) => match self.seen.insert(clean.external_id(), line) {
                None => self.waiting.push((line, clean)),
                Some(first) => {
                    self.seen.insert(clean.external_id(), first);
                    let what = format!(
                        "{} was already given in line {first}, which is kept; remove one of them",
                        clean.code
                    );
                    self.bad(line, Some("code".into()), what);
                }
            },
        }
        if self.waiting.len() >= BATCH { self.write().await } else { Ok(()) }
    }

    async fn write(&mut self) -> Result<()> {
        let (lines, drafts): (Vec<u64>, Vec<CodeDraft>) =
            std::mem::take(&mut self.waiting).into_iter().unzip();
        let results = self.library.put_codes(&drafts, self.author).await?;
        for (result, line) in results.into_iter().zip(lines) {
            match result {
                Ok((Written::New, _)) => self.report.new += 1,
                Ok((Written::Changed, _)) => self.report.changed += 1,
                Ok((Written::Same, _)) => self.report.same += 1,
                Err(Error::Invalid { field, reason }) => self.bad(line, Some(field), reason),
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }
}
