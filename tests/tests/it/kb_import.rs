//! Importing and exporting: every form, bad rows named, and doing it twice changes nothing.
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use firstline_kb::import::{Report, import};
use firstline_kb::{ArticleKind, Library, export};

use crate::desk::TestDesk;
use crate::kb_contract::library;

async fn shelf() -> (TestDesk, Library) {
    let t = TestDesk::sqlite().await;
    let library = library(&t).await;
    (t, library)
}

fn write(t: &TestDesk, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = t.dir.path().join(name);
    fs::create_dir_all(path.parent().expect("a folder")).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

async fn take(library: &Library, path: &Path) -> Report {
    import(library, path, &mut |_| {}).await.expect("the import runs")
}

fn counts(report: &Report) -> (usize, usize, usize, usize) {
    (report.new, report.changed, report.same, report.bad.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_goes_out_and_comes_back_the_same() {
    let (t, library) = shelf().await;
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kb/demo");
    let first = take(&library, &demo).await;
    assert!(first.new >= 60 && first.bad.is_empty(), "{first:?}");
    let again = take(&library, &demo).await;
    assert_eq!(counts(&again), (0, 0, first.new, 0));
    let out = t.dir.path().join("out");
    assert_eq!(export::export(&library, &out).await.unwrap(), first.new);
    assert_eq!(counts(&take(&library, &out).await), (0, 0, first.new, 0), "what we export we read");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_of_json_with_and_without_gzip() {
    let (t, library) = shelf().await;
    let lines = concat!(
        "\u{feff}{\"id\":\"a\",\"lang\":\"zh\",\"title\":\"打印机\",\"body_md\":\"x\",\"product\":null,\"tags\":[\"t\"]}\n",
        "\n",
        "{\"id\":\"b\",\"lang\":\"en\",\"title\":\"Printer\",\"body_md\":\"x\",\"product\":\"p\",\"tags\":[],\"more\":1}\n",
        "{\"id\":\"c\",\"lang\":\"en\"\n",
        "{\"id\":\"d\",\"lang\":\"en\",\"body_md\":\"x\"}\n",
        "{\"id\":\"a\",\"lang\":\"zh\",\"title\":\"another\",\"body_md\":\"x\"}\n",
        "{\"id\":\"e\",\"lang\":\"fr\",\"title\":\"Imprimante\",\"body_md\":\"x\"}\n",
    );
    let report = take(&library, &write(&t, "k.jsonl", lines)).await;
    assert_eq!(counts(&report), (2, 0, 0, 4), "{report:?}");
    let bad: Vec<_> = report.bad.iter().map(|p| (p.line.unwrap(), p.key.as_deref())).collect();
    assert_eq!(bad, [(4, None), (5, Some("title")), (6, Some("id")), (7, Some("lang"))]);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(lines.as_bytes()).unwrap();
    let mut packed = packed.finish().unwrap();
    assert_eq!(counts(&take(&library, &write(&t, "k.jsonl.gz", &packed)).await), (0, 0, 2, 4));
    packed.truncate(packed.len() - 12);
    let cut = take(&library, &write(&t, "cut.jsonl.gz", &packed)).await;
    assert!(cut.bad.iter().any(|p| p.what.contains("cannot be read from here on")), "{cut:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sheets_in_the_encodings_and_forms_they_come_in() {
    let text = "问题,答案,产品\n打印机无法打印,\"先重启，\n再重装驱动\",发票\n,没有问题,\n怎么开票,,\n";
    // "问题,答案" and the rest as GBK, made by iconv.
    let gbk: &[u8] = b"\xce\xca\xcc\xe2,\xb4\xf0\xb0\xb8\n\xb4\xf2\xd3\xa1\xbb\xfa\xce\xde\xb7\xa8\xb4\xf2\xd3\xa1,\xd6\xd8\xc6\xf4\n";
    let (t, library) = shelf().await;
    let report = take(&library, &write(&t, "a.csv", text)).await;
    assert_eq!(counts(&report), (1, 0, 0, 2), "{report:?}");
    assert_eq!(report.bad.iter().map(|p| p.line).collect::<Vec<_>>(), [Some(4), Some(5)]);
    let marked = format!("\u{feff}{}", text.replace(',', ";"));
    assert_eq!(counts(&take(&library, &write(&t, "b.csv", marked)).await), (0, 0, 1, 2));
    let article = library.articles(None, 1, None).await.unwrap().remove(0);
    assert_eq!((article.kind, article.product.as_deref()), (ArticleKind::Question, Some("发票")));
    assert_eq!(article.body_md, "先重启，\n再重装驱动");
    assert_eq!(counts(&take(&library, &write(&t, "c.csv", gbk)).await), (0, 1, 0, 0), "the same question");
    let bare = "How do I print?\tPress print.\nHow do I save?\tPress save.\n";
    assert_eq!(counts(&take(&library, &write(&t, "d.tsv", bare)).await), (2, 0, 0, 0));
    let lame = import(&library, &write(&t, "e.csv", "question,date\nx,y\n"), &mut |_| {}).await;
    assert!(lame.unwrap_err().to_string().contains("answer"), "the missing column is named");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn folders_of_markdown_with_their_faults_named() {
    let (t, library) = shelf().await;
    write(&t, "kb/README.md", "# About this folder");
    write(&t, "kb/zh-CN/a.md", "---\ntitle: 开票报错 E-1042\n---\n正文");
    write(&t, "kb/en/deep/b.md", "---\r\nid: b\r\ntags: one, two\r\n---\r\n# From the heading\r\ntext");
    write(&t, "kb/en/no.md", "no front matter");
    write(&t, "kb/en/yaml.md", "---\ntitle: [unclosed\n---\nx");
    write(&t, "kb/en/kind.md", "---\ntitle: T\nkind: novel\n---\nx");
    write(&t, "kb/.git/c.md", "---\ntitle: hidden\n---\nx");
    let report = take(&library, &t.dir.path().join("kb")).await;
    assert_eq!(counts(&report), (2, 0, 0, 3), "{report:?}");
    let names: Vec<_> = report.bad.iter().map(|p| p.file.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["kind.md", "no.md", "yaml.md"]);
    assert_eq!(report.bad[0].key.as_deref(), Some("kind"));
    let a = library.article("zh-CN/a").await.unwrap().expect("an id from its path");
    assert_eq!((a.lang.as_str(), a.codes), ("zh-CN", vec!["E-1042".to_string()]));
    let b = library.article("b").await.unwrap().unwrap();
    assert_eq!((b.lang.as_str(), b.title.as_str(), b.tags.len()), ("en", "From the heading", 2));
}
