//! An article's life on both databases: draft, review, publication, staged edits, two people at once.
use firstline_core::Error;
use firstline_core::files::FileOffer;
use firstline_core::staff::{self, Role};
use firstline_kb::audit::{self, Filter};
use firstline_kb::workshop::{Curator, Listed, Published, Saved, Shelf, State};
use firstline_kb::{Draft, Library, Workshop};

use crate::desk::{TestDesk, on_both};
use crate::kb_contract::{draft, found, library};

pub async fn curator(t: &TestDesk, name: &str, role: Role) -> Curator {
    let email = format!("{name}@firstline.example");
    Curator::of(&staff::add(&t.desk.db, &t.clock, &email, name, role, "correct horse").await.unwrap())
}

/// A workshop with an author and a reviewer.
pub async fn shop(t: &TestDesk) -> (Library, Workshop, Curator, Curator) {
    let library = library(t).await;
    let workshop = library.workshop();
    (library, workshop, curator(t, "li", Role::Agent).await, curator(t, "wang", Role::Curator).await)
}

/// Writes, hands in, reviews; gives the article's id.
pub async fn published(w: &Workshop, author: &Curator, reviewer: &Curator, words: &Draft) -> String {
    let bench = w.create(author, words, "", None).await.unwrap();
    let id = bench.work.article_id;
    let bench = w.submit(author, &id, bench.work.version).await.unwrap();
    let done = w.publish(reviewer, &id, bench.work.version, "").await.unwrap();
    assert!(matches!(done, Published::Done(_)), "{done:?}");
    id
}

on_both! {
    async fn nobody_sees_a_draft_before_another_person_published_it(t: TestDesk) {
        let (library, w, author, reviewer) = shop(&t).await;
        let bench = w.create(&author, &draft("zh/a", "zh", "打印机没反应", "重装驱动。"), "first", None).await.unwrap();
        let id = bench.work.article_id.clone();
        library.refresh().await.unwrap();
        assert_eq!(library.article("zh/a").await.unwrap(), None);
        assert_eq!(library.article_revision(&id, 1).await.unwrap(), None, "its words are not to be had either");
        assert!(library.articles(None, 10, None).await.unwrap().is_empty());
        assert_eq!(found(&library, "打印机没反应").await, Vec::<String>::new());

        let early = w.publish(&reviewer, &id, 1, "").await;
        assert!(matches!(early, Err(Error::Conflict(_))), "not in review: {early:?}");
        let bench = w.submit(&author, &id, 1).await.unwrap();
        assert_eq!((bench.work.state, bench.work.version), (State::InReview, 2));
        let own = w.publish(&author, &id, 2, "").await;
        assert!(matches!(own, Err(Error::Forbidden(_))), "an agent publishes nothing: {own:?}");
        let Published::Done(bench) = w.publish(&reviewer, &id, 2, "").await.unwrap() else { panic!("refused") };
        assert_eq!((bench.work.state, bench.work.live), (State::Published, Some(1)));
        library.refresh().await.unwrap();
        assert_eq!(found(&library, "打印机没反应").await, ["zh/a"]);
        assert_eq!(library.article("zh/a").await.unwrap().unwrap().title, "打印机没反应");
    }
}

on_both! {
    async fn the_reviewer_is_not_the_author_of_any_part(t: TestDesk) {
        let (_, w, _, wang) = shop(&t).await;
        let zhao = curator(&t, "zhao", Role::Manager).await;
        let bench = w.create(&wang, &draft("a", "en", "Title", "one"), "", None).await.unwrap();
        let id = bench.work.article_id;
        let Saved::Saved(bench) = w.save(&zhao, &id, 1, &draft("a", "en", "Title", "two"), "", None).await.unwrap() else { panic!("not saved") };
        let bench = w.submit(&zhao, &id, bench.work.version).await.unwrap();
        for author in [&wang, &zhao] {
            let own = w.publish(author, &id, bench.work.version, "").await;
            assert!(matches!(own, Err(Error::Forbidden(_))), "{own:?}");
        }
        let sun = curator(&t, "sun", Role::Admin).await;
        let back = w.send_back(&sun, &id, bench.work.version, "say which menu").await.unwrap();
        assert_eq!(back.work.state, State::Draft);
        assert!(w.send_back(&sun, &id, back.work.version, "again").await.is_err(), "it is no longer in review");
        let bench = w.submit(&zhao, &id, back.work.version).await.unwrap();
        assert!(matches!(w.publish(&sun, &id, bench.work.version, "").await.unwrap(), Published::Done(_)));
    }
}

