//! The register of error codes (P9-02): as a sheet, in search and answers, and honest about codes it does not have.
use std::path::PathBuf;

use firstline_core::on;
use firstline_kb::audit::{self, Filter};
use firstline_kb::codes::{CodeDraft, Written, is_code_article, sheet};
use firstline_kb::events::{self, SearchRecord};
use firstline_kb::import::{Report, codes};
use firstline_kb::{Answer, ArticleKind, Library, Question};

use crate::desk::{TestDesk, on_both};
use crate::kb_contract::{draft, found, library, question};

const SHEET: &str = "code,module,meaning,cure,product,versions,lang
E-1042,network,Cannot reach the invoice server.,1. Check the network.,invoice,>=3.0,en
E-1042,网络,无法连接开票服务器。,1. 检查网络。,invoice,>=3.0,zh
S-1042,,Scanner not paired.,Pair it again.,stock,,en
ORA-01017,database,Wrong user name or password.,Check the password.,,,en
0x80070005,,Access denied during the update.,Run it as administrator.,invoice,,en
";

fn code(code: &str, product: &str, meaning: &str) -> CodeDraft {
    CodeDraft {
        code: code.into(),
        product: product.into(),
        meaning: meaning.into(),
        cure: "1. Restart it.".into(),
        ..CodeDraft::default()
    }
}

/// What was done to codes, newest first.
async fn codes_on_trail(t: &TestDesk, id: Option<&str>) -> Vec<audit::Entry> {
    let filter = Filter { kind: Some("code"), subject_id: id, ..Filter::default() };
    audit::trail(&t.desk.db, &filter, 50).await.unwrap()
}

