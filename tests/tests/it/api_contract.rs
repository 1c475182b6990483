//! The API as programs rely on it: shapes, refusals, paging, tokens; on both databases.
use reqwest::Method;
use serde_json::{Value, json};

use crate::api_server::{TestServer, answer, problem, report, served};

served! {
    async fn a_ticket_has_the_promised_shape(s: TestServer) {
        let response = s.post("/api/v1/tickets", &report("E-1042")).send().await.expect("an answer");
        assert_eq!(response.status(), 201);
        let place = response.headers()["location"].to_str().expect("a path").to_owned();
        let made: Value = response.json().await.expect("a ticket");
        let number = made["number"].as_str().expect("a number");
        assert_eq!(place, format!("/api/v1/tickets/{number}"));
        let (_, read) = answer(s.get(&place)).await;
        assert_eq!(made, read);
        assert_eq!(read["severity"], 2);
        assert!(read["severity_reason"].as_str().is_some_and(|r| r.contains("L2")), "{read}");
        assert_eq!((&read["kind"], &read["status"], &read["channel"]), (&json!("fault"), &json!("new"), &json!("api")));
        assert_eq!((&read["product"], &read["version"]), (&json!("invoice"), &json!("3.2.1")));
        assert_eq!(read["customer"], json!({ "name": "Li Wei", "email": "li.wei@example.com" }));
        assert_eq!(read["created_at"], "2026-09-28T01:00:00Z");
        assert_eq!(read["clocks"], json!([
            { "milestone": "first_response", "due_at": "2026-09-28T01:10:00Z", "state": "running" },
            { "milestone": "resolve", "due_at": "2026-09-28T05:00:00Z", "state": "running" },
        ]));
        let message = &read["messages"][0];
        assert_eq!((&message["author"], &message["internal"]), (&json!("customer"), &json!(false)));
        assert_eq!((&message["edited_at"], &message["revisions"], &message["attachments"]), (&Value::Null, &json!([]), &json!([])));
        assert_eq!(read["rating"], Value::Null);
    }
}

served! {
    async fn the_reason_is_told_in_the_language_asked_for(s: TestServer) {
        let number = s.opens("E-1042").await;
        let (_, ticket) = answer(s.get(&format!("/api/v1/tickets/{number}")).header("accept-language", "zh-CN,zh")).await;
        assert!(ticket["severity_reason"].as_str().is_some_and(|r| r.contains("2 级")), "{ticket}");
    }
}

served! {
    async fn a_reply_is_the_first_response_and_a_note_is_not(s: TestServer) {
        let number = s.opens("E-1042").await;
        let messages = format!("/api/v1/tickets/{number}/messages");
        let (status, note) = answer(s.post(&messages, &json!({ "text": "looks like the firewall", "internal": true }))).await;
        assert_eq!((status, &note["internal"], &note["author"]), (201, &json!(true), &json!("staff")));
        let (_, ticket) = answer(s.get(&format!("/api/v1/tickets/{number}"))).await;
        assert_eq!((&ticket["status"], &ticket["clocks"][0]["state"]), (&json!("new"), &json!("running")));
        let (status, _) = answer(s.post(&messages, &json!({ "text": "请放行 8443 端口" }))).await;
        assert_eq!(status, 201);
        let (_, ticket) = answer(s.get(&format!("/api/v1/tickets/{number}"))).await;
        assert_eq!((&ticket["status"], &ticket["clocks"][0]["state"]), (&json!("open"), &json!("met")));
        assert_eq!(ticket["messages"].as_array().map(Vec::len), Some(3));
    }
}

