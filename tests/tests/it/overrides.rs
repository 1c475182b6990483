//! What a contract agrees otherwise counts: severity scheme, targets, special periods and coverage, checked
//! like a plan, in versions, on both databases.
use firstline_core::customers::NewContract;
use firstline_core::entitlement::Answer;
use firstline_core::plan::Milestone;
use firstline_core::severity::Reason;
use firstline_core::ticket::{Actor, TimelineEntry};
use firstline_core::{Error, Time};

use crate::desk::on_both;
use crate::harness::process::Recipe;
use crate::service::{Hospital, contract, fault, open, place};

/// P6-29: the customer's own three levels, with times of its own; tighter over National Day (P6-33).
const OWN: &str = r#"severity = "P6-29"

[[targets]]
milestone = "resolve"
kinds = ["fault"]
severity = 2
within = "1h"

[[special_periods]]
from = "2026-10-01"
to = "2026-10-07"
people = ["li@example.com"]
name = { zh-CN = "国庆保障", en = "National Day" }

[[special_periods.targets]]
milestone = "first_response"
within = "15min"

[coverage]
warranty = "5y"
"#;

fn p6(overrides: &str) -> NewContract {
    NewContract {
        plan: "P6".into(),
        accepted_on: Some("2022-06-01".into()),
        overrides: overrides.into(),
        ..contract()
    }
}

fn at(text: &str) -> Time {
    Time::from_timestamp(text.parse().expect("a time"))
}

on_both! {
    async fn p6_29_p6_33_what_a_contract_agrees_otherwise_counts(t: TestDesk) {
        let h = Hospital::with(&t.desk, p6(OWN)).await;
        let plan = t.desk.contract_plan(&h.contract).await.unwrap();
        let base = plan.base.clone().expect("made from a plan");
        assert_eq!((base.plan.as_str(), base.contract.as_str(), plan.version), ("P6", "HT-2026-001", 1));
        assert_eq!(base.overridden(), ["severity", "targets", "special_periods", "coverage"]);
        assert!(t.desk.plans.all().iter().all(|p| p.base.is_none()), "it is nobody else's plan");

        // Degraded for many with a way round: level 2 of P6-29, level 3 of the plan's own scheme.
        let opened = open(&t.desk, &fault("医保结算很慢")).await;
        assert_eq!(opened.ticket.severity, 2);
        assert!(matches!(&opened.ticket.severity_reason.0, Reason::Rule { scheme, .. } if scheme == "P6-29"));
        let resolve = opened.clocks.iter().find(|c| c.milestone == Milestone::Resolve).unwrap();
        assert_eq!(resolve.due_at.since(t.clock.now()), 3_600_000, "the contract's hour, not the plan's four");
        let response = opened.clocks.iter().find(|c| c.milestone == Milestone::FirstResponse).unwrap();
        assert_eq!(response.due_at.since(t.clock.now()), 2 * 3_600_000, "what is not overridden is the plan's");
        // Four years after acceptance: over by the plan's three years, not by the contract's five.
        let told = place(&t.desk, opened.ticket.number).await.entitlement.unwrap().0;
        assert_eq!(told.answer, Answer::Free);

        let stored = t.desk.plan_of(&opened.ticket).await.unwrap();
        assert_eq!((stored.id.clone(), stored.base_id()), (plan.id.clone(), "P6"));
        t.clock.advance_millis(at("2026-10-03T12:00:00+08:00").since(t.clock.now()));
        let holiday = open(&t.desk, &fault("节日里")).await;
        let response = holiday.clocks.iter().find(|c| c.milestone == Milestone::FirstResponse).unwrap();
        assert_eq!(response.due_at.since(t.clock.now()), 15 * 60_000);
    }
}

on_both! {
    async fn p6_29_overrides_are_refused_with_every_fault_and_its_key(t: TestDesk) {
        let h = Hospital::with(&t.desk, p6("")).await;
        let refused = async |overrides: &str| match t.desk.change_contract(&h.boss, &h.contract, &p6(overrides)).await {
            Err(Error::Invalid { field, reason }) if field == "overrides" => reason,
            other => panic!("{overrides}: {other:?}"),
        };
        let said = refused("[[targets]]\nmilestone = \"resolve\"\nwithin = \"1 moon\"\n").await;
        assert!(said.contains("overrides of HT-2026-001: targets[1]: "), "{said}");
        assert!(refused("title = \"mine\"\n").await.contains("title: cannot differ"));
        let said = refused("service = \"night\"\n[calendars.night]\nhours = {}\n").await;
        assert!(said.contains("calendars.night.hours: the calendar never opens"), "{said}");
        assert!(refused("severity = \"moon\"\n").await.contains("there is no scheme"));
        let dead = "[[targets]]\nmilestone = \"resolve\"\nkinds = [\"fault\"]\nwithin = \"1h\"\n\
                    [[targets]]\nmilestone = \"resolve\"\nkinds = [\"fault\"]\nwithin = \"2h\"\n";
        assert!(refused(dead).await.contains("targets[2]: can never be reached"));
        assert!(refused("[coverage]\nwarranty = \"soon\"\n").await.contains("warranty"));
        assert!(refused("[[[").await.contains("overrides: "));
        assert!(t.desk.contract(&h.contract.id).await.unwrap().overrides.is_empty());
    }
}

