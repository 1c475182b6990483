//! The contract of the store and the desk, case by case on SQLite and on PostgreSQL.
use std::collections::HashSet;

use firstline_core::conversation::{self, Address};
use firstline_core::desk::{Begun, Idempotent, NewRequest, Patch, Reply, Turn};
use firstline_core::inbox::{self, Incoming};
use firstline_core::plan::Milestone;
use firstline_core::severity::{Effect, Scope, Situation};
use firstline_core::ticket::{Actor, Kind, NewTicket, Number, Packet, Status, TimelineEntry, rows};
use firstline_core::{Desk, Error, jobs, on, outbox, staff};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use crate::desk::{TestDesk, on_both};

fn address(chat: &str) -> Address {
    Address { channel: "telegram".into(), bot: "bot".into(), chat: chat.into(), external_user: chat.into() }
}

fn incoming(chat: &str, id: &str) -> Incoming {
    Incoming {
        address: address(chat),
        external_id: id.into(),
        event: json!({"text": id}),
        aside: None,
        sent_by: None,
    }
}

fn request() -> NewRequest {
    NewRequest {
        title: "Invoices cannot be issued".into(),
        text: "E-1042 since this morning".into(),
        kind: Kind::Fault,
        product: Some("invoice".into()),
        version: Some("3.2.0".into()),
        situation: Situation {
            scope: Some(Scope::Most),
            effect: Some(Effect::Stopped),
            workaround: Some(false),
        },
        customer_name: "王会计".into(),
        customer_email: "Wang@Example.com".into(),
    }
}

async fn open(desk: &Desk) -> Number {
    let mut tx = desk.db.begin().await.unwrap();
    let opened = desk.open_request(&mut tx, &request()).await.unwrap();
    tx.commit().await.unwrap();
    opened.ticket.number
}

async fn agent(desk: &Desk) -> Actor {
    let s = staff::add(&desk.db, &desk.clock, "li@example.com", "李工", staff::Role::Agent, "correct horse")
        .await;
    Actor::Staff(s.unwrap().id)
}

/// A turn ready to step for the first event of a chat.
async fn turn(desk: &Desk, chat: &str, id: &str) -> Turn {
    desk.receive(&[incoming(chat, id)], None).await.unwrap();
    let event = inbox::head_of(&desk.db, &address(chat)).await.unwrap().expect("a pending event");
    desk.turn(&event, "王会计", true).await.unwrap()
}

fn fault(turn: &Turn) -> NewTicket {
    NewTicket {
        kind: Kind::Fault,
        title: "开票时报错 E-1042".into(),
        product: Some("invoice".into()),
        product_version: None,
        situation: Situation { scope: Some(Scope::Many), effect: Some(Effect::Stopped), workaround: None },
        channel: turn.conversation.channel.clone(),
        conversation_id: Some(turn.conversation.id.clone()),
        person_id: turn.person.id.clone(),
        packet: Packet::default(),
    }
}

on_both! {
    async fn the_same_delivery_50_times_in_parallel_is_stored_once(t: TestDesk) {
        let tasks = (0..50).map(|_| {
            let desk = t.desk.clone();
            tokio::spawn(async move { desk.receive(&[incoming("1", "update-7")], None).await.unwrap() })
        });
        let mut new = 0;
        for task in tasks {
            new += task.await.unwrap();
        }
        assert_eq!(new, 1);
        assert_eq!(inbox::heads(&t.desk.db, t.clock.now(), 10).await.unwrap().len(), 1);
    }
}

on_both! {
    async fn a_nul_in_a_message_does_not_block_its_channel(t: TestDesk) {
        let mut hostile = incoming("1", "update-8");
        hostile.event = json!({"text": "E-\u{0}1042", "files": [{"na\u{0}me": "x"}]});
        assert_eq!(t.desk.receive(&[hostile], None).await.unwrap(), 1);
        let stored = inbox::head_of(&t.desk.db, &address("1")).await.unwrap().unwrap();
        assert_eq!(stored.event.0["text"], "E-1042");
    }
}

on_both! {
    async fn concurrent_tickets_get_different_numbers(t: TestDesk) {
        let tasks: Vec<_> = (0..50).map(|_| {
            let desk = t.desk.clone();
            tokio::spawn(async move { open(&desk).await })
        }).collect();
        let mut numbers = HashSet::new();
        for task in tasks {
            numbers.insert(task.await.unwrap());
        }
        assert_eq!(numbers.len(), 50);
    }
}