on_both! {
    async fn a_live_article_stays_while_its_edit_is_reviewed(t: TestDesk) {
        let (library, w, author, reviewer) = shop(&t).await;
        let id = published(&w, &author, &reviewer, &draft("a", "en", "Old title", "old words")).await;
        let bench = w.bench(&id).await.unwrap().unwrap();
        let edit = draft("a", "en", "New title", "a zebra");
        let Saved::Saved(bench) = w.save(&author, &id, bench.work.version, &edit, "clearer", None).await.unwrap() else { panic!("not saved") };
        assert_eq!((bench.work.state, bench.work.head, bench.work.live), (State::Draft, 2, Some(1)));
        library.refresh().await.unwrap();
        assert_eq!(library.article(&id).await.unwrap().unwrap().title, "Old title");
        assert_eq!(found(&library, "zebra").await, Vec::<String>::new());
        // An edit while in review takes it back: nobody publishes what was not read.
        let bench = w.submit(&author, &id, bench.work.version).await.unwrap();
        let again = draft("a", "en", "Newest title", "a zebra");
        let Saved::Saved(after) = w.save(&author, &id, bench.work.version, &again, "", None).await.unwrap() else { panic!("not saved") };
        assert_eq!(after.work.state, State::Draft);
        assert!(w.publish(&reviewer, &id, bench.work.version, "").await.is_err());
        let bench = w.submit(&author, &id, after.work.version).await.unwrap();
        w.publish(&reviewer, &id, bench.work.version, "").await.unwrap();
        assert_eq!(library.article(&id).await.unwrap().unwrap().revision, 3);
        assert_eq!(library.article_revision(&id, 2).await.unwrap(), None, "revision 2 was never published");

        let bench = w.bench(&id).await.unwrap().unwrap();
        let bench = w.restore(&author, &id, bench.work.version, 1).await.unwrap();
        assert_eq!((bench.work.head, bench.head.draft.title.as_str(), bench.work.live), (4, "Old title", Some(3)));
        let bench = w.discard(&author, &id, bench.work.version).await.unwrap();
        assert_eq!((bench.work.state, bench.work.head), (State::Published, 3));
        let bench = w.retire(&reviewer, &id, bench.work.version, "replaced by b").await.unwrap();
        assert_eq!((bench.work.state, bench.work.live), (State::Retired, None));
        library.refresh().await.unwrap();
        assert_eq!(found(&library, "zebra").await, Vec::<String>::new());
        let authors: Vec<i64> = w.revisions(&id, 10).await.unwrap().iter().map(|r| r.revision).collect();
        assert_eq!(authors, [4, 3, 2, 1]);
    }
}

on_both! {
    async fn of_two_who_edit_at_once_nobody_loses_words(t: TestDesk) {
        let (_, w, author, other) = shop(&t).await;
        let id = w.create(&author, &draft("a", "en", "T", "base"), "", None).await.unwrap().work.article_id;
        let saves = (0..20).map(|n| {
            let (w, who, id) = (w.clone(), if n % 2 == 0 { author.clone() } else { other.clone() }, id.clone());
            tokio::spawn(async move { w.save(&who, &id, 1, &draft("a", "en", "T", &format!("words {n}")), "", None).await.unwrap() })
        });
        let mut saved = 0;
        for save in saves.collect::<Vec<_>>() {
            match save.await.unwrap() {
                Saved::Saved(_) => saved += 1,
                Saved::Overtaken(theirs) => assert!(theirs.head.draft.body_md.starts_with("words ")),
                Saved::Same(_) => panic!("all differ"),
            }
        }
        assert_eq!(saved, 1);
        let bench = w.bench(&id).await.unwrap().unwrap();
        assert_eq!((bench.work.head, bench.work.last, bench.work.version), (2, 2, 2));
        let same = w.save(&author, &id, 1, &bench.head.draft.0.clone(), "", None).await.unwrap();
        assert!(matches!(same, Saved::Same(_)), "the same words again are no conflict");
    }
}

