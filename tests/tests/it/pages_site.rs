//! A server with the demo's articles and staff, as people with a browser meet it.
use std::path::Path;

use fantoccini::Locator;
use firstline::config::Config;
use firstline_core::staff::{self, Role};
use firstline_core::ticket::Number;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder, Response, redirect};

use crate::api_server::TestServer;
use crate::harness::browser::Browser;
use crate::harness::signal::ask_until;

pub const AGENT: &str = "chen@example.com";
pub const PASSWORD: &str = "a good long password";

/// The server, and a client that follows no redirect and keeps no cookie.
pub struct Site {
    pub server: TestServer,
    pub client: Client,
}

impl Site {
    pub async fn open() -> Site {
        Site::with(|_| ()).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Site {
        let server = TestServer::sqlite(change).await;
        let app = &server.running.app;
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kb/demo");
        firstline_kb::import::import(&app.library, &demo, &mut |_| {}).await.expect("the demo articles");
        app.library.refresh().await.expect("an index");
        staff::add(&app.desk.db, &app.desk.clock, AGENT, "陈静", Role::Agent, PASSWORD)
            .await
            .expect("an agent");
        let client =
            Client::builder().no_proxy().redirect(redirect::Policy::none()).build().expect("an HTTP client");
        Site { server, client }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.running.addr)
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path))
    }

    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        self.client.request(Method::POST, self.url(path)).form(form)
    }

    /// The text of a page that must be there.
    pub async fn page(&self, request: RequestBuilder) -> String {
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200, "{}", answer.url());
        answer.text().await.expect("a page")
    }

    /// Logs in by the form; gives the cookie to send.
    pub async fn session(&self) -> String {
        let sent = self.post("/console/login", &[("email", AGENT), ("password", PASSWORD), ("next", "")]);
        let answer = sent.send().await.expect("an answer");
        assert_eq!((answer.status().as_u16(), location(&answer)), (303, "/console".to_owned()));
        cookie(&answer, "staff").expect("a session cookie")
    }

    /// The customer's link of a ticket, as a path.
    pub async fn link(&self, number: &str) -> String {
        let desk = &self.server.running.app.desk;
        let number: Number = number.parse().expect("a number");
        let ticket = desk.ticket(number).await.expect("a ticket").ticket;
        format!("/t/{number}?key={}", desk.links.ticket_key(&ticket.id))
    }
}

pub fn location(answer: &Response) -> String {
    answer.headers().get(LOCATION).map(|v| v.to_str().unwrap_or_default().to_owned()).unwrap_or_default()
}

/// `name=value` of a cookie just set.
pub fn cookie(answer: &Response, name: &str) -> Option<String> {
    let all = answer.headers().get_all(SET_COOKIE).iter().filter_map(|v| v.to_str().ok());
    all.filter_map(|c| c.split(';').next()).find(|c| c.starts_with(&format!("{name}="))).map(str::to_owned)
}

pub fn with_cookie(request: RequestBuilder, cookie: &str) -> RequestBuilder {
    request.header(COOKIE, cookie)
}

/// The value of the first hidden field of this name.
pub fn hidden(page: &str, name: &str) -> String {
    let from =
        page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no field {name}"));
    from.split('"').next().unwrap_or_default().to_owned()
}

/// What people do in a browser.
pub trait Hands {
    async fn goes(&self, url: &str);
    async fn clicks(&self, css: &str);
    async fn types(&self, css: &str, text: &str);
    /// Waits until the page shows this text somewhere below `css`.
    async fn sees(&self, css: &str, text: &str);
    /// Nothing was refused and no script failed.
    async fn all_quiet(&self);
}

impl Hands for Browser {
    async fn goes(&self, url: &str) {
        self.goto(url).await.unwrap_or_else(|e| panic!("{url}: {e}"));
    }

    async fn clicks(&self, css: &str) {
        let element = ask_until(
            || async { self.find(Locator::Css(css)).await.ok() },
            || format!("nothing to click at {css}"),
        );
        element.await.click().await.unwrap_or_else(|e| panic!("{css}: {e}"));
    }

    async fn types(&self, css: &str, text: &str) {
        let element = self.find(Locator::Css(css)).await.unwrap_or_else(|e| panic!("{css}: {e}"));
        element.send_keys(text).await.unwrap_or_else(|e| panic!("{css}: {e}"));
    }

    async fn sees(&self, css: &str, text: &str) {
        let look = || async {
            for element in self.find_all(Locator::Css(css)).await.ok()? {
                if element.text().await.is_ok_and(|shown| shown.contains(text)) {
                    return Some(());
                }
            }
            None
        };
        ask_until(look, || format!("{text:?} in {css}")).await;
    }

    async fn all_quiet(&self) {
        let said = self.console().await;
        assert!(said.is_empty(), "{said:#?}");
    }
}
