//! Both languages say the same things, and templates ask only for what exists.
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Lang;

fn room() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found
}

/// `key -> names of its values` of every message of a language.
fn messages(lang: Lang) -> BTreeSet<(String, Vec<String>)> {
    let mut all = BTreeSet::new();
    for file in files(&room().join("texts").join(lang.tag()), "ftl") {
        let text = std::fs::read_to_string(&file).unwrap();
        let mut key = String::new();
        let mut values: BTreeSet<String> = BTreeSet::new();
        for line in text.lines().chain(["end = "]) {
            let starts = line.chars().next().is_some_and(|c| c.is_ascii_lowercase());
            if let (true, Some((name, _))) = (starts, line.split_once(" =")) {
                if !key.is_empty() {
                    all.insert((std::mem::take(&mut key), values.into_iter().collect()));
                }
                key = name.to_owned();
                values = BTreeSet::new();
            }
            values.extend(
                line.split('$').skip(1).map(|rest| {
                    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
                }),
            );
        }
    }
    all
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_values() {
    let (zh, en) = (messages(Lang::ZhCn), messages(Lang::En));
    let only_zh: Vec<_> = zh.difference(&en).collect();
    let only_en: Vec<_> = en.difference(&zh).collect();
    assert!(only_zh.is_empty() && only_en.is_empty(), "only zh-CN: {only_zh:?}; only en: {only_en:?}");
    assert!(zh.len() > 100);
}

#[test]
fn every_text_a_page_asks_for_exists() {
    let known: BTreeSet<String> = messages(Lang::En).into_iter().map(|(key, _)| key).collect();
    let sources =
        files(&room().join("templates"), "html").into_iter().chain(files(&room().join("src"), "rs"));
    let mut missing = Vec::new();
    for file in sources.filter(|f| !f.ends_with("tests.rs")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for call in [".t(\"", ".tn(\"", ".t1(\"", ".text(\"", ".text_with(\""] {
            let keys = text.split(call).skip(1).filter_map(|rest| rest.split('"').next());
            missing.extend(keys.filter(|k| !known.contains(*k)).map(|k| format!("{}: {k}", file.display())));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn reads_what_browsers_send() {
    assert_eq!(Lang::accepted("zh-CN,zh;q=0.9,en;q=0.8"), Lang::ZhCn);
    assert_eq!(Lang::accepted("en-GB,en;q=0.9,zh;q=0.5"), Lang::En);
    assert_eq!(Lang::accepted("de-DE,zh;q=0.3"), Lang::ZhCn);
    assert_eq!(Lang::accepted("de,fr;q=0.9"), Lang::En);
    assert_eq!(Lang::accepted("en;q=0, zh;q=0.1"), Lang::ZhCn);
}
