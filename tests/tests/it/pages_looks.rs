//! Every page of portal and console in both languages and themes, on a phone and a desk: nothing wider than
//! the window, nothing refused or failed in the browser's log, a name for every control, one heading.
use firstline_core::groups::rows as groups;
use firstline_core::routing::GroupKind;
use firstline_core::staff::{self, Role};
use serde_json::{Value, json};

use crate::harness::browser::{Browser, Window};
use crate::pages_browser::log_in;
use crate::pages_site::{Hands, PASSWORD, Site};
use crate::service::{Hospital, fault, group, open};

const MANAGER: &str = "boss@example.com";
/// Nothing in it may be broken by a browser.
const LONG: &str =
    "C:\\Users\\Administrator\\AppData\\Local\\ChestnutInvoice\\exports\\folder_without_any_space_2026.xlsx";

/// What a person sees at once and a stylesheet hides from a test of texts. Returns the faults as sentences.
const LOOK: &str = r#"
    const faults = [];
    const wide = document.documentElement.scrollWidth;
    if (wide > innerWidth) faults.push(`${wide} wide in a window of ${innerWidth}`);
    const shown = (el) => el.checkVisibility({ visibilityProperty: true });
    const name = (el) => [
        el.getAttribute("aria-label"),
        (el.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent).join(" "),
        ...[...(el.labels ?? [])].map((label) => label.textContent),
        el.matches("input, select, textarea") ? "" : el.innerText,
        ...[...el.querySelectorAll("img[alt]")].map((img) => img.alt),
        el.getAttribute("title"),
    ].find((text) => text?.trim());
    for (const el of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
        if (shown(el) && !name(el)) faults.push(`no name: ${el.outerHTML.slice(0, 120)}`);
    }
    const phone = innerWidth < 500;
    const within = (el) => (/^(checkbox|radio|file)$/.test(el.type) && el.closest("label")) || el;
    for (const el of document.querySelectorAll("button, select, input:not([type=hidden]), textarea, .button, .tabs a, .sections a")) {
        if (phone && shown(el) && !el.closest(".visually-hidden") && within(el).getBoundingClientRect().height < 43.5) {
            faults.push(`too small for a finger: ${el.outerHTML.slice(0, 120)}`);
        }
    }
    const heads = document.querySelectorAll("h1").length;
    if (heads !== 1) faults.push(`${heads} first headings`);
    const ids = [...document.querySelectorAll("[id]")].map((el) => el.id);
    const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
    if (twice.length) faults.push(`ids twice: ${twice.join(" ")}`);
    if (document.title.split(" · ")[0].trim() === "") faults.push("no title");
    if (document.body.innerText.match(/\{ ?\$|\bundefined\b|\bNaN\b/)) faults.push("an unfilled text");
    return faults;
"#;

/// Pages without a log-in, with and without something on them.
async fn portal(site: &Site, link: &str) -> Vec<String> {
    let library = &site.server.running.app.library;
    let article =
        library.article("zh/e-1042-server-unreachable").await.expect("the store").expect("an article");
    let fixed = [
        "/",
        "/search",
        "/search?q=E-1042",
        "/search?q=zxqvwk",
        "/products",
        "/products/invoice",
        "/products/invoice/3.2.0",
        "/upgrade",
        "/upgrade?product=invoice&version=3.1.4&goal=fixes&code=E-1042",
        "/upgrade?product=invoice&version=latest",
        "/downloads",
        "/chat",
        "/nowhere",
        "/console/login",
    ];
    let mut all: Vec<String> = fixed.iter().map(|path| (*path).to_owned()).collect();
    all.extend([format!("/kb/{}", article.id), link.to_owned()]);
    all
}

/// Pages of staff.
async fn console(site: &Site, hospital: &Hospital, number: &str) -> Vec<String> {
    let app = &site.server.running.app;
    let groups = groups::all(&app.desk.db).await.expect("groups");
    let releases = app.catalogue.releases("invoice").await.expect("releases");
    let shelf =
        app.library.article("zh/e-1042-server-unreachable").await.expect("the store").expect("an article");
    let fixed = [
        "/console",
        "/console?tab=mine",
        "/console?q=zxqvwk",
        "/console/new",
        "/console/customers",
        "/console/contracts",
        "/console/contacts",
        "/console/installations",
        "/console/groups",
        "/console/rota",
        "/console/plans",
        "/console/plans/P6",
        "/console/plans/P6/running",
        "/console/plans/holidays",
        "/console/files",
        "/console/releases?tab=published",
        "/console/releases?tab=calendar",
        "/console/releases/new",
        "/console/trouble",
        "/console/search?q=E-1042",
        "/console/dict/codes",
        "/console/dict/codes/new",
        "/console/dict/of/pin",
        "/console/dict/of/pin/new",
        "/console/dict/settings",
        "/console/kb",
        "/console/kb/new",
        "/console/kb/gaps",
        "/console/kb/outcomes",
        "/console/kb/questions",
        "/console/kb/trail",
        "/console/tickets/FL-99999",
    ];
    let mut all: Vec<String> = fixed.iter().map(|path| (*path).to_owned()).collect();
    all.extend([
        format!("/console/tickets/{number}"),
        format!("/console/customers/{}", hospital.customer.id),
        format!("/console/contracts/{}", hospital.contract.id),
        format!("/console/contacts/{}", hospital.contact.id),
        format!("/console/installations/{}", hospital.installation.id),
        format!("/console/groups/{}", groups[0].id),
        format!("/console/releases/{}", releases[0].id),
        format!("/console/kb/a/{}", shelf.id),
        format!("/console/kb/a/{}/history", shelf.id),
    ]);
    all
}

/// The faults of a page, each with where it was seen.
async fn look(browser: &Browser, url: &str, at: &str) -> Vec<String> {
    browser.goes(url).await;
    let seen = browser.execute(LOOK, vec![]).await.expect("a look");
    let faults = seen.as_array().cloned().unwrap_or_default();
    let mut all: Vec<String> = faults.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    // That a page which is not there answers 404 is no fault of it.
    all.extend(browser.console().await.into_iter().filter(|line| !line.contains("status of 404")));
    all.into_iter().map(|fault| format!("{at}: {fault}")).collect()
}

async fn say(site: &Site, browser: &Browser, lang: &str) {
    let member = staff::all(&site.server.running.app.desk.db).await.expect("staff");
    let boss = member.iter().find(|m| m.email == MANAGER).expect("the manager");
    staff::set_lang(&site.server.running.app.desk.db, &boss.id, lang).await.expect("a language");
    browser.goes(&site.url(&format!("/?lang={lang}"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_page_fits_is_quiet_and_names_its_controls() {
    let Some(browser) = Browser::open(Window::Desktop, "zh-CN").await else { return };
    let site = Site::open().await;
    let app = &site.server.running.app;
    firstline::serve::demo::prepare(app).await.expect("the demo");
    let hospital = Hospital::with_plan(&app.desk, "P3", "2026-01-31").await;
    let engineer =
        staff::add(&app.desk.db, &app.desk.clock, "ann@example.com", "Ann", Role::Engineer, PASSWORD);
    let engineer = engineer.await.expect("an engineer");
    group(&app.desk, &hospital.boss, "一线支持", GroupKind::General, &[&engineer]).await;
    let number = open(&app.desk, &fault(LONG)).await.ticket.number.to_string();
    site.server.clock.advance_millis(24 * 60_000);
    let link = site.link(&number).await;
    log_in(&site, &browser, MANAGER, "correct horse").await;

    let mut pages = portal(&site, &link).await;
    pages.extend(console(&site, &hospital, &number).await);
    let mut faults = Vec::new();
    for (lang, dark) in [("zh-CN", false), ("en", true)] {
        say(&site, &browser, lang).await;
        browser.prefer_dark(dark).await;
        for window in [Window::Phone, Window::Desktop] {
            browser.resize(window).await;
            for path in &pages {
                faults.extend(look(&browser, &site.url(path), &format!("{path} ({lang}, {window:?})")).await);
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    browser.close().await;
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn products_have_their_names_and_times_their_zone() {
    let Some(browser) = Browser::open(Window::Phone, "zh-CN").await else { return };
    let site = Site::open().await;
    firstline::serve::demo::prepare(&site.server.running.app).await.expect("the demo");
    let zone = json!({"timezoneId": "Asia/Tokyo"});
    browser.devtools("Emulation.setTimezoneOverride", zone).await;
    browser.goes(&site.url("/search?q=E-1042")).await;
    browser.sees(".result", "栗子开票").await;
    browser.sees(".site-foot", "Asia/Tokyo").await;
    browser.goes(&site.url("/search?q=E-1042&lang=en")).await;
    browser.sees(".result", "Chestnut Invoice").await;
    browser.sees(".site-foot", "Asia/Tokyo").await;
    browser.close().await;
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_a_phone_a_row_of_a_table_is_a_card_that_names_its_lines() {
    let Some(browser) = Browser::open(Window::Phone, "zh-CN").await else { return };
    let site = Site::open().await;
    let hospital = Hospital::with_plan(&site.server.running.app.desk, "default", "2026-01-31").await;
    log_in(&site, &browser, MANAGER, "correct horse").await;
    browser.goes(&site.url("/console/installations")).await;
    browser.sees(".table", &hospital.installation.name).await;
    let cell = "const td = document.querySelector('.table tbody td:nth-child(2)'); \
                return [td.dataset.column, getComputedStyle(td).display, td.getAttribute('role')]";
    let seen = browser.execute(cell, vec![]).await.expect("a look");
    assert_eq!(seen, json!(["客户", "grid", "cell"]));
    browser.close().await;
    site.server.running.stop().await;
}