on_both! {
    async fn concurrent_first_contacts_make_one_person_and_one_conversation(t: TestDesk) {
        t.desk.receive(&[incoming("1", "hello")], None).await.unwrap();
        let event = inbox::head_of(&t.desk.db, &address("1")).await.unwrap().unwrap();
        let tasks: Vec<_> = (0..20).map(|_| {
            let (desk, event) = (t.desk.clone(), event.clone());
            tokio::spawn(async move { desk.turn(&event, "王会计", true).await.unwrap() })
        }).collect();
        let mut met = HashSet::new();
        for task in tasks {
            let turn = task.await.unwrap();
            assert_eq!(turn.person.name, "王会计");
            assert_eq!(turn.person.id, turn.conversation.person_id);
            met.insert((turn.conversation.id, turn.person.id));
        }
        assert_eq!(met.len(), 1);
    }
}

on_both! {
    async fn promises_count_from_the_very_instant_a_ticket_was_created(t: TestDesk) {
        // The machine's clock goes on between two statements.
        let desk = Desk { clock: firstline_core::Clock::system(), ..t.desk.clone() };
        let turn = turn(&desk, "1", "a").await;
        let mut tx = desk.begin_turn(&turn).await.unwrap();
        let opened = tx.open_ticket(&fault(&turn), "it does not connect", &[]).await.unwrap();
        tx.finish(&Value::Null, None).await.unwrap();
        let respond = opened.clocks.iter().find(|c| c.milestone == Milestone::FirstResponse).unwrap();
        assert_eq!(respond.due_at.since(opened.ticket.created_at), 600_000);
    }
}

on_both! {
    async fn fifty_concurrent_notes_lose_no_timeline_entry(t: TestDesk) {
        let number = open(&t.desk).await;
        let actor = agent(&t.desk).await;
        let tasks: Vec<_> = (0..50).map(|i| {
            let (desk, actor) = (t.desk.clone(), actor.clone());
            tokio::spawn(async move {
                let note = Reply { text: format!("note {i}"), internal: true, ..Reply::default() };
                desk.reply(number, &actor, &note).await.unwrap();
            })
        }).collect();
        for task in tasks {
            task.await.unwrap();
        }
        let view = t.desk.ticket(number).await.unwrap();
        assert_eq!(view.ticket.version, 51, "opened and fifty notes");
        assert_eq!(view.timeline.iter().map(|e| e.seq).collect::<Vec<_>>(), (1..=51).collect::<Vec<i64>>());
        assert_eq!(view.messages.len(), 51);
    }
}

on_both! {
    async fn a_turn_is_all_or_nothing_and_happens_once(t: TestDesk) {
        let turn = turn(&t.desk, "1", "update-1").await;
        {
            let mut dropped = t.desk.begin_turn(&turn).await.unwrap();
            dropped.heard("hello", Some("m1"), &[]).await.unwrap();
            dropped.say("hi", &json!({"message": {}}), None).await.unwrap();
            dropped.open_ticket(&fault(&turn), "text", &[]).await.unwrap();
        }
        assert!(rows::of_person(&t.desk.db, &turn.person.id, 10).await.unwrap().is_empty());

        for attempt in 0..2 {
            let mut tx = t.desk.begin_turn(&turn).await.unwrap();
            let heard = tx.heard("开票时报错 E-1042", Some("m1"), &[]).await.unwrap();
            tx.open_ticket(&fault(&turn), "开票时报错 E-1042", &[heard]).await.unwrap();
            tx.say("FL", &json!({"message": {}}), None).await.unwrap();
            let done = tx.finish(&json!({"mode": "idle"}), Some("zh-CN")).await;
            match attempt {
                0 => done.unwrap(),
                _ => assert!(matches!(done, Err(Error::Conflict(_))), "the second step of one event must lose"),
            }
        }
        let tickets = rows::of_person(&t.desk.db, &turn.person.id, 10).await.unwrap();
        assert_eq!(tickets.len(), 1);
        assert_eq!(rows::clocks(&t.desk.db, &tickets[0].id).await.unwrap().len(), 2);
        assert_eq!(outbox::heads(&t.desk.db, "telegram", "bot", t.clock.now(), 10).await.unwrap().len(), 1);
        let saved = conversation::by_id(&t.desk.db, &turn.conversation.id).await.unwrap().unwrap();
        assert_eq!((saved.version, saved.lang.as_deref()), (1, Some("zh-CN")));
    }
}

