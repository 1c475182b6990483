//! Pages in a real browser: a conversation that survives a reload, an agent's day, and pictures of
//! every page on a phone and a desk for people to look at (`target/screenshots`).
use crate::harness::browser::{Browser, Window};
use crate::pages_site::{AGENT, Hands, PASSWORD, Site};

pub async fn log_in(site: &Site, browser: &Browser, email: &str, password: &str) {
    browser.goes(&site.url("/console")).await;
    browser.types("#email", email).await;
    browser.types("#password", password).await;
    browser.clicks(".login button").await;
    browser.sees("h1", "工单").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_conversation_survives_a_reload_and_staff_answers_arrive_by_themselves() {
    let Some(browser) = Browser::open(Window::Phone, "zh-CN").await else { return };
    let site = Site::open().await;
    browser.goes(&site.url("/chat")).await;
    browser.screenshot("chat-phone-empty").await;
    browser.types("#text", "开票时报错 E-1042，连不上服务器\u{E007}").await;
    browser.sees(".say-bot", "8443").await;
    browser.screenshot("chat-phone-answer").await;
    browser.goes(&site.url("/chat")).await;
    browser.sees(".say-customer", "E-1042").await;
    browser.sees(".say-bot", "8443").await;
    browser.types("#text", "转人工，四台电脑都开不了票\u{E007}").await;
    browser.sees(".say-bot", "FL-").await;
    browser.screenshot("chat-phone-ticket").await;

    let Some(staff) = Browser::open(Window::Desktop, "zh-CN").await else { return };
    log_in(&site, &staff, AGENT, PASSWORD).await;
    staff.clicks(".queue-row").await;
    staff.types("#text", "您好，我是陈静，马上帮您看。").await;
    staff.clicks("button[value=send]").await;
    staff.sees(".message-staff", "马上帮您看").await;
    staff.sees(".delivery-sent", "已送达").await;
    staff.screenshot("console-ticket-chat").await;
    browser.sees(".say-staff", "马上帮您看").await;
    browser.types("#text", "谢谢\u{E007}").await;
    browser.sees(".say-customer", "谢谢").await;
    browser.screenshot("chat-phone-staff").await;
    browser.all_quiet().await;
    staff.all_quiet().await;
    browser.close().await;
    staff.close().await;
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_agent_takes_a_ticket_answers_notes_and_resolves_it() {
    let Some(browser) = Browser::open(Window::Desktop, "zh-CN").await else { return };
    let site = Site::open().await;
    let number = site.server.opens("开票时报错 E-1042，连不上服务器").await;
    log_in(&site, &browser, AGENT, PASSWORD).await;
    browser.sees(".queue", &number).await;
    // Another ticket arrives while the queue is open.
    site.server.opens("打印的发票右边被裁掉").await;
    browser.sees(".queue", "裁掉").await;
    browser.goes(&site.url(&format!("/console/tickets/{number}"))).await;
    browser.types("#text", "先问一下网络组").await;
    browser.clicks("button[value=note]").await;
    browser.sees(".message-internal", "先问一下网络组").await;
    browser.clicks("[data-dialog=severity]").await;
    browser.screenshot("console-severity-dialog").await;
    browser.types("#reason", "只有一台电脑").await;
    browser.types("#new-severity", "3").await;
    browser.clicks("dialog .button-primary").await;
    browser.sees(".timeline", "只有一台电脑").await;
    browser.types("#text", "防火墙已放行 8443，请再试一次。").await;
    browser.clicks("button[value=resolve]").await;
    browser.sees(".work-head", "已解决").await;
    browser.sees(".message-staff", "请再试一次").await;
    browser.screenshot("console-ticket-resolved").await;

    browser.goes(&site.url(&site.link(&number).await)).await;
    browser.sees("main", "现在好了吗").await;
    browser.clicks(".star[value='5']").await;
    browser.sees(".flash", "谢谢").await;
    browser.screenshot("ticket-desktop").await;
    browser.all_quiet().await;
    browser.close().await;
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_page_has_its_picture() {
    let Some(browser) = Browser::open(Window::Desktop, "zh-CN").await else { return };
    let site = Site::open().await;
    firstline::serve::demo::prepare(&site.server.running.app).await.expect("the demo");
    let number = site.server.opens("开票时报错 E-1042，连不上服务器").await;
    site.server.clock.advance_millis(24 * 60_000);
    log_in(&site, &browser, AGENT, PASSWORD).await;
    let link = site.link(&number).await;
    let known =
        site.server.running.app.library.article("zh/e-1042-server-unreachable").await.expect("the store");
    let article = format!("/kb/{}", known.expect("a demo article").id);
    let ticket = format!("/console/tickets/{number}");
    let pages = [
        ("home", "/"),
        ("search", "/search?q=E-1042+服务器"),
        ("nothing", "/search?q=zxqvwk"),
        ("browse", "/search?product=stock"),
        ("article", &article),
        ("ticket", &link),
        ("queue", "/console"),
        ("work", &ticket),
        ("trouble", "/console/trouble"),
        ("missing", "/nowhere"),
    ];
    for (window, name) in [(Window::Desktop, "desktop"), (Window::Phone, "phone")] {
        browser.resize(window).await;
        for theme in ["light", "dark"] {
            for (page, path) in pages {
                let lang = if theme == "dark" && !path.starts_with("/console") { "en" } else { "zh-CN" };
                let joint = if path.contains('?') { '&' } else { '?' };
                browser.goes(&site.url(&format!("{path}{joint}theme={theme}&lang={lang}"))).await;
                browser.screenshot(&format!("{page}-{name}-{theme}")).await;
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
