//! Groups as they stand at an instant: who is there, who is on duty, who has how much to do.
use std::collections::HashMap;

use jiff::tz::TimeZone;
use sqlx::FromRow;

use super::{Duty, Group, rows};
use crate::calendar::HolidaySets;
use crate::routing::{GroupKind, GroupView, Hours, Member, Opening, Special};
use crate::staff::Role;
use crate::store::{Db, Tx};
use crate::{Result, Time};

/// The public holidays that close a group.
const PUBLIC: &str = "cn";

#[derive(FromRow)]
struct MemberRow {
    group_id: String,
    id: String,
    name: String,
    open: i64,
    on_duty: bool,
}

/// Every group with its members, for routing. Three statements, whatever their number.
pub async fn views(tx: &mut Tx, now: Time, sets: &HolidaySets) -> Result<Vec<GroupView>> {
    let groups = rows::all_in(tx).await?;
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<MemberRow> = on_tx!(&mut *tx, c => sqlx::query_as(
        "select m.group_id, s.id, s.name, \
         (select count(*) from ticket t where t.assignee_id = s.id and t.resolved_at is null) as open, \
         exists (select 1 from duty d where d.group_id = m.group_id and d.staff_id = s.id and d.starts_at <= $1 and d.ends_at > $1) as on_duty \
         from group_member m join staff s on s.id = m.staff_id where s.disabled = $2 order by s.id")
        .bind(now).bind(false).fetch_all(c).await)?;
    let mut members: HashMap<String, Vec<Member>> = HashMap::new();
    for m in found {
        let member = Member { staff_id: m.id, name: m.name, open: m.open, on_duty: m.on_duty };
        members.entry(m.group_id).or_default().push(member);
    }
    Ok(groups.iter().map(|g| view(g, members.remove(&g.id).unwrap_or_default(), now, sets)).collect())
}

fn view(group: &Group, members: Vec<Member>, now: Time, sets: &HolidaySets) -> GroupView {
    GroupView {
        id: group.id.clone(),
        name: group.name.clone(),
        kind: group.kind,
        region: group.region.clone(),
        skills: group.skills.0.clone(),
        open_now: open_at(group, now, sets) == Opening::Open,
        members,
    }
}

/// Whether a group is within its hours, and otherwise when it opens. Hours that no longer read count as 24x7:
/// a ticket must not wait for a slip in a form.
pub fn open_at(group: &Group, now: Time, sets: &HolidaySets) -> Opening {
    let Ok(hours) = Hours::parse(&group.hours) else { return Opening::Open };
    let zone = TimeZone::get(&group.zone).unwrap_or(TimeZone::UTC);
    let public = sets.get(PUBLIC).filter(|_| group.holidays);
    hours.at(now, &zone, |date| {
        let day = public?.days().get(&date)?;
        Some(if day.off { Special::Off } else { Special::Working })
    })
}

/// Managers with what they have to do, for complaints and low ratings.
pub async fn managers(tx: &mut Tx) -> Result<Vec<Member>> {
    let found: Vec<(String, String, i64)> = on_tx!(tx, c => sqlx::query_as(
        "select s.id, s.name, (select count(*) from ticket t where t.assignee_id = s.id and t.resolved_at is null) \
         from staff s where s.role = $1 and s.disabled = $2 order by s.id")
        .bind(Role::Manager.as_str()).bind(false).fetch_all(c).await)?;
    Ok(found
        .into_iter()
        .map(|(staff_id, name, open)| Member { staff_id, name, open, on_duty: false })
        .collect())
}

/// Who is on duty at `now`, by group.
pub async fn on_duty_now(db: &Db, now: Time) -> Result<Vec<Duty>> {
    let turns = rows::duties(db, now, now.plus_millis(1)).await?;
    Ok(turns.into_iter().filter(|d| d.starts_at <= now && d.ends_at > now).collect())
}

/// P6-34: everybody in the emergency groups, ids of staff.
pub async fn emergency_people(db: &Db) -> Result<Vec<String>> {
    Ok(on!(db, p => sqlx::query_scalar(
        "select distinct m.staff_id from group_member m join support_group g on g.id = m.group_id join staff s on s.id = m.staff_id \
         where g.kind = $1 and s.disabled = $2 order by m.staff_id")
        .bind(GroupKind::Emergency.as_str()).bind(false).fetch_all(p).await)?)
}
