//! Knowledge goes out and comes back without loss, and what other help centres export comes in.
use std::fs;

use bytes::Bytes;
use firstline_core::files::FileOffer;
use firstline_core::staff::Role;
use firstline_kb::import::import;
use firstline_kb::workshop::State;
use firstline_kb::{Draft, export, markdown, pictures};

use crate::desk::{TestDesk, on_both};
use crate::kb_contract::{draft, library};
use crate::shop_life::{curator, published, shop};

on_both! {
    async fn a_folder_keeps_state_owner_translations_and_questions(t: TestDesk) {
        let (library, w, author, reviewer) = shop(&t).await;
        let words = Draft { questions: vec!["怎么弄".into()], symptoms: vec!["坏了".into()], ..draft("zh/a", "zh", "甲", "一\n\n```\n# x\n```") };
        let a = published(&w, &author, &reviewer, &words).await;
        let bench = w.bench(&a).await.unwrap().unwrap();
        let day = firstline_core::Time(1_796_083_200_000);
        let bench = w.care(&reviewer, &a, bench.work.version, Some(&author.id), Some(day)).await.unwrap();
        w.save(&author, &a, bench.work.version, &Draft { body_md: "二".into(), ..words.clone() }, "", None).await.unwrap();
        published(&w, &author, &reviewer, &Draft { translates: Some("zh/a".into()), ..draft("en/a", "en", "A", "one") }).await;
        library.upsert(&words, "token:x").await.unwrap();
        library.upsert(&Draft { body_md: "三".into(), ..words.clone() }, "token:x").await.unwrap();
        w.create(&author, &draft("b", "en", "Never published", "secret"), "", None).await.unwrap();
        let c = published(&w, &author, &reviewer, &draft("c", "en", "Old", "old")).await;
        let bench = w.bench(&c).await.unwrap().unwrap();
        w.retire(&reviewer, &c, bench.work.version, "old").await.unwrap();
        library.save_questions(&reviewer, "{\"id\":\"q\",\"query\":\"甲怎么弄\",\"relevant\":[\"zh/a\"],\"product\":\"p\",\"tags\":[\"x\"]}").await.unwrap();
        let first = t.dir.path().join("first");
        assert_eq!(export::export(&library, &first).await.unwrap(), 5, "a live and staged, its translation, a draft, a retired one");

        let other = TestDesk::sqlite().await;
        let there = crate::kb_contract::library(&other).await;
        let li = curator(&other, "li", Role::Agent).await;
        let report = import(&there, &first, &mut |_| {}).await.unwrap();
        assert_eq!((report.new, report.bad.len()), (4, 0), "{report:?}");
        let w2 = there.workshop();
        let a2 = w2.bench("zh/a").await.unwrap().unwrap();
        assert_eq!((a2.live.as_ref().unwrap().body_md.as_str(), a2.head.draft.body_md.as_str(), a2.work.state), ("三", "二", State::Draft));
        assert_eq!((a2.work.owner.as_deref(), a2.work.review_at), (Some(li.id.as_str()), Some(day)));
        assert_eq!(a2.live.unwrap().questions, ["怎么弄"]);
        let en = there.article("en/a").await.unwrap().unwrap();
        assert!(w2.translation_of(&en).await.unwrap().unwrap().stale);
        assert_eq!(there.article("b").await.unwrap(), None, "a draft stays one");
        assert_eq!(w2.bench("b").await.unwrap().unwrap().work.state, State::Draft);
        assert_eq!(w2.bench("c").await.unwrap().unwrap().work.state, State::Retired);
        assert_eq!(there.saved_cases().await.unwrap(), library.saved_cases().await.unwrap());
        let again = import(&there, &first, &mut |_| {}).await.unwrap();
        assert_eq!((again.new, again.changed, again.same, again.bad.len()), (0, 0, 5, 0), "{again:?}");

        let second = t.dir.path().join("second");
        export::export(&there, &second).await.unwrap();
        let files = |root: &std::path::Path| -> Vec<(String, String)> {
            let mut all = Vec::new();
            for lang in ["zh-CN", "en"] {
                for entry in fs::read_dir(root.join(lang)).unwrap() {
                    let path = entry.unwrap().path();
                    all.push((path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()));
                }
            }
            all.sort();
            all
        };
        assert_eq!(files(&first), files(&second), "byte for byte");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_help_centre_s_json_comes_in_and_broken_articles_are_named() {
    let t = TestDesk::sqlite().await;
    let library = library(&t).await;
    let deep = "<div><ul><li>".repeat(30_000);
    let json = serde_json::json!({ "count": 6, "articles": [
        { "id": 360001, "title": "Reset your password", "locale": "en-us", "source_locale": "en-us", "draft": false,
          "label_names": ["login", "password"], "body": "<p>Click <b>Forgot</b>.</p><ol><li>Open mail</li><li>Follow <a href=\"https://x.example/r\">the link</a></li></ol><script>alert(1)</script>" },
        { "id": 360001, "title": "重设密码", "locale": "zh-cn", "source_locale": "en-us", "body": "<p>点击忘记密码。</p>" },
        { "id": 360002, "title": "Not ready", "locale": "en-us", "draft": true, "body": "<p>x</p>" },
        { "id": 360003, "locale": "en-us", "body": "<p>no title</p>" },
        { "id": 360004, "title": "Deep", "locale": "en-us", "body": format!("{deep}bottom") },
        { "id": 360005, "title": "Autre", "locale": "fr", "body": "<p>x</p>" },
    ] });
    let path = t.dir.path().join("articles.json");
    fs::write(&path, json.to_string()).unwrap();
    let report = import(&library, &path, &mut |_| {}).await.unwrap();
    assert_eq!((report.new, report.bad.len()), (4, 2), "{report:?}");
    let places: Vec<_> = report.bad.iter().map(|p| (p.line, p.key.clone().unwrap_or_default())).collect();
    assert!(
        places.contains(&(Some(4), "title".into())) && places.contains(&(Some(6), "lang".into())),
        "{places:?}"
    );
    let article = library.article("zendesk/360001").await.unwrap().unwrap();
    assert_eq!(
        article.body_md,
        "Click **Forgot**.\n\n1. Open mail\n2. Follow [the link](https://x.example/r)"
    );
    assert_eq!(
        (article.lang.as_str(), article.tags.as_slice()),
        ("en", ["login".to_string(), "password".into()].as_slice())
    );
    let zh = library.article("zendesk/360001/zh-cn").await.unwrap().unwrap();
    assert_eq!((zh.lang.as_str(), zh.translates.as_deref()), ("zh-CN", Some("zendesk/360001")));
    assert_eq!(library.article("zendesk/360002").await.unwrap(), None, "a draft is not published");
    let deep = library.article("zendesk/360004").await.unwrap().unwrap();
    assert!(markdown::to_text(&deep.body_md).contains("bottom"));
    let again = import(&library, &path, &mut |_| {}).await.unwrap();
    assert_eq!((again.new, again.changed, again.same), (0, 0, 4), "{again:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_comes_back_as_it_went() {
    let t = TestDesk::sqlite().await;
    let library = library(&t).await;
    let full = Draft {
        tags: vec!["a, b".into(), "c".into()],
        symptoms: vec!["one; with a sign".into()],
        questions: vec!["问题|甲".into(), "问题乙".into()],
        codes: vec!["E-1042".into()],
        versions: Some(">=3.0 <4".into()),
        product: Some("invoice".into()),
        category: Some("network".into()),
        frequent: true,
        ..draft("zh/a", "zh", "标题，\"引号\"", "一\n\n```\n# x;|\n```")
    };
    library.upsert(&full, "x").await.unwrap();
    library
        .upsert(&Draft { translates: Some("zh/a".into()), ..draft("en/a", "en", "Title", "one") }, "x")
        .await
        .unwrap();
    let path = t.dir.path().join("all.csv");
    assert_eq!(export::sheet(&library, &mut fs::File::create(&path).unwrap()).await.unwrap(), 2);
    let other = TestDesk::sqlite().await;
    let there = crate::kb_contract::library(&other).await;
    let report = import(&there, &path, &mut |_| {}).await.unwrap();
    assert_eq!((report.new, report.bad.len()), (2, 0), "{report:?}");
    for id in ["zh/a", "en/a"] {
        let (a, b) = (library.article(id).await.unwrap().unwrap(), there.article(id).await.unwrap().unwrap());
        assert_eq!(Draft::from(&a), Draft::from(&b));
    }
    let again = import(&library, &path, &mut |_| {}).await.unwrap();
    assert_eq!((again.new, again.changed, again.same), (0, 0, 2));
}

on_both! {
    async fn pictures_go_with_an_exported_folder_and_keep_their_links(t: TestDesk) {
        let (library, w, author, reviewer) = shop(&t).await;
        let a = published(&w, &author, &reviewer, &draft("zh/a", "zh", "甲", "一")).await;
        let store = &t.desk.files;
        let sha256 = store.put(Bytes::from_static(b"\x89PNG bytes")).await.unwrap();
        let offer = FileOffer {
            name: "../菜单 1.png".into(), mime: "image/png".into(), size: 10, sha256: Some(sha256),
            source: serde_json::Value::Null,
        };
        let file = w.attach(&author, &a, &offer).await.unwrap();
        let page = FileOffer { name: "notes.md".into(), mime: "text/markdown".into(), ..offer.clone() };
        w.attach(&author, &a, &page).await.unwrap();
        let dir = t.dir.path().join("out");
        export::export(&library, &dir).await.unwrap();
        assert_eq!(pictures::export(&library, store, &dir).await.unwrap(), 2);

        let other = TestDesk::sqlite().await;
        let there = crate::kb_contract::library(&other).await;
        let report = import(&there, &dir, &mut |_| {}).await.unwrap();
        assert_eq!((report.new, report.bad.len()), (1, 0), "an attached note is no article: {report:?}");
        for _ in 0..2 {
            assert_eq!(pictures::import(&there, &other.desk.files, &dir).await.unwrap(), []);
        }
        let known = there.workshop().file(&file.id).await.unwrap().unwrap();
        assert_eq!((known.path(), known.size), (file.path(), 10));
        assert_eq!(&other.desk.files.get(&known.sha256).await.unwrap()[..], b"\x89PNG bytes");

        // Lines that lead elsewhere, or whose bytes are others, are named and change nothing.
        let list = dir.join("files.jsonl");
        let good = fs::read_to_string(&list).unwrap();
        let evil = good.replace(&file.id, "../../etc").replace("notes.md", "gone.md");
        fs::write(&list, format!("nonsense\n{evil}")).unwrap();
        let bad = pictures::import(&there, &other.desk.files, &dir).await.unwrap();
        let keys: Vec<_> = bad.iter().map(|p| (p.line.unwrap(), p.key.clone().unwrap())).collect();
        assert_eq!(keys, [(1, "line".into()), (2, "id".into()), (3, "name".to_string())], "{bad:?}");
    }
}