on_both! {
    async fn an_import_publishes_and_leaves_staged_words_on_the_bench(t: TestDesk) {
        let (library, w, author, reviewer) = shop(&t).await;
        library.upsert(&draft("a", "en", "T", "imported"), "token:sync").await.unwrap();
        let bench = w.bench("a").await.unwrap().unwrap();
        let id = bench.work.article_id.clone();
        assert_eq!((bench.work.state, bench.head.author.as_str()), (State::Published, "token:sync"));
        let Saved::Saved(_) = w.save(&author, &id, bench.work.version, &draft("a", "en", "T", "staged"), "", None).await.unwrap() else { panic!("not saved") };
        library.upsert(&draft("a", "en", "T", "imported again"), "token:sync").await.unwrap();
        let bench = w.bench(&id).await.unwrap().unwrap();
        assert_eq!((bench.work.state, bench.work.head, bench.work.live, bench.work.last), (State::Draft, 2, Some(3), 3));
        assert!(bench.work.is_overtaken());
        assert_eq!((bench.head.draft.body_md.as_str(), bench.live.unwrap().body_md.as_str()), ("staged", "imported again"));
        let bench = w.submit(&author, &id, bench.work.version).await.unwrap();
        w.publish(&reviewer, &id, bench.work.version, "").await.unwrap();
        let live = library.article("a").await.unwrap().unwrap();
        assert_eq!((live.body_md.as_str(), live.revision), ("staged", 4), "revisions customers see never count backwards");
    }
}

on_both! {
    async fn translations_know_when_their_source_moved_on(t: TestDesk) {
        let (library, w, author, reviewer) = shop(&t).await;
        let source = published(&w, &author, &reviewer, &draft("zh/a", "zh", "标题", "一")).await;
        let side = w.beside(&source).await.unwrap();
        assert_eq!((side.lang.as_str(), side.bench), ("en", None));
        let words = draft("", "en", "Title", "one");
        let Saved::Saved(bench) = w.translate(&author, &source, 1, 0, &words).await.unwrap() else { panic!("not saved") };
        let id = bench.work.article_id.clone();
        assert_eq!((bench.work.external_id.as_str(), bench.head.source_revision), ("en/a", Some(1)));
        let bench = w.submit(&author, &id, bench.work.version).await.unwrap();
        w.publish(&reviewer, &id, bench.work.version, "").await.unwrap();
        let state = async || w.translation_of(&library.article("en/a").await.unwrap().unwrap()).await.unwrap().unwrap();
        assert!(!state().await.stale);

        library.upsert(&draft("zh/a", "zh", "标题", "二"), "token:sync").await.unwrap();
        assert!(state().await.stale);
        let stale = w.list(Shelf::Stale, &Listed { limit: 10, ..Listed::default() }).await.unwrap();
        assert_eq!(stale.iter().map(|w| w.external_id.as_str()).collect::<Vec<_>>(), ["en/a"]);
        let side = w.beside(&source).await.unwrap();
        assert_eq!((side.from.unwrap().body_md.as_str(), side.source.body_md.as_str()), ("一", "二"));
        w.confirm_translation(&reviewer, &id).await.unwrap();
        assert!(!state().await.stale);

        // Imported translations are bound the moment their source changes.
        library.upsert(&draft("zh/b", "zh", "乙", "一"), "import").await.unwrap();
        let imported = Draft { translates: Some("zh/b".into()), ..draft("en/b", "en", "B", "one") };
        library.upsert(&imported, "import").await.unwrap();
        let b = async || w.translation_of(&library.article("en/b").await.unwrap().unwrap()).await.unwrap().unwrap();
        assert!(!b().await.stale);
        library.upsert(&draft("zh/b", "zh", "乙", "二"), "import").await.unwrap();
        assert!(b().await.stale);
    }
}

on_both! {
    async fn a_file_is_shown_only_while_a_live_article_shows_it(t: TestDesk) {
        let (_, w, author, reviewer) = shop(&t).await;
        let id = w.create(&author, &draft("a", "en", "T", "x"), "", None).await.unwrap().work.article_id;
        let sha256 = Some(t.desk.files.put(bytes::Bytes::from_static(b"PNG")).await.unwrap());
        let offer = FileOffer { name: "../menu 1.png".into(), mime: "image/png".into(), size: 3, sha256, source: serde_json::Value::Null };
        let file = w.attach(&author, &id, &offer).await.unwrap();
        assert_eq!(file.path(), format!("/kb/files/{}/menu-1.png", file.id));
        let body = format!("See {}", file.markdown());
        let Saved::Saved(bench) = w.save(&author, &id, 1, &draft("a", "en", "T", &body), "", None).await.unwrap() else { panic!("not saved") };
        assert_eq!(w.shown_file(&file.id).await.unwrap(), None);
        let bench = w.submit(&author, &id, bench.work.version).await.unwrap();
        w.publish(&reviewer, &id, bench.work.version, "").await.unwrap();
        assert_eq!(w.shown_file(&file.id).await.unwrap(), Some(file));
    }
}

