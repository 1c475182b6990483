//! Suggestions while somebody types: in the library, over the API, in the portal's search box, on Discord.
use firstline_bots::discord::{Discord, DiscordConfig};
use firstline_kb::codes::CodeDraft;
use firstline_kb::dictionary::entry::Entry;
use firstline_kb::suggest::Typed;
use firstline_kb::{Draft, Library};
use serde_json::json;

use crate::adapter::Running;
use crate::api_server::{answer, served};
use crate::desk::{TestDesk, on_both};
use crate::harness::browser::{Browser, Window};
use crate::harness::fake_discord::FakeDiscord;
use crate::kb_contract::{draft, library};
use crate::pages_site::{Hands, Site};

async fn shelf(library: &Library) {
    let stock = Some("stock".to_string());
    let articles = [
        draft("offline", "zh", "打印机脱机", "重启。"),
        draft("jam", "zh", "打印机卡纸怎么办", "取出。"),
        Draft {
            questions: vec!["打印没有反应".into()],
            ..draft("spool", "zh", "作业停在队列里", "清空队列。")
        },
        draft("print-en", "en", "Printer is offline", "Restart it."),
        draft("prices", "en", "Prices look wrong", "Reload."),
        Draft { product: stock, ..draft("stock-print", "en", "Print a stock label", "Press print.") },
    ];
    for article in articles {
        library.upsert(&article, "x").await.unwrap();
    }
    let code = CodeDraft {
        code: "E-1042".into(),
        meaning: "Server unreachable".into(),
        cure: "Wait.".into(),
        ..CodeDraft::default()
    };
    library.put_codes(&[code], "x").await.unwrap();
    library.refresh().await.unwrap();
}

async fn titles(library: &Library, text: &str, lang: Option<&str>) -> Vec<String> {
    let typed = Typed { text: text.into(), lang: lang.map(str::to_string), limit: 8, ..Typed::default() };
    library.suggest(&typed).await.unwrap().into_iter().map(|s| s.title).collect()
}

on_both! {
    async fn titles_come_while_somebody_types(t: TestDesk) {
        let library = library(&t).await;
        assert_eq!(titles(&library, "打印", None).await, Vec::<String>::new(), "nothing while there is no index");
        shelf(&library).await;
        assert_eq!(titles(&library, "打印", None).await, ["打印机脱机", "打印机卡纸怎么办", "作业停在队列里"]);
        assert_eq!(titles(&library, "卡纸", None).await, ["打印机卡纸怎么办"]);
        assert_eq!(titles(&library, "pri", Some("en")).await.len(), 3);
        assert_eq!(titles(&library, "Printer o", None).await, ["Printer is offline"]);
        assert_eq!(titles(&library, "offline pri", Some("en")).await, ["Printer is offline"]);
        for text in ["e1042", "E-10", "e-1042"] {
            assert_eq!(titles(&library, text, None).await, ["E-1042: Server unreachable"], "{text}");
        }
        for nothing in ["", "  ", "？！", "zzz", "打印机爆炸", "pri nothing"] {
            assert_eq!(titles(&library, nothing, None).await, Vec::<String>::new(), "{nothing}");
        }
        let stock = Typed { text: "pri".into(), product: Some("stock".into()), limit: 1, ..Typed::default() };
        assert_eq!(library.suggest(&stock).await.unwrap()[0].title, "Print a stock label");
        library.remove("offline").await.unwrap();
        library.refresh().await.unwrap();
        assert!(!titles(&library, "打印", None).await.contains(&"打印机脱机".to_string()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_input_is_answered() {
    let t = TestDesk::sqlite().await;
    let library = library(&t).await;
    shelf(&library).await;
    let long = "打印 ".repeat(10_000);
    for text in ["\u{0}\u{1}", "\"(*?[", "😀😀", "a\u{301}\u{301}", "'''", long.as_str(), "^ @zh-CN", "@en"]
    {
        titles(&library, text, None).await;
    }
}

served! {
    async fn the_api_suggests(s: TestServer) {
        shelf(&s.running.app.library).await;
        let (status, body) = answer(s.get("/api/v1/suggest?q=printer&lang=en&limit=3")).await;
        assert_eq!((status, &body["query"]), (200, &json!("printer")), "{body}");
        assert_eq!(body["items"][0]["text"], "Printer is offline");
        let url = body["items"][0]["url"].as_str().unwrap();
        assert!(url.contains("/kb/") && body["items"][0]["kind"] == "troubleshooting", "{body}");
        assert_eq!(answer(s.get("/api/v1/suggest?q=printer&limit=21")).await.0, 422);
        assert_eq!(answer(s.get(&format!("/api/v1/suggest?q={}", "x".repeat(201)))).await.0, 422);
        assert_eq!(answer(s.get("/api/v1/suggest?q=")).await.1["items"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_portal_offers_titles_to_keyboard_and_screen_reader() {
    let Some(browser) = Browser::open(Window::Desktop, "zh-CN").await else { return };
    let site = Site::open().await;
    browser.goes(&site.url("/")).await;
    browser.types("#q", "忘记").await;
    browser.sees(".suggest", "密码").await;
    browser.screenshot("portal-suggest").await;
    // Down and Enter open the first one.
    browser.types("#q", "\u{E015}").await;
    browser
        .sees(
            "#q[aria-activedescendant] ~ .suggest [aria-selected=true], .suggest [aria-selected=true]",
            "密码",
        )
        .await;
    browser.types("#q", "\u{E007}").await;
    browser.sees("h1", "密码").await;
    browser.all_quiet().await;
    browser.close().await;
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn discord_completes_a_search() {
    let (t, fake) = (TestDesk::sqlite().await, FakeDiscord::start().await);
    let library = library(&t).await;
    shelf(&library).await;
    let synonym = Entry::Synonym { words: vec!["a1".into(), "b1".into()] };
    library.add_entry(synonym, None, "x").await.unwrap();
    let config = DiscordConfig { token: fake.token().into(), api_base: Some(fake.api_base()) };
    let discord = Discord::connect(t.desk.clone(), config).expect("a configuration");
    discord.suggest_from(library);
    let running = Running::start(|stop| async move { discord.run(stop).await });
    fake.await_connected().await;
    let li = fake.person("Li");
    let typing = li.types_into("search", "words", "打印机");
    let answered = fake.await_ack(typing).await;
    assert_eq!(answered.data["choices"][0], json!({ "name": "打印机脱机", "value": "打印机脱机" }));
    assert_eq!(crate::adapter::inbox(&t.desk).await.len(), 0, "what is typed is not said yet");
    running.stop().await;
    assert_eq!(fake.violations(), Vec::<String>::new());
}
