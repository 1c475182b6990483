//! The contract of the knowledge base, case by case on SQLite and on PostgreSQL: articles, revisions, events.
use firstline_core::Error;
use firstline_core::on;
use firstline_kb::events::{self, SearchRecord, Shown, Verdict};
use firstline_kb::{ArticleKind, Draft, Library, Question, Upserted};

use crate::desk::{TestDesk, on_both};

pub fn draft(id: &str, lang: &str, title: &str, body: &str) -> Draft {
    Draft {
        external_id: id.into(),
        lang: lang.into(),
        kind: ArticleKind::Troubleshooting,
        category: None,
        title: title.into(),
        body_md: body.into(),
        product: None,
        versions: None,
        tags: vec![],
        codes: vec![],
        symptoms: vec![],
        questions: vec![],
        frequent: false,
        translates: None,
    }
}

pub async fn library(t: &TestDesk) -> Library {
    Library::open(t.desk.db.clone(), t.clock.clone(), &t.index_dir()).await.expect("the library opens")
}

pub fn question(text: &str) -> Question {
    Question { text: text.into(), limit: 5, ..Question::default() }
}

/// External ids of what a search finds, best first.
pub async fn found(library: &Library, text: &str) -> Vec<String> {
    let found = library.search(&question(text)).await.expect("the search works");
    found.hits.into_iter().map(|hit| hit.external_id).collect()
}

on_both! {
    async fn the_same_content_twice_changes_nothing(t: TestDesk) {
        let library = library(&t).await;
        let first = draft("a", "zh", "打印机无法打印", "重装驱动。");
        let Upserted::New(new) = library.upsert(&first, "curator").await.unwrap() else { panic!("not new") };
        assert_eq!((new.revision, new.lang.as_str()), (1, "zh-CN"));
        t.minutes_pass(1);
        let again = library.upsert(&Draft { title: " 打印机无法打印 ".into(), ..first.clone() }, "curator").await;
        assert_eq!(again.unwrap(), Upserted::Same(new.clone()));
        let other = library.upsert(&Draft { body_md: "先重启。".into(), ..first }, "curator").await.unwrap();
        let Upserted::Changed(changed) = other else { panic!("not changed") };
        assert_eq!((changed.revision, changed.updated_at > new.updated_at), (2, true));
        assert_eq!(library.article("a").await.unwrap(), Some(changed.clone()));
        assert_eq!(library.article(&new.id).await.unwrap(), Some(changed));
        assert_eq!(library.article_revision(&new.id, 1).await.unwrap(), Some(new.clone()));
        assert_eq!(library.article_revision(&new.id, 3).await.unwrap(), None);
    }
}

on_both! {
    async fn a_withdrawn_article_keeps_its_revisions_and_can_come_back(t: TestDesk) {
        let library = library(&t).await;
        let words = draft("a", "en", "Printer does not print", "Reinstall the driver.");
        let id = library.upsert(&words, "x").await.unwrap().article().id.clone();
        assert!(library.remove("a").await.unwrap());
        assert!(!library.remove("a").await.unwrap());
        assert_eq!(library.article("a").await.unwrap(), None);
        assert!(library.article_revision(&id, 1).await.unwrap().is_some());
        library.refresh().await.unwrap();
        assert_eq!(found(&library, "printer").await, Vec::<String>::new());
        let back = library.upsert(&words, "x").await.unwrap();
        assert_eq!((back.article().id.as_str(), back.article().revision), (id.as_str(), 2));
        library.refresh().await.unwrap();
        assert_eq!(found(&library, "printer").await, ["a"]);
    }
}

on_both! {
    async fn a_bad_article_spoils_only_itself(t: TestDesk) {
        let library = library(&t).await;
        let drafts = [
            draft("a", "en", "One", "x"),
            draft("b", "de", "Zwei", "x"),
            draft("c", "en", " ", "x"),
            draft("d", "en", "Nul\0 byte", "x\0y"),
        ];
        let results = library.upsert_many(&drafts, "x").await.unwrap();
        assert!(matches!(results[0], Ok(Upserted::New(_))) && matches!(results[3], Ok(Upserted::New(_))));
        assert!(matches!(&results[1], Err(Error::Invalid { field, .. }) if field == "lang"));
        assert!(matches!(&results[2], Err(Error::Invalid { field, .. }) if field == "title"));
        assert_eq!(library.articles(None, 10, None).await.unwrap().len(), 2);
    }
}

