//! One set of saved questions for everything: the gate of publications, the preview of the dictionary, the page that
//! asks them all, and `kb eval`. And what older stores kept in two tables becomes one without loss.
use std::borrow::Cow;

use firstline_core::Error;
use firstline_core::store::{Db, migrate};
use firstline_kb::audit::{self, Filter};
use firstline_kb::dictionary::entry::Entry;
use firstline_kb::dictionary::preview::Change;
use firstline_kb::eval::{self, Called};
use firstline_kb::saved::MOST;
use firstline_kb::workshop::Saved;
use firstline_kb::{Draft, Library};
use sqlx::migrate::Migrator;

use crate::desk::on_both;
use crate::harness::postgres;
use crate::kb_contract::draft;
use crate::shop_life::{published, shop};

const STEPS: &str = "## Steps\n1. Switch the printer on.\n2. Print a test page.";

async fn ask(library: &Library) -> Vec<(String, Option<usize>, Called)> {
    let cases = library.saved_cases().await.unwrap();
    let asked = eval::ask(library, &cases, &mut |_| {}).await.unwrap();
    asked.into_iter().map(|a| (a.query.clone(), a.place(), a.called)).collect()
}

on_both! {
    async fn gate_preview_and_evaluation_ask_the_same_questions_in_the_same_way(t: TestDesk) {
        let (library, w, author, reviewer) = shop(&t).await;
        published(&w, &author, &reviewer, &draft("a", "en", "Printer is offline", STEPS)).await;
        published(&w, &author, &reviewer, &draft("b", "en", "Forgotten password", "## Steps\n1. Click Forgot password.")).await;
        library.refresh().await.unwrap();
        let none = library.preview(Change::Add { entry: Entry::Sensitive { word: "x".into() }, until: None }).await.unwrap();
        assert_eq!(none.questions, 0);
        let line = "{\"id\":\"q\",\"query\":\"printer is offline\",\"lang\":\"en\",\"relevant\":[\"a\"],\"tags\":[\"print\"]}";
        assert_eq!(library.save_questions(&reviewer, line).await.unwrap().taken, 1);
        assert_eq!(ask(&library).await, [("printer is offline".to_string(), Some(0), Called::Direct)]);

        // Words that take the question from its article show in the dictionary's preview ...
        let gap = Entry::StopGap { questions: vec!["printer offline".into()], lang: String::new(), text: "We know; wait.".into() };
        let effect = library.preview(Change::Add { entry: gap.clone(), until: None }).await.unwrap();
        assert_eq!((effect.questions, effect.worse().len(), effect.moved[0].after.called), (1, 1, Called::Reply));
        assert_eq!(effect.before.hit1.value, 1.0);
        assert_eq!(ask(&library).await[0].2, Called::Direct, "a preview changes nothing");
        // ... and are what the evaluation finds once they are in force; taking them out again is seen as better.
        let stored = library.add_entry(gap, None, &reviewer.actor()).await.unwrap();
        assert_eq!(ask(&library).await[0].2, Called::Reply);
        let back = library.preview(Change::Remove { id: &stored.id }).await.unwrap();
        assert!(back.moved[0].is_better() && back.worse().is_empty(), "{back:?}");
        library.remove_entry(&stored.id, &reviewer.actor()).await.unwrap();

        // The gate asks the same question of the words on the bench.
        let bench = w.bench("a").await.unwrap().unwrap();
        let id = bench.work.article_id;
        let spoiled = draft("a", "en", "Coffee machine", "## Steps\n1. Make coffee.");
        let Saved::Saved(_) = w.save(&author, &id, bench.work.version, &spoiled, "", None).await.unwrap() else { panic!("not saved") };
        let gate = w.check(&id).await.unwrap();
        assert_eq!((gate.questions, gate.worse().len(), gate.moved[0].id.as_str()), (1, 1, "q"));
        // A reply of a curator is said whatever is published: it is in force on trial, too.
        let talk = Entry::Talk { phrases: vec!["printer is offline".into()], lang: String::new(), text: "Hello.".into() };
        library.add_entry(talk, None, &reviewer.actor()).await.unwrap();
        assert_eq!(w.try_questions(&id, &["printer is offline".into()]).await.unwrap()[0].called, Called::Reply);
    }
}

