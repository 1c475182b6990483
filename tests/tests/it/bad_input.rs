//! Questions and articles that are no such thing, by every way in: an answer or a clear refusal, and the next
//! question is answered as ever. What a question may cost is counted in `kb/src/search/bounds.rs`, what an article
//! may in `kb/src/markdown/bound.rs`.
use reqwest::Method;
use serde_json::json;

use crate::api_server::{TestServer, served};
use crate::desk::{TestDesk, on_both};
use crate::kb_contract::{draft, found, library};
use crate::pages_site::Site;
use crate::story::Office;

/// What people paste, and what attackers do.
fn hostile() -> Vec<String> {
    vec![
        (0..10_000).map(|n| format!("word{n} ")).collect(),
        "连不上服务器".repeat(60_000),
        "E-1042 ".repeat(150_000),
        "？！。，、；：…—".into(),
        "the of and 的 了 吗".into(),
        "😀👩‍👩‍👧‍👦🇨🇳".repeat(20),
        "\u{1}\u{7f}\u{200b}\u{202e}\u{feff}a".into(),
        "\"unbalanced (and [OR {NOT ~^ title:* AND".into(),
        "' or 1=1; drop table kb_article; --".into(),
        "zhuang".repeat(1000),
        "   ".into(),
    ]
}

