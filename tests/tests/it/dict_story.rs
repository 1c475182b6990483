//! Codes, small talk and the starter set, as chats read.
use std::path::Path;

use firstline_kb::dictionary::entry::Entry;
use firstline_kb::import::codes;
use firstline_kb::{ArticleKind, Library, Question};

use crate::desk::{TestDesk, on_both};
use crate::story::{Office, has};

async fn office_with_codes(t: TestDesk) -> (Office, Library) {
    let office = Office::open(t).await;
    let library = office.operator.library().clone();
    let sheet = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kb/demo/codes.csv");
    let report = codes(&library, &sheet, None, &mut |_| {}).await.unwrap();
    assert!(report.new >= 24 && report.bad.is_empty(), "{report:?}");
    library.refresh().await.unwrap();
    (office, library)
}

on_both! {
    async fn p9_02_a_code_in_a_chat_brings_its_entry_first(t: TestDesk) {
        let (office, _) = office_with_codes(t).await;
        for (channel, user) in [("telegram", "1"), ("discord", "2"), ("web", "3"), ("terminal", "4")] {
            let mut he = office.chat(channel, user, "zh-hans");
            let said = he.says("保存的时候弹出 E-1205").await;
            has(&said, &["E-1205：", "解决了", "还是不行"]);
        }
        let mut she = office.chat("telegram", "5", "en");
        has(&she.says("what does e-1043 mean?").await, &["E-1043: ", "1. "]);
        has(&she.says("It shows E-1099 since today").await, &["E-1099 looks like one of our error codes"]);
    }
}

on_both! {
    async fn curated_small_talk_and_stop_gaps_are_said_in_chat(t: TestDesk) {
        let office = Office::open(t).await;
        let library = office.operator.library().clone();
        let talk = Entry::Talk { phrases: vec!["你叫什么名字".into()], lang: "zh".into(), text: "叫我**小栗**就好。".into() };
        let gap = Entry::StopGap { questions: vec!["税局 网站 打不开".into()], lang: String::new(), text: "税局网站维护到 14:00。".into() };
        library.add_entry(talk, None, "x").await.unwrap();
        library.add_entry(gap, None, "x").await.unwrap();
        let mut he = office.chat("telegram", "6", "zh-hans");
        has(&he.says("你叫什么名字呀").await, &["小栗"]);
        has(&he.says("税局的网站打不开").await, &["维护到 14:00", "转人工"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p6_10_p6_21_p3_04_the_starter_set_covers_the_common_faults() {
    let (_office, library) = office_with_codes(TestDesk::sqlite().await).await;
    let all = library.articles(None, 1000, None).await.unwrap();
    for lang in ["zh-CN", "en"] {
        let of = |test: &dyn Fn(&firstline_kb::Article) -> bool| {
            all.iter().filter(|a| a.lang == lang && test(a)).count()
        };
        for category in ["application", "network", "security", "database", "operating_system"] {
            assert!(of(&|a| a.category.as_deref() == Some(category)) >= 5, "{lang} {category}");
        }
        for kind in [
            ArticleKind::Troubleshooting,
            ArticleKind::Question,
            ArticleKind::Tip,
            ArticleKind::ReleaseNotice,
            ArticleKind::Manual,
            ArticleKind::ErrorCode,
        ] {
            assert!(of(&|a| a.kind == kind) >= 2, "{lang} {kind}");
        }
    }
    for (text, lang) in [("收到可疑的邮件要我输入密码", "zh-CN"), ("ransomware encrypted our files", "en")]
    {
        let asked = Question { text: text.into(), lang: Some(lang.into()), limit: 3, ..Question::default() };
        let hits = library.search(&asked).await.unwrap().hits;
        let first = library.article(&hits[0].id).await.unwrap().unwrap();
        assert_eq!(first.category.as_deref(), Some("security"), "{text}: {}", first.title);
    }
}
