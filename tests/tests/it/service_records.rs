//! Customers, contacts, contracts and installations, on both databases.
use firstline_core::customers::{EntryKind, NewCustomer, NewInstallation, rows};
use firstline_core::entitlement::Period;
use firstline_core::staff::Role;
use firstline_core::ticket::queue;
use firstline_core::{Error, Time};

use crate::desk::{MONDAY, on_both};
use crate::service::{Hospital, WANG, contact, entries, fault, member, open, place};
use firstline_core::ticket::Actor;

on_both! {
    async fn a_report_finds_its_customer_contract_and_installation(t: TestDesk) {
        let h = Hospital::with_plan(&t.desk, "default", "2026-01-31").await;
        let opened = open(&t.desk, &fault("开票时报错 E-1042")).await;
        let placed = place(&t.desk, opened.ticket.number).await;
        assert_eq!(placed.customer_id.as_ref(), Some(&h.customer.id));
        assert_eq!(placed.contact_id.as_ref(), Some(&h.contact.id));
        assert_eq!(placed.contract_id.as_ref(), Some(&h.contract.id));
        assert_eq!(placed.installation_id.as_ref(), Some(&h.installation.id));
        assert_eq!(opened.entitlement.as_ref().and_then(|e| e.period), Some(Period::Warranty));
        let stranger = open(&t.desk, &firstline_core::desk::NewRequest {
            customer_email: "nobody@elsewhere.example".into(), ..fault("cannot print")
        }).await;
        assert!(stranger.entitlement.is_none(), "nothing is promised in the name of a contract nobody found");
    }
}

on_both! {
    async fn staff_say_who_a_chat_person_is_and_their_open_tickets_follow(t: TestDesk) {
        let h = Hospital::with_plan(&t.desk, "default", "2026-01-31").await;
        let request = firstline_core::desk::NewRequest { customer_email: "wang.private@mail.example".into(), ..fault("报错") };
        let number = open(&t.desk, &request).await.ticket.number;
        assert!(place(&t.desk, number).await.customer_id.is_none());
        assert_eq!(t.desk.link_reporter(number, &h.boss, &h.contact.id).await.unwrap(), [number]);
        assert_eq!(place(&t.desk, number).await.contract_id, Some(h.contract.id.clone()));
        let next = open(&t.desk, &request).await.ticket.number;
        assert_eq!(place(&t.desk, next).await.customer_id, Some(h.customer.id.clone()), "known from now on");
    }
}

on_both! {
    async fn a_contacts_own_link_proves_who_they_are(t: TestDesk) {
        let h = Hospital::with_plan(&t.desk, "default", "2026-01-31").await;
        let key = t.desk.links.contact_key(&h.contact.id);
        assert_eq!(t.desk.contact_by_link(&h.contact.id, &key).await.unwrap().id, h.contact.id);
        for (id, key) in [(h.contact.id.as_str(), "0123"), ("nobody", key.as_str())] {
            assert!(matches!(t.desk.contact_by_link(id, key).await, Err(Error::NotFound { .. })));
        }
    }
}

on_both! {
    async fn p10_05_a_leaving_contacts_tickets_pass_to_the_successor(t: TestDesk) {
        let h = Hospital::with_plan(&t.desk, "default", "2026-01-31").await;
        let number = open(&t.desk, &fault("报错")).await.ticket.number;
        let li = t.desk.add_contact(&h.boss, &h.customer.id, &contact("李会计", "li@hospital.example")).await.unwrap();
        assert_eq!(t.desk.contact_leaves(&h.boss, &h.contact.id, Some(&li.id)).await.unwrap(), 1);
        assert_eq!(place(&t.desk, number).await.contact_id.as_ref(), Some(&li.id));
        let again = t.desk.contact_leaves(&h.boss, &h.contact.id, None).await;
        assert!(matches!(again, Err(Error::Conflict(_))));
        // The address is free for whoever comes next; who left is nobody's contact any more.
        let later = open(&t.desk, &fault("还是报错")).await;
        assert!(later.entitlement.is_none());
        let wrong = t.desk.contact_leaves(&h.boss, &li.id, Some(&h.contact.id)).await;
        assert!(matches!(wrong, Err(Error::Invalid { field, .. }) if field == "successor"));
    }
}

