//! The decision. Order: complaints to a manager, the named engineer, the engineer who had it before,
//! then the best group and in it who is on duty or has the least to do.
use serde::{Deserialize, Serialize};

use super::{GroupKind, Routing};
use crate::entitlement::{Cause, Period};
use crate::ticket::{Kind, Number};

/// What is known of a ticket when it is routed.
#[derive(Clone, Debug)]
pub struct Request {
    pub kind: Kind,
    pub severity: u8,
    pub cause: Option<Cause>,
    pub region: Option<String>,
    /// Where the contract stands; `None` without one.
    pub period: Option<Period>,
    /// The engineer named on the contract.
    pub named: Option<String>,
    /// Who had this ticket, or a related one, before.
    pub previous: Option<(String, Number)>,
    /// Whom the customer does not want any more (P9-09).
    pub excluded: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub staff_id: String,
    pub name: String,
    /// Tickets open now.
    pub open: i64,
    pub on_duty: bool,
}

/// A group as it stands now.
#[derive(Clone, Debug)]
pub struct GroupView {
    pub id: String,
    pub name: String,
    pub kind: GroupKind,
    pub region: Option<String>,
    /// Causes its people know; empty: all.
    pub skills: Vec<Cause>,
    /// Whether it is within its hours.
    pub open_now: bool,
    pub members: Vec<Member>,
}

/// Why somebody or some group was chosen. Rendered for people outside this room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    Complaint,
    NamedEngineer,
    SameEngineer {
        number: Number,
    },
    Excluded {
        name: String,
    },
    Emergency,
    Skill {
        cause: Cause,
    },
    Region {
        region: String,
    },
    InWarranty,
    AfterWarranty,
    OnDuty,
    Load {
        open: i64,
    },
    OnlyGroup,
    /// Nobody in the group may take it: it waits for whoever does.
    Nobody,
    ByHand,
    Successor,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub group: Option<String>,
    pub assignee: Option<String>,
    pub why: Vec<Why>,
}

/// `groups` as they stand, `managers` for complaints. `None` when there is nobody to choose.
pub fn pick(
    rules: &Routing,
    request: &Request,
    groups: &[GroupView],
    managers: &[Member],
) -> Option<Decision> {
    if request.kind == Kind::Complaint
        && let Some(manager) = least_loaded(managers.iter(), &request.excluded)
    {
        let why = vec![Why::Complaint, Why::Load { open: manager.open }];
        return Some(Decision { group: None, assignee: Some(manager.staff_id.clone()), why });
    }
    if let Some(decision) = known_engineer(rules, request, groups) {
        return Some(decision);
    }
    let (group, mut why) = best_group(rules, request, groups)?;
    let mut why_person = person(rules, request, group);
    why.append(&mut why_person.1);
    Some(Decision { group: Some(group.id.clone()), assignee: why_person.0, why })
}

/// Somebody chosen by name, when they work in a group and are not excluded.
fn known_engineer(rules: &Routing, request: &Request, groups: &[GroupView]) -> Option<Decision> {
    let named = request.named.as_ref().filter(|_| rules.named_engineer).map(|id| (id, Why::NamedEngineer));
    let before = request.previous.as_ref().filter(|_| rules.same_engineer);
    let before = before.map(|(id, number)| (id, Why::SameEngineer { number: *number }));
    named.into_iter().chain(before).filter(|(id, _)| !request.excluded.contains(id)).find_map(|(id, why)| {
        let group = groups.iter().find(|g| g.members.iter().any(|m| m.staff_id == *id))?;
        Some(Decision { group: Some(group.id.clone()), assignee: Some(id.clone()), why: vec![why] })
    })
}

fn best_group<'a>(
    rules: &Routing,
    request: &Request,
    groups: &'a [GroupView],
) -> Option<(&'a GroupView, Vec<Why>)> {
    let urgent = rules.emergency_levels.contains(&request.severity);
    if let Some(group) =
        groups.iter().find(|g| urgent && g.kind == GroupKind::Emergency && !g.members.is_empty())
    {
        return Some((group, vec![Why::Emergency]));
    }
    let over = matches!(request.period, Some(Period::Maintenance | Period::After));
    let mut best: Option<(i64, &GroupView, Vec<Why>)> = None;
    for group in groups.iter().filter(|g| g.kind != GroupKind::Emergency) {
        let Some((score, why)) = score(rules, request, group, over) else { continue };
        if best.as_ref().is_none_or(|(top, ..)| score > *top) {
            best = Some((score, group, why));
        }
    }
    let (_, group, mut why) = best?;
    if why.is_empty() {
        why.push(Why::OnlyGroup);
    }
    Some((group, why))
}

/// How well a group suits, and why; `None`: not at all.
fn score(rules: &Routing, request: &Request, group: &GroupView, over: bool) -> Option<(i64, Vec<Why>)> {
    let mut why = Vec::new();
    let mut score = 0;
    match (request.cause, group.skills.is_empty()) {
        (Some(cause), false) if group.skills.iter().any(|skill| cause.fits(*skill)) => {
            score += 8;
            why.push(Why::Skill { cause });
        }
        // Specialists are spared what is not theirs; a case nobody has sorted yet goes to all-rounders.
        (_, false) => return None,
        (_, true) => {}
    }
    if rules.nearest {
        match (&request.region, &group.region) {
            (Some(here), Some(there)) if here == there => {
                score += 4;
                why.push(Why::Region { region: here.clone() });
            }
            (Some(_), Some(_)) => score -= 4,
            _ => {}
        }
    }
    if let Some(heir) = rules.after_warranty {
        match (over, group.kind) {
            (true, GroupKind::OnSite) => return None,
            (true, kind) if kind == heir => {
                score += 2;
                why.push(Why::AfterWarranty);
            }
            (false, GroupKind::OnSite) if request.period == Some(Period::Warranty) => {
                score += 2;
                why.push(Why::InWarranty);
            }
            _ => {}
        }
    }
    Some((score, why))
}

fn person(rules: &Routing, request: &Request, group: &GroupView) -> (Option<String>, Vec<Why>) {
    let mut why: Vec<Why> = group
        .members
        .iter()
        .filter(|m| request.excluded.contains(&m.staff_id))
        .map(|m| Why::Excluded { name: m.name.clone() })
        .collect();
    if !group.open_now {
        let duty = rules.duty_levels.contains(&request.severity);
        let on_duty = group.members.iter().filter(|m| duty && m.on_duty);
        if let Some(member) = least_loaded(on_duty, &request.excluded) {
            why.push(Why::OnDuty);
            return (Some(member.staff_id.clone()), why);
        }
    }
    match least_loaded(group.members.iter(), &request.excluded) {
        Some(member) => {
            why.push(Why::Load { open: member.open });
            (Some(member.staff_id.clone()), why)
        }
        None => {
            why.push(Why::Nobody);
            (None, why)
        }
    }
}

/// The least loaded of these; ids decide between equals, so that the same facts give the same answer.
fn least_loaded<'a>(members: impl Iterator<Item = &'a Member>, excluded: &[String]) -> Option<&'a Member> {
    members.filter(|m| !excluded.contains(&m.staff_id)).min_by_key(|m| (m.open, &m.staff_id))
}
