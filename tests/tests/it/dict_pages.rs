//! The console's pages of words and codes: who may, what a form does, what is shown before it is saved.
use firstline_core::staff::{self, Role};
use firstline_kb::{Answer, Question};

use crate::harness::browser::{Browser, Window};
use crate::pages_site::{Hands, PASSWORD, Site, cookie, hidden, location, with_cookie};

const CURATOR: &str = "curator@firstline.example";

async fn curator(site: &Site) -> String {
    let desk = &site.server.running.app.desk;
    staff::add(&desk.db, &desk.clock, CURATOR, "林编", Role::Curator, PASSWORD).await.unwrap();
    let sent = site.post("/console/login", &[("email", CURATOR), ("password", PASSWORD), ("next", "")]);
    cookie(&sent.send().await.unwrap(), "staff").expect("a session")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn curators_may_and_agents_may_not() {
    let site = Site::open().await;
    let session = curator(&site).await;
    let agent = site.session().await;
    for path in [
        "/console/dict/codes",
        "/console/dict/codes/new",
        "/console/dict/of/pin",
        "/console/dict/of/synonym/new",
        "/console/dict/settings",
        "/console/dict/codes.csv",
    ] {
        let page = with_cookie(site.get(path), &session).send().await.unwrap();
        assert_eq!(page.status().as_u16(), 200, "{path}");
        let refused = with_cookie(site.get(path), &agent).send().await.unwrap();
        assert_eq!(refused.status().as_u16(), 403, "{path}");
        assert_eq!(site.get(path).send().await.unwrap().status().as_u16(), 303, "{path}");
    }
    for path in ["/console/dict/of/settings", "/console/dict/of/nonsense/new", "/console/dict/entry/none"] {
        let missing = with_cookie(site.get(path), &session).send().await.unwrap();
        assert_eq!(missing.status().as_u16(), 404, "{path}");
    }
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_effect_is_shown_before_an_entry_is_saved() {
    let site = Site::open().await;
    let session = curator(&site).await;
    let library = site.server.running.app.library.clone();
    let page = site.page(with_cookie(site.get("/console/kb/questions"), &session)).await;
    let csrf = hidden(&page, "csrf");
    let lines = concat!(
        "{\"id\":\"1\",\"query\":\"大宝贝坏了\",\"lang\":\"zh-CN\",\"relevant\":[\"zh/scanner-double-scans\"]}\n",
        "{\"id\":\"2\",\"query\":\"忘记密码\",\"lang\":\"zh-CN\",\"relevant\":[\"zh/forgotten-password\"]}\n",
    );
    let path = "/console/kb/questions";
    let bad = site.post(path, &[("csrf", &csrf), ("lines", "{\"id\":\"1\"}")]);
    assert!(site.page(with_cookie(bad, &session)).await.contains("第 1 行"));
    let saved = site.post(path, &[("csrf", &csrf), ("lines", lines)]);
    assert!(site.page(with_cookie(saved, &session)).await.contains("收下 2 个问题"));
    let asked = site.page(with_cookie(site.get("/console/kb/questions?ask=1"), &session)).await;
    assert!(asked.contains("50 %") && asked.contains("直接回答"), "{asked}");

    let pin = |action: &'static str, csrf: &str| {
        let form = [
            ("csrf", csrf),
            ("words", "大宝贝 坏了"),
            ("article", "zh/scanner-double-scans"),
            ("expires", "2026-12-31"),
            ("do", action),
        ];
        with_cookie(site.post("/console/dict/of/pin/new", &form), &session)
    };
    let shown = site.page(pin("preview", &csrf)).await;
    assert!(shown.contains("大宝贝坏了") && shown.contains("100 %") && shown.contains("50 %"), "{shown}");
    let asked =
        Question {
            text: "大宝贝坏了".into(), lang: Some("zh-CN".into()), limit: 5, ..Question::default()
        };
    assert!(
        !matches!(library.answer(&asked).await.unwrap().0, Answer::Direct { .. }),
        "a preview changes nothing"
    );
    assert_eq!(pin("save", "wrong").send().await.unwrap().status().as_u16(), 403);
    let done = pin("save", &csrf).send().await.unwrap();
    assert_eq!(location(&done), "/console/dict/of/pin?done=dict-saved");
    let (answer, _) = library.answer(&asked).await.unwrap();
    assert!(
        matches!(&answer, Answer::Direct { hit, .. } if hit.external_id == "zh/scanner-double-scans"),
        "{answer:?}"
    );
    let list = site.page(with_cookie(site.get("/console/dict/of/pin"), &session)).await;
    assert!(list.contains("大宝贝 坏了"), "{list}");
    let trail = site.page(with_cookie(site.get("/console/kb/trail?kind=pin"), &session)).await;
    assert!(trail.contains("林编") && trail.contains("大宝贝") && trail.contains("置顶"), "{trail}");

    // What makes a saved question worse is shown before it is kept, and kept only when somebody insists.
    let gap = |action: &'static str| {
        let form = [("csrf", csrf.as_str()), ("words", "忘记密码"), ("text", "请稍候。"), ("do", action)];
        with_cookie(site.post("/console/dict/of/stop_gap/new", &form), &session)
    };
    let stopped = site.page(gap("save")).await;
    assert!(stopped.contains("仍然保存") && stopped.contains("按话术回复"), "{stopped}");
    assert!(library.entries("stop_gap").await.unwrap().is_empty(), "nothing was kept yet");
    assert_eq!(gap("insist").send().await.unwrap().status().as_u16(), 303);
    assert_eq!(library.entries("stop_gap").await.unwrap().len(), 1);
    let pin = library.entries("pin").await.unwrap().remove(0).id;
    let removes = |action: &'static str| {
        let path = format!("/console/dict/entry/{pin}/remove");
        with_cookie(site.post(&path, &[("csrf", &csrf), ("do", action)]), &session)
    };
    assert!(site.page(removes("save")).await.contains("仍然删除"));
    assert_eq!(removes("insist").send().await.unwrap().status().as_u16(), 303);
    assert!(library.entries("pin").await.unwrap().is_empty());
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p9_02_a_code_is_written_in_the_console_and_shown_in_the_portal() {
    let site = Site::open().await;
    let session = curator(&site).await;
    let page = site.page(with_cookie(site.get("/console/dict/codes/new"), &session)).await;
    let csrf = hidden(&page, "csrf");
    let form = |code: &'static str| {
        let form = [
            ("csrf", csrf.as_str()),
            ("code", code),
            ("meaning", "<script>x</script>无法连接。"),
            ("cure", "1. 重启"),
            ("lang", "zh-CN"),
            ("do", "save"),
        ];
        with_cookie(site.post("/console/dict/codes/new", &form), &session)
    };
    assert!(site.page(form("nonsense")).await.contains("nonsense"), "what is wrong is said on the form");
    assert_eq!(form("E-8808").send().await.unwrap().status().as_u16(), 303);
    site.server.running.app.library.refresh().await.unwrap();
    let found = site.page(site.get("/search?q=e8808&lang=zh-CN")).await;
    assert!(found.contains("E-8808：") && !found.contains("<script>x"), "{found}");
    let unknown = site.page(site.get("/search?q=E-8899&lang=zh-CN")).await;
    assert!(unknown.contains("E-8899") && unknown.contains("还没有登记"), "{unknown}");
    let csv = site.page(with_cookie(site.get("/console/dict/codes.csv"), &session)).await;
    assert!(csv.contains("E-8808"), "{csv}");
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_the_pages() {
    let Some(browser) = Browser::open(Window::Desktop, "zh-CN").await else { return };
    let site = Site::open().await;
    curator(&site).await;
    let library = &site.server.running.app.library;
    let codes = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../kb/demo/codes.csv");
    firstline_kb::import::codes(library, &codes, None, &mut |_| {}).await.unwrap();
    browser.goes(&site.url("/console")).await;
    browser.types("#email", CURATOR).await;
    browser.types("#password", PASSWORD).await;
    browser.clicks(".login button").await;
    browser.sees("h1", "工单").await;
    for (path, name) in [
        ("/console/dict/codes", "dict-codes"),
        ("/console/dict/of/pin/new", "dict-pin"),
        ("/console/dict/settings", "dict-settings"),
        ("/console/dict/of/frequent/new", "dict-frequent"),
    ] {
        browser.goes(&site.url(path)).await;
        browser.sees("h1", "词库").await;
        browser.screenshot(name).await;
    }
    browser.resize(Window::Phone).await;
    browser.goes(&site.url("/console/dict/codes")).await;
    browser.screenshot("dict-codes-phone").await;
    browser.all_quiet().await;
    browser.close().await;
    site.server.running.stop().await;
}
