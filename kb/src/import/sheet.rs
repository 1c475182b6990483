//! A sheet of questions and answers: CSV, also with semicolons or tabs, with or without a header.
use std::fs::File;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};
use firstline_core::secret::sha256_hex;
use firstline_core::{Error, Result};

use super::batch::{Batch, Origin};
use super::front_matter;
use super::text::Utf8Reader;
use super::{Progress, Unit};
use crate::analyze::fold::fold;
use crate::article::{ArticleKind, Draft};
use crate::language;

/// A column's meaning and the headings it is known by.
const HEADINGS: &[(&str, &[&str])] = &[
    ("question", &["question", "q", "title", "问题", "标准问", "标准问题", "标题", "提问", "问"]),
    (
        "answer",
        &[
            "answer",
            "a",
            "body",
            "body_md",
            "content",
            "reply",
            "答案",
            "回答",
            "回复",
            "解答",
            "内容",
            "解决办法",
            "解决方案",
            "答",
        ],
    ),
    ("id", &["id", "external_id", "编号", "序号id", "知识编号"]),
    ("product", &["product", "产品", "产品名称"]),
    ("versions", &["version", "versions", "版本", "适用版本"]),
    ("category", &["category", "分类", "类别", "目录"]),
    ("tags", &["tags", "tag", "标签", "关键词", "关键字"]),
    ("symptoms", &["symptoms", "symptom", "现象", "症状"]),
    ("questions", &["questions", "similar", "similar questions", "相似问", "相似问题", "扩展问"]),
    ("codes", &["codes", "code", "error code", "错误码", "错误代码"]),
    ("lang", &["lang", "language", "语言"]),
    ("kind", &["kind", "type", "类型"]),
    ("frequent", &["frequent", "常见", "常见问题"]),
    ("translates", &["translates", "译自"]),
];

pub(super) async fn file(
    batch: &mut Batch<'_>,
    path: &Path,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<()> {
    let unreadable = |what: String| Error::invalid(path.display().to_string(), what);
    let file = File::open(path).map_err(|e| unreadable(format!("cannot be read: {e}")))?;
    let total = file.metadata().map_or(0, |m| m.len());
    let delimiter = delimiter(path)?;
    let reader = Utf8Reader::open(file).map_err(unreadable)?;
    let mut sheet =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(reader);
    let mut record = StringRecord::new();
    let mut columns: Option<Columns> = None;
    loop {
        let line = sheet.position().line();
        match sheet.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) if record.iter().all(|cell| cell.trim().is_empty()) => continue,
            Ok(true) => {}
            Err(e) => {
                batch.bad_line(line, None, format!("the sheet cannot be read from here on ({e})"));
                break;
            }
        }
        let Some(known) = &columns else {
            let (read, header) = Columns::read(&record).map_err(unreadable)?;
            if !header {
                row(batch, path, line, &record, &read).await?;
            }
            columns = Some(read);
            continue;
        };
        row(batch, path, line, &record, known).await?;
        progress(Progress { done: sheet.get_ref().consumed.min(total), total, unit: Unit::Bytes });
    }
    Ok(())
}

/// The one of `,`, `;` and tab that the first line has most of.
pub(super) fn delimiter(path: &Path) -> Result<u8> {
    use std::io::{BufRead, BufReader, Read};
    let mut first = Vec::new();
    let file = File::open(path)
        .map_err(|e| Error::invalid(path.display().to_string(), format!("cannot be read: {e}")))?;
    BufReader::new(file.take(64 * 1024))
        .read_until(b'\n', &mut first)
        .map_err(|e| Error::invalid(path.display().to_string(), format!("cannot be read: {e}")))?;
    let count = |delimiter: u8| first.iter().filter(|b| **b == delimiter).count();
    // Of equals the last wins, and a comma is the usual one.
    Ok([b';', b'\t', b','].into_iter().max_by_key(|d| count(*d)).unwrap_or(b','))
}

