//! The workshop as curators meet it: a colleague writes, another publishes, and customers see only that.
use firstline_core::desk::{Patch, Reply};
use firstline_core::staff::{self, Role};
use firstline_core::ticket::{Actor, Number, Status};
use reqwest::multipart::{Form, Part};

use crate::harness::browser::{Browser, Window};
use crate::pages_site::{AGENT, Hands, PASSWORD, Site, cookie, hidden, location, with_cookie};

const LEAD: &str = "wang@example.com";

/// Two people at their desks.
struct Shop {
    site: Site,
    author: String,
    lead: String,
}

impl Shop {
    async fn open() -> Shop {
        let site = Site::open().await;
        let desk = &site.server.running.app.desk;
        staff::add(&desk.db, &desk.clock, LEAD, "王磊", Role::Manager, PASSWORD).await.expect("a lead");
        let sent = site.post("/console/login", &[("email", LEAD), ("password", PASSWORD), ("next", "")]);
        let lead = cookie(&sent.send().await.expect("an answer"), "staff").expect("a cookie");
        let author = site.session().await;
        Shop { site, author, lead }
    }

    async fn page(&self, who: &str, path: &str) -> String {
        self.site.page(with_cookie(self.site.get(path), who)).await
    }

    /// Sends a form of a page; gives where it leads.
    async fn sends(&self, who: &str, page: &str, path: &str, form: &[(&str, &str)]) -> String {
        let csrf = hidden(page, "csrf");
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(form);
        let answer = with_cookie(self.site.post(path, &all), who).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 303, "{path}: {}", answer.text().await.unwrap_or_default());
        location(&answer)
    }

    /// The same for a form that comes back with a complaint.
    async fn refused(&self, who: &str, page: &str, path: &str, form: &[(&str, &str)]) -> String {
        let csrf = hidden(page, "csrf");
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(form);
        self.site.page(with_cookie(self.site.post(path, &all), who)).await
    }
}

fn id_of(place: &str) -> String {
    let rest = place.split("/console/kb/a/").nth(1).expect("an article");
    rest.split(['?', '/']).next().unwrap_or_default().to_owned()
}

