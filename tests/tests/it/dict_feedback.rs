//! What people say of answers moves them, a little, with safeguards.
use firstline_kb::events::{self, SearchRecord, Shown, Verdict};
use firstline_kb::{Draft, Library};

use crate::desk::{TestDesk, on_both};
use crate::kb_contract::{draft, found, library};

const ASKED: &str = "扫描枪连不上";

async fn shelf(t: &TestDesk) -> Library {
    let library = library(t).await;
    for (id, title) in [("a", "扫描枪连不上电脑"), ("b", "扫描枪连不上基座")] {
        library.upsert(&Draft { ..draft(id, "zh", title, "换一根数据线。") }, "x").await.unwrap();
    }
    for n in 0..20 {
        library
            .upsert(&draft(&format!("filler-{n}"), "zh", &format!("第 {n} 条提示"), "定期备份。"), "x")
            .await
            .unwrap();
    }
    library.refresh().await.unwrap();
    library
}

/// Somebody searched, and said this of an article shown.
async fn says(
    t: &TestDesk,
    library: &Library,
    who: &str,
    query: &str,
    article: &str,
    verdict: Option<Verdict>,
) {
    let id = library.article(article).await.unwrap().unwrap().id;
    let record = SearchRecord {
        id: t.clock.id(),
        query: query.into(),
        corrected: None,
        lang: Some("zh-CN".into()),
        product: None,
        answer: None,
        shown: vec![Shown { article_id: id.clone(), revision: 1, rank: 1 }],
        total: 1,
        unknown_codes: vec![],
        sensitive: None,
        who: who.into(),
    };
    let mut tx = t.desk.db.begin().await.unwrap();
    events::record_search(&mut tx, &t.clock, &record).await.unwrap();
    if let Some(verdict) = verdict {
        events::record_verdict(&mut tx, &t.clock, &record.id, Some(&id), verdict).await.unwrap();
    }
    tx.commit().await.unwrap();
}

on_both! {
    async fn what_solved_it_for_several_people_comes_first_for_a_while(t: TestDesk) {
        let library = shelf(&t).await;
        let order = found(&library, ASKED).await;
        let (first, second) = (order[0].clone(), order[1].clone());
        let another = format!("{ASKED}电脑");
        let before = found(&library, &another).await;
        for who in ["anna", "ben", "carla", "dan"] {
            says(&t, &library, who, "扫描枪连不上！！", &second, Some(Verdict::Solved)).await;
            says(&t, &library, who, ASKED, &first, Some(Verdict::StillBroken)).await;
        }
        assert_eq!(found(&library, ASKED).await[0], first, "not before it is learnt");
        assert_eq!(library.learn().await.unwrap(), 8);
        assert_eq!(library.learn().await.unwrap(), 0, "each verdict counts once");
        assert_eq!(found(&library, ASKED).await[0], second);
        assert_eq!(found(&library, &another).await, before, "another question is not touched");
        // Years later nobody remembers.
        t.minutes_pass(10 * 365 * 24 * 60);
        assert_eq!(found(&library, ASKED).await[0], first);
    }
}

on_both! {
    async fn one_person_two_people_and_silence_move_nothing(t: TestDesk) {
        let library = shelf(&t).await;
        let order = found(&library, ASKED).await;
        for _ in 0..50 {
            says(&t, &library, "loud", ASKED, &order[1], Some(Verdict::Solved)).await;
        }
        says(&t, &library, "friend", ASKED, &order[1], Some(Verdict::Solved)).await;
        for n in 0..50 {
            says(&t, &library, &format!("silent-{n}"), ASKED, &order[1], None).await;
        }
        assert_eq!(library.learn().await.unwrap(), 51);
        assert_eq!(found(&library, ASKED).await, order);
    }
}

on_both! {
    async fn feedback_never_brings_what_does_not_fit(t: TestDesk) {
        let library = shelf(&t).await;
        for n in 0..50 {
            says(&t, &library, &format!("p{n}"), ASKED, "filler-3", Some(Verdict::Solved)).await;
        }
        library.learn().await.unwrap();
        let order = found(&library, ASKED).await;
        assert!(order[0] == "a" || order[0] == "b", "{order:?}");
        let hits = library.search(&crate::kb_contract::question(ASKED)).await.unwrap().hits;
        assert!(hits.iter().all(|hit| (0.0..=1.0).contains(&hit.score)));
    }
}
