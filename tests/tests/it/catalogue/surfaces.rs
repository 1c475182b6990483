//! The same answer everywhere: API, portal, console and command line.
use reqwest::Method;
use serde_json::Value;

use super::MANIFEST;
use crate::api_server::{TestServer, answer, problem, served};
use crate::harness::browser::{Browser, Window};
use crate::pages_site::{AGENT, Hands, PASSWORD, Site};
use firstline_core::staff::{self, Role};
use firstline_kb::catalogue::import::{Options, import};

async fn fill(s: &TestServer) {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("catalogue.toml");
    std::fs::write(&path, MANIFEST).unwrap();
    let report = import(&s.running.app.catalogue, &path, &Options::default(), &mut |_| {}).await.unwrap();
    assert_eq!((report.new, report.bad.len()), (4, 0));
}

async fn get(s: &TestServer, path: &str) -> Value {
    let (status, body) = answer(s.bare(Method::GET, path)).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

fn versions(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|r| r["version"].as_str().unwrap()).collect()
}

served! {
    async fn p9_01_the_api_gives_the_ordered_list(s: TestServer) {
        fill(s).await;
        let path = get(s, "/api/v1/upgrade-path?product=invoice&version=3.1.4&platform=Windows%202019&goal=fixes:E-1042").await;
        assert_eq!(versions(&path["steps"]), ["3.1.9", "3.2.2"]);
        assert_eq!(path["steps"][0]["files"][0]["size"], 52_428_800);
        assert_eq!(path["steps"][1]["backup"]["en"], "The upgrade changes the database: make a full backup first.");
        assert!(path["reason"].is_null() && path["standing"]["known"] == true, "{path}");
        let none = get(s, "/api/v1/upgrade-path?product=invoice&version=3.2.2").await;
        assert_eq!((none["reason"]["code"].as_str(), none["goal"].as_str()), (Some("already_newest"), Some("newest")));
        let unknown = get(s, "/api/v1/upgrade-path?product=nobody&version=1").await;
        assert_eq!(unknown["reason"]["code"], "unknown_product");
        let long = format!("product=invoice&version={}", "1.".repeat(5120));
        for (query, field) in [
            ("product=invoice&version=latest", "version"),
            ("product=invoice&version=", "version"),
            (long.as_str(), "version"),
            ("product=invoice&version=1&goal=best", "goal"),
            ("product=&version=1", "product"),
            ("product=invoice&version=1&as_of=soon", "as_of"),
            ("product=invoice&version=1&nonsense=1", "nonsense"),
        ] {
            let refused = problem(s.bare(Method::GET, &format!("/api/v1/upgrade-path?{query}")).send().await.unwrap(), 422).await;
            assert_eq!(refused["errors"][0]["field"], field, "{refused}");
        }
        let zh = s.bare(Method::GET, "/api/v1/upgrade-path?product=invoice&version=3.1.4").header("accept-language", "zh-CN");
        assert!(answer(zh).await.1["explanation"][0].as_str().unwrap().contains("按顺序安装"));
    }
}