on_both! {
    async fn p6_35_a_ticket_keeps_its_level_reason_and_two_promised_times(t: TestDesk) {
        let view = t.desk.ticket(open(&t.desk).await).await.unwrap();
        assert_eq!((view.ticket.severity, view.ticket.status), (1, Status::New));
        assert_eq!(view.person.email.as_deref(), Some("wang@example.com"));
        let due: Vec<(Milestone, i64)> =
            view.clocks.iter().map(|c| (c.milestone, c.due_at.since(view.ticket.created_at) / 60_000)).collect();
        assert_eq!(due, [(Milestone::FirstResponse, 10), (Milestone::Resolve, 120)]);
    }
}

on_both! {
    async fn p4_10_a_broken_promise_is_recorded_once_and_stays(t: TestDesk) {
        let number = open(&t.desk).await;
        // A stop of everything is told at once; that is another job's matter.
        let opening = jobs::claim(&t.desk.db, &t.clock).await.unwrap().expect("the opening is told");
        t.desk.escalate(&opening, &serde_json::from_value(opening.data.0.clone()).unwrap()).await.unwrap();
        t.clock.advance_millis(600_000 - 1);
        assert!(jobs::claim(&t.desk.db, &t.clock).await.unwrap().is_none(), "reaching the due time keeps it");
        t.clock.advance_millis(2);
        let job = loop {
            let job = jobs::claim(&t.desk.db, &t.clock).await.unwrap().expect("the first response came due");
            if job.kind == jobs::CLOCK_DUE {
                break job;
            }
        };
        let again = jobs::claim(&t.desk.db, &t.clock).await.unwrap();
        assert!(again.is_none_or(|j| j.kind == jobs::ESCALATE), "a claimed job is leased");
        for _ in 0..2 {
            t.desk.clock_due(&job, number, Milestone::FirstResponse).await.unwrap();
        }
        t.desk.reply(number, &agent(&t.desk).await, &Reply { text: "late".into(), ..Reply::default() }).await.unwrap();
        let view = t.desk.ticket(number).await.unwrap();
        let breaches =
            view.timeline.iter().filter(|e| matches!(e.data.0, TimelineEntry::Breached { .. })).count();
        assert_eq!(breaches, 1);
        let first = view.clocks.iter().find(|c| c.milestone == Milestone::FirstResponse).unwrap();
        assert_eq!(first.state_at(t.clock.now()).as_str(), "breached");
        assert_eq!(first.met_at, Some(t.clock.now()));
    }
}

on_both! {
    async fn p6_05_a_severity_needs_a_reason_and_moves_the_due_time(t: TestDesk) {
        let number = open(&t.desk).await;
        let actor = agent(&t.desk).await;
        let bare = Patch { severity: Some(2), ..Patch::default() };
        assert!(matches!(t.desk.patch(number, &actor, &bare).await, Err(Error::Invalid { field, .. }) if field == "reason"));
        let explained = Patch { reason: Some("only one office".into()), ..bare };
        t.desk.patch(number, &actor, &explained).await.unwrap();
        let view = t.desk.ticket(number).await.unwrap();
        let resolve = view.clocks.iter().find(|c| c.milestone == Milestone::Resolve).unwrap();
        assert_eq!(resolve.due_at.since(view.ticket.created_at) / 60_000, 240);
        assert_eq!(view.ticket.severity, 2);
    }
}

on_both! {
    async fn p4_10_a_severity_raised_past_its_due_time_is_a_breach_on_record(t: TestDesk) {
        let number = open(&t.desk).await;
        let actor = agent(&t.desk).await;
        let to = |level: u8| Patch { severity: Some(level), reason: Some("looked at it".into()), ..Patch::default() };
        t.desk.patch(number, &actor, &to(3)).await.unwrap();
        t.minutes_pass(180);
        t.desk.patch(number, &actor, &to(1)).await.unwrap();
        t.desk.patch(number, &actor, &to(3)).await.unwrap();
        let view = t.desk.ticket(number).await.unwrap();
        let resolve = |row: &&firstline_core::ticket::TimelineRow| {
            matches!(row.data.0, TimelineEntry::Breached { milestone: Milestone::Resolve, .. })
        };
        assert_eq!(view.timeline.iter().filter(resolve).count(), 1, "lowering it again does not erase it");
    }
}