served! {
    async fn a_ticket_changes_as_asked_and_not_otherwise(s: TestServer) {
        let path = format!("/api/v1/tickets/{}", s.opens("E-1042").await);
        let patch = |body: Value| s.bare(Method::PATCH, &path).bearer_auth(&s.token).json(&body);
        let (status, ticket) = answer(patch(json!({ "severity": 1, "reason": "the whole branch stands still" }))).await;
        assert_eq!((status, &ticket["severity"]), (200, &json!(1)));
        assert!(ticket["severity_reason"].as_str().is_some_and(|r| r.contains("the whole branch")));
        let refused = problem(patch(json!({ "severity": 3 })).send().await.expect("an answer"), 422).await;
        assert_eq!(refused["errors"][0]["field"], "reason");
        let refused = problem(patch(json!({ "severity": 9, "reason": "x" })).send().await.expect("an answer"), 422).await;
        assert_eq!(refused["errors"][0]["field"], "severity");
        let refused = problem(patch(json!({ "assignee": "nobody@example.com" })).send().await.expect("an answer"), 409).await;
        assert_eq!(refused["errors"][0]["field"], "assignee");
        let refused = problem(patch(json!({ "severity": null, "reason": "x" })).send().await.expect("an answer"), 422).await;
        assert_eq!(refused["errors"][0]["field"], "severity");
        let refused = problem(patch(json!({ "stauts": "open" })).send().await.expect("an answer"), 422).await;
        assert_eq!(refused["errors"][0]["field"], "stauts");
        let (_, ticket) = answer(patch(json!({ "status": "resolved", "reason": "rule mended" }))).await;
        assert_eq!((&ticket["status"], &ticket["clocks"][1]["state"]), (&json!("resolved"), &json!("met")));
    }
}

served! {
    async fn a_member_of_staff_is_assigned_by_address(s: TestServer) {
        let desk = &s.running.app.desk;
        let role = firstline_core::staff::Role::Agent;
        firstline_core::staff::add(&desk.db, &desk.clock, "chen@example.com", "Chen", role, "long enough").await.expect("staff");
        let path = format!("/api/v1/tickets/{}", s.opens("E-1042").await);
        let patch = |body: Value| s.bare(Method::PATCH, &path).bearer_auth(&s.token).json(&body);
        let (_, ticket) = answer(patch(json!({ "assignee": "chen@example.com" }))).await;
        assert_eq!(ticket["assignee"], "chen@example.com");
        let (_, ticket) = answer(patch(json!({ "assignee": null }))).await;
        assert_eq!(ticket["assignee"], Value::Null);
    }
}

served! {
    async fn a_refused_ticket_names_the_field(s: TestServer) {
        let mut cases = vec![("unknown", json!({ "titel": "x" }), "titel"), ("missing", json!({ "title": "x" }), "text")];
        for (field, value) in [("title", json!("  ")), ("text", json!("")), ("scope", json!("everybody")), ("workaround", json!("no"))] {
            let mut body = report("x");
            body[field] = value;
            cases.push(("wrong", body, field));
        }
        let mut email = report("x");
        email["customer"]["email"] = json!("not an address");
        cases.push(("wrong", email, "email"));
        for (what, body, field) in cases {
            let refused = problem(s.post("/api/v1/tickets", &body).send().await.expect("an answer"), 422).await;
            let named = refused["errors"][0]["field"].as_str().unwrap_or_default();
            assert!(named.ends_with(field), "{what} {field}: {refused}");
        }
    }
}

