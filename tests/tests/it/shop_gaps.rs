//! The gap queue on both databases: what nobody could answer is clustered, closed by an article, and comes back.
use firstline_core::Error;
use firstline_kb::events::{self, SearchRecord, Shown, Verdict};
use firstline_kb::gap::{GapState, Why};
use firstline_kb::workshop::Published;

use crate::desk::{TestDesk, on_both};
use crate::kb_contract::draft;
use crate::shop_life::{published, shop};

/// Writes a search that showed `shown` (article, revision), and what was said of it.
pub async fn asks(
    t: &TestDesk,
    who: &str,
    query: &str,
    shown: &[(&str, i64)],
    said: Option<Verdict>,
) -> String {
    let id = t.clock.id();
    let record = SearchRecord {
        id: id.clone(),
        query: query.into(),
        corrected: None,
        lang: None,
        product: None,
        answer: Some(if shown.is_empty() { "nothing" } else { "direct" }.into()),
        shown: (1..)
            .zip(shown)
            .map(|(rank, (a, revision))| Shown { article_id: (*a).into(), revision: *revision, rank })
            .collect(),
        total: shown.len() as i64,
        unknown_codes: vec![],
        sensitive: None,
        who: who.into(),
    };
    let mut tx = t.desk.db.begin().await.unwrap();
    events::record_search(&mut tx, &t.clock, &record).await.unwrap();
    if let Some(verdict) = said {
        let article = shown.first().map(|(a, _)| *a);
        events::record_verdict(&mut tx, &t.clock, &id, article, verdict).await.unwrap();
    }
    tx.commit().await.unwrap();
    t.minutes_pass(1);
    id
}

on_both! {
    async fn questions_without_an_answer_are_clustered_across_wording_and_language(t: TestDesk) {
        let (library, ..) = shop(&t).await;
        asks(&t, "portal", "发票怎么重新打印", &[], None).await;
        asks(&t, "portal", "how can I reprint an invoice", &[], None).await;
        asks(&t, "portal", "補打發票", &[], None).await;
        asks(&t, "portal", "扫码枪连不上电脑", &[], None).await;
        asks(&t, "portal", "？？？", &[], None).await;
        let rejected = asks(&t, "portal", "handheld scanner cannot connect", &[("x", 1)], Some(Verdict::StillBroken)).await;
        let solved = asks(&t, "portal", "export to Excel fails", &[("y", 1)], Some(Verdict::StillBroken)).await;
        let mut tx = t.desk.db.begin().await.unwrap();
        events::record_verdict(&mut tx, &t.clock, &solved, Some("z"), Verdict::Solved).await.unwrap();
        tx.commit().await.unwrap();
        library.digest().await.unwrap();
        library.digest().await.unwrap();
        let gaps = library.gaps();
        let open = gaps.list(GapState::Open, None, 10).await.unwrap();
        let seen: Vec<(&str, i64)> = open.iter().map(|g| (g.title.as_str(), g.asked)).collect();
        assert_eq!(seen, [("发票怎么重新打印", 3), ("扫码枪连不上电脑", 2)], "solved by the next answer is no gap");
        let examples = gaps.examples(&open, 2).await.unwrap();
        assert_eq!(examples[&open[0].id], ["補打發票", "how can I reprint an invoice"]);
        let late = gaps.asked_since(t.clock.now().plus_seconds(-150), GapState::Open, None, 10).await.unwrap();
        assert_eq!(late.len(), 1, "only the scanner was asked about lately");
        let questions = gaps.questions(&open[1].id, 10).await.unwrap();
        assert_eq!((questions[0].search_id.as_str(), questions[0].why, questions[0].lang.as_str()), (rejected.as_str(), Why::Rejected, "en"));
    }
}

on_both! {
    async fn a_gap_is_closed_by_its_article_and_opens_again_by_itself(t: TestDesk) {
        let (library, w, author, reviewer) = shop(&t).await;
        let gaps = library.gaps();
        asks(&t, "portal", "深色主题怎么打开", &[], None).await;
        asks(&t, "portal", "how to open the dark theme", &[], None).await;
        library.digest().await.unwrap();
        let gap = gaps.list(GapState::Open, None, 10).await.unwrap().remove(0);
        gaps.assign(&reviewer, &gap.id, gap.version, Some(&author.id)).await.unwrap();
        let late = gaps.dismiss(&reviewer, &gap.id, gap.version, "no").await;
        assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");

        let words = draft("", "zh", "打开深色主题", "## 解决办法\n1. 设置 → 外观 → 深色。");
        let bench = w.create(&author, &words, "", Some(&gap.id)).await.unwrap();
        let id = bench.work.article_id;
        library.refresh().await.unwrap();
        let tried = w.try_questions(&id, &["深色主题怎么打开".into()]).await.unwrap();
        assert_eq!(tried[0].place(), Some(0), "{tried:?}");
        assert_eq!(w.begun_for(&gap.id).await.unwrap()[0].article_id, id);
        let bench = w.submit(&author, &id, bench.work.version).await.unwrap();
        let Published::Done(_) = w.publish(&reviewer, &id, bench.work.version, "").await.unwrap() else { panic!("refused") };
        let closed = gaps.get(&gap.id).await.unwrap().unwrap();
        assert_eq!((closed.state, closed.article_id.as_deref(), closed.since), (GapState::Closed, Some(id.as_str()), 0));

        t.minutes_pass(60);
        asks(&t, "portal", "我想打开深色主题", &[(&id, 1)], Some(Verdict::StillBroken)).await;
        library.digest().await.unwrap();
        let back = gaps.get(&gap.id).await.unwrap().unwrap();
        assert_eq!((back.state, back.reopened, back.asked), (GapState::Open, 1, 3));
    }
}

on_both! {
    async fn a_dismissed_gap_returns_when_several_insist(t: TestDesk) {
        let (library, w, author, reviewer) = shop(&t).await;
        let gaps = library.gaps();
        asks(&t, "portal", "你们公司食堂几点开饭", &[], None).await;
        library.digest().await.unwrap();
        let gap = gaps.list(GapState::Open, None, 10).await.unwrap().remove(0);
        assert!(matches!(gaps.dismiss(&author, &gap.id, gap.version, "x").await, Err(Error::Forbidden(_))));
        assert!(matches!(gaps.dismiss(&reviewer, &gap.id, gap.version, " ").await, Err(Error::Invalid { .. })));
        gaps.dismiss(&reviewer, &gap.id, gap.version, "与产品无关").await.unwrap();
        t.minutes_pass(1);
        for n in 1..=5 {
            let state = gaps.get(&gap.id).await.unwrap().unwrap().state;
            assert_eq!(state, GapState::Dismissed, "after {} more", n - 1);
            asks(&t, "portal", "公司食堂几点开饭？", &[], None).await;
            library.digest().await.unwrap();
        }
        let back = gaps.get(&gap.id).await.unwrap().unwrap();
        assert_eq!((back.state, back.reopened), (GapState::Open, 1));
        let id = published(&w, &author, &reviewer, &draft("a", "zh", "食堂", "十二点。")).await;
        gaps.close(&reviewer, &gap.id, back.version, "a").await.unwrap();
        assert_eq!(gaps.get(&gap.id).await.unwrap().unwrap().article_id, Some(id));
        assert_eq!(gaps.counts().await.unwrap().last(), Some(&(GapState::Closed, 1)));
    }
}
