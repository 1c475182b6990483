//! `firstline plan explain` and `plan check`, as programs and people call them.
use serde_json::{Value, json};

use crate::harness::process::Recipe;

async fn explain(arguments: &[&str]) -> Value {
    let all = [&["plan", "explain"], arguments, &["--json"]].concat();
    serde_json::from_str(&Recipe::command(&all).run("").await.success()).expect("JSON")
}

fn milestone<'a>(said: &'a Value, name: &str) -> &'a Value {
    let all = said["milestones"].as_array().expect("milestones");
    all.iter().find(|m| m["name"] == name).unwrap_or_else(|| panic!("{name} in {said}"))
}

#[tokio::test]
async fn p4_09_explain_prints_the_sum_day_by_day() {
    let at = ["P4", "--severity", "1", "--kind", "emergency", "--at", "2026-09-30T22:00+08:00"];
    let said = explain(&at).await;
    assert_eq!(
        (&said["plan"], &said["kind"], &said["severity"]),
        (&json!("P4"), &json!("emergency"), &json!(1))
    );
    assert_eq!(said["opened_at"], "2026-09-30T22:00:00+08:00");
    let fix = milestone(&said, "fix_plan");
    assert_eq!(
        (&fix["due_at"], &fix["target"], &fix["state"]),
        (&json!("2026-10-10T18:00:00+08:00"), &json!("3wd"), &json!("running"))
    );
    let account = fix["account"].as_array().expect("an account");
    let sum: i64 = account.iter().map(|line| line["counted_seconds"].as_i64().expect("seconds")).sum();
    assert_eq!(sum, 27 * 3600);
    assert!(account.iter().any(|line| line["why"] == "holiday: 国庆节"), "{account:?}");
    assert!(account.iter().any(|line| line["why"] == "open, make-up working day: 国庆节"), "{account:?}");
    assert_eq!(milestone(&said, "dispatch")["due_at"], "2026-09-30T23:00:00+08:00");
}

#[tokio::test]
async fn p4_07_events_of_a_file_move_the_clocks() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("events.json");
    let events = json!([
        { "at": "2026-10-03T02:00:00+08:00", "type": "opened", "value": null },
        { "at": "2026-10-03T02:05+08:00", "type": "automatic_message", "value": "received" },
        { "at": "2026-10-03T02:11+08:00", "type": "agent_message", "value": "on it" },
        { "at": "2026-10-03T03:00+08:00", "type": "plan_confirmed", "value": "2026-10-09T18:00+08:00" },
    ]);
    std::fs::write(&file, events.to_string()).expect("a file");
    let path = file.display().to_string();
    let said = explain(&[
        "P4",
        "--severity",
        "2",
        "--kind",
        "fault",
        "--at",
        "2026-10-03T02:00:00+08:00",
        "--events",
        &path,
    ])
    .await;
    let first = milestone(&said, "first_response");
    assert_eq!((&first["state"], &first["breached_by_seconds"]), (&json!("breached"), &json!(60)));
    assert_eq!(first["met_at"], "2026-10-03T02:11:00+08:00");
    let resolve = milestone(&said, "resolve");
    assert_eq!(
        (&resolve["due_at"], &resolve["state"]),
        (&json!("2026-10-09T18:00:00+08:00"), &json!("running"))
    );

    std::fs::write(&file, r#"[{"at": "2026-10-03T02:05+08:00", "type": "moon", "value": 1}]"#)
        .expect("a file");
    let all = [
        "plan",
        "explain",
        "P4",
        "--severity",
        "2",
        "--kind",
        "fault",
        "--at",
        "2026-10-03T02:00+08:00",
        "--events",
        &path,
        "--json",
    ];
    let complaint = Recipe::command(&all).run("").await.failure();
    assert!(complaint.contains("event 1") && complaint.contains("moon"), "{complaint}");
}