served! {
    async fn the_api_answers_or_says_what_is_wrong(s: TestServer) {
        s.running.app.library.refresh().await.expect("an index");
        for text in hostile() {
            let start: String = text.chars().take(30).collect();
            let short: String = text.chars().take(3000).collect();
            for path in ["/api/v1/search", "/api/v1/suggest"] {
                let answer = s.get(path).query(&[("q", &short)]).send().await.expect("an answer");
                assert!(matches!(answer.status().as_u16(), 200 | 414 | 422 | 431), "{path} {start}: {}", answer.status());
            }
            let answer = s.post("/api/v1/answers", &json!({ "q": text })).send().await.expect("an answer");
            let status = answer.status().as_u16();
            assert!(matches!(status, 200 | 413 | 422), "{start}: {status}");
            if status != 200 {
                let told = answer.text().await.expect("a problem document");
                assert!(told.contains("\"detail\":\""), "{start}: {told}");
            }
        }
        let (status, body) = crate::api_server::answer(s.post("/api/v1/answers", &json!({ "q": "E-1042" }))).await;
        assert_eq!(status, 200, "{body}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_megabyte_in_the_address_and_broken_letters_are_refused() {
    let s = TestServer::sqlite(|_| ()).await;
    s.running.app.library.refresh().await.expect("an index");
    for body in
        [r#"{"q":"\ud800"}"#, r#"{"q":"a\udfffb"}"#, "{\"q\":\"\u{0}\"}", r#"{"q":"a"#, "\"", "[]", ""]
    {
        let request = s.bare(Method::POST, "/api/v1/answers").header("content-type", "application/json");
        let answer = request.body(body.to_string()).send().await.expect("an answer");
        assert!(matches!(answer.status().as_u16(), 400 | 422), "{body:?}: {}", answer.status());
        assert!(answer.text().await.expect("a problem document").contains("\"detail\":\""), "{body:?}");
    }
    let request = s.bare(Method::POST, "/api/v1/answers").header("content-type", "application/json");
    let answer = request.body(b"{\"q\":\"\xff\xfe\"}".to_vec()).send().await.expect("an answer");
    assert!(matches!(answer.status().as_u16(), 400 | 422), "{}", answer.status());
    for path in ["/api/v1/search?q=%ff%fe", "/api/v1/suggest?q=%ff", "/search?q=%ff%00%c3"] {
        let answer = s.bare(Method::GET, path).send().await.expect("an answer");
        assert!(answer.status().as_u16() < 500, "{path}: {}", answer.status());
    }
    // The server may hang up before it was told everything.
    let long = format!("/api/v1/search?q={}", "a".repeat(1 << 20));
    if let Ok(answer) = s.bare(Method::GET, &long).send().await {
        assert!(answer.status().is_client_error(), "{}", answer.status());
    }
    let answer = s.bare(Method::GET, "/api/v1/search?q=E-1042").send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    s.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_chat_answers_whatever_is_typed() {
    let office = Office::open(TestDesk::sqlite().await).await;
    for (n, text) in hostile().into_iter().enumerate() {
        let mut chat = office.chat("web", &format!("person-{n}"), "zh-CN");
        chat.says(&text).await;
        let start: String = text.chars().take(30).collect();
        assert!(!chat.screen.is_empty(), "{start}: silence");
    }
    let mut chat = office.chat("web", "next", "zh-CN");
    let said = chat.says("E-1042").await;
    assert!(said.contains("E-1042"), "{said}");
}

/// Scripts in every disguise Markdown allows.
const SCRIPTS: &str = "## 解决办法\n1. <script>alert(1)</script> 点 [这里](javascript:alert(2))\n2. ![x](https://evil.example/p.png \"onload=alert(3)\") <img src=x onerror=alert(4)>\n3. <a href=\"java&#10;script:alert(5)\" onclick=alert(6)>a</a> <svg/onload=alert(7)> <iframe src=//evil.example></iframe>\n4. [b](data:text/html,<script>alert(8)</script>) <style>*{display:none}</style> <form action=//evil.example><input></form>\n\n<details open ontoggle=alert(9)>x</details>\n";

fn harmless(html: &str, place: &str) {
    for bad in [
        "<script>alert",
        "\"javascript:",
        "<img src=x",
        " onerror=alert",
        " onclick=",
        "<svg/onload",
        "<iframe",
        "<style>*",
        "src=\"https://evil",
        "ontoggle=alert(9)>",
        "href=\"data:",
    ] {
        assert!(!html.contains(bad), "{place} shows {bad}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scripts_in_an_article_are_harmless_everywhere() {
    let site = Site::open().await;
    let article = draft("evil", "zh", "打印机<script>alert(0)</script>冒烟", SCRIPTS);
    let id = site.server.running.app.library.upsert(&article, "x").await.unwrap().article().id.clone();
    site.server.running.app.library.refresh().await.unwrap();
    for path in [format!("/kb/{id}"), "/search?q=%E6%89%93%E5%8D%B0%E6%9C%BA%E5%86%92%E7%83%9F".to_string()] {
        let page = site.server.bare(Method::GET, &path).send().await.unwrap().text().await.unwrap();
        assert!(page.contains("冒烟"), "{path}");
        harmless(&page, &path);
    }
    let preview = firstline_bots::preview::of(&article.title, SCRIPTS, "zh-CN", "https://help.example");
    for html in &preview.telegram {
        harmless(html, "Telegram");
        harmless(&firstline_kb::markdown::chat_html(html), "the console's preview of Telegram");
    }
    for md in &preview.discord {
        harmless(&firstline_kb::markdown::chat_to_html(md), "the console's preview of Discord");
    }
}

on_both! {
    async fn articles_nobody_can_read_are_taken_and_stall_nobody(t: TestDesk) {
        let library = library(&t).await;
        let items: Vec<String> = (0..20_000).map(|n| format!("tag {n}")).collect();
        let monsters = [
            draft("quotes", "en", "Nested quotes", &format!("{} deep", ">".repeat(100_000))),
            draft("ticks", "en", "Backticks", &"`".repeat(1_000_000)),
            draft("table", "en", "Table", &format!("|{}\n|{}\n{}", "a|".repeat(2000), "-|".repeat(2000), "|\n".repeat(2000))),
            draft("brackets", "en", "Brackets", &"[".repeat(50_000)),
            draft("heads", "zh", "标题", &"## 解决办法\n1. x\n\n".repeat(20_000)),
            firstline_kb::Draft { tags: items.clone(), symptoms: items, ..draft("list", "en", "Much front matter", "x") },
            draft("codes", "en", "Codes", &(0..50_000).map(|n| format!("E-{n} ")).collect::<String>()),
        ];
        for monster in &monsters {
            library.upsert(monster, "x").await.unwrap();
        }
        library.upsert(&draft("plain", "en", "Printer does not print", "Reinstall the driver."), "x").await.unwrap();
        library.refresh().await.unwrap();
        assert_eq!(found(&library, "printer does not print").await[0], "plain");
        for monster in &monsters {
            let html = firstline_kb::markdown::to_html(&monster.body_md);
            assert!(html.len() <= 64 * (monster.body_md.len() + (1 << 18)), "{}: {} bytes", monster.external_id, html.len());
        }
    }
}