on_both! {
    async fn everything_a_curator_does_is_on_the_trail(t: TestDesk) {
        let (_, w, author, reviewer) = shop(&t).await;
        let id = published(&w, &author, &reviewer, &draft("a", "en", "T", "x")).await;
        t.minutes_pass(5);
        let bench = w.bench(&id).await.unwrap().unwrap();
        let day = t.clock.now().plus_seconds(86_400);
        let bench = w.care(&reviewer, &id, bench.work.version, Some(&author.id), Some(day)).await.unwrap();
        w.retire(&reviewer, &id, bench.work.version, "old").await.unwrap();
        let trail = audit::trail(&t.desk.db, &Filter { article_id: Some(&id), ..Filter::default() }, 20).await.unwrap();
        let deeds: Vec<(&str, bool)> = trail.iter().map(|e| (e.action.as_str(), e.actor == author.actor())).collect();
        assert_eq!(deeds, [("retired", false), ("cared", false), ("published", false), ("submitted", true), ("created", true)]);
        assert_eq!((trail[0].at, trail[0].detail["reason"].as_str()), (t.clock.now(), Some("old")));
        let mine = Filter { actor: Some(&author.actor()), ..Filter::default() };
        assert_eq!(audit::trail(&t.desk.db, &mine, 20).await.unwrap().len(), 2);
        assert_eq!(w.list(Shelf::Due, &Listed { limit: 9, ..Listed::default() }).await.unwrap().len(), 0, "retired");
        let counts = w.counts().await.unwrap();
        assert!(counts.contains(&(Shelf::Retired, 1)) && counts.contains(&(Shelf::All, 1)), "{counts:?}");
    }
}

on_both! {
    async fn saved_questions_guard_a_publication(t: TestDesk) {
        let (library, w, author, reviewer) = shop(&t).await;
        let steps = "## Steps\n1. Switch the printer on.\n2. Print a test page.";
        published(&w, &author, &reviewer, &draft("a", "en", "Printer is offline", steps)).await;
        published(&w, &author, &reviewer, &draft("b", "en", "Forgotten password", "## Steps\n1. Click Forgot password.")).await;
        library.refresh().await.unwrap();
        let lines = "{\"id\":\"q1\",\"query\":\"printer offline\",\"relevant\":[\"a\"]}\nnot json\n{\"id\":\"q2\",\"query\":\"x\",\"relevant\":[]}\n";
        let done = library.save_questions(&reviewer, lines).await.unwrap();
        assert_eq!((done.taken, done.bad.iter().map(|b| b.0).collect::<Vec<_>>()), (1, vec![2, 3]));

        let bench = w.bench("a").await.unwrap().unwrap();
        let id = bench.work.article_id;
        let spoiled = draft("a", "en", "Coffee machine", "## Steps\n1. Make coffee.");
        let Saved::Saved(bench) = w.save(&author, &id, bench.work.version, &spoiled, "", None).await.unwrap() else { panic!("not saved") };
        let bench = w.submit(&author, &id, bench.work.version).await.unwrap();
        let Published::Refused(worse) = w.publish(&reviewer, &id, bench.work.version, " ").await.unwrap() else { panic!("let through") };
        assert_eq!((worse.len(), worse[0].query.as_str(), worse[0].before.place, worse[0].after.place), (1, "printer offline", Some(1), None));
        let Published::Done(_) = w.publish(&reviewer, &id, bench.work.version, "the product is gone").await.unwrap() else { panic!("refused") };
        let entry = &audit::trail(&t.desk.db, &Filter::default(), 1).await.unwrap()[0];
        assert_eq!((entry.action.as_str(), entry.detail["waiver"].as_str(), entry.detail["worse"].as_i64()), ("published", Some("the product is gone"), Some(1)));
    }
}