on_both! {
    async fn p6_01_contacts_have_a_role_at_their_customer(t: TestDesk) {
        let h = Hospital::with_plan(&t.desk, "default", "2026-01-31").await;
        let all = rows::contact::of_customer(&t.desk.db, &h.customer.id).await.unwrap();
        assert_eq!(all[0].role.as_str(), "operator");
        let twice = t.desk.add_contact(&h.boss, &h.customer.id, &contact("另一位", WANG)).await;
        assert!(matches!(twice, Err(Error::Conflict(_))), "one address, one contact");
    }
}

on_both! {
    async fn p2_04_an_installation_keeps_dated_entries_and_its_tickets(t: TestDesk) {
        let h = Hospital::with_plan(&t.desk, "default", "2026-01-31").await;
        let number = open(&t.desk, &fault("报错")).await.ticket.number;
        for (on, kind, text) in [
            ("2026-09-01", EntryKind::Operators, "新来两名操作员"), ("2026-09-20", EntryKind::Equipment, "换了打印机"),
        ] {
            t.desk.note_installation(&h.boss, &h.installation.id, on, kind, text).await.unwrap();
        }
        let changed = NewInstallation {
            contract_id: Some(h.contract.id.clone()), name: "收费系统".into(), product: "invoice".into(),
            product_version: Some("3.2.2".into()), region: None,
        };
        t.desk.change_installation(&h.boss, &h.installation, &changed).await.unwrap();
        let lost = t.desk.change_installation(&h.boss, &h.installation, &changed).await;
        assert!(matches!(lost, Err(Error::Conflict(_))), "the second writer saw an old version");
        let archive = rows::installation::entries(&t.desk.db, &h.installation.id).await.unwrap();
        let kinds: Vec<_> = archive.iter().map(|e| (e.on_date.as_str(), e.kind)).collect();
        assert_eq!(kinds, [
            ("2026-09-28", EntryKind::Version), ("2026-09-20", EntryKind::Equipment), ("2026-09-01", EntryKind::Operators),
        ]);
        let tickets = queue::of_installation(&t.desk.db, &h.installation.id, 10).await.unwrap();
        assert_eq!(tickets.iter().map(|q| q.number).collect::<Vec<_>>(), [number]);
        let future = t.desk.note_installation(&h.boss, &h.installation.id, "30.9.2026", EntryKind::State, "x").await;
        assert!(matches!(future, Err(Error::Invalid { field, .. }) if field == "date"));
    }
}

on_both! {
    async fn contracts_are_for_managers_and_every_change_is_on_record(t: TestDesk) {
        let h = Hospital::with_plan(&t.desk, "default", "2026-01-31").await;
        let agent = Actor::Staff(member(&t.desk, "agent", Role::Agent).await.id);
        let new = crate::service::contract();
        let refused = t.desk.sign_contract(&agent, &h.customer.id, &new).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))));
        let curator = Actor::Staff(member(&t.desk, "curator", Role::Curator).await.id);
        let named = NewCustomer { name: "某公司".into(), ..NewCustomer::default() };
        assert!(matches!(t.desk.add_customer(&curator, &named).await, Err(Error::Forbidden(_))));
        let twice = t.desk.sign_contract(&h.boss, &h.customer.id, &new).await;
        assert!(matches!(twice, Err(Error::Conflict(_))), "a number names one contract");
        t.desk.suspend_contract(&h.boss, &h.contract.id, Some("付款未到")).await.unwrap();
        let record = rows::customer::audit_of(&t.desk.db, &h.contract.id, 10).await.unwrap();
        let what: Vec<&str> = record.iter().map(|r| r.what.as_str()).collect();
        assert_eq!(what, ["contract_suspended", "contract_signed"]);
    }
}