served! {
    async fn malformed_input_is_the_callers_fault(s: TestServer) {
        let post = || s.bare(Method::POST, "/api/v1/tickets").bearer_auth(&s.token);
        let json = |body: &'static str| post().header("content-type", "application/json").body(body);
        problem(json("{").send().await.expect("an answer"), 400).await;
        problem(json(r#"{"title": "a\u0000b"}"#).send().await.expect("an answer"), 422).await;
        problem(post().body("title=x").send().await.expect("an answer"), 415).await;
        let huge = format!("{{\"title\": \"{}\"}}", "x".repeat(2_000_000));
        problem(post().header("content-type", "application/json").body(huge).send().await.expect("an answer"), 413).await;
        for path in [
            "/api/v1/search", "/api/v1/search?q=x&limit=0", "/api/v1/search?q=x&limit=many", "/api/v1/search?q=x&lang=fr",
            "/api/v1/search?q=x&limt=3", "/api/v1/tickets?cursor=x", "/api/v1/tickets?limit=101", "/api/v1/articles?cursor=..",
        ] {
            problem(s.get(path).send().await.expect("an answer"), 422).await;
        }
        problem(s.get("/api/v1/articles/%00").send().await.expect("an answer"), 400).await;
        problem(s.get("/api/v1/articles/%FF").send().await.expect("an answer"), 400).await;
        for path in ["/api/v1/tickets/FL-999999", "/api/v1/tickets/x", "/api/v1/articles/x", "/api/v1/nothing", "/api/v2"] {
            problem(s.get(path).send().await.expect("an answer"), 404).await;
        }
        let wrong = s.bare(Method::DELETE, "/api/v1/tickets").send().await.expect("an answer");
        assert!(wrong.headers().contains_key("allow"));
        problem(wrong, 405).await;
    }
}

served! {
    async fn a_token_is_asked_for_and_checked(s: TestServer) {
        for (method, path) in [
            (Method::GET, "/api/v1/tickets"), (Method::POST, "/api/v1/tickets"), (Method::GET, "/api/v1/tickets/FL-1"),
            (Method::GET, "/api/v1/articles"), (Method::PUT, "/api/v1/articles/x"), (Method::PATCH, "/api/v1/tickets/FL-1"),
            (Method::POST, "/api/v1/tickets/FL-1/messages"), (Method::POST, "/api/v1/articles"),
        ] {
            let none = s.bare(method.clone(), path).send().await.expect("an answer");
            assert!(none.headers()["www-authenticate"].to_str().is_ok_and(|v| v.starts_with("Bearer")), "{path}");
            problem(none, 401).await;
            let wrong = s.bare(method, path).bearer_auth("fl_0000").send().await.expect("an answer");
            problem(wrong, 401).await;
        }
        let wrong = s.bare(Method::GET, "/api/v1/search?q=x").bearer_auth("fl_0000").send().await.expect("an answer");
        problem(wrong, 401).await;
        let basic = s.bare(Method::GET, "/api/v1/tickets").basic_auth("a", Some("b")).send().await.expect("an answer");
        problem(basic, 401).await;
    }
}

served! {
    async fn pages_of_tickets_meet_each_exactly_once(s: TestServer) {
        let mut opened = Vec::new();
        for n in 0..7 {
            opened.push(s.opens(&format!("fault {n}")).await);
            // Some share their millisecond: the cursor must still tell them apart.
            s.clock.advance_millis(n % 2);
        }
        let mut seen = Vec::new();
        let mut path = "/api/v1/tickets?limit=3".to_owned();
        loop {
            let (status, page) = answer(s.get(&path)).await;
            assert_eq!(status, 200, "{page}");
            let items = page["items"].as_array().expect("items");
            assert!(items.len() <= 3);
            seen.extend(items.iter().map(|t| t["number"].as_str().expect("a number").to_owned()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/api/v1/tickets?limit=3&cursor={cursor}");
        }
        opened.reverse();
        assert_eq!(seen, opened);
    }
}

served! {
    async fn an_article_is_added_changed_read_and_paged(s: TestServer) {
        let article = |id: &str, title: &str| json!({
            "external_id": id, "lang": "zh", "title": title, "body_md": "## 步骤\n1. 打开防火墙。", "product": "invoice", "tags": ["网络"],
        });
        let (status, made) = answer(s.post("/api/v1/articles", &article("a-1", "E-1042 连不上服务器"))).await;
        assert_eq!((status, &made["lang"], &made["revision"]), (201, &json!("zh-CN"), &json!(1)));
        let (status, same) = answer(s.post("/api/v1/articles", &article("a-1", "E-1042 连不上服务器"))).await;
        assert_eq!((status, &same), (200, &made));
        let put = |body: Value| s.bare(Method::PUT, "/api/v1/articles").bearer_auth(&s.token).json(&body);
        assert_eq!(answer(put(article("a-1", "E-1042 连不上服务器"))).await, (200, made.clone()));
        let nameless = json!({ "lang": "zh", "title": "x", "body_md": "x" });
        problem(put(nameless).send().await.expect("an answer"), 422).await;
        let path = format!("/api/v1/articles/{}", made["id"].as_str().expect("an id"));
        let put = |body: Value| s.bare(Method::PUT, &path).bearer_auth(&s.token).json(&body);
        let (status, changed) = answer(put(article("a-1", "E-1042：连不上开票服务器"))).await;
        assert_eq!((status, &changed["revision"]), (200, &json!(2)));
        problem(put(article("another", "x")).send().await.expect("an answer"), 409).await;
        let by_name = |body: Value| s.bare(Method::PUT, "/api/v1/articles/b-1").bearer_auth(&s.token).json(&body);
        let (status, added) = answer(by_name(json!({ "lang": "en", "title": "New", "body_md": "x" }))).await;
        assert_eq!((status, &added["external_id"], &added["revision"]), (201, &json!("b-1"), &json!(1)));
        let (status, again) = answer(by_name(json!({ "lang": "en", "title": "New", "body_md": "y" }))).await;
        assert_eq!((status, &again["id"], &again["revision"]), (200, &added["id"], &json!(2)));
        problem(by_name(article("another", "x")).send().await.expect("an answer"), 409).await;
        assert_eq!(answer(s.get(&path)).await.1, changed);
        for n in 2..=4 {
            answer(s.post("/api/v1/articles", &article(&format!("a-{n}"), "x"))).await;
        }
        let (_, first) = answer(s.get("/api/v1/articles?limit=3&lang=zh")).await;
        let cursor = first["next_cursor"].as_str().expect("more");
        let (_, second) = answer(s.get(&format!("/api/v1/articles?limit=3&cursor={cursor}"))).await;
        assert_eq!((first["items"].as_array().map(Vec::len), second["items"].as_array().map(Vec::len)), (Some(3), Some(1)));
        assert_eq!(second["next_cursor"], Value::Null);
        assert_eq!(answer(s.get("/api/v1/articles?lang=en")).await.1["items"], json!([again]));
    }
}

served! {
    async fn what_was_added_is_found_and_answers(s: TestServer) {
        let article = json!({
            "external_id": "en/e-1042", "lang": "en", "title": "E-1042: cannot reach the invoice server", "codes": ["E-1042"],
            "body_md": "## Steps\n1. Open TCP port 8443 in the firewall.", "product": "invoice",
        });
        let (_, made) = answer(s.post("/api/v1/articles", &article)).await;
        s.running.app.library.refresh().await.expect("the index is up to date");
        for lang in ["zh-Hant", "zh_TW", "EN-gb"] {
            let path = format!("/api/v1/search?q=E-1042&lang={lang}");
            assert_eq!(answer(s.bare(Method::GET, &path)).await.0, 200, "an asker's device says {lang}");
        }
        let (status, found) = answer(s.bare(Method::GET, "/api/v1/search?q=E-1042&lang=en&limit=5")).await;
        assert_eq!((status, &found["query"], &found["total"]), (200, &json!("E-1042"), &json!(1)));
        let hit = &found["hits"][0];
        assert_eq!((&hit["id"], &hit["external_id"], &hit["kind"]), (&made["id"], &json!("en/e-1042"), &json!("troubleshooting")));
        assert!(hit["score"].as_f64().is_some_and(|score| (0.0..=1.0).contains(&score)));
        assert_eq!(hit["url"], made["url"]);
        let question = json!({ "q": "E-1042 cannot reach the invoice server", "lang": "en" });
        let (status, said) = answer(s.bare(Method::POST, "/api/v1/answers").json(&question)).await;
        assert_eq!((status, &said["answer"]), (200, &json!("direct")), "{said}");
        assert!(said["steps_md"].as_str().is_some_and(|steps| steps.contains("8443")), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn search_and_answers_ask_for_a_token_when_they_are_not_public() {
    let s = TestServer::sqlite(|config| {
        config.search_public = false;
        config.answers_public = false;
    })
    .await;
    problem(s.bare(Method::GET, "/api/v1/search?q=x").send().await.expect("an answer"), 401).await;
    problem(
        s.bare(Method::POST, "/api/v1/answers").json(&json!({ "q": "x" })).send().await.expect("an answer"),
        401,
    )
    .await;
    assert_ne!(s.get("/api/v1/search?q=x").send().await.expect("an answer").status(), 401);
    s.running.stop().await;
}
