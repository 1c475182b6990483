//! What a question can cost at most, whatever stands in it.
use firstline_core::Time;
use sqlx::types::Json;
use tantivy::Index;

use super::{asked, run};
use crate::answer::Question;
use crate::article::ArticleKind;
use crate::index::live::Live;
use crate::index::mark::Mark;
use crate::index::schema;
use crate::index::writer::{Work, Writer};
use crate::store::ArticleRow;

fn article(id: &str, title: &str, body: &str) -> ArticleRow {
    ArticleRow {
        id: id.into(),
        external_id: id.into(),
        lang: if title.is_ascii() { "en" } else { "zh-CN" }.into(),
        kind: ArticleKind::Troubleshooting,
        category: None,
        title: title.into(),
        body_md: body.into(),
        product: None,
        versions: None,
        tags: Json(vec![]),
        codes: Json(vec![]),
        symptoms: Json(vec![]),
        questions: Json(vec![]),
        frequent: false,
        translates: None,
        revision: 1,
        change_no: 1,
        deleted: false,
        created_at: Time(0),
        updated_at: Time(0),
    }
}

fn shelf() -> Live {
    let (schema, _) = schema::build();
    let index = Index::create_in_ram(schema);
    let mut writer = Writer::on(&index, Work::Following).expect("a writer");
    let mut rows: Vec<ArticleRow> = (0..60)
        .map(|n| article(&format!("f{n}"), &format!("文章 {n}"), "报表、库存与合同的说明。"))
        .collect();
    rows.extend([
        article("invoice", "开票失败怎么办", "重新登录后再开票。E-1042"),
        article("printer", "打印机无法打印", "重装驱动。"),
        article("login", "无法登录系统", "检查账号。"),
        article("print-en", "Printer is offline", "Restart the printer."),
    ]);
    // A word must be well known before it is put in for another.
    rows.extend((0..60).map(|n| article(&format!("l{n}"), &format!("登录说明 {n}"), "账号与密码。")));
    writer.apply(&rows).expect("applied");
    writer.commit(Mark { schema: schema::VERSION, store: 0, rebuild: 0, change: 0 }).expect("committed");
    Live::in_memory(index).expect("an index")
}

fn ask(live: &Live, text: &str) -> (Vec<String>, Option<String>) {
    let question = Question { text: text.into(), limit: 5, ..Question::default() };
    let found = run(live, &question).expect("an answer").found;
    (found.hits.into_iter().map(|hit| hit.external_id).collect(), found.corrected)
}

/// Ten thousand words, a megabyte, and everything that is no question.
fn hostile() -> Vec<String> {
    let han: String = ('\u{4e00}'..'\u{5e00}').collect();
    vec![
        (0..10_000).map(|n| format!("word{n} ")).collect(),
        (0..10_000).map(|n| format!("E-{n} ")).collect(),
        (0..10_000).map(|n| format!("unknwon{} ", "abcdefghij".chars().nth(n % 10).unwrap_or('x'))).collect(),
        "a".repeat(1 << 20),
        "连不上服务器".repeat(60_000),
        han,
        "zhuang".repeat(100_000),
        "\"'`(){}[]*?+-~^:\\/&|!<>= AND OR NOT".repeat(50),
        "？！。，、；：".into(),
        "the of and 的 了 吗".into(),
        "😀👩‍👩‍👧‍👦🇨🇳".repeat(100),
        "\u{0}\u{1}\u{7f}\u{200b}\u{202e}\u{feff}".repeat(100),
        "a\u{301}".repeat(10_000),
        " ".repeat(100_000),
        String::new(),
    ]
}

#[test]
fn whatever_is_asked_costs_no_more_than_a_long_question() {
    let live = shelf();
    let searcher = live.searcher();
    for text in hostile() {
        let question = Question { text: text.clone(), limit: 50, ..Question::default() };
        let asked = asked::read(&question, &searcher, &live.fields).expect("read");
        let start: String = text.chars().take(20).collect();
        assert!(asked.tokens.len() <= 96 + 64, "{start}: {} tokens", asked.tokens.len());
        assert!(asked.codes.len() <= 24 && asked.marks.len() <= 64, "{start}");
        assert!(asked.text.chars().count() <= 2500, "{start}");
        run(&live, &question).expect("an answer");
    }
}

#[test]
fn chinese_is_found_by_how_it_sounds() {
    let live = shelf();
    for text in ["kaipiao", "KaiPiao", "kaipiao shibai", "kp", "kaipiaoshibai"] {
        let (found, corrected) = ask(&live, text);
        assert_eq!(found.first().map(String::as_str), Some("invoice"), "{text}: {found:?}");
        assert!(corrected.is_some_and(|c| c.contains("开票")), "{text}");
    }
    assert_eq!(ask(&live, "dayinji wufa dayin").0.first().map(String::as_str), Some("printer"));
    // Words that are known are what they are, and so are those that are no sounds.
    for text in ["printer", "offline printer", "xyzzy", "print"] {
        assert_eq!(ask(&live, text).1, None, "{text}");
    }
    assert_eq!(ask(&live, "printr offline").1.as_deref(), Some("printer offline"));
}

#[test]
fn characters_put_in_for_others_of_the_same_sound_are_mended() {
    let live = shelf();
    assert_eq!(ask(&live, "无法登路系统").1.as_deref(), Some("无法登录系统"));
    assert_eq!(ask(&live, "登陆不了").1, None, "a slip everybody makes is no slip");
    let found = ask(&live, "登陆不了").0;
    assert!(!found.is_empty() && found.iter().all(|id| id.starts_with('l')), "{found:?}");
    for right in ["报表合同", "库存说明", "重新开票", "无法打印", "打印机"] {
        assert_eq!(ask(&live, right).1, None, "{right}");
    }
}
