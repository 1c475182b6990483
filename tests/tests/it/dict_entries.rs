//! What staff teach the search: synonyms, product words, pins, stop-gaps, small talk, sensitive words, frequent
//! questions. In force at once, in every process, until their end.
use firstline_core::{Error, on};
use firstline_kb::audit::{self, Filter};
use firstline_kb::dictionary::entry::{Entry, Settings};
use firstline_kb::events::{self, SearchRecord};
use firstline_kb::{Answer, Draft, Library, Question, ReplyWhy};

use crate::desk::{TestDesk, on_both};
use crate::kb_contract::{draft, found, library, question};

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|w| w.to_string()).collect()
}

async fn shelf(t: &TestDesk) -> Library {
    let library = library(t).await;
    let product = |name: &str, d: Draft| Draft { product: Some(name.into()), ..d };
    let articles = [
        draft("gun", "zh", "扫码枪无法配对", "## 解决办法\n1. 长按配对键。"),
        draft("printer", "zh", "打印机脱机", "## 解决办法\n1. 重启打印机。"),
        Draft {
            translates: Some("printer".into()),
            ..draft("printer-en", "en", "Printer is offline", "## Steps\n1. Restart it.")
        },
        product(
            "invoice",
            draft("install-invoice", "zh", "安装失败怎么办", "## 解决办法\n1. 关闭杀毒软件。"),
        ),
        product(
            "stock",
            draft("install-stock", "zh", "安装失败如何处理", "## 解决办法\n1. 换一台手持终端。"),
        ),
    ];
    for article in articles {
        library.upsert(&article, "x").await.unwrap();
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

on_both! {
    async fn a_synonym_finds_what_is_written_with_another_word(t: TestDesk) {
        let library = shelf(&t).await;
        let other = Library::open(t.desk.db.clone(), t.clock.clone(), &t.dir.path().join("other")).await.unwrap();
        other.refresh().await.unwrap();
        assert_eq!(library.answer(&question("条码阅读器连接不了")).await.unwrap().0, Answer::Nothing);
        let synonym = Entry::Synonym { words: words(&["扫码枪", "条码阅读器"]) };
        library.add_entry(synonym, None, "anna").await.unwrap();
        let asked = question("条码阅读器无法配对");
        let (answer, _) = library.answer(&asked).await.unwrap();
        assert!(matches!(&answer, Answer::Direct { hit, .. } if hit.external_id == "gun"), "{answer:?}");
        other.refresh().await.unwrap();
        assert_eq!(found(&other, "条码阅读器无法配对").await[0], "gun");
    }
}

on_both! {
    async fn a_product_word_says_which_product_is_meant(t: TestDesk) {
        let library = shelf(&t).await;
        let (answer, _) = library.answer(&question("安装失败")).await.unwrap();
        assert!(!matches!(answer, Answer::Direct { .. }), "{answer:?}");
        let word = Entry::Product { product: "stock".into(), words: words(&["栗子仓储", "手持端"]) };
        library.add_entry(word, None, "anna").await.unwrap();
        let (answer, _) = library.answer(&question("手持端安装失败")).await.unwrap();
        assert!(matches!(&answer, Answer::Direct { hit, .. } if hit.external_id == "install-stock"), "{answer:?}");
        let named = Question { product: Some("栗子仓储".into()), ..question("安装失败") };
        assert_eq!(library.search(&named).await.unwrap().hits[0].external_id, "install-stock");
    }
}

on_both! {
    async fn a_pin_comes_first_in_the_askers_language_until_it_expires(t: TestDesk) {
        let library = shelf(&t).await;
        let pin = Entry::Pin { questions: words(&["月底 开不了票"]), article: "printer".into(), exact: false };
        let until = t.clock.now().plus_seconds(3600);
        let stored = library.add_entry(pin.clone(), Some(until), "anna").await.unwrap();
        assert_eq!(found(&library, "到了月底就开不了票怎么办").await[0], "printer");
        let english = Question { lang: Some("en".into()), ..question("月底开不了票") };
        assert_eq!(library.search(&english).await.unwrap().hits[0].external_id, "printer-en");
        assert!(!found(&library, "月底盘点").await.contains(&"printer".into()));
        let exact = Entry::Pin { questions: words(&["月底 开不了票"]), article: "printer".into(), exact: true };
        library.change_entry(&stored.id, 1, exact, Some(until), "anna").await.unwrap();
        assert!(!found(&library, "到了月底服务器就开不了票").await.contains(&"printer".into()));
        assert_eq!(found(&library, "月底开不了票？").await[0], "printer");
        t.minutes_pass(61);
        assert!(!found(&library, "月底开不了票？").await.contains(&"printer".into()), "it has expired");
        let nowhere = Entry::Pin { questions: words(&["x"]), article: "no such".into(), exact: false };
        assert!(matches!(library.add_entry(nowhere, None, "a").await, Err(Error::Invalid { .. })));
    }
}

on_both! {
    async fn a_stop_gap_answers_until_there_is_an_article(t: TestDesk) {
        let library = shelf(&t).await;
        let gap = Entry::StopGap {
            questions: words(&["税务网站 打不开"]),
            lang: "zh".into(),
            text: "税务网站今天维护，预计 14:00 恢复。".into(),
        };
        let stored = library.add_entry(gap, Some(t.clock.now().plus_seconds(600)), "anna").await.unwrap();
        let asked = question("今天税务网站打不开了");
        let (answer, _) = library.answer(&asked).await.unwrap();
        assert!(matches!(&answer, Answer::Reply { reply } if reply.why == ReplyWhy::StopGap && reply.text_md.contains("14:00")));
        let english = Question { lang: Some("en".into()), ..asked.clone() };
        assert!(!matches!(library.answer(&english).await.unwrap().0, Answer::Reply { .. }));
        assert!(library.remove_entry(&stored.id, "anna").await.unwrap());
        assert!(!matches!(library.answer(&asked).await.unwrap().0, Answer::Reply { .. }));
    }
}

on_both! {
    async fn small_talk_has_a_threshold_of_its_own(t: TestDesk) {
        let library = shelf(&t).await;
        let talk = Entry::Talk { phrases: words(&["你是机器人吗", "你是真人吗"]), lang: "zh".into(), text: "我是客服助手。".into() };
        library.add_entry(talk, None, "anna").await.unwrap();
        let is_talk = async |text: &str| matches!(library.answer(&question(text)).await.unwrap().0, Answer::Reply { .. });
        assert!(is_talk("你是机器人吗？").await && is_talk("你是真人吗").await);
        assert!(!is_talk("机器人打印机脱机").await);
        let near = "请问你是机器人吗";
        let (settings, version) = library.settings().await.unwrap();
        assert_eq!(version, 0);
        let strict = Settings { talk_threshold: 1.0, ..settings.clone() };
        library.set_settings(0, strict, "anna").await.unwrap();
        assert!(!is_talk(near).await);
        library.set_settings(1, Settings { talk_threshold: 0.6, ..settings.clone() }, "anna").await.unwrap();
        assert!(is_talk(near).await);
        let stale = library.set_settings(1, settings, "ben").await;
        assert!(matches!(stale, Err(Error::Conflict(_))), "ben did not see what anna saved");
    }
}

on_both! {
    async fn sensitive_words_are_off_until_somebody_turns_them_on(t: TestDesk) {
        let library = shelf(&t).await;
        library.add_entry(Entry::Sensitive { word: "赌博".into() }, None, "anna").await.unwrap();
        let asked = question("打印机脱机，赌 博赌博");
        assert!(!matches!(library.answer(&asked).await.unwrap().0, Answer::Reply { .. }));
        let on_now = Settings { sensitive_on: true, sensitive_reply_zh: "换个话题吧。".into(), ..Settings::default() };
        library.set_settings(0, on_now, "anna").await.unwrap();
        let (answer, all) = library.answer(&asked).await.unwrap();
        assert!(matches!(&answer, Answer::Reply { reply } if reply.text_md == "换个话题吧。"), "{answer:?}");
        assert!(all.hits.is_empty());
        let record = SearchRecord::of_answer(t.clock.id(), "chat-1", Some("zh-CN"), None, &answer, &all);
        let mut tx = t.desk.db.begin().await.unwrap();
        events::record_search(&mut tx, &t.clock, &record).await.unwrap();
        tx.commit().await.unwrap();
        let kept: (String, String) = on!(&t.desk.db, p => sqlx::query_as("select word, who from kb_sensitive_hit")
            .fetch_one(p).await).unwrap();
        assert_eq!(kept, ("赌博".into(), "chat-1".into()));
        let hits = library.sensitive_hits(Some("赌博"), 9).await.unwrap();
        assert_eq!((hits.len(), hits[0].who.as_str()), (1, "chat-1"));
        assert!(library.sensitive_hits(Some("别的"), 9).await.unwrap().is_empty());
    }
}

on_both! {
    async fn frequent_questions_follow_product_and_season(t: TestDesk) {
        let library = shelf(&t).await;
        let offer = |article: &str, product: &str, from: &str, until: &str| Entry::Frequent {
            article: article.into(), product: product.into(), from: from.into(), until: until.into(),
        };
        library.add_entry(offer("printer", "", "", ""), None, "a").await.unwrap();
        library.add_entry(offer("install-stock", "stock", "", ""), None, "a").await.unwrap();
        library.add_entry(offer("gun", "", "9-20", "10-10"), None, "a").await.unwrap();
        let ids = async |lang: &str, product: Option<&str>| -> Vec<String> {
            library.offered(lang, product, 5).await.unwrap().into_iter().map(|a| a.external_id).collect()
        };
        assert_eq!(ids("zh-CN", None).await, ["gun", "printer"]);
        assert_eq!(ids("zh-CN", Some("Stock")).await, ["install-stock", "gun", "printer"]);
        assert_eq!(ids("en", None).await, ["printer-en"], "in the asker's language");
        t.minutes_pass(60 * 24 * 30);
        assert_eq!(ids("zh-CN", None).await, ["printer"], "its season is over");
        let half = library.add_entry(offer("gun", "", "9-20", ""), None, "a").await;
        assert!(matches!(half, Err(Error::Invalid { field, .. }) if field == "until"));
    }
}

on_both! {
    async fn two_curators_do_not_overwrite_each_other(t: TestDesk) {
        let library = library(&t).await;
        let synonym = |extra: &str| Entry::Synonym { words: words(&["a1", "b1", extra]) };
        let stored = library.add_entry(synonym("c1"), None, "anna").await.unwrap();
        let writes = ["d1", "e1"].map(|extra| {
            let (library, id, entry) = (library.clone(), stored.id.clone(), synonym(extra));
            tokio::spawn(async move { library.change_entry(&id, 1, entry, None, extra).await })
        });
        let mut results = Vec::new();
        for write in writes {
            results.push(write.await.unwrap());
        }
        assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1, "{results:?}");
        assert!(results.iter().any(|r| matches!(r, Err(Error::Conflict(_)))), "{results:?}");
        let filter = Filter { subject_id: Some(&stored.id), ..Filter::default() };
        let trail = audit::trail(&t.desk.db, &filter, 9).await.unwrap();
        let actions: Vec<_> = trail.iter().map(|l| (l.kind.as_str(), l.action.as_str(), l.subject.as_str())).collect();
        assert_eq!(actions, [("synonym", "changed", "a1"), ("synonym", "added", "a1")]);
        let words = &trail[0].detail;
        assert!(words["before"]["words"][2] == "c1" && words["after"]["words"][2] != "c1", "{words:?}");
    }
}