on_both! {
    async fn running_tickets_keep_the_version_they_were_opened_under(t: TestDesk) {
        let h = Hospital::with(&t.desk, p6(OWN)).await;
        let first = open(&t.desk, &fault("第一个")).await.ticket;
        let tighter = OWN.replace("within = \"1h\"", "within = \"30min\"");
        t.desk.change_contract(&h.boss, &h.contract, &p6(&tighter)).await.unwrap();
        let second = open(&t.desk, &fault("第二个")).await;
        assert_eq!((first.plan_version, second.ticket.plan_version), (1, 2));
        let resolve = second.clocks.iter().find(|c| c.milestone == Milestone::Resolve).unwrap();
        assert_eq!(resolve.due_at.since(t.clock.now()), 1_800_000);

        // Seen before and after, and only then applied.
        let older = t.desk.renewals("P6").await.unwrap();
        assert_eq!(older.iter().map(|r| r.number).collect::<Vec<_>>(), [first.number]);
        let due = |all: &[firstline_core::ticket::DueTime]| all.iter().find(|d| d.milestone == Milestone::Resolve).unwrap().due_at;
        assert_eq!(due(&older[0].before).since(due(&older[0].after)), 1_800_000);
        t.desk.apply_plan(first.number, &h.boss, &older[0].to, "agreed", true).await.unwrap();
        assert_eq!(t.desk.count_renewals("P6").await.unwrap(), 0);

        // A new version of the plan itself makes a new one of the contract's.
        let source = t.desk.plans.get("P6").unwrap().source.replacen("within = \"2h\"", "within = \"90min\"", 1);
        t.desk.save_plan("P6", &source, "faster", "boss").await.unwrap();
        let third = open(&t.desk, &fault("第三个")).await;
        let response = third.clocks.iter().find(|c| c.milestone == Milestone::FirstResponse).unwrap();
        assert_eq!((third.ticket.plan_version, response.due_at.since(t.clock.now())), (3, 90 * 60_000));
        // One with which the overrides would not go together is refused, naming the contract.
        let without = t.desk.plans.get("P6").unwrap().source.replace("milestone = \"resolve\"", "milestone = \"report\"");
        let refused = t.desk.save_plan("P6", &without, "", "boss").await;
        assert!(refused.is_err(), "{refused:?}");
        let view = t.desk.ticket(first.number).await.unwrap();
        assert!(view.timeline.iter().any(|e| matches!(e.data.0, TimelineEntry::PlanChanged { .. })));
    }
}

on_both! {
    async fn another_process_reads_the_contracts_plan_from_the_store(t: TestDesk) {
        Hospital::with(&t.desk, p6(OWN)).await;
        let number = open(&t.desk, &fault("问题")).await.ticket.number;
        let (db, clock, files) = (t.desk.db.clone(), t.clock.clone(), t.desk.files.clone());
        let other = firstline_core::Desk::new(db, clock, files, "http://help.example").await.unwrap();
        let ticket = other.ticket(number).await.unwrap().ticket;
        assert_eq!(other.plan_of(&ticket).await.unwrap().base_id(), "P6");
        other.happened(number, &Actor::System, &firstline_core::desk::Happening::Taken).await.unwrap();
        assert_eq!(open(&other, &fault("另一个")).await.ticket.plan_version, 1, "the same version, made once");
    }
}

#[tokio::test]
async fn p6_29_plan_explain_of_a_ticket_names_the_contract() {
    let t = crate::desk::TestDesk::sqlite().await;
    Hospital::with(&t.desk, p6(OWN)).await;
    let number = open(&t.desk, &fault("问题")).await.ticket.number.to_string();
    let url = format!("sqlite:{}", t.dir.path().join("test.db").display());
    let arguments = ["plan", "explain", &number, "--database-url", &url, "--now", "2026-09-28T09:30+08:00"];
    let json = Recipe::command(&[&arguments[..], &["--json"]].concat()).run("").await.success();
    let said: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        (&said["plan"], &said["contract"]),
        (&serde_json::json!("P6"), &serde_json::json!("HT-2026-001"))
    );
    let resolve = said["milestones"].as_array().unwrap().iter().find(|m| m["name"] == "resolve").unwrap();
    assert_eq!(resolve["target"], "1h");
    let people = Recipe::command(&[&arguments[..], &["--lang", "en"]].concat()).run("").await.success();
    assert!(people.contains("Contract HT-2026-001 differs from the plan in: severity, targets"), "{people}");
}
