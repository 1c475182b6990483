//! What the knowledge base makes of a question: one answer, choices, one deciding question, or nothing.
use firstline_kb::{Answer, ArticleKind, Draft, Library, Question};

use crate::desk::TestDesk;
use crate::kb_contract::{draft, library, question};

const STEPS: &str =
    "## 现象\n保存时转圈。\n\n## 解决办法\n1. 检查网线。\n2. 换端口。\n\n## 还是不行？\n联系我们。";

fn articles() -> Vec<Draft> {
    let pair = |id: &str, title: &str, other: &str, english: &str, body: &str| {
        let english = Draft { translates: Some(id.to_string()), ..draft(other, "en", english, body) };
        [draft(id, "zh", title, STEPS), english]
    };
    let mut all = Vec::new();
    all.extend(pair(
        "zh/unreachable",
        "开票时报错 E-1042，连不上开票服务器",
        "en/unreachable",
        "E-1042: cannot reach the invoice server",
        "## Steps\n1. Check the cable.",
    ));
    all.extend(pair(
        "zh/password",
        "忘记登录密码怎么办",
        "en/password",
        "I forgot my password",
        "## Steps\n1. Reset it.",
    ));
    all.extend(pair(
        "zh/printing",
        "发票打印错位",
        "en/printing",
        "Invoices print out of line",
        "## Steps\n1. Move it.",
    ));
    let kind = ArticleKind::ErrorCode;
    all.push(Draft {
        kind, ..draft("zh/code", "zh", "E-1042：无法连接开票服务器", "表示连不上服务器。")
    });
    for (product, title) in [("invoice", "栗子开票安装手册"), ("stock", "栗子仓储安装手册")] {
        let words = draft(&format!("zh/install-{product}"), "zh", title, "## 步骤\n1. 双击安装包。");
        all.push(Draft { product: Some(product.into()), versions: Some(">=3.0".into()), ..words });
    }
    for n in 0..20 {
        all.push(draft(&format!("filler-{n}"), "zh", &format!("第 {n} 条使用提示"), "定期备份，按时更新。"));
    }
    all
}

async fn shelf() -> (TestDesk, Library) {
    let t = TestDesk::sqlite().await;
    let library = library(&t).await;
    for result in library.upsert_many(&articles(), "x").await.unwrap() {
        result.unwrap();
    }
    library.refresh().await.unwrap();
    (t, library)
}

async fn answer(library: &Library, question: Question) -> Answer {
    library.answer(&question).await.unwrap().0
}

fn direct(answer: Answer) -> (String, String) {
    match answer {
        Answer::Direct { hit, steps_md, .. } => (hit.external_id, steps_md),
        other => panic!("no direct answer: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_accountants_message_gets_the_article_that_says_what_to_do() {
    let (_t, library) = shelf().await;
    for text in
        ["开票时报错 E-1042，连不上服务器", "報錯Ｅ－１０４２，連不上伺服器", "开票报错e1042连不上服务器"]
    {
        let (id, steps) = direct(answer(&library, question(text)).await);
        assert_eq!((id.as_str(), steps.as_str()), ("zh/unreachable", "1. 检查网线。\n2. 换端口。"), "{text}");
    }
    let (id, _) = direct(answer(&library, question("E-1042 cannot reach the server")).await);
    assert_eq!(id, "en/unreachable");
    let bare = Question { lang: Some("zh".into()), ..question("E-1042") };
    assert_eq!(direct(answer(&library, bare).await).0, "zh/code");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_translation_gives_way_to_the_askers_language() {
    let (_t, library) = shelf().await;
    let found = library.search(&question("I forgot my password")).await.unwrap();
    assert_eq!(found.hits[0].external_id, "en/password");
    assert!(found.hits.iter().all(|hit| hit.external_id != "zh/password"));
    let code = Question { lang: Some("zh-CN".into()), ..question("E-1042 invoice server") };
    let ids: Vec<_> = library.search(&code).await.unwrap().hits.into_iter().map(|h| h.external_id).collect();
    assert!(ids.contains(&"zh/unreachable".into()) && !ids.contains(&"en/unreachable".into()), "{ids:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_question_decides_between_products() {
    let (_t, library) = shelf().await;
    let Answer::Ask { products, hits } = answer(&library, question("安装手册")).await else {
        panic!("not asked")
    };
    assert_eq!((products.len(), hits.len()), (2, 2));
    let known = Question { product: Some("Stock".into()), ..question("安装手册") };
    assert_eq!(direct(answer(&library, known).await).0, "zh/install-stock");
    let old =
        Question { product: Some("stock".into()), version: Some("2.4".into()), ..question("安装手册") };
    assert_eq!(answer(&library, old).await, Answer::Nothing, "neither its product nor its version");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_in_the_articles_is_said_honestly() {
    let (_t, library) = shelf().await;
    for text in [
        "今天天气怎么样",
        "怎么做红烧肉",
        "你好",
        "谢谢",
        "how do I bake bread",
        "who won the match yesterday",
        "E-7777",
        "???",
        "",
        "😀",
        "%' or 1=1 -- \" AND NOT title:*",
    ] {
        assert_eq!(answer(&library, question(text)).await, Answer::Nothing, "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typing_errors_are_mended_and_said() {
    let (_t, library) = shelf().await;
    let found = library.search(&question("I forgto my E-Mail pasword")).await.unwrap();
    assert_eq!(found.corrected.as_deref(), Some("I forgot my E-Mail password"));
    assert_eq!(found.hits[0].external_id, "en/password");
    assert!(found.hits[0].score <= 1.0 && found.hits.is_sorted_by(|a, b| a.score >= b.score));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kind_can_be_demanded_and_a_huge_message_survives() {
    let (_t, library) = shelf().await;
    let only = Question { kind: Some(ArticleKind::ErrorCode), ..question("连不上服务器") };
    let hits = library.search(&only).await.unwrap().hits;
    assert_eq!(hits.iter().map(|h| h.external_id.as_str()).collect::<Vec<_>>(), ["zh/code"]);
    let log = format!(
        "{} E-1042 {}",
        "连不上服务器 ".repeat(100),
        "at com.example.Thing(Thing.java:17)\n".repeat(5000)
    );
    assert!(!library.search(&question(&log)).await.unwrap().hits.is_empty());
}