on_both! {
    async fn a_staff_answer_reaches_the_chat_the_ticket_came_from(t: TestDesk) {
        let turn = turn(&t.desk, "42", "update-1").await;
        let mut tx = t.desk.begin_turn(&turn).await.unwrap();
        let opened = tx.open_ticket(&fault(&turn), "E-1042", &[]).await.unwrap();
        tx.finish(&json!({}), None).await.unwrap();
        let number = opened.ticket.number;

        let reply = Reply { text: "请重启服务".into(), status: Some(Status::WaitingForCustomer), ..Reply::default() };
        t.desk.reply(number, &agent(&t.desk).await, &reply).await.unwrap();
        let note = Reply { text: "secret".into(), internal: true, ..Reply::default() };
        t.desk.reply(number, &Actor::System, &note).await.unwrap();

        let queued = outbox::after(&t.desk.db, "telegram", "bot", "42", "", 10).await.unwrap();
        assert_eq!(queued.len(), 1, "an internal note is told to nobody");
        assert_eq!(queued[0].payload.0["notice"], "staff_reply");
        assert_eq!(queued[0].payload.0["text"], "请重启服务");
        let view = t.desk.ticket(number).await.unwrap();
        assert_eq!(view.ticket.status, Status::WaitingForCustomer);
        assert!(view.assignee.is_some(), "whoever answers first has it");
        let resolve = view.clocks.iter().find(|c| c.milestone == Milestone::Resolve).unwrap();
        assert_eq!(resolve.state.as_str(), "paused");
    }
}

on_both! {
    async fn one_person_cannot_touch_anothers_ticket(t: TestDesk) {
        let mine = turn(&t.desk, "1", "a").await;
        let mut tx = t.desk.begin_turn(&mine).await.unwrap();
        let number = tx.open_ticket(&fault(&mine), "mine", &[]).await.unwrap().ticket.number;
        tx.finish(&json!({}), None).await.unwrap();

        let other = turn(&t.desk, "2", "b").await;
        let mut tx = t.desk.begin_turn(&other).await.unwrap();
        let heard = tx.heard("let me in", None, &[]).await.unwrap();
        assert!(matches!(tx.add_to_ticket(number, &heard).await, Err(Error::NotFound { .. })));
        assert!(matches!(tx.confirm_solved(number).await, Err(Error::NotFound { .. })));
        assert!(matches!(tx.rate(number, 1, None).await, Err(Error::NotFound { .. })));
    }
}

on_both! {
    async fn resolve_reopen_confirm_and_rate_once_per_resolution(t: TestDesk) {
        let number = open(&t.desk).await;
        let actor = agent(&t.desk).await;
        assert!(matches!(t.desk.customer_rates(number, 5, None).await, Err(Error::Conflict(_))));
        let resolved = Patch { status: Some(Status::Resolved), ..Patch::default() };
        t.desk.patch(number, &actor, &resolved).await.unwrap();
        t.desk.customer_reopens(number).await.unwrap();
        assert_eq!(t.desk.ticket(number).await.unwrap().ticket.status, Status::Open);
        t.desk.patch(number, &actor, &resolved).await.unwrap();
        t.desk.customer_confirms(number).await.unwrap();
        t.desk.customer_rates(number, 4, None).await.unwrap();
        t.desk.customer_rates(number, 5, Some("谢谢")).await.unwrap();
        let view = t.desk.ticket(number).await.unwrap();
        assert_eq!((view.ticket.status, view.rating), (Status::Closed, Some(5)));
        assert!(view.ticket.next_due_at.is_none(), "nothing is owed on a closed ticket");
    }
}

on_both! {
    async fn the_same_form_twice_adds_one_message(t: TestDesk) {
        let number = open(&t.desk).await;
        for _ in 0..2 {
            t.desk.customer_reply(number, "more details", &[], "form-1").await.unwrap();
        }
        assert_eq!(t.desk.ticket(number).await.unwrap().messages.len(), 2);
        t.desk.customer_reply(number, "other words from the same page", &[], "form-1").await.unwrap();
        assert_eq!(t.desk.ticket(number).await.unwrap().messages.len(), 3, "nothing said is lost");
    }
}