/// Which cell means what.
struct Columns(Vec<Option<&'static str>>);

impl Columns {
    /// From the first row: a header (then true), or question and answer in the first two cells.
    fn read(first: &StringRecord) -> std::result::Result<(Columns, bool), String> {
        let named: Vec<Option<&'static str>> = first.iter().map(meaning).collect();
        let has = |what: &str| named.contains(&Some(what));
        if has("question") && has("answer") {
            return Ok((Columns(named), true));
        }
        if has("question") || has("answer") {
            let missing = if has("question") { "answer (答案)" } else { "question (问题)" };
            return Err(format!("its header has no column {missing}; name one so"));
        }
        if first.len() < 2 {
            return Err("has one column only; a sheet needs a question and an answer".into());
        }
        Ok((Columns(vec![Some("question"), Some("answer")]), false))
    }

    fn cell<'r>(&self, record: &'r StringRecord, what: &str) -> Option<&'r str> {
        self.raw(record, what).map(str::trim).filter(|cell| !cell.is_empty())
    }

    /// With the white space around it.
    fn raw<'r>(&self, record: &'r StringRecord, what: &str) -> Option<&'r str> {
        record.get(self.0.iter().position(|c| *c == Some(what))?)
    }
}

fn meaning(heading: &str) -> Option<&'static str> {
    meaning_of(HEADINGS, heading)
}

/// What a heading says, by a list of meanings and the names each is known by.
pub(super) fn meaning_of(known: &[(&'static str, &[&str])], heading: &str) -> Option<&'static str> {
    let heading = fold(heading.trim().trim_start_matches('\u{feff}'));
    known.iter().find(|(_, names)| names.contains(&heading.as_str())).map(|(what, _)| *what)
}

async fn row(
    batch: &mut Batch<'_>,
    path: &Path,
    line: u64,
    record: &StringRecord,
    columns: &Columns,
) -> Result<()> {
    match draft(record, columns) {
        Ok(draft) => batch.add(draft, Origin { file: path.to_path_buf(), line: Some(line) }).await,
        Err((key, what)) => {
            batch.bad_line(line, Some(key), what);
            Ok(())
        }
    }
}

fn draft(record: &StringRecord, columns: &Columns) -> std::result::Result<Draft, (&'static str, String)> {
    let cell = |what| columns.cell(record, what);
    let owned = |what| cell(what).map(str::to_string);
    let question =
        cell("question").ok_or(("question", "is empty; write the question or remove the row".to_string()))?;
    let answer =
        cell("answer").ok_or(("answer", "is empty; write the answer or remove the row".to_string()))?;
    // Lines are items of their own; in a cell of one line signs part them.
    let list = |what, signs: &[char]| -> Vec<String> {
        let lines = columns.raw(record, what).unwrap_or_default();
        let signs = if lines.contains('\n') { &['\n'] } else { signs };
        lines.split(signs).map(str::to_string).collect()
    };
    const OTHERS: &[char] = &[';', '；', '|'];
    const TAGS: &[char] = &[',', '，', '、', ';', '；', '|'];
    let lang = owned("lang").or_else(|| language::guess(question).map(str::to_string));
    Ok(Draft {
        external_id: owned("id").unwrap_or_else(|| id_of(question)),
        lang: lang.or_else(|| language::guess(answer).map(str::to_string)).unwrap_or_else(|| "en".into()),
        kind: front_matter::kind(cell("kind"), ArticleKind::Question).map_err(|e| ("kind", e.to_string()))?,
        category: owned("category"),
        title: question.to_string(),
        body_md: answer.to_string(),
        product: owned("product"),
        versions: owned("versions"),
        tags: list("tags", TAGS),
        codes: list("codes", OTHERS),
        symptoms: list("symptoms", OTHERS),
        questions: list("questions", OTHERS),
        frequent: cell("frequent")
            .is_some_and(|said| ["true", "yes", "1", "是"].contains(&said.to_lowercase().as_str())),
        translates: owned("translates"),
    })
}

/// The same question is the same article, wherever its row stands.
fn id_of(question: &str) -> String {
    let words: Vec<&str> = question.split_whitespace().collect();
    let hash = sha256_hex(fold(&words.join(" ")).as_bytes());
    format!("qa-{}", &hash[..16])
}
