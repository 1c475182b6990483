//! The real browser opens a page, reads it, photographs it.
use fantoccini::Locator;

use crate::harness::browser::{Browser, Window};

const PAGE: &str = "data:text/html;charset=utf-8,\
    <meta name=viewport content='width=device-width'><title>Firstline</title><h1>您好</h1><script>console.warn('seen')</script>";

#[tokio::test]
async fn a_page_is_opened_on_a_phone_and_on_a_desktop() {
    let Some(browser) = Browser::open(Window::Phone, "zh-CN").await else { return };
    browser.goto(PAGE).await.expect("the page");
    let heading = browser.find(Locator::Css("h1")).await.expect("a heading");
    assert_eq!(heading.text().await.expect("its text"), "您好");
    let read = async |script: &str| browser.execute(script, Vec::new()).await.expect("a value");
    assert_eq!(read("return innerWidth").await, 390);
    assert_eq!(read("return navigator.language").await, "zh-CN");
    let path = browser.screenshot("selfcheck-phone").await;
    assert!(std::fs::metadata(&path).expect("a picture").len() > 1000);
    assert!(browser.console().await.iter().any(|line| line.contains("seen")));
    browser.resize(Window::Desktop).await;
    assert_eq!(read("return innerWidth").await, 1440);
    assert_eq!(read("return innerHeight").await, 900);
    let dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
    assert_eq!(read(dark).await, false);
    browser.prefer_dark(true).await;
    assert_eq!(read(dark).await, true);
    browser.close().await;
}
