//! The contract of the catalogue, case by case on SQLite and on PostgreSQL.
use firstline_core::Error;
use firstline_kb::catalogue::export::export;
use firstline_kb::catalogue::model::{Audience, Draft, State, Texts, Viewer};
use firstline_kb::catalogue::{Ask, Saved, Standing, calendar};
use firstline_kb::version::Version;

use super::{MANIFEST, catalogue, imported, way, written};
use crate::desk::on_both;

fn draft(version: &str) -> Draft {
    Draft { notes: Texts::new("改了", "changed"), ..Draft::new("invoice", version.parse().unwrap()) }
}

on_both! {
    async fn a_manifest_comes_in_once_and_goes_out_the_same(t: TestDesk) {
        let c = catalogue(&t);
        let path = written(&t, "in/catalogue.toml", MANIFEST);
        let first = imported(&c, path.parent().unwrap()).await;
        assert_eq!((first.new, first.bad.len()), (4, 0), "{:?}", first.bad);
        let again = imported(&c, &path).await;
        assert_eq!((again.new, again.changed, again.same, again.bad.len()), (0, 0, 4, 0));
        let out = t.dir.path().join("out");
        assert_eq!(export(&c, &out).await.unwrap(), 4);
        let back = imported(&c, &out).await;
        assert_eq!((back.same, back.bad.len()), (4, 0), "{:?}", back.bad);
        let release = c.release("开票客户端", "v3.1.9").await.unwrap().unwrap();
        let file = &release.draft.files[0];
        assert_eq!((file.algorithm.as_deref(), file.hash.as_deref()), (Some("sha256"), Some("a".repeat(64).as_str())));
        assert_eq!(release.draft.date.unwrap().to_string(), "2026-04-20");
    }
}

on_both! {
    async fn p9_01_which_patch_suits_me(t: TestDesk) {
        let c = catalogue(&t);
        imported(&c, &written(&t, "catalogue.toml", MANIFEST)).await;
        assert_eq!(way(&c, "invoice", "3.1.4", "fixes:E-1042", "Windows 2019").await, "3.1.9 3.2.2");
        assert_eq!(way(&c, "栗子开票", "3.1.9", "newest", "").await, "3.2.2");
        assert_eq!(way(&c, "invoice", "3.1.4", "smallest", "").await, "3.1.9");
        assert_eq!(way(&c, "invoice", "3.1.4", "newest", "macOS").await, "platform");
        assert_eq!(way(&c, "unheard of", "1", "newest", "").await, "unknown_product");
        assert_eq!(way(&c, "invoice", "2.0", "newest", "").await, "unknown_version");
        let latest = c.advise(&Ask { product: "invoice".into(), version: "latest".into(), ..Ask::default() }).await;
        assert!(latest.unwrap_err().to_string().contains("names no version"));
        let ask = Ask { product: "invoice".into(), version: "3.1.4".into(), platform: Some("windows".into()), ..Ask::default() };
        let advice = c.advise(&ask).await.unwrap();
        assert_eq!(advice.steps[0].files[0].size, Some(52_428_800));
        assert_eq!(advice.steps[1].cves, ["CVE-2026-10421"]);
    }
}

on_both! {
    async fn p5_11_no_release_goes_out_without_notes(t: TestDesk) {
        let c = catalogue(&t);
        imported(&c, &written(&t, "catalogue.toml", MANIFEST)).await;
        let bare = Draft { notes: Texts::default(), ..draft("3.3.0") };
        let id = c.add_draft(bare.clone(), "li").await.unwrap();
        let refused = c.publish(&id, "li").await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid { field, .. } if field == "notes"), "{refused}");
        assert!(c.schedule(&id, t.clock.now(), "li").await.is_err());
        assert_eq!(c.release_by_id(&id).await.unwrap().unwrap().state, State::Draft);
        assert!(matches!(c.put_release(bare, &Standing::of(State::Published), "li").await, Err(Error::Invalid { .. })));
        c.edit_draft(&id, 1, draft("3.3.0"), "li").await.unwrap();
        c.review(&id, State::InReview, "li").await.unwrap();
        c.publish(&id, "li").await.unwrap();
        assert_eq!(way(&c, "invoice", "3.2.2", "newest", "").await, "3.3.0");
    }
}