on_both! {
    async fn a_saved_question_knows_product_and_version_and_may_not_be_saved_by_anybody(t: TestDesk) {
        let (library, w, author, reviewer) = shop(&t).await;
        let stock = Draft { product: Some("stock".into()), ..draft("s", "en", "Install fails", "## Steps\n1. Use another terminal.") };
        let invoice = Draft { product: Some("invoice".into()), ..draft("i", "en", "Install fails", "## Steps\n1. Close the scanner.") };
        published(&w, &author, &reviewer, &stock).await;
        published(&w, &author, &reviewer, &invoice).await;
        library.refresh().await.unwrap();
        let lines = "{\"query\":\"install fails\",\"product\":\"stock\",\"relevant\":[\"s\"]}\n{\"query\":\"x\",\"lang\":\"fr\",\"relevant\":[\"s\"]}\n{\"query\":\" \",\"relevant\":[\"s\"]}";
        let refused = library.save_questions(&author, lines).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
        let done = library.save_questions(&reviewer, lines).await.unwrap();
        assert_eq!((done.taken, done.bad.iter().map(|b| b.0).collect::<Vec<_>>()), (1, vec![2, 3]), "{done:?}");
        assert_eq!(ask(&library).await[0].1, Some(0));
        let saved = library.saved_questions().await.unwrap().remove(0);
        assert_eq!((saved.product.as_deref(), saved.author.as_str()), (Some("stock"), reviewer.actor().as_str()));
        let many: Vec<String> =
            (0..MOST).map(|n| format!("{{\"id\":\"n{n}\",\"query\":\"q {n}\",\"relevant\":[\"s\"]}}")).collect();
        let full = library.save_questions(&reviewer, &many.join("\n")).await.unwrap();
        assert_eq!((full.taken, full.bad.len(), full.bad[0].0), (MOST - 1, 1, MOST), "one has no room");
        let again = library.save_questions(&reviewer, &many[0]).await.unwrap();
        assert_eq!((again.taken, again.bad.len()), (1, 0), "replacing needs no room");
        library.drop_question(&reviewer, &saved.id).await.unwrap();
        assert_eq!(library.saved_questions().await.unwrap().len(), MOST - 1);
        let filter = Filter { kind: Some("question"), ..Filter::default() };
        let deeds: Vec<String> =
            audit::trail(&t.desk.db, &filter, 9).await.unwrap().into_iter().map(|e| e.action).collect();
        assert_eq!(deeds, ["question_dropped", "questions_saved", "questions_saved", "questions_saved"]);
    }
}

/// The migrations up to a number.
fn until(migrator: Migrator, version: i64) -> Migrator {
    let kept: Vec<_> = migrator.migrations.iter().filter(|m| m.version < version).cloned().collect();
    Migrator { migrations: Cow::Owned(kept), ..migrator }
}

async fn an_older_store_is_joined(db: &Db) {
    let mut older = firstline_kb::migrations();
    older.sqlite = until(older.sqlite, 120);
    older.postgres = until(older.postgres, 120);
    migrate(db, vec![older]).await.unwrap();
    let staff = "0".repeat(32);
    let rows = [
        "insert into kb_saved_question (id, query, relevant, created_at) values ('1', 'printer', '[\"a\"]', 1), ('2', 'both', '[\"b\"]', 2)".to_string(),
        "insert into kb_gate_question (id, query, relevant, author, at) values \
         ('1', 'other question', '[\"c\"]', 'staff:x', 3), ('9', 'both', '[\"b\"]', 'staff:x', 4)".to_string(),
        "insert into kb_audit (id, at, actor, action, subject, detail) values \
         ('01', 1, 'system', 'gap_reopened', 'dark theme', '{\"gap\":\"g1\"}'), ('02', 2, 'staff:x', 'published', 'T', '{\"revision\":1}')".to_string(),
        format!("insert into kb_entry_log (id, at, actor, action, kind, subject, before, after) values \
         ('03', 3, '{staff}', 'created', 'synonym', 'e1', null, '{{\"kind\":\"synonym\",\"words\":[\"scanner\",\"gun\"]}}'), \
         ('04', 4, 'import', 'removed', 'code', 'c1', '{{\"code\":\"E-1042\"}}', null)"),
    ];
    for sql in rows {
        firstline_core::on!(db, p => sqlx::query(sqlx::AssertSqlSafe(sql.clone())).execute(p).await.map(drop)).unwrap();
    }
    migrate(db, vec![firstline_kb::migrations()]).await.unwrap();
    let questions: Vec<(String, String, String)> = firstline_core::on!(db, p => sqlx::query_as(
        "select id, query, author from kb_saved_question order by at").fetch_all(p).await)
    .unwrap();
    let known: Vec<_> = questions.iter().map(|(id, q, a)| (id.as_str(), q.as_str(), a.as_str())).collect();
    assert_eq!(
        known,
        [("1", "printer", "import"), ("2", "both", "import"), ("gate-1", "other question", "staff:x")]
    );
    let trail = audit::trail(db, &Filter::default(), 9).await.unwrap();
    let told: Vec<_> = trail
        .iter()
        .map(|e| (e.action.as_str(), e.kind.as_str(), e.subject_id.as_deref(), e.subject.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("removed", "code", Some("c1"), "E-1042"),
            ("added", "synonym", Some("e1"), "scanner"),
            ("published", "article", None, "T"),
            ("gap_reopened", "gap", Some("g1"), "dark theme"),
        ]
    );
    assert_eq!(trail[1].actor, format!("staff:{staff}"));
    assert_eq!(trail[1].detail["after"]["words"][1], "gun");
    assert!(trail[1].detail["before"].is_null() && trail[0].detail["after"].is_null());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tables_of_questions_and_two_logs_become_one_sqlite() {
    let dir = tempfile::TempDir::new().unwrap();
    let db = Db::open(&format!("sqlite:{}", dir.path().join("old.db").display())).await.unwrap();
    an_older_store_is_joined(&db).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tables_of_questions_and_two_logs_become_one_postgres() {
    if let Some(url) = postgres::pg_url("two_tables_of_questions_and_two_logs").await {
        an_older_store_is_joined(&Db::open(&url).await.unwrap()).await;
    }
}
