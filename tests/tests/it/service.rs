//! Service under test: customers, contracts and groups made the way the console makes them.
use firstline_core::Desk;
use firstline_core::customers::{
    Contact, ContactRole, Contract, Customer, Installation, NewContact, NewContract, NewCustomer,
    NewInstallation,
};
use firstline_core::desk::{NewRequest, Opened};
use firstline_core::entitlement::Cause;
use firstline_core::groups::{Group, NewGroup};
use firstline_core::routing::{GroupKind, Why};
use firstline_core::severity::{Effect, Scope, Situation};
use firstline_core::staff::{self, Role, Staff};
use firstline_core::ticket::service::{Placement, Service, placement};
use firstline_core::ticket::{Actor, Kind, Number, TimelineEntry};

pub const WANG: &str = "wang@hospital.example";

pub async fn member(desk: &Desk, name: &str, role: Role) -> Staff {
    let email = format!("{name}@example.com");
    staff::add(&desk.db, &desk.clock, &email, name, role, "correct horse").await.expect("a member of staff")
}

pub async fn manager(desk: &Desk) -> Actor {
    Actor::Staff(member(desk, "boss", Role::Manager).await.id)
}

/// A hospital with one contact, one contract and one installation of `invoice`.
pub struct Hospital {
    pub customer: Customer,
    pub contact: Contact,
    pub contract: Contract,
    pub installation: Installation,
    pub boss: Actor,
}

pub fn contact(name: &str, email: &str) -> NewContact {
    NewContact { name: name.into(), email: Some(email.into()), phone: None, role: ContactRole::Operator }
}

impl Hospital {
    pub async fn with_plan(desk: &Desk, plan: &str, accepted_on: &str) -> Hospital {
        Hospital::with(
            desk,
            NewContract { plan: plan.into(), accepted_on: Some(accepted_on.into()), ..contract() },
        )
        .await
    }

    pub async fn with(desk: &Desk, new: NewContract) -> Hospital {
        let boss = manager(desk).await;
        let named =
            NewCustomer {
                name: "第一医院".into(), region: Some("beijing".into()), ..NewCustomer::default()
            };
        let customer = desk.add_customer(&boss, &named).await.expect("a customer");
        let contract = desk.sign_contract(&boss, &customer.id, &new).await.expect("a contract");
        let who = desk.add_contact(&boss, &customer.id, &contact("王会计", WANG)).await.expect("a contact");
        let runs = NewInstallation {
            contract_id: Some(contract.id.clone()),
            name: "收费系统".into(),
            product: "invoice".into(),
            product_version: Some("3.2.0".into()),
            region: Some("beijing".into()),
        };
        let installation = desk.add_installation(&boss, &customer.id, &runs).await.expect("an installation");
        Hospital { customer, contact: who, contract, installation, boss }
    }
}

pub fn contract() -> NewContract {
    NewContract { number: "HT-2026-001".into(), plan: "default".into(), ..NewContract::default() }
}

pub fn fault(text: &str) -> NewRequest {
    NewRequest {
        title: text.into(),
        text: text.into(),
        kind: Kind::Fault,
        product: Some("invoice".into()),
        version: Some("3.2.0".into()),
        situation: Situation {
            scope: Some(Scope::Many),
            effect: Some(Effect::Degraded),
            workaround: Some(true),
        },
        customer_name: "王会计".into(),
        customer_email: WANG.into(),
    }
}

pub async fn open(desk: &Desk, request: &NewRequest) -> Opened {
    let mut tx = desk.db.begin().await.expect("a transaction");
    let opened = desk.open_request(&mut tx, request).await.expect("a ticket");
    tx.commit().await.expect("a commit");
    opened
}

pub async fn group(desk: &Desk, boss: &Actor, name: &str, kind: GroupKind, members: &[&Staff]) -> Group {
    group_with(desk, boss, name, kind, members, &[], None).await
}

pub async fn group_with(
    desk: &Desk,
    boss: &Actor,
    name: &str,
    kind: GroupKind,
    members: &[&Staff],
    skills: &[Cause],
    region: Option<&str>,
) -> Group {
    let new = NewGroup {
        name: name.into(),
        kind,
        region: region.map(str::to_owned),
        skills: skills.to_vec(),
        zone: String::new(),
        hours: "mon-fri 08:30-17:00".into(),
        holidays: true,
        members: members.iter().map(|m| m.id.clone()).collect(),
    };
    desk.add_group(boss, &new).await.expect("a group")
}

pub async fn place(desk: &Desk, number: Number) -> Placement {
    let ticket = desk.ticket(number).await.expect("a ticket").ticket;
    placement(&desk.db, &ticket.id).await.expect("a placement")
}

/// Every service entry of a ticket, in order.
pub async fn entries(desk: &Desk, number: Number) -> Vec<Service> {
    let view = desk.ticket(number).await.expect("a ticket");
    let service = view.timeline.iter().filter_map(|row| match &row.data.0 {
        TimelineEntry::Service { entry } => Some((**entry).clone()),
        _ => None,
    });
    service.collect()
}

/// The reasons of the newest assignment.
pub async fn why(desk: &Desk, number: Number) -> Vec<Why> {
    let newest = entries(desk, number).await.into_iter().rev().find_map(|entry| match entry {
        Service::Routed { why, .. } => Some(why),
        _ => None,
    });
    newest.expect("a reason")
}