on_both! {
    async fn an_edit_keeps_the_old_words_as_a_revision(t: TestDesk) {
        let first = turn(&t.desk, "1", "a").await;
        let mut tx = t.desk.begin_turn(&first).await.unwrap();
        let heard = tx.heard("E-1024", Some("m1"), &[]).await.unwrap();
        let number = tx.open_ticket(&fault(&first), "report", &[heard]).await.unwrap().ticket.number;
        tx.finish(&json!({}), None).await.unwrap();
        t.minutes_pass(1);
        let second = turn(&t.desk, "1", "b").await;
        let mut tx = t.desk.begin_turn(&second).await.unwrap();
        assert!(tx.edit("m1", "E-1042").await.unwrap());
        assert!(!tx.edit("m1", "E-1042").await.unwrap(), "the same words are no edit");
        assert!(!tx.edit("unknown", "x").await.unwrap());
        tx.finish(&json!({}), None).await.unwrap();

        let view = t.desk.ticket(number).await.unwrap();
        let edited = view.messages.iter().find(|m| m.external_id.as_deref() == Some("m1")).unwrap();
        assert_eq!((edited.text.as_str(), edited.edited_at), ("E-1042", Some(t.clock.now())));
        let revisions = &view.revisions[&edited.id];
        assert_eq!((revisions.len(), revisions[0].text.as_str(), revisions[0].n), (1, "E-1024", 1));
    }
}

on_both! {
    async fn an_idempotency_key_gives_one_effect_and_refuses_another_request(t: TestDesk) {
        let tasks: Vec<_> = (0..16).map(|_| {
            let desk = t.desk.clone();
            tokio::spawn(async move {
                let key = Idempotent::new("token", "k1", "POST /tickets", b"{}").unwrap();
                let mut tx = desk.db.begin().await.unwrap();
                match key.begin(&mut tx, &desk.clock).await.unwrap() {
                    Begun::First => {
                        let number = desk.open_request(&mut tx, &request()).await.unwrap().ticket.number;
                        key.keep(&mut tx, 201, &json!({"number": number})).await.unwrap();
                        tx.commit().await.unwrap();
                        number.to_string()
                    }
                    Begun::Again(status, body) => {
                        assert_eq!(status, 201);
                        body["number"].as_str().unwrap().to_string()
                    }
                }
            })
        }).collect();
        let mut numbers = HashSet::new();
        for task in tasks {
            numbers.insert(task.await.unwrap());
        }
        assert_eq!(numbers.len(), 1);
        let other = Idempotent::new("token", "k1", "POST /tickets", b"{\"x\":1}").unwrap();
        let mut tx = t.desk.db.begin().await.unwrap();
        assert!(matches!(other.begin(&mut tx, &t.clock).await, Err(Error::Conflict(_))));
    }
}

on_both! {
    async fn four_workers_take_two_hundred_jobs_once_each(t: TestDesk) {
        let mut tx = t.desk.db.begin().await.unwrap();
        for i in 0..200 {
            let due = t.clock.now();
            jobs::enqueue(&mut tx, &t.clock, "test", &i.to_string(), &json!(i), due).await.unwrap();
            jobs::enqueue(&mut tx, &t.clock, "test", &i.to_string(), &json!(i), due).await.unwrap();
        }
        tx.commit().await.unwrap();
        let workers: Vec<_> = (0..4).map(|_| {
            let desk = t.desk.clone();
            tokio::spawn(async move {
                let mut taken = Vec::new();
                while let Some(job) = jobs::claim(&desk.db, &desk.clock).await.unwrap() {
                    taken.push(job.id);
                }
                taken
            })
        }).collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.await.unwrap());
        }
        let distinct: HashSet<_> = all.iter().collect();
        assert_eq!((all.len(), distinct.len()), (200, 200));
    }
}