on_both! {
    async fn what_was_published_never_changes_and_withdrawn_is_not_deleted(t: TestDesk) {
        let c = catalogue(&t);
        imported(&c, &written(&t, "catalogue.toml", MANIFEST)).await;
        let release = c.release("invoice", "3.2.2").await.unwrap().unwrap();
        let other = Draft { notes: Texts::new("别的", ""), ..release.draft.clone() };
        assert!(matches!(c.edit_draft(&release.id, release.revision, other.clone(), "li").await, Err(Error::Conflict(_))));
        let changed = c.put_release(other, &Standing::of(State::Published), "import").await.unwrap_err();
        assert!(changed.to_string().contains("never changes"), "{changed}");
        assert!(c.withdraw(&release.id, &Texts::default(), "li").await.is_err(), "a reason is needed");
        let why = Texts::new("打印会丢页，请装回 3.1.9。", "Printing loses pages; install 3.1.9 again.");
        c.withdraw(&release.id, &why, "li").await.unwrap();
        c.withdraw(&release.id, &why, "li").await.unwrap();
        let kept = c.release("invoice", "3.2.2").await.unwrap().unwrap();
        assert_eq!((kept.state, kept.reason.clone(), kept.draft == release.draft), (State::Withdrawn, why, true));
        assert_eq!(way(&c, "invoice", "3.1.4", "newest", "").await, "3.1.9");
        assert_eq!(way(&c, "invoice", "3.1.4", "fixes:E-1042", "").await, "fix_withdrawn");
        assert!(c.publish(&release.id, "li").await.is_err(), "it does not come back");
        let again = c.put_release(release.draft, &Standing::of(State::Published), "import").await.unwrap();
        assert_eq!(again.1, Saved::Same, "an import does not bring it back");
        let what: Vec<String> = c.history(&release.id).await.unwrap().into_iter().map(|e| e.what).collect();
        assert_eq!(what, ["published", "withdrawn"]);
    }
}

on_both! {
    async fn two_editors_of_one_draft_do_not_overwrite_each_other(t: TestDesk) {
        let c = catalogue(&t);
        imported(&c, &written(&t, "catalogue.toml", MANIFEST)).await;
        let id = c.add_draft(draft("3.3.0"), "li").await.unwrap();
        let edits = (0..8).map(|n| {
            let (c, id) = (c.clone(), id.clone());
            let words = Draft { notes: Texts::new(&format!("第 {n} 稿"), ""), ..draft("3.3.0") };
            tokio::spawn(async move { c.edit_draft(&id, 1, words, "li").await.is_ok() })
        });
        let mut won = 0;
        for edit in edits.collect::<Vec<_>>() {
            won += usize::from(edit.await.unwrap());
        }
        assert_eq!(won, 1);
        assert_eq!(c.release_by_id(&id).await.unwrap().unwrap().revision, 2);
    }
}

