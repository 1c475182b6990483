//! The OpenAPI document: everything that answers is in it, and answers look as it says.
use reqwest::Method;
use serde_json::{Value, json};

use crate::api_server::{TestServer, answer, report};
use crate::harness::json_schema;

const PROMISED: [(&str, &str); 27] = [
    ("get", "/api/v1/search"),
    ("post", "/api/v1/answers"),
    ("get", "/api/v1/outcomes"),
    ("get", "/api/v1/suggest"),
    ("get", "/api/v1/products"),
    ("get", "/api/v1/products/{product}/releases"),
    ("get", "/api/v1/products/{product}/releases/{version}"),
    ("get", "/api/v1/upgrade-path"),
    ("get", "/api/v1/customers"),
    ("post", "/api/v1/customers"),
    ("get", "/api/v1/customers/{id}"),
    ("get", "/api/v1/contracts"),
    ("post", "/api/v1/contracts"),
    ("get", "/api/v1/contracts/{id}"),
    ("get", "/api/v1/installations"),
    ("post", "/api/v1/installations"),
    ("get", "/api/v1/installations/{id}"),
    ("get", "/api/v1/articles"),
    ("post", "/api/v1/articles"),
    ("put", "/api/v1/articles"),
    ("get", "/api/v1/articles/{id}"),
    ("put", "/api/v1/articles/{id}"),
    ("get", "/api/v1/tickets"),
    ("post", "/api/v1/tickets"),
    ("get", "/api/v1/tickets/{number}"),
    ("patch", "/api/v1/tickets/{number}"),
    ("post", "/api/v1/tickets/{number}/messages"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_holds_every_promised_route_and_no_other() {
    let s = TestServer::sqlite(|_| ()).await;
    let (status, document) = answer(s.bare(Method::GET, "/api/openapi.json")).await;
    assert_eq!(status, 200);
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        found.extend(
            item.as_object().expect("operations").keys().map(|method| (method.clone(), path.clone())),
        );
    }
    found.sort();
    let mut promised: Vec<_> = PROMISED.iter().map(|(m, p)| (m.to_string(), p.to_string())).collect();
    promised.sort();
    assert_eq!(found, promised);
    for (method, path) in PROMISED {
        // Without a token everything but search, answers and the catalogue is refused as such: the route exists.
        let method = method.to_uppercase().parse::<Method>().expect("a method");
        let real = path.replace("{id}", "x").replace("{number}", "FL-1");
        let status = s.bare(method, &real).send().await.expect("an answer").status().as_u16();
        let open = ["/api/v1/products", "/api/v1/suggest", "/api/v1/upgrade-path"];
        let expected: &[u16] =
            if open.iter().any(|o| path.starts_with(o)) { &[200, 404, 422] } else { &[401, 415, 422] };
        assert!(expected.contains(&status), "{path}: {status}");
    }
    s.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_look_as_the_document_says() {
    let s = TestServer::sqlite(|_| ()).await;
    let document = firstline::api::openapi();
    let article = json!({ "lang": "en", "title": "E-1042", "body_md": "## Steps\n1. Wait." });
    let number = s.opens("E-1042").await;
    s.running.app.library.refresh().await.expect("an index");
    let ticket = format!("/api/v1/tickets/{number}");
    for (request, method, path, status) in [
        (s.post("/api/v1/articles", &article), "post", "/api/v1/articles", 201),
        (s.get("/api/v1/articles"), "get", "/api/v1/articles", 200),
        (s.get("/api/v1/search?q=E-1042"), "get", "/api/v1/search", 200),
        (s.post("/api/v1/answers", &json!({ "q": "E-1042" })), "post", "/api/v1/answers", 200),
        (s.post("/api/v1/tickets", &report("x")), "post", "/api/v1/tickets", 201),
        (s.get("/api/v1/outcomes"), "get", "/api/v1/outcomes", 200),
        (s.get("/api/v1/tickets"), "get", "/api/v1/tickets", 200),
        (s.get(&ticket), "get", "/api/v1/tickets/{number}", 200),
        (
            s.post(&format!("{ticket}/messages"), &json!({ "text": "x" })),
            "post",
            "/api/v1/tickets/{number}/messages",
            201,
        ),
        (s.post("/api/v1/tickets", &json!({})), "post", "/api/v1/tickets", 422),
        (s.get("/api/v1/tickets/FL-9"), "get", "/api/v1/tickets/{number}", 404),
    ] {
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status().as_u16(), status, "{method} {path}");
        let media = response.headers()["content-type"].to_str().expect("a media type").to_owned();
        let body: Value = response.json().await.expect("JSON");
        let schema =
            &document["paths"][path][method]["responses"][status.to_string()]["content"][&media]["schema"];
        assert!(schema.is_object(), "{method} {path} {status} {media} is not in the document");
        let wrong = json_schema::violations(&document, schema, &body);
        assert!(wrong.is_empty(), "{method} {path}: {wrong:?}\n{body:#}");
    }
    s.running.stop().await;
}
