//! Figures on both databases: per article and revision, and what became of everything that was asked.
use firstline_core::desk::{NewRequest, Patch};
use firstline_core::severity::Situation;
use firstline_core::staff::{self, Role};
use firstline_core::ticket::{Actor, Kind, Number, Status};
use firstline_kb::events::Verdict;
use firstline_kb::figures::{self, Reason};

use crate::desk::{MONDAY, TestDesk, on_both};
use crate::kb_contract::draft;
use crate::shop_gaps::asks;
use crate::shop_life::{published, shop};

const DAY: i64 = 24 * 60;

on_both! {
    async fn an_article_knows_what_each_revision_did(t: TestDesk) {
        let (library, w, author, reviewer) = shop(&t).await;
        let a = published(&w, &author, &reviewer, &draft("a", "en", "T", "x")).await;
        let (chat, other) = ("0".repeat(32), "1".repeat(32));
        asks(&t, &chat, "screen is black", &[(&a, 1)], Some(Verdict::Solved)).await;
        asks(&t, &other, "black screen", &[("b", 1), (&a, 1)], None).await;
        let search = asks(&t, "portal", "dark screen", &[(&a, 1)], Some(Verdict::StillBroken)).await;
        let mut tx = t.desk.db.begin().await.unwrap();
        figures::record_reason(&mut tx, &t.clock, &a, 1, Some(&search), Reason::Unclear, "which\0 button?").await.unwrap();
        tx.commit().await.unwrap();
        t.minutes_pass(2 * DAY);
        asks(&t, &chat, "my screen is black", &[(&a, 2)], None).await;
        library.digest().await.unwrap();
        library.digest().await.unwrap();
        let rows = library.figures(&a).await.unwrap();
        let line: Vec<_> = rows.iter().map(|f| (f.revision, f.shown, f.first, f.solved, f.still_broken, f.came_back)).collect();
        assert_eq!(line, [(2, 1, 1, 0, 0, 0), (1, 3, 2, 1, 1, 1)]);
        assert_eq!((rows[1].share(), rows[1].reasons.get("unclear")), (Some(0.5), Some(&1)));
        assert_eq!(library.feedback(&a, 5).await.unwrap()[0].words, "which button?");
    }
}

on_both! {
    async fn p6_07_silence_never_counts_as_solved(t: TestDesk) {
        let (library, ..) = shop(&t).await;
        for n in 0..6 {
            asks(&t, "portal", &format!("silent question {n}"), &[("a", 1)], None).await;
        }
        asks(&t, "portal", "solved one", &[("a", 1)], Some(Verdict::Solved)).await;
        asks(&t, "portal", "chosen only", &[("a", 1)], Some(Verdict::Chosen)).await;
        asks(&t, "portal", "rejected", &[("a", 1)], Some(Verdict::StillBroken)).await;
        asks(&t, "portal", "a person please", &[("a", 1)], Some(Verdict::AskedForPerson)).await;
        asks(&t, "portal", "unknown thing", &[], None).await;
        let chat = "2".repeat(32);
        asks(&t, &chat, "printer prints garbled text", &[("c", 1)], Some(Verdict::Solved)).await;
        t.minutes_pass(DAY);
        asks(&t, &chat, "printer prints garbled text again", &[("c", 1)], None).await;
        library.digest().await.unwrap();

        let first = ticket(&t, "one").await;
        solve(&t, first, &["chen"]).await;
        let second = ticket(&t, "two").await;
        solve(&t, second, &["chen", "zhao"]).await;
        ticket(&t, "three").await;
        let (all, weeks) = library.deflection(MONDAY, t.clock.now().plus_seconds(60)).await.unwrap();
        assert_eq!((all.asked, all.silent, all.solved, all.came_back), (13, 8, 1, 1), "{all:?}");
        assert_eq!((all.person, all.still_broken, all.nothing), (1, 1, 1), "{all:?}");
        assert_eq!((all.tickets_first, all.tickets_later, all.tickets_open), (1, 1, 1), "{all:?}");
        assert_eq!(all.confirmed_share(), Some(1.0 / 13.0));
        assert_eq!(all.first_line_share(), Some(0.5), "one confirmed and one ticket of four known outcomes");
        assert_eq!(weeks.len(), 1);
    }
}

async fn ticket(t: &TestDesk, title: &str) -> Number {
    let request = NewRequest {
        title: title.into(),
        text: title.into(),
        kind: Kind::Fault,
        product: None,
        version: None,
        situation: Situation { scope: None, effect: None, workaround: None },
        customer_name: "Somebody".into(),
        customer_email: format!("{title}@customer.example"),
    };
    let mut tx = t.desk.db.begin().await.unwrap();
    let opened = t.desk.open_request(&mut tx, &request).await.unwrap();
    tx.commit().await.unwrap();
    opened.ticket.number
}

async fn solve(t: &TestDesk, number: Number, people: &[&str]) {
    let desk = &t.desk;
    for name in people {
        let email = format!("{name}@firstline.example");
        let all = staff::all(&desk.db).await.unwrap();
        let id = match all.into_iter().find(|s| s.email == email) {
            Some(member) => member.id,
            None => {
                staff::add(&desk.db, &t.clock, &email, name, Role::Agent, "correct horse").await.unwrap().id
            }
        };
        let patch = Patch { assignee: Some(Some(id)), ..Default::default() };
        desk.patch(number, &Actor::System, &patch).await.unwrap();
    }
    let patch = Patch { status: Some(Status::Resolved), ..Default::default() };
    desk.patch(number, &Actor::System, &patch).await.unwrap();
}