on_both! {
    async fn the_same_customer_added_fifty_times_at_once_is_one(t: TestDesk) {
        let boss = crate::service::manager(&t.desk).await;
        let tasks: Vec<_> = (0..50).map(|_| {
            let (desk, boss) = (t.desk.clone(), boss.clone());
            let new = NewCustomer { name: "同名医院".into(), ..NewCustomer::default() };
            tokio::spawn(async move { desk.add_customer(&boss, &new).await.is_ok() })
        }).collect();
        let mut made = 0;
        for task in tasks {
            made += usize::from(task.await.unwrap());
        }
        assert_eq!(made, 1);
        let listed = rows::customer::list(&t.desk.db, Some("同名"), None, 10).await.unwrap();
        assert_eq!(listed.len(), 1);
    }
}

on_both! {
    async fn hostile_words_in_a_customers_record_are_refused_or_kept_as_words(t: TestDesk) {
        let boss = crate::service::manager(&t.desk).await;
        let add = |name: &str, zone: &str| NewCustomer { name: name.into(), zone: zone.into(), ..NewCustomer::default() };
        for (name, zone, field) in
            [("", "", "name"), ("a\0b", "", "name"), ("x", "Mars/Olympus", "zone"), (&"x".repeat(201), "", "name")]
        {
            let refused = t.desk.add_customer(&boss, &add(name, zone)).await;
            assert!(matches!(refused, Err(Error::Invalid { field: f, .. }) if f == field), "{name:?} {zone:?}");
        }
        let odd = t.desk.add_customer(&boss, &add("'; drop table ticket; -- <script>%_", "")).await.unwrap();
        let found = rows::customer::list(&t.desk.db, Some("drop table"), None, 10).await.unwrap();
        assert_eq!(found[0].id, odd.id);
    }
}

on_both! {
    async fn a_page_of_customers_continues_where_the_last_one_ended(t: TestDesk) {
        let boss = crate::service::manager(&t.desk).await;
        for n in 0..7 {
            let new = NewCustomer { name: format!("Customer {n}"), ..NewCustomer::default() };
            t.desk.add_customer(&boss, &new).await.unwrap();
        }
        let first = rows::customer::list(&t.desk.db, None, None, 4).await.unwrap();
        let last = &first[3];
        let after = Some((last.name.to_lowercase(), last.id.clone()));
        let after = after.as_ref().map(|(name, id)| (name.as_str(), id.as_str()));
        let second = rows::customer::list(&t.desk.db, None, after, 4).await.unwrap();
        let names: Vec<&str> = first.iter().chain(&second).map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["Customer 0", "Customer 1", "Customer 2", "Customer 3", "Customer 4", "Customer 5", "Customer 6"]);
    }
}

on_both! {
    async fn p6_31_a_ticket_tells_whose_it_is_what_was_said_of_the_cost_and_why_it_went_where(t: TestDesk) {
        let h = Hospital::with_plan(&t.desk, "default", "2026-01-31").await;
        let eve = member(&t.desk, "eve", Role::Engineer).await;
        crate::service::group(&t.desk, &h.boss, "一线", firstline_core::routing::GroupKind::General, &[&eve]).await;
        let number = open(&t.desk, &fault("报错")).await.ticket.number;
        let kinds: Vec<String> = entries(&t.desk, number).await.iter()
            .map(|e| serde_json::to_value(e).unwrap()["what"].as_str().unwrap().to_owned()).collect();
        assert_eq!(kinds, ["placed", "entitled", "routed"]);
    }
}

on_both! {
    async fn p3_12_who_of_the_staff_looked_at_a_ticket_is_on_record(t: TestDesk) {
        let ticket = open(&t.desk, &fault("报错")).await.ticket;
        let eve = member(&t.desk, "eve", Role::Agent).await;
        for minutes in [0, 10, 60] {
            t.minutes_pass(minutes);
            t.desk.saw(&ticket, &eve.id).await.unwrap();
        }
        let seen = firstline_core::desk::service::access::of_ticket(&t.desk.db, &ticket.id, 10).await.unwrap();
        let at = |minutes: i64| Time(MONDAY.0 + minutes * 60_000);
        assert_eq!(seen, [("eve".to_owned(), at(70)), ("eve".to_owned(), at(0))], "once an hour");
    }
}