on_both! {
    async fn fifty_writers_of_one_article_leave_one_line_of_revisions(t: TestDesk) {
        let library = library(&t).await;
        let writes = (0..50).map(|n| {
            let library = library.clone();
            let words = draft("a", "en", "Title", &format!("wording {n}"));
            tokio::spawn(async move { library.upsert(&words, "x").await.unwrap() })
        });
        for write in writes.collect::<Vec<_>>() {
            write.await.unwrap();
        }
        let article = library.article("a").await.unwrap().unwrap();
        assert_eq!(article.revision, 50);
        for revision in 1..=50 {
            assert!(library.article_revision(&article.id, revision).await.unwrap().is_some(), "{revision}");
        }
    }
}

on_both! {
    async fn the_index_follows_every_change(t: TestDesk) {
        let library = library(&t).await;
        library.refresh().await.unwrap();
        assert!(library.ready());
        assert_eq!(found(&library, "防火墙").await, Vec::<String>::new());
        library.upsert(&draft("a", "zh", "防火墙拦截连接", "放行 8443 端口。"), "x").await.unwrap();
        library.refresh().await.unwrap();
        assert_eq!(found(&library, "防火墙").await, ["a"]);
        library.upsert(&draft("a", "zh", "证书过期", "更新证书。"), "x").await.unwrap();
        library.refresh().await.unwrap();
        assert_eq!(found(&library, "防火墙").await, Vec::<String>::new());
        let hits = library.search(&question("证书")).await.unwrap().hits;
        assert_eq!((hits[0].revision, hits[0].snippet_html.as_str()), (2, "更新<mark>证书</mark>。"));
    }
}

on_both! {
    async fn pages_products_and_frequent_questions(t: TestDesk) {
        let library = library(&t).await;
        for n in 0..7 {
            let product = Some(if n % 2 == 0 { "stock" } else { "invoice" }.to_string());
            let lang = if n < 4 { "zh-CN" } else { "en" };
            let words = Draft { product, frequent: n != 2, ..draft(&format!("a{n}"), lang, &format!("T{n}"), "x") };
            library.upsert(&words, "x").await.unwrap();
        }
        assert_eq!(library.products().await.unwrap(), ["invoice", "stock"]);
        let first = library.articles(None, 3, Some("zh-CN")).await.unwrap();
        let rest = library.articles(Some(&first[2].id), 3, Some("zh-CN")).await.unwrap();
        assert_eq!((first.len(), rest.len(), rest[0].external_id.as_str()), (3, 1, "a3"));
        let asked: Vec<_> = library.frequent("zh-CN", 8).await.unwrap().into_iter().map(|a| a.external_id).collect();
        assert_eq!(asked, ["a0", "a1", "a3"]);
    }
}

on_both! {
    async fn an_event_commits_with_its_callers_transaction(t: TestDesk) {
        let library = library(&t).await;
        let article = library.upsert(&draft("a", "en", "Title", "x"), "x").await.unwrap().article().clone();
        let shown = vec![Shown { article_id: article.id.clone(), revision: 1, rank: 1 }];
        let record = SearchRecord {
            id: t.clock.id(),
            query: "why\0?".into(),
            corrected: None,
            lang: Some("en".into()),
            product: None,
            answer: Some("direct".into()),
            shown,
            total: 1,
            unknown_codes: vec![],
            sensitive: None,
            who: "chat-1".into(),
        };
        let count = async || -> (i64, i64) {
            on!(&t.desk.db, p => sqlx::query_as(
                "select (select count(*) from kb_search), (select count(*) from kb_verdict where verdict = 'still_broken')")
                .fetch_one(p).await).unwrap()
        };
        let mut tx = t.desk.db.begin().await.unwrap();
        events::record_search(&mut tx, &t.clock, &record).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(count().await, (0, 0));
        let mut tx = t.desk.db.begin().await.unwrap();
        events::record_search(&mut tx, &t.clock, &record).await.unwrap();
        events::record_search(&mut tx, &t.clock, &record).await.unwrap();
        events::record_verdict(&mut tx, &t.clock, &record.id, Some(&article.id), Verdict::StillBroken).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(count().await, (1, 1));
    }
}