const WORDS: [(&str, &str); 8] = [
    ("lang", "zh-CN"),
    ("kind", "troubleshooting"),
    ("title", "深色主题怎么打开"),
    ("form", "parts"),
    ("symptoms", "界面太亮。"),
    ("user", "1. 【管理员】在后台允许主题。\n2. 设置 → 外观 → 深色。"),
    ("questions", "夜间模式\n黑色界面"),
    ("asks", "晚上看屏幕太亮"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p6_11_an_article_is_written_reviewed_by_another_and_then_answers_people() {
    let shop = Shop::open().await;
    let (site, author, lead) = (&shop.site, shop.author.as_str(), shop.lead.as_str());
    assert_eq!(site.get("/console/kb").send().await.expect("an answer").status().as_u16(), 303, "staff only");
    let empty = shop.page(author, "/console/kb/new").await;
    let preview = shop.refused(author, &empty, "/console/kb/preview", &WORDS).await;
    let (users, admins) =
        (preview.find("设置 → 外观").expect("a step"), preview.find("管理员").expect("a mark"));
    assert!(users < admins, "P1-01: the user's step comes first: {preview}");
    let place = shop.sends(author, &empty, "/console/kb/new", &WORDS).await;
    let id = id_of(&place);
    let path = format!("/console/kb/a/{id}");
    assert_eq!(site.get(&format!("/kb/{id}")).send().await.expect("an answer").status().as_u16(), 404);

    let page = shop.page(author, &path).await;
    let version = hidden(&page, "version");
    shop.sends(author, &page, &format!("{path}/state"), &[("version", &version), ("do", "submit")]).await;
    let page = shop.page(lead, &path).await;
    let version = hidden(&page, "version");
    let no = shop
        .refused(lead, &page, &format!("{path}/state"), &[("version", &version), ("do", "send_back")])
        .await;
    assert!(no.contains("请写明理由"), "{no}");
    let own = shop
        .refused(
            author,
            &shop.page(author, &path).await,
            &format!("{path}/state"),
            &[("version", &version), ("do", "publish")],
        )
        .await;
    assert!(own.contains("这一步由知识管理员"), "{own}");
    let done =
        shop.sends(lead, &page, &format!("{path}/state"), &[("version", &version), ("do", "publish")]).await;
    assert!(done.ends_with("done=kb-published"), "{done}");
    site.server.running.app.library.refresh().await.expect("an index");
    let shown = site.page(site.get(&format!("/kb/{id}?lang=zh-CN"))).await;
    assert!(shown.contains("设置 → 外观") && shown.contains("<h3>管理员</h3>"), "{shown}");
    assert!(site.page(site.get("/search?q=夜间模式&lang=zh-CN")).await.contains("深色主题怎么打开"));
    let trail = shop.page(lead, "/console/kb/trail").await;
    assert!(
        trail.contains("发布") && trail.contains("送审") && trail.contains("陈静") && trail.contains("王磊")
    );
    close(shop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_save_at_once_see_both_texts() {
    let shop = Shop::open().await;
    let (author, lead) = (shop.author.as_str(), shop.lead.as_str());
    let empty = shop.page(author, "/console/kb/new").await;
    let path =
        format!("/console/kb/a/{}", id_of(&shop.sends(author, &empty, "/console/kb/new", &WORDS).await));
    let (mine, theirs) = (shop.page(author, &path).await, shop.page(lead, &path).await);
    let with = |version: &str, body: &str| -> Vec<(String, String)> {
        [
            ("version", version),
            ("title", "题"),
            ("lang", "zh-CN"),
            ("form", "text"),
            ("body", body),
            ("do", "save"),
        ]
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .to_vec()
    };
    let form = with(&hidden(&theirs, "version"), "对方写的办法");
    let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    shop.sends(lead, &theirs, &format!("{path}/save"), &form).await;
    let form = with(&hidden(&mine, "version"), "我写的办法");
    let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let both = shop.refused(author, &mine, &format!("{path}/save"), &form).await;
    assert!(both.contains("对方写的办法") && both.contains("我写的办法") && both.contains("王磊"), "{both}");
    // What was put together is saved with the version of theirs.
    let form = with(&hidden(&both, "version"), "合在一起的办法");
    let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    shop.sends(author, &both, &format!("{path}/save"), &form).await;
    let history = shop.page(author, &format!("{path}/history?from=2&to=3")).await;
    assert!(
        history.contains("<del>") && history.contains("<ins>合在一起</ins>") && history.contains("陈静"),
        "{history}"
    );
    close(shop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_solved_ticket_becomes_a_draft_without_anybodys_data() {
    let shop = Shop::open().await;
    let (site, author) = (&shop.site, shop.author.as_str());
    let number = site.server.opens("我是王小明，电话13812345678，开票报 E-7788，服务器 192.168.1.20").await;
    let page = shop.page(author, &format!("/console/tickets/{number}")).await;
    let place = shop.sends(author, &page, &format!("/console/kb/from-ticket/{number}"), &[]).await;
    let draft = shop.page(author, &place).await;
    assert!(
        draft.contains("E-7788") && draft.contains("〔电话〕") && draft.contains("〔网络地址〕"),
        "{draft}"
    );
    for secret in ["王小明", "13812345678", "192.168.1.20"] {
        assert!(!draft.contains(secret), "{secret}");
    }
    close(shop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_is_seen_by_staff_at_once_and_by_readers_once_it_is_published() {
    let shop = Shop::open().await;
    let (site, author) = (&shop.site, shop.author.as_str());
    let empty = shop.page(author, "/console/kb/new").await;
    let id = id_of(&shop.sends(author, &empty, "/console/kb/new", &WORDS).await);
    let page = shop.page(author, &format!("/console/kb/a/{id}")).await;
    let part =
        Part::bytes(&b"\x89PNG\r\n\x1a\n"[..]).file_name("menu.png").mime_str("image/png").expect("a type");
    let form = Form::new().text("csrf", hidden(&page, "csrf")).part("file", part);
    let post = site.client.post(site.url(&format!("/console/kb/a/{id}/files"))).multipart(form);
    assert_eq!(with_cookie(post, author).send().await.expect("an answer").status().as_u16(), 303);
    let page = shop.page(author, &format!("/console/kb/a/{id}")).await;
    let path = page
        .split("![menu.png](")
        .nth(1)
        .and_then(|rest| rest.split(')').next())
        .expect("its Markdown")
        .to_owned();
    assert_eq!(site.get(&path).send().await.expect("an answer").status().as_u16(), 404);
    let seen = with_cookie(site.get(&path), author).send().await.expect("an answer");
    assert_eq!(
        (seen.status().as_u16(), seen.headers()["content-type"].to_str().expect("text")),
        (200, "image/png")
    );
    close(shop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_says_why_an_article_did_not_help_and_the_curator_sees_it() {
    let shop = Shop::open().await;
    let (site, lead) = (&shop.site, shop.lead.as_str());
    let known =
        site.server.running.app.library.article("zh/e-1042-server-unreachable").await.expect("the store");
    let id = known.expect("a demo article").id;
    let said = site.post(
        &format!("/kb/{id}/verdict"),
        &[("verdict", "still_broken"), ("revision", "1"), ("search", "")],
    );
    let place = location(&said.send().await.expect("an answer"));
    let page = site.page(site.get(&place.replace('#', "&lang=zh-CN#"))).await;
    assert!(page.contains("为什么没帮上忙") && page.contains("步骤看不懂"), "{page}");
    let form = [("revision", "1"), ("search", ""), ("reason", "unclear"), ("words", "端口在哪里填")];
    let told = site.post(&format!("/kb/{id}/reason"), &form).send().await.expect("an answer");
    assert_eq!(told.status().as_u16(), 303);
    let odd = [("revision", "1"), ("reason", "because")];
    let odd = site.post(&format!("/kb/{id}/reason"), &odd).send().await.expect("an answer");
    assert_eq!(odd.status().as_u16(), 400);
    let figures = shop.page(lead, &format!("/console/kb/a/{id}/figures")).await;
    assert!(figures.contains("端口在哪里填") && figures.contains("步骤看不懂: 1"), "{figures}");
    site.page(site.get("/search?q=zxqvwk+plombir&lang=en")).await;
    let gaps = shop.page(lead, "/console/kb/gaps").await;
    assert!(gaps.contains("zxqvwk plombir"), "{gaps}");
    let outcomes = shop.page(lead, "/console/kb/outcomes").await;
    assert!(outcomes.contains("没再说话不等于解决"), "{outcomes}");
    close(shop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_picture_comes_back_as_a_line_for_the_text() {
    let shop = Shop::open().await;
    let (site, author) = (&shop.site, shop.author.as_str());
    let empty = shop.page(author, "/console/kb/new").await;
    let id = id_of(&shop.sends(author, &empty, "/console/kb/new", &WORDS).await);
    let page = shop.page(author, &format!("/console/kb/a/{id}")).await;
    let part = Part::bytes(&b"\x89PNG"[..]).file_name("a.png").mime_str("image/png").expect("a type");
    let form = Form::new().text("csrf", hidden(&page, "csrf")).part("file", part);
    let post =
        site.client.post(site.url(&format!("/console/kb/a/{id}/files"))).header("accept", "text/plain");
    let line = site.page(with_cookie(post.multipart(form), author)).await;
    assert!(line.starts_with("![a.png](/kb/files/") && line.ends_with("/a.png)"), "{line}");
    close(shop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gap_is_answered_from_the_solved_ticket_that_holds_the_answer() {
    let shop = Shop::open().await;
    let (site, author, lead) = (&shop.site, shop.author.as_str(), shop.lead.as_str());
    let app = &site.server.running.app;
    let opened = site.server.opens("蓝牙电子秤配对后没有读数，我的电话13812345678").await;
    let number: Number = opened.parse().expect("a number");
    let staff = staff::all(&app.desk.db).await.expect("the store");
    let by = Actor::Staff(staff.into_iter().find(|s| s.email == AGENT).expect("an agent").id);
    let cure = "在设备管理里删除电子秤，长按电源键五秒后重新配对。";
    app.desk.reply(number, &by, &Reply { text: cure.into(), ..Reply::default() }).await.expect("a reply");
    let done = Patch { status: Some(Status::Resolved), ..Patch::default() };
    app.desk.patch(number, &by, &done).await.expect("solved");
    site.page(site.get("/search?q=蓝牙电子秤没有读数&lang=zh-CN")).await;
    app.library.refresh().await.expect("an index");
    let gaps = shop.page(lead, "/console/kb/gaps").await;
    let gap = gaps.split("/console/kb/gaps/").nth(1).and_then(|rest| rest.split('"').next()).expect("a gap");
    let page = shop.page(author, &format!("/console/kb/gaps/{gap}")).await;
    assert!(page.contains(&number.to_string()) && page.contains("长按电源键"), "{page}");
    let place =
        shop.sends(author, &page, &format!("/console/kb/from-ticket/{number}"), &[("gap", gap)]).await;
    let path = format!("/console/kb/a/{}", id_of(&place));
    let draft = shop.page(author, &path).await;
    assert!(draft.contains("蓝牙电子秤没有读数") && draft.contains("长按电源键"), "{draft}");
    assert!(draft.contains("〔电话〕") && !draft.contains("13812345678"), "{draft}");
    let tried = shop.page(author, &format!("{path}?try=own")).await;
    assert!(tried.contains("用没答上来的问题试这份草稿") && tried.contains("<td>1</td>"), "{tried}");
    let again = shop.page(author, &format!("/console/kb/gaps/{gap}")).await;
    assert!(again.contains("草稿"), "the gap's page names what is being written: {again}");
    let version = hidden(&draft, "version");
    shop.sends(author, &draft, &format!("{path}/state"), &[("version", &version), ("do", "submit")]).await;
    let page = shop.page(lead, &path).await;
    let version = hidden(&page, "version");
    shop.sends(lead, &page, &format!("{path}/state"), &[("version", &version), ("do", "publish")]).await;
    let closed = shop.page(lead, "/console/kb/gaps?state=closed").await;
    assert!(closed.contains("蓝牙电子秤没有读数") && closed.contains("之后没人再问"), "{closed}");
    close(shop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_page_of_the_workshop_has_its_picture() {
    let Some(browser) = Browser::open(Window::Desktop, "zh-CN").await else { return };
    let shop = Shop::open().await;
    let (site, author, lead) = (&shop.site, shop.author.as_str(), shop.lead.as_str());
    site.page(site.get("/search?q=深色模式&lang=zh-CN")).await;
    site.page(site.get("/search?q=zxqvwk+plombir&lang=en")).await;
    let empty = shop.page(author, "/console/kb/new").await;
    let draft = id_of(&shop.sends(author, &empty, "/console/kb/new", &WORDS).await);
    let known =
        site.server.running.app.library.article("zh/e-1042-server-unreachable").await.expect("the store");
    let live = known.expect("a demo article").id;
    let page = shop.page(lead, &format!("/console/kb/a/{live}")).await;
    let words = [
        ("version", hidden(&page, "version")),
        ("title", "开票时报错 E-1042".into()),
        ("lang", "zh-CN".into()),
        ("form", "text".into()),
        ("body", "## 现象\n转圈。\n\n## 解决办法\n1. 检查网线。\n2. 放行 9443 端口。".into()),
    ];
    let words: Vec<(&str, &str)> = words.iter().map(|(k, v): &(&str, String)| (*k, v.as_str())).collect();
    shop.sends(lead, &page, &format!("/console/kb/a/{live}/save"), &words).await;
    let questions = shop.page(lead, "/console/kb/questions").await;
    let line =
        "{\"id\":\"q1\",\"query\":\"E-1042 连不上服务器\",\"relevant\":[\"zh/e-1042-server-unreachable\"]}";
    shop.refused(lead, &questions, "/console/kb/questions", &[("lines", line)]).await;

    browser.goes(&site.url("/console/login")).await;
    browser.types("#email", AGENT).await;
    browser.types("#password", PASSWORD).await;
    browser.clicks(".login button").await;
    browser.sees("h1", "工单").await;
    let gaps = shop.page(lead, "/console/kb/gaps").await;
    let gap = gaps
        .split("/console/kb/gaps/")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a gap")
        .to_owned();
    let pages = [
        ("kb-list", "/console/kb".to_owned()),
        ("kb-new", "/console/kb/new".to_owned()),
        ("kb-draft", format!("/console/kb/a/{draft}")),
        ("kb-staged", format!("/console/kb/a/{live}")),
        ("kb-history", format!("/console/kb/a/{live}/history")),
        ("kb-translate", format!("/console/kb/a/{live}/translate")),
        ("kb-figures", format!("/console/kb/a/{live}/figures")),
        ("kb-gaps", "/console/kb/gaps".to_owned()),
        ("kb-gap", format!("/console/kb/gaps/{gap}")),
        ("kb-outcomes", "/console/kb/outcomes".to_owned()),
        ("kb-questions", "/console/kb/questions".to_owned()),
        ("kb-trail", "/console/kb/trail".to_owned()),
    ];
    for (window, name) in [(Window::Desktop, "desktop"), (Window::Phone, "phone")] {
        browser.resize(window).await;
        for (page, path) in &pages {
            let theme = if *page == "kb-gaps" { "dark" } else { "light" };
            browser.goes(&site.url(&format!("{path}?theme={theme}"))).await;
            browser.screenshot(&format!("{page}-{name}")).await;
            let wide =
                browser.execute("return document.documentElement.scrollWidth > innerWidth", vec![]).await;
            assert_eq!(
                wide.expect("a width"),
                serde_json::json!(false),
                "{page} scrolls sideways on a {name}"
            );
        }
    }
    browser.resize(Window::Desktop).await;
    browser.goes(&site.url(&format!("/console/kb/a/{draft}"))).await;
    browser.types("#cause", "屏幕亮度").await;
    browser.sees("#preview", "屏幕亮度").await;
    browser.all_quiet().await;
    browser.close().await;
    close(shop).await;
}

async fn close(shop: Shop) {
    shop.site.server.running.stop().await;
}