served! {
    async fn the_api_lists_products_and_releases(s: TestServer) {
        fill(s).await;
        let products = get(s, "/api/v1/products").await;
        assert_eq!(products["items"][0]["key"], "invoice");
        assert_eq!(products["items"][0]["channels"][0]["newest"], "3.2.2");
        let all = get(s, "/api/v1/products/invoice/releases").await;
        assert_eq!((versions(&all["items"]), all["total"].as_i64(), all["security_total"].as_i64()), (vec!["3.2.2", "3.1.9", "3.1.4"], Some(3), Some(1)));
        let page = get(s, "/api/v1/products/invoice/releases?limit=2").await;
        let rest = get(s, &format!("/api/v1/products/invoice/releases?limit=2&cursor={}", page["next_cursor"].as_str().unwrap())).await;
        assert_eq!((versions(&page["items"]), versions(&rest["items"])), (vec!["3.2.2", "3.1.9"], vec!["3.1.4"]));
        for (query, expected) in [("fixes=e-1205", "3.1.9"), ("security=true", "3.2.2"), ("range=%3C3.1.9", "3.1.4"), ("from=2026-08-01", "3.2.2")] {
            let found = get(s, &format!("/api/v1/products/invoice/releases?{query}")).await;
            assert_eq!(versions(&found["items"]), [expected], "{query}");
        }
        let one = get(s, "/api/v1/products/invoice/releases/v3.1.9").await;
        assert_eq!(one["files"][0]["algorithm"], "sha256");
        problem(s.bare(Method::GET, "/api/v1/products/nobody/releases").send().await.unwrap(), 404).await;
        problem(s.bare(Method::GET, "/api/v1/products/invoice/releases/9.9").send().await.unwrap(), 404).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn p6_20_p5_10_the_download_pages_show_notes_before_files() {
    let site = Site::open().await;
    fill(&site.server).await;
    let page = site.page(site.get("/products?lang=zh")).await;
    assert!(page.contains("栗子开票") && page.contains("/products/invoice"));
    let page = site.page(site.get("/products/invoice?lang=en")).await;
    assert!(
        page.contains("Chestnut Invoice")
            && page.contains("/products/invoice/3.2.2")
            && page.contains("Security update")
    );
    let page = site.page(site.get("/products/invoice/3.1.9?lang=en")).await;
    let (notes, file) =
        (page.find("locks one invoice").unwrap(), page.find("invoice-3.1.9-setup.exe").unwrap());
    assert!(
        notes < file && page.find("no restore is needed").unwrap() < file && page.contains(&"a".repeat(64))
    );
    let page =
        site.page(site.get("/upgrade?lang=zh&product=invoice&version=3.1.4&goal=fixes&code=E-1042")).await;
    let (first, second) =
        (page.find("/products/invoice/3.1.9").unwrap(), page.find("/products/invoice/3.2.2").unwrap());
    assert!(first < second && page.contains("按顺序安装这 2 个版本"));
    let page = site.page(site.get("/upgrade?lang=en&product=invoice&version=latest")).await;
    assert!(page.contains("could not read this version"));
    for missing in ["/products/nobody", "/products/invoice/9.9", "/products/invoice/latest"] {
        assert_eq!(site.get(missing).send().await.unwrap().status().as_u16(), 404, "{missing}");
    }
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn p6_12_a_curator_takes_a_release_from_draft_to_withdrawn() {
    let site = Site::open().await;
    fill(&site.server).await;
    let agent = site.session().await;
    let refused = site
        .post("/console/releases/new", &[("product", "invoice"), ("version", "3.3.0")])
        .header("cookie", &agent);
    assert_eq!(refused.send().await.unwrap().status().as_u16(), 403, "no signature");
    assert_eq!(
        site.get("/console/releases/new").header("cookie", &agent).send().await.unwrap().status().as_u16(),
        403
    );
    let desk = site.server.running.app.desk.clone();
    staff::add(&desk.db, &desk.clock, AGENT, "陈静", Role::Curator, PASSWORD).await.unwrap();
    let cookie = site.session().await;
    let page = site.page(site.get("/console/releases/new?product=invoice").header("cookie", &cookie)).await;
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let post = async |path: &str, fields: &[(&str, &str)]| {
        let mut form = vec![("csrf", csrf.as_str())];
        form.extend_from_slice(fields);
        site.post(path, &form).header("cookie", &cookie).send().await.unwrap()
    };
    let made =
        post("/console/releases/new", &[("product", "invoice"), ("version", "3.3.0"), ("codes", "E-2010")])
            .await;
    let home = crate::pages_site::location(&made).split('?').next().unwrap().to_owned();
    assert!(home.starts_with("/console/releases/"), "{home}");
    let refused = post(&format!("{home}/move"), &[("do", "publish")]).await.text().await.unwrap();
    assert!(refused.contains("cannot be published without"), "{refused}");
    let saved = [
        ("product", "invoice"),
        ("version", "3.3.0"),
        ("codes", "E-2010"),
        ("notes_zh", "E-2010 不再出现"),
        ("revision", "1"),
    ];
    assert_eq!(post(&home, &saved).await.status().as_u16(), 303);
    let stale = post(&home, &saved).await.text().await.unwrap();
    assert!(stale.contains("somebody else changed this release"), "{stale}");
    for step in ["review", "draft", "review", "publish"] {
        assert_eq!(post(&format!("{home}/move"), &[("do", step)]).await.status().as_u16(), 303, "{step}");
    }
    assert!(site.page(site.get("/products/invoice/3.3.0?lang=zh")).await.contains("E-2010 不再出现"));
    let why = [("reason_zh", "打印会丢页"), ("reason_en", "")];
    assert_eq!(post(&format!("{home}/withdraw"), &why).await.status().as_u16(), 303);
    assert!(site.page(site.get("/products/invoice/3.3.0?lang=zh")).await.contains("已经撤回"));
    let list = site.page(site.get("/console/releases?tab=calendar").header("cookie", &cookie)).await;
    assert!(list.contains("第 3 季度"));
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_page_of_the_catalogue_has_its_picture() {
    let Some(browser) = Browser::open(Window::Desktop, "zh-CN").await else { return };
    let site = Site::open().await;
    let app = &site.server.running.app;
    firstline::serve::demo::prepare(app).await.expect("the demo");
    staff::add(&app.desk.db, &app.desk.clock, AGENT, "陈静", Role::Curator, PASSWORD).await.unwrap();
    let release = app.catalogue.release("invoice", "3.2.2").await.unwrap().unwrap();
    let draft = firstline_kb::catalogue::model::Draft {
        codes: vec!["E-1042".into()],
        notes: firstline_kb::catalogue::model::Texts::new("继续改进。", "More of it."),
        ..firstline_kb::catalogue::model::Draft::new("invoice", "3.3.0".parse().unwrap())
    };
    let draft = app.catalogue.add_draft(draft, "test").await.unwrap();
    browser.goes(&site.url("/console")).await;
    browser.types("#email", AGENT).await;
    browser.types("#password", PASSWORD).await;
    browser.clicks(".login button").await;
    browser.sees("h1", "工单").await;
    let pages = [
        ("products", "/products".to_string()),
        ("product", "/products/invoice".into()),
        ("release", "/products/invoice/3.2.2".into()),
        ("upgrade", "/upgrade?product=invoice&version=3.1.4&goal=fixes&code=E-1042".into()),
        ("upgrade-none", "/upgrade?product=invoice&version=3.2.2".into()),
        ("console-releases", "/console/releases?tab=published".into()),
        ("console-calendar", "/console/releases?tab=calendar".into()),
        ("console-release", format!("/console/releases/{}", release.id)),
        ("console-draft", format!("/console/releases/{draft}")),
    ];
    for (window, name) in [(Window::Desktop, "desktop"), (Window::Phone, "phone")] {
        browser.resize(window).await;
        for theme in ["light", "dark"] {
            for (page, path) in &pages {
                let lang = if theme == "dark" && !path.starts_with("/console") { "en" } else { "zh-CN" };
                let joint = if path.contains('?') { '&' } else { '?' };
                browser.goes(&site.url(&format!("{path}{joint}theme={theme}&lang={lang}"))).await;
                browser.screenshot(&format!("catalogue-{page}-{name}-{theme}")).await;
                let wide =
                    browser.execute("return document.documentElement.scrollWidth > innerWidth", vec![]).await;
                assert_eq!(
                    wide.expect("a width"),
                    serde_json::json!(false),
                    "{page} scrolls sideways on a {name}"
                );
            }
        }
    }
    browser.close().await;
    site.server.running.stop().await;
}