on_both! {
    async fn a_failed_turn_waits_and_is_set_aside_after_five_tries(t: TestDesk) {
        let turn = turn(&t.desk, "1", "bad").await;
        for n in 0..inbox::MAX_ATTEMPTS {
            let event = inbox::head_of(&t.desk.db, &address("1")).await.unwrap().expect("still pending");
            assert_eq!(event.attempts, n);
            inbox::failed(&t.desk.db, &t.clock, &event, "broken", false).await.unwrap();
            assert!(inbox::heads(&t.desk.db, t.clock.now(), 10).await.unwrap().is_empty(), "it waits its turn");
        }
        assert!(inbox::head_of(&t.desk.db, &address("1")).await.unwrap().is_none());
        assert_eq!(inbox::troubled(&t.desk.db, 10).await.unwrap()[0].id, turn.event.id);
    }
}

#[tokio::test]
async fn an_unknown_database_scheme_stops_the_start() {
    for url in ["mysql://localhost/x", "firstline.db", "", "postgre://x"] {
        let refused = firstline_core::store::Db::open(url).await;
        assert!(matches!(refused, Err(Error::Config(_))), "{url}");
    }
}

/// What only one process may do: on PostgreSQL the second waits until the first is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exclusive_right_belongs_to_one_session_until_that_ends() {
    let Some(t) = TestDesk::postgres("an_exclusive_right").await else { return };
    let db = &t.desk.db;
    let mut first = db.try_exclusive("polling 1").await.unwrap().expect("nobody has it");
    assert!(db.try_exclusive("polling 1").await.unwrap().is_none());
    let other = db.try_exclusive("polling 2").await.unwrap().expect("another right is free");
    assert!(first.holds().await);
    first.give_back().await;
    drop(other);
    assert!(db.try_exclusive("polling 1").await.unwrap().is_some());
}

async fn count(desk: &Desk, table: &'static str) -> i64 {
    let sql = format!("select count(*) from {table}");
    on!(&desk.db, p => sqlx::query_scalar(AssertSqlSafe(sql.as_str())).fetch_one(p).await).unwrap()
}

on_both! {
    /// After months: answered events and old chatter are gone, what hangs on a ticket is there.
    async fn pruning_takes_old_chatter_and_leaves_tickets(t: TestDesk) {
        let desk = &t.desk;
        let turn = turn(desk, "c", "old").await;
        let mut tx = desk.begin_turn(&turn).await.unwrap();
        let heard = tx.heard("E-1042", Some("m1"), &[]).await.unwrap();
        tx.say("chatter", &json!({"said": 1}), None).await.unwrap();
        let opened = tx.open_ticket(&fault(&turn), "E-1042", &[heard]).await.unwrap();
        tx.say("opened", &json!({"said": 2}), Some(&opened.ticket.id)).await.unwrap();
        tx.finish(&json!({}), None).await.unwrap();
        while let Some(row) = outbox::head_of(&desk.db, "telegram", "bot", "c").await.unwrap() {
            let mut tx = desk.db.begin().await.unwrap();
            outbox::sent(&mut tx, &desk.clock, &row, &[format!("sent-{}", row.id)]).await.unwrap();
            tx.commit().await.unwrap();
        }
        desk.keep_pruning().await.unwrap();
        run_pruning(desk).await;
        assert_eq!((count(desk, "inbox").await, count(desk, "outbox").await), (1, 2), "nothing is old yet");
        t.minutes_pass(100 * 24 * 60);
        run_pruning(desk).await;
        assert_eq!((count(desk, "inbox").await, count(desk, "outbox").await, count(desk, "outbox_sent").await), (0, 1, 1));
        let messages = rows::messages(&desk.db, &opened.ticket.id).await.unwrap();
        assert_eq!(messages.len(), 1, "the ticket has all it had");
        assert!(jobs::next_due(&desk.db).await.unwrap().is_some_and(|due| due > t.clock.now()), "tomorrow again");
    }
}

/// Runs the pruning that is due; other jobs are left aside.
async fn run_pruning(desk: &Desk) {
    let mut found = false;
    while let Some(job) = jobs::claim(&desk.db, &desk.clock).await.unwrap() {
        if job.kind == jobs::PRUNE {
            desk.prune(&job).await.unwrap();
            found = true;
        } else {
            let mut tx = desk.db.begin().await.unwrap();
            jobs::done(&mut tx, &desk.clock, &job.id).await.unwrap();
            tx.commit().await.unwrap();
        }
    }
    assert!(found, "a pruning is due");
}
