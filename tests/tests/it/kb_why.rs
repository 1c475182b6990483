//! Why a hit stands where it does: over the API, and on the console's page to try the search.
use reqwest::Method;
use serde_json::{Value, json};

use crate::api_server::{answer, served};
use crate::pages_site::{Site, with_cookie};

served! {
    async fn explained_hits_add_up_to_their_scores(s: TestServer) {
        for (id, lang) in [("zh/print", "zh-CN"), ("en/print", "en")] {
            let article = json!({
                "external_id": id, "lang": lang, "title": "E-2077: 打印机无法打印 printer does not print",
                "codes": ["E-2077"], "body_md": "重新安装驱动。", "product": "invoice",
            });
            answer(s.post("/api/v1/articles", &article)).await;
        }
        s.running.app.library.refresh().await.expect("the index is up to date");
        let path = "/api/v1/search?q=E-2077%20%E6%89%93%E5%8D%B0%E6%9C%BA&lang=zh&product=stock&explain=1";
        let (status, found) = answer(s.bare(Method::GET, path)).await;
        let hits = found["hits"].as_array().expect("hits");
        assert!(status == 200 && hits.len() == 2, "{found}");
        for hit in hits {
            let parts = hit["explain"].as_object().expect("parts");
            let sum: f64 = parts.values().filter_map(Value::as_f64).sum();
            assert!((sum - hit["score"].as_f64().expect("a score")).abs() < 1e-4, "{hit}");
            assert!(parts["words"].as_f64() > Some(0.0) && parts["product"].as_f64() < Some(0.0), "{hit}");
        }
        assert_eq!(hits[0]["explain"]["language"], json!(0.0));
        assert!(hits[1]["explain"]["language"].as_f64() < Some(0.0), "{found}");
        let (_, plain) = answer(s.bare(Method::GET, &path.replace("&explain=1", ""))).await;
        assert_eq!((&plain["hits"][0]["score"], plain["hits"][0].get("explain")), (&hits[0]["score"], None));
        let (status, _) = answer(s.bare(Method::GET, "/api/v1/search?q=x&explain=maybe")).await;
        assert_eq!(status, 422);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_curator_tries_the_search_in_the_console() {
    let site = Site::open().await;
    let session = site.session().await;
    let empty = with_cookie(site.get("/console/search"), &session).send().await.expect("a page");
    assert_eq!(empty.status(), 200);
    let path = "/console/search?q=%E5%BC%80%E7%A5%A8%E6%97%B6%E6%8A%A5%E9%94%99%20E-1042&lang=zh-CN&product=&version=";
    let page =
        with_cookie(site.get(path), &session).send().await.expect("a page").text().await.expect("text");
    assert!(page.contains("E-1042") && page.contains("共同的词 +0."), "{page}");
    let hostile = "/console/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let page =
        with_cookie(site.get(hostile), &session).send().await.expect("a page").text().await.expect("text");
    assert!(!page.contains("<script>alert"), "what was typed is only text");
    let stranger = site.get("/console/search?q=x").send().await.expect("an answer");
    assert!(stranger.status().is_redirection(), "{}", stranger.status());
}
