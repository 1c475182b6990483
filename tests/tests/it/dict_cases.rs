//! Solved tickets as cases for staff (P6-32), and never for customers.
use firstline_core::desk::{Patch, Reply};
use firstline_core::ticket::{Actor, Number, Status};
use firstline_kb::Library;
use firstline_kb::suggest::Typed;
use serde_json::json;

use crate::api_server::{answer, report, served};
use crate::desk::on_both;
use crate::kb_contract::{draft, found, question};
use crate::story::Office;

/// Words no article has.
const SECRET: &str = "旋转门读卡器蓝灯常亮";

async fn solved(office: &Office, words: &str, cure: &str) -> i64 {
    let agent = Actor::Staff(office.agent().await.id);
    let mut she = office.chat("telegram", "77", "zh-hans");
    she.says(&format!("转人工，{words}")).await;
    let number = Number(1001);
    office.t.desk.reply(number, &agent, &Reply { text: cure.into(), ..Reply::default() }).await.unwrap();
    let done = Patch { status: Some(Status::Resolved), ..Patch::default() };
    office.t.desk.patch(number, &agent, &done).await.unwrap();
    number.0
}

async fn second_node(office: &Office) -> Library {
    let dir = office.t.dir.path().join("other");
    Library::open(office.t.desk.db.clone(), office.t.clock.clone(), &dir).await.unwrap()
}

on_both! {
    async fn p6_32_a_solved_ticket_is_found_from_a_new_case(t: TestDesk) {
        let office = Office::open(t).await;
        let number = solved(&office, SECRET, "请把读卡器的拨码开关 3 拨到 ON。").await;
        let library = second_node(&office).await;
        library.refresh().await.unwrap();
        let cases = library.similar_cases("读卡器蓝灯一直亮着", "", 5).await.unwrap();
        assert_eq!((cases.len(), cases[0].number), (1, Number(number)), "{cases:?}");
        assert!(cases[0].resolution.contains("拨码开关") && cases[0].score > 0.1 && cases[0].score <= 1.0);
        assert!(library.similar_cases("读卡器蓝灯", &cases[0].ticket_id, 5).await.unwrap().is_empty(), "not itself");
        assert!(library.similar_cases("how do I print", "", 5).await.unwrap().is_empty());
        // Opened again it is no cure any more.
        let agent = Actor::Staff(office.agent().await.id);
        let open = Patch { status: Some(Status::Open), ..Patch::default() };
        office.t.desk.patch(Number(number), &agent, &open).await.unwrap();
        library.refresh().await.unwrap();
        assert!(library.similar_cases("读卡器蓝灯一直亮着", "", 5).await.unwrap().is_empty());
        // A new index has the same cases.
        let done = Patch { status: Some(Status::Resolved), ..Patch::default() };
        office.t.desk.patch(Number(number), &agent, &done).await.unwrap();
        library.reindex(&mut |_| {}).await.unwrap();
        library.refresh().await.unwrap();
        assert_eq!(library.similar_cases("读卡器蓝灯一直亮着", "", 5).await.unwrap().len(), 1);
    }
}

on_both! {
    async fn p6_32_customers_never_see_a_solved_ticket(t: TestDesk) {
        let office = Office::open(t).await;
        solved(&office, SECRET, "请把拨码开关 3 拨到 ON。").await;
        let library = second_node(&office).await;
        library.refresh().await.unwrap();
        assert_eq!(library.similar_cases(SECRET, "", 5).await.unwrap().len(), 1, "it is in the index");
        for text in [SECRET, "读卡器", "拨码开关 3", "FL-1001", "旋转门"] {
            let asked = library.search(&question(text)).await.unwrap();
            let (answered, _) = library.answer(&question(text)).await.unwrap();
            let told = format!("{asked:?} {answered:?}");
            assert!(!told.contains("拨到") && !told.contains("case:"), "{text}: {told}");
            let typed = Typed { text: text.into(), limit: 20, ..Typed::default() };
            let offered = format!("{:?}", library.suggest(&typed).await.unwrap());
            assert!(!offered.contains("旋转门") && !offered.contains("case:"), "{text}: {offered}");
        }
        let mut he = office.chat("telegram", "88", "zh-hans");
        for text in [SECRET, "/search 拨码开关"] {
            let said = he.says(text).await;
            assert!(!said.contains("拨到 ON") && !said.contains("FL-1001"), "{said}");
        }
    }
}

served! {
    async fn p6_32_over_the_api_only_articles_are_found(s: TestServer) {
        let library = &s.running.app.library;
        library.upsert(&draft("turnstile", "zh", "旋转门无法转动", "按复位键。"), "x").await.unwrap();
        let mut body = report(SECRET);
        body["text"] = json!(SECRET);
        let (status, opened) = answer(s.post("/api/v1/tickets", &body)).await;
        assert_eq!(status, 201, "{opened}");
        let path = format!("/api/v1/tickets/{}", opened["number"].as_str().unwrap());
        answer(s.post(&format!("{path}/messages"), &json!({ "text": "拨码开关 3 拨到 ON" }))).await;
        let patch = s.bare(reqwest::Method::PATCH, &path).bearer_auth(&s.token).json(&json!({ "status": "resolved" }));
        assert_eq!(answer(patch).await.0, 200);
        library.refresh().await.unwrap();
        assert_eq!(library.similar_cases(SECRET, "", 5).await.unwrap().len(), 1);
        assert_eq!(found(library, SECRET).await, ["turnstile"]);
        for path in ["search?q=读卡器蓝灯", "suggest?q=旋转门读卡器", "search?q=拨码开关"] {
            let (_, body) = answer(s.get(&format!("/api/v1/{path}"))).await;
            assert!(!body.to_string().contains("蓝灯常亮") && !body.to_string().contains("拨到"), "{path}: {body}");
        }
        let (_, body) = answer(s.post("/api/v1/answers", &json!({ "q": SECRET }))).await;
        assert!(!body.to_string().contains("拨到"), "{body}");
    }
}
