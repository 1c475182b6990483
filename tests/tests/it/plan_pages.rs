//! Plans in the console: editing by form and as text, applying to running tickets, a contract's overrides, and
//! holidays from files, hostile ones too.
use firstline_core::staff::{self, Role};
use reqwest::multipart::{Form, Part};

use crate::pages_site::{PASSWORD, Site, cookie, hidden, location, with_cookie};
use crate::service::{Hospital, fault, open};

const LEAD: &str = "lead@example.com";

struct Desktop {
    site: Site,
    session: String,
}

impl Desktop {
    async fn open() -> Desktop {
        let site = Site::open().await;
        let desk = &site.server.running.app.desk;
        staff::add(&desk.db, &desk.clock, LEAD, "主管", Role::Manager, PASSWORD).await.expect("a manager");
        let sent = site.post("/console/login", &[("email", LEAD), ("password", PASSWORD), ("next", "")]);
        let session = cookie(&sent.send().await.expect("an answer"), "staff").expect("a session");
        Desktop { site, session }
    }

    async fn page(&self, path: &str) -> String {
        self.site.page(with_cookie(self.site.get(path), &self.session)).await
    }

    /// Sends a form with the token of a page; gives where it leads, or the page that says what is wrong.
    async fn sends(&self, from: &str, to: &str, fields: &[(&str, &str)]) -> Result<String, String> {
        let csrf = hidden(&self.page(from).await, "csrf");
        let all = [&[("csrf", csrf.as_str())], fields].concat();
        let answer = with_cookie(self.site.post(to, &all), &self.session).send().await.expect("an answer");
        match answer.status().as_u16() {
            303 => Ok(location(&answer)),
            200 => Err(answer.text().await.expect("a page")),
            other => panic!("{to}: {other}"),
        }
    }

    async fn uploads(&self, set: &str, name: &str, bytes: Vec<u8>) -> Result<String, String> {
        let path = "/console/plans/holidays";
        let csrf = hidden(&self.page(path).await, "csrf");
        let form = Form::new()
            .text("csrf", csrf)
            .text("set", set.to_owned())
            .part("file", Part::bytes(bytes).file_name(name.to_owned()));
        let request = self.site.client.post(self.site.url(path)).multipart(form);
        let answer = with_cookie(request, &self.session).send().await;
        // A server that has read enough may close the line while more is being sent.
        let Ok(answer) = answer else { return Err("refused".into()) };
        match answer.status().as_u16() {
            303 => Ok(location(&answer)),
            200 | 413 => Err(answer.text().await.unwrap_or_default()),
            other => panic!("{other}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_is_edited_by_form_and_applied_to_running_tickets() {
    let d = Desktop::open().await;
    let desk = d.site.server.running.app.desk.clone();
    let number = open(&desk, &fault("问题")).await.ticket.number;
    let page = d.page("/console/plans/default").await;
    assert!(page.contains("name=\"within-0\"") && page.contains("value=\"10min\""), "{page}");
    let said = d
        .sends(
            "/console/plans/default",
            "/console/plans/default/form",
            &[("within-0", "soon"), ("calendar-0", "24x7"), ("note", "x"), ("do", "save")],
        )
        .await
        .unwrap_err();
    assert!(said.contains("targets[1]"), "{said}");
    let saved = d
        .sends(
            "/console/plans/default",
            "/console/plans/default/form",
            &[("within-0", "20min"), ("calendar-0", "24x7"), ("note", "twenty"), ("do", "save")],
        )
        .await;
    assert_eq!(saved, Ok("/console/plans/default?done=plan".into()));
    assert!(d.page("/console/plans/default").await.contains("/console/plans/default/running"));
    let running = d.page("/console/plans/default/running").await;
    assert!(running.contains(&number.to_string()) && running.contains("v1 → v2"), "{running}");
    let path = "/console/plans/default/running";
    let text = number.to_string();
    assert!(d.sends(path, path, &[("number", &text), ("note", "")]).await.is_err(), "a note is needed");
    d.sends(path, path, &[("number", &text), ("note", "agreed")]).await.expect("applied");
    assert_eq!(desk.ticket(number).await.unwrap().ticket.plan_version, 2);
    assert_eq!(desk.renewals("default").await.unwrap().len(), 0);
    d.site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p6_29_overrides_are_written_on_the_contract_and_shown_on_the_ticket() {
    let d = Desktop::open().await;
    let desk = d.site.server.running.app.desk.clone();
    let h = Hospital::with_plan(&desk, "P6", "2026-01-31").await;
    let path = format!("/console/contracts/{}", h.contract.id);
    let form = |overrides: &'static str, version: &'static str| {
        [
            ("number", "HT-2026-001"),
            ("plan", "P6"),
            ("accepted_on", "2026-01-31"),
            ("version", version),
            ("overrides", overrides),
        ]
    };
    let faulty = "[[targets]]\nmilestone = \"resolve\"\nwithin = \"1 moon\"\n";
    let said = d.sends(&path, &path, &form(faulty, "0")).await.unwrap_err();
    assert!(said.contains("targets[1]") && said.contains("1 moon"), "{said}");
    let good = "[[targets]]\nmilestone = \"resolve\"\nkinds = [\"fault\"]\nwithin = \"45min\"\n";
    d.sends(&path, &path, &form(good, "0")).await.expect("saved");
    let page = d.page(&path).await;
    assert!(page.contains("合同另有约定") && page.contains(">targets<"), "{page}");
    let plan = d.page(&format!("{path}/plan")).await;
    assert!(plan.contains("45 分钟") && plan.contains("HT-2026-001"), "{plan}");
    let number = open(&desk, &fault("问题")).await.ticket.number;
    let ticket = d.page(&format!("/console/tickets/{number}")).await;
    assert!(ticket.contains("45 分钟") && ticket.contains(&format!("{path}/plan")), "{ticket}");
    d.site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p3_09_holidays_come_from_files_and_hostile_ones_are_refused() {
    let d = Desktop::open().await;
    let plans = d.site.server.running.app.desk.plans.clone();
    let knows = |year: i16| plans.holidays().get("cn").is_some_and(|set| set.knows(year));
    assert!(!knows(2027));
    let csv = "date,name,is_off_day\n2027-01-01,元旦,true\n";
    let done = d.uploads("cn", "2027.csv", csv.into()).await;
    assert_eq!(done, Ok("/console/plans/holidays?done=holidays".into()));
    assert!(knows(2027) && d.page("/console/plans/holidays").await.contains("2027"));
    let ics = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20280101\r\nSUMMARY:元旦\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    d.uploads("cn", "2028.ics", ics.into()).await.expect("imported");
    assert!(knows(2028));
    let secondly = ics.replace("SUMMARY", "RRULE:FREQ=SECONDLY\r\nSUMMARY");
    let said = d.uploads("cn", "bad.ics", secondly.into()).await.unwrap_err();
    assert!(said.contains("line 4") && said.contains("SECONDLY"), "{said}");
    assert!(d.uploads("cn", "huge.ics", vec![b'x'; 50_000_000]).await.is_err());
    assert!(d.uploads("../x", "a.csv", csv.into()).await.is_err());
    // An agent may look, not import.
    let agent = Desktop { session: d.site.session().await, site: d.site };
    assert!(!agent.page("/console/plans/holidays").await.contains("name=\"file\""));
    agent.site.server.running.stop().await;
}