#[tokio::test]
async fn p6_05_events_tell_a_story_whatever_their_order_up_to_now() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("events.json");
    let path = file.display().to_string();
    let case =
        ["P6", "--severity", "3", "--kind", "fault", "--at", "2026-11-25T09:00+08:00", "--events", &path];
    // Written by an editor that begins files with a mark, and out of order.
    let events = "\u{feff}".to_owned()
        + &json!([
            { "at": "2026-11-25T12:00+08:00", "type": "customer_message" },
            { "at": "2026-11-25T10:00+08:00", "type": "severity", "value": 2 },
            { "at": "2026-11-25T10:30:00+08:00", "type": "status", "value": "waiting_for_third_party" },
            { "at": "2026-11-25T01:00:00Z", "type": "opened" },
        ])
        .to_string();
    std::fs::write(&file, events).expect("a file");
    let said = explain(&case).await;
    assert_eq!((&said["now"], &said["severity"]), (&json!("2026-11-25T12:00:00+08:00"), &json!(2)));
    // Any word of the customer resumes: 90 minutes did not count.
    assert_eq!(milestone(&said, "resolve")["due_at"], "2026-11-25T14:30:00+08:00");
    // Later events are not known yet.
    let before = explain(&[&case[..], &["--now", "2026-11-25T09:30+08:00"]].concat()).await;
    assert_eq!(before["severity"], 3);
    assert_eq!(milestone(&before, "resolve")["due_at"], "2026-11-28T09:00:00+08:00");

    let refused = [
        (
            json!([{ "at": "2026-11-25T09:00+08:00", "type": "opened" }, { "at": "2026-11-25T10:00+08:00", "type": "opened" }]),
            "event 2: a ticket is opened once",
        ),
        (
            json!([{ "at": "2026-11-25T08:00+08:00", "type": "agent_message" }]),
            "lies before the opening at 2026-11-25T09:00:00+08:00",
        ),
        (json!([{ "at": "2026-11-25", "type": "agent_message" }]), "is no time such as"),
        (
            json!([{ "at": "2026-11-25T10:00Z", "type": "severity", "value": 9 }]),
            "has the levels [1, 2, 3, 4]",
        ),
        (json!({ "at": "2026-11-25T10:00Z" }), "expected a list"),
    ];
    let all = [&["plan", "explain"], &case[..], &["--json"]].concat();
    for (events, reason) in refused {
        std::fs::write(&file, events.to_string()).expect("a file");
        let said = Recipe::command(&all).run("").await;
        assert!(said.stdout.is_empty(), "{}", said.stdout);
        let complaint = said.failure();
        assert!(complaint.contains(reason), "{reason}: {complaint}");
    }
    assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 1, "nothing was made beside it");
}

#[tokio::test]
async fn a_plan_is_explained_by_the_binary_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("firstline.toml"), "no settings [").expect("a file");
    let words = [
        "plan",
        "explain",
        "P3",
        "--severity",
        "1",
        "--kind",
        "fault",
        "--at",
        "2026-09-30T17:40+08:00",
        "--json",
    ];
    let settings = dir.path().join("firstline.toml").display().to_string();
    let said = Recipe::command(&[&words[..], &["--config", &settings]].concat()).run("").await.success();
    let said: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(milestone(&said, "first_response")["due_at"], "2026-10-03T17:40:00+08:00");
    assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 1, "no store was made");
}

#[tokio::test]
async fn people_read_the_same_in_both_languages() {
    let words = [
        "plan",
        "explain",
        "P3",
        "--severity",
        "2",
        "--kind",
        "fault",
        "--at",
        "2026-09-30T17:40+08:00",
        "--lang",
    ];
    let zh = Recipe::command(&[&words[..], &["zh-CN"]].concat()).run("").await.success();
    assert!(zh.contains("首次回复") && zh.contains("72 小时") && zh.contains("2026-10-03 Sat 17:40"), "{zh}");
    let en = Recipe::command(&[&words[..], &["en"]].concat()).run("").await.success();
    assert!(en.contains("First response") && en.contains("72 hours"), "{en}");
}

#[tokio::test]
async fn a_check_names_file_key_and_reason() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("mine.toml");
    let text =
        include_str!("../../../core/plans/P7.toml").replace("within = \"24h\"", "within = \"24 moons\"");
    std::fs::write(&file, text).expect("a file");
    let path = file.display().to_string();
    let said = Recipe::command(&["plan", "check", &path]).run("").await;
    assert!(!said.status.success() && said.stdout.contains("mine.toml: targets[2]: "), "{}", said.stdout);
    let fine = Recipe::command(&["plan", "check", "P7"]).run("").await.success();
    assert!(fine.contains("no fault"), "{fine}");
}