on_both! {
    async fn p6_12_p8_03_who_may_have_a_release(t: TestDesk) {
        let c = catalogue(&t);
        imported(&c, &written(&t, "catalogue.toml", MANIFEST)).await;
        let id = c.add_draft(draft("3.3.0"), "li").await.unwrap();
        c.set_audience(&id, Audience::Chosen, &["li@example.com".into()], "li").await.unwrap();
        c.publish(&id, "li").await.unwrap();
        let newest = async |viewer: Viewer| {
            let ask = Ask { product: "invoice".into(), version: "3.2.2".into(), viewer, ..Ask::default() };
            c.advise(&ask).await.unwrap().steps.iter().map(|s| s.version.clone()).collect::<Vec<_>>()
        };
        let somebody = |email: &str| Viewer::Person { id: "p".into(), email: Some(email.into()) };
        assert_eq!(newest(Viewer::Anybody).await, [""; 0]);
        assert_eq!(newest(somebody("wang@example.com")).await, [""; 0]);
        assert_eq!(newest(somebody("li@example.com")).await, ["3.3.0"]);
        c.set_audience(&id, Audience::SignedIn, &[], "li").await.unwrap();
        assert_eq!(newest(somebody("wang@example.com")).await, ["3.3.0"]);
        assert_eq!(newest(Viewer::Anybody).await, [""; 0]);
        // Updates are free: whoever asks has them.
        c.set_audience(&id, Audience::Everyone, &[], "li").await.unwrap();
        assert_eq!(newest(Viewer::Anybody).await, ["3.3.0"]);
        assert!(c.set_audience(&id, Audience::Chosen, &[], "li").await.is_err());
    }
}

on_both! {
    async fn p7_05_the_calendar_says_where_the_promise_was_missed(t: TestDesk) {
        let c = catalogue(&t);
        imported(&c, &written(&t, "catalogue.toml", MANIFEST)).await;
        let id = c.add_draft(draft("3.3.0"), "li").await.unwrap();
        c.schedule(&id, t.clock.now().plus_seconds(40 * 86_400), "li").await.unwrap();
        let releases = c.releases("invoice").await.unwrap();
        let today = jiff::civil::date(2026, 10, 2);
        let year = calendar::calendar(&releases, 2026, today);
        let kept: Vec<_> = year.iter().map(|q| (q.released.len(), q.planned.len(), q.promise)).collect();
        use calendar::Promise::{Kept, Open};
        assert_eq!(kept, [(1, 0, Kept), (1, 0, Kept), (1, 0, Kept), (0, 1, Open)]);
        let before = calendar::calendar(&releases, 2025, today);
        assert!(before.iter().all(|q| q.promise == calendar::Promise::Missed));
    }
}

on_both! {
    async fn a_scheduled_release_comes_out_at_its_time_and_not_before(t: TestDesk) {
        let c = catalogue(&t);
        imported(&c, &written(&t, "catalogue.toml", MANIFEST)).await;
        let runner = firstline_bots::fetch::JobRunner::new(t.desk.clone(), vec![]);
        let id = c.add_draft(draft("3.3.0"), "li").await.unwrap();
        c.schedule(&id, t.clock.now().plus_seconds(3600), "li").await.unwrap();
        // Changed to a later time: the first order does nothing.
        c.schedule(&id, t.clock.now().plus_seconds(7200), "li").await.unwrap();
        runner.settle().await.unwrap();
        t.minutes_pass(61);
        runner.settle().await.unwrap();
        assert_eq!(c.release_by_id(&id).await.unwrap().unwrap().state, State::Draft);
        t.minutes_pass(60);
        runner.settle().await.unwrap();
        let release = c.release_by_id(&id).await.unwrap().unwrap();
        assert_eq!((release.state, release.publish_at), (State::Published, None));
    }
}

on_both! {
    async fn one_name_means_one_product(t: TestDesk) {
        let c = catalogue(&t);
        imported(&c, &written(&t, "catalogue.toml", MANIFEST)).await;
        let twin = firstline_kb::catalogue::model::Product {
            aliases: vec!["栗子 开票".into()],
            ..firstline_kb::catalogue::model::Product::new("other")
        };
        let refused = c.put_product(twin).await.unwrap_err();
        assert!(refused.to_string().contains("belongs to product \"invoice\""), "{refused}");
        assert_eq!(c.products().await.unwrap().len(), 2);
        assert!(c.product("chestnut-invoice").await.unwrap().is_some());
        assert_eq!(c.release("invoice", "V3.2.2").await.unwrap().map(|r| r.draft.version), Some(Version::parse("3.2.2").unwrap()));
    }
}
