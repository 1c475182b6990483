//! A whole server in this process, on either database, with a clock that only the test moves.
use firstline::config::{Config, Secret};
use firstline::serve::{self, Running};
use firstline_core::{Clock, staff};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::desk::MONDAY;
use crate::harness::postgres;

pub struct TestServer {
    pub running: Running,
    pub clock: Clock,
    pub token: String,
    pub client: Client,
    _dir: TempDir,
}

impl TestServer {
    pub async fn sqlite(change: impl FnOnce(&mut Config)) -> TestServer {
        TestServer::open(None, change).await
    }

    /// `None` (said on stderr) where no PostgreSQL can be started and nobody demands it.
    pub async fn postgres(name: &str, change: impl FnOnce(&mut Config)) -> Option<TestServer> {
        let url = postgres::pg_url(name).await?;
        Some(TestServer::open(Some(url), change).await)
    }

    async fn open(database_url: Option<String>, change: impl FnOnce(&mut Config)) -> TestServer {
        let dir = TempDir::new().expect("a temporary folder");
        let mut config = Config {
            data_dir: dir.path().join("data"),
            database_url: database_url.map(Secret::new),
            ..Config::default()
        };
        change(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let clock = Clock::manual(MONDAY);
        let running = serve::start(config, clock.clone(), listener).await.expect("the server starts");
        let token = staff::create_token(&running.app.desk.db, &clock, "test").await.expect("a token");
        let client = Client::builder().no_proxy().build().expect("an HTTP client");
        TestServer { running, clock, token, client, _dir: dir }
    }

    /// A request without a token.
    pub fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.running.addr))
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.bare(Method::GET, path).bearer_auth(&self.token)
    }

    pub fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.bare(Method::POST, path).bearer_auth(&self.token).json(body)
    }

    /// The number of a ticket just opened.
    pub async fn opens(&self, title: &str) -> String {
        let (status, body) = answer(self.post("/api/v1/tickets", &report(title))).await;
        assert_eq!(status, 201, "{body}");
        body["number"].as_str().expect("a number").to_owned()
    }
}

/// A fault that stops many users, without a way round: severity 2.
pub fn report(title: &str) -> Value {
    json!({
        "title": title, "text": "开票时报错 E-1042，连不上服务器", "kind": "fault", "product": "invoice",
        "version": "3.2.1", "scope": "many", "effect": "stopped", "workaround": false,
        "customer": { "name": "Li Wei", "email": "li.wei@example.com" },
    })
}

/// Status and JSON body.
pub async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    (status, response.json().await.expect("a JSON body"))
}

/// Checks that an answer is a problem document of this status and gives it.
pub async fn problem(response: Response, status: u16) -> Value {
    let path = response.url().path().to_owned();
    assert_eq!(response.status().as_u16(), status, "{path}");
    assert_eq!(response.headers()["content-type"], "application/problem+json", "{path}");
    let body: Value = response.json().await.expect("a problem document");
    assert_eq!(body["status"], status, "{body}");
    assert_eq!(body["instance"], path, "{body}");
    assert!(body["title"].is_string() && body["detail"].as_str().is_some_and(|d| !d.is_empty()), "{body}");
    body
}

/// One case on both databases: `served! { async fn name(s: TestServer) { … } }`.
macro_rules! served {
    ($(#[$meta:meta])* async fn $name:ident($s:ident: TestServer) $body:block) => {
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn case($s: $crate::api_server::TestServer) {
                let body = async |$s: &$crate::api_server::TestServer| $body;
                body(&$s).await;
                $s.running.stop().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                case($crate::api_server::TestServer::sqlite(|_| ()).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(s) = $crate::api_server::TestServer::postgres(stringify!($name), |_| ()).await {
                    case(s).await;
                }
            }
        }
    };
}
pub(crate) use served;