fn write(t: &TestDesk, name: &str, text: &str) -> PathBuf {
    let path = t.dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

async fn take(t: &TestDesk, library: &Library, text: &str) -> Report {
    let path = write(t, "codes.csv", text);
    codes(library, &path, Some("curator"), &mut |_| {}).await.expect("the sheet is read")
}

/// A register, and articles that speak of the same things.
async fn shelf(t: &TestDesk) -> Library {
    let library = library(t).await;
    let title = "开票时报错 E-1042，连不上开票服务器";
    library
        .upsert(&draft("long", "zh", title, "## 解决办法\n1. 检查网线。\n2. 检查防火墙。"), "x")
        .await
        .unwrap();
    for n in 0..20 {
        library
            .upsert(&draft(&format!("filler-{n}"), "zh", &format!("第 {n} 条提示"), "定期备份。"), "x")
            .await
            .unwrap();
    }
    let report = take(t, &library, SHEET).await;
    assert_eq!((report.new, report.bad.len()), (5, 0), "{report:?}");
    library.refresh().await.unwrap();
    library
}

on_both! {
    async fn p9_02_a_sheet_is_read_written_and_read_again(t: TestDesk) {
        let library = library(&t).await;
        let broken = format!("{SHEET},,no code,x,,,en\nE-1050,,,x,,,en\nhello,,A word,x,,,en\nE-1051,,Bad,x,,,fr\nE 1042,,again,x,invoice,,en\nE-1060,,Last one,x,,,\n");
        let report = take(&t, &library, &broken).await;
        assert_eq!((report.new, report.changed, report.same), (6, 0, 0));
        let bad: Vec<_> = report.bad.iter().map(|p| (p.line.unwrap(), p.key.as_deref().unwrap())).collect();
        assert_eq!(bad, [(7, "code"), (8, "meaning"), (9, "code"), (10, "lang"), (11, "code")]);
        assert!(report.bad[4].what.contains("line 2"), "{}", report.bad[4].what);
        let again = take(&t, &library, &broken).await;
        assert_eq!((again.new, again.changed, again.same, again.bad.len()), (0, 0, 6, 5));
        let mut out = Vec::new();
        assert_eq!(sheet::export(&library, &mut out).await.unwrap(), 6);
        let out = String::from_utf8(out).unwrap();
        assert!(out.starts_with("code,module,meaning,cure,product,versions,lang\n"), "{out}");
        assert_eq!(take(&t, &library, &out).await.same, 6, "what is written is what is read");
        assert_eq!(codes_on_trail(&t, None).await.len(), 6, "nothing was written the second time");
    }
}

on_both! {
    async fn p9_02_a_code_in_a_message_finds_its_entry_first(t: TestDesk) {
        let library = shelf(&t).await;
        for text in ["E-1042", "e1042", "开票时报错 E-1042，连不上服务器", "Ｅ－１０４２ 怎么办"] {
            let (answer, all) = library.answer(&Question { lang: Some("zh-CN".into()), ..question(text) }).await.unwrap();
            let Answer::Direct { hit, steps_md, others } = answer else { panic!("{text}: {answer:?}") };
            assert_eq!((hit.kind, hit.external_id.as_str()), (ArticleKind::ErrorCode, "code/zh-CN/invoice/e1042"), "{text}");
            assert_eq!((steps_md.as_str(), all.unknown_codes.len()), ("1. 检查网络。", 0));
            assert!(others.iter().any(|h| h.external_id == "long"), "{text}: the article stands beside it");
        }
        assert_eq!(found(&library, "ora-1017 when I sign in").await[0], "code/en/ora1017");
        assert_eq!(found(&library, "错误 80070005").await[0], "code/en/invoice/0x80070005");
        let kind = Some(ArticleKind::Troubleshooting);
        let hits = library.search(&Question { kind, ..question("E-1042") }).await.unwrap().hits;
        assert_eq!(hits[0].external_id, "long", "a kind that was asked for is kept to");
    }
}

on_both! {
    async fn p9_02_product_and_version_decide_which_entry_is_meant(t: TestDesk) {
        let library = library(&t).await;
        let entries = [code("E-7001", "invoice", "Invoice is locked"), code("E-7001", "stock", "Stock is locked")];
        library.put_codes(&entries, "x").await.unwrap();
        library.refresh().await.unwrap();
        let (answer, _) = library.answer(&question("E-7001")).await.unwrap();
        assert!(matches!(&answer, Answer::Ask { products, .. } if products.len() == 2), "{answer:?}");
        let stock = Question { product: Some("stock".into()), ..question("E-7001") };
        let (answer, _) = library.answer(&stock).await.unwrap();
        assert!(matches!(&answer, Answer::Direct { hit, .. } if hit.external_id == "code/en/stock/e7001"), "{answer:?}");
        let old = CodeDraft { versions: Some("<2".into()), ..code("E-7002", "stock", "Old thing") };
        library.put_codes(&[old], "x").await.unwrap();
        library.refresh().await.unwrap();
        let new = Question { version: Some("3.1".into()), ..question("E-7002") };
        assert_eq!(library.answer(&new).await.unwrap().0, Answer::Nothing, "it does not apply to 3.1");
    }
}

on_both! {
    async fn p9_02_an_unknown_code_of_a_known_family_is_said_and_recorded(t: TestDesk) {
        let library = shelf(&t).await;
        let (answer, all) = library.answer(&question("E-1099")).await.unwrap();
        assert_eq!((&answer, all.unknown_codes.as_slice()), (&Answer::Nothing, ["E-1099".to_string()].as_slice()));
        let mixed = library.answer(&question("开票时报错 e1099，连不上开票服务器")).await.unwrap();
        assert!(!matches!(mixed.0, Answer::Direct { .. }), "{:?}", mixed.0);
        for text in ["ORA-12154", "error 0x80070099"] {
            assert_eq!(library.search(&question(text)).await.unwrap().unknown_codes.len(), 1, "{text}");
        }
        for text in ["E-9042", "E-1042", "win10 打不开", "3.1.4"] {
            assert!(library.search(&question(text)).await.unwrap().unknown_codes.is_empty(), "{text}");
        }
        let record = SearchRecord::of_answer(t.clock.id(), "chat", Some("en"), None, &answer, &all);
        let mut tx = t.desk.db.begin().await.unwrap();
        events::record_search(&mut tx, &t.clock, &record).await.unwrap();
        tx.commit().await.unwrap();
        let stored: String = on!(&t.desk.db, p => sqlx::query_scalar("select cast(unknown_codes as text) from kb_search")
            .fetch_one(p).await).unwrap();
        assert_eq!(stored, "[\"E-1099\"]");
    }
}

on_both! {
    async fn the_register_changes_live_here_and_in_another_process(t: TestDesk) {
        let library = shelf(&t).await;
        let other = Library::open(t.desk.db.clone(), t.clock.clone(), &t.dir.path().join("other")).await.unwrap();
        other.refresh().await.unwrap();
        assert_eq!(found(&other, "E-1042").await[0], "code/en/invoice/e1042");
        let results = library.put_codes(&[code("E-1043", "", "Certificate expired")], "anna").await.unwrap();
        let (written, entry) = results[0].as_ref().unwrap();
        assert_eq!((*written, entry.version), (Written::New, 1));
        for node in [&library, &other] {
            node.refresh().await.unwrap();
            assert_eq!(found(node, "what does E-1043 mean").await[0], "code/en/e1043");
        }
        assert!(library.remove_code(&entry.id, "anna").await.unwrap());
        assert!(!library.remove_code(&entry.id, "anna").await.unwrap());
        for node in [&library, &other] {
            node.refresh().await.unwrap();
            assert!(!found(node, "E-1043").await.contains(&"code/en/e1043".to_string()));
            assert_eq!(node.search(&question("E-1043")).await.unwrap().unknown_codes, ["E-1043"]);
        }
        let log = codes_on_trail(&t, Some(&entry.id)).await;
        let lines: Vec<_> = log.iter().map(|l| (l.actor.as_str(), l.action.as_str())).collect();
        assert_eq!(lines, [("anna", "removed"), ("anna", "added")]);
        let back = library.put_codes(&[code("E-1043", "", "Certificate expired")], "anna").await.unwrap();
        assert_eq!(back[0].as_ref().unwrap().0, Written::New, "it can come back");
        assert!(is_code_article(&library.articles(None, 500, None).await.unwrap().pop().unwrap().external_id));
    }
}

on_both! {
    async fn the_same_code_written_by_many_at_once_is_one_entry(t: TestDesk) {
        let library = library(&t).await;
        let writes = (0..20).map(|n| {
            let (library, draft) = (library.clone(), code("E-1042", "", &format!("wording {}", n % 5)));
            tokio::spawn(async move { library.put_codes(&[draft], "x").await.unwrap().remove(0).unwrap() })
        });
        for write in writes.collect::<Vec<_>>() {
            write.await.unwrap();
        }
        assert_eq!(library.codes("", 0, 9).await.unwrap().len(), 1);
    }
}
