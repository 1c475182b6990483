//! Reading and writing groups, members and turns of duty.
use sqlx::types::Json;

use super::{Duty, Group, NewGroup};
use crate::store::{Db, Tx};
use crate::{Clock, Error, Result, Time};

pub async fn insert(tx: &mut Tx, clock: &Clock, new: &NewGroup) -> Result<Group> {
    let new = new.checked()?;
    let made: Option<Group> = on_tx!(&mut *tx, c => sqlx::query_as(
        "insert into support_group (id, name, name_key, kind, region, skills, zone, hours, holidays, created_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0) on conflict (name_key) do nothing returning *")
        .bind(clock.id()).bind(&new.name).bind(new.name.to_lowercase()).bind(new.kind.as_str()).bind(&new.region)
        .bind(Json(&new.skills)).bind(&new.zone).bind(&new.hours).bind(new.holidays).bind(clock.now())
        .fetch_optional(c).await)?;
    let group =
        made.ok_or_else(|| Error::Conflict(format!("there is a group called {:?} already", new.name)))?;
    set_members(tx, &group.id, &new.members).await?;
    Ok(group)
}

/// `version` is the one the writer saw.
pub async fn update(tx: &mut Tx, id: &str, version: i64, new: &NewGroup) -> Result<Group> {
    let new = new.checked()?;
    let key = new.name.to_lowercase();
    let taken: Option<String> = on_tx!(&mut *tx, c => sqlx::query_scalar("select id from support_group where name_key = $1 and id <> $2")
        .bind(&key).bind(id).fetch_optional(c).await)?;
    if taken.is_some() {
        return Err(Error::Conflict(format!("there is a group called {:?} already", new.name)));
    }
    let changed: Option<Group> = on_tx!(&mut *tx, c => sqlx::query_as(
        "update support_group set name = $3, name_key = $4, kind = $5, region = $6, skills = $7, zone = $8, hours = $9, \
         holidays = $10, version = version + 1 where id = $1 and version = $2 returning *")
        .bind(id).bind(version).bind(&new.name).bind(key).bind(new.kind.as_str()).bind(&new.region).bind(Json(&new.skills))
        .bind(&new.zone).bind(&new.hours).bind(new.holidays).fetch_optional(c).await)?;
    let group = changed.ok_or_else(|| Error::Conflict("this group was changed meanwhile".into()))?;
    set_members(tx, id, &new.members).await?;
    Ok(group)
}

async fn set_members(tx: &mut Tx, group_id: &str, members: &[String]) -> Result<()> {
    on_tx!(&mut *tx, c => sqlx::query("delete from group_member where group_id = $1").bind(group_id).execute(c).await.map(drop))?;
    for staff_id in members {
        let known = crate::staff::by_id_in(tx, staff_id).await?;
        known.ok_or_else(|| Error::invalid("members", "names somebody who is not of the staff"))?;
        on_tx!(&mut *tx, c => sqlx::query("insert into group_member (group_id, staff_id) values ($1, $2)")
            .bind(group_id).bind(staff_id).execute(c).await.map(drop))?;
    }
    Ok(())
}

pub async fn all(db: &Db) -> Result<Vec<Group>> {
    Ok(
        on!(db, p => sqlx::query_as("select * from support_group order by name_key, id limit 500").fetch_all(p).await)?,
    )
}

pub async fn all_in(tx: &mut Tx) -> Result<Vec<Group>> {
    Ok(
        on_tx!(tx, c => sqlx::query_as("select * from support_group order by name_key, id limit 500").fetch_all(c).await)?,
    )
}

pub async fn by_id(db: &Db, id: &str) -> Result<Option<Group>> {
    Ok(
        on!(db, p => sqlx::query_as("select * from support_group where id = $1").bind(id).fetch_optional(p).await)?,
    )
}

/// `(group id, staff id)` of every member who can log in.
pub async fn members(db: &Db) -> Result<Vec<(String, String)>> {
    Ok(on!(db, p => sqlx::query_as(
        "select m.group_id, m.staff_id from group_member m join staff s on s.id = m.staff_id where s.disabled = $1 order by s.name, s.id")
        .bind(false).fetch_all(p).await)?)
}

/// Adds a turn of duty of at most 31 days.
pub async fn add_duty(
    tx: &mut Tx,
    clock: &Clock,
    group_id: &str,
    staff_id: &str,
    (starts_at, ends_at): (Time, Time),
    phone: &str,
) -> Result<String> {
    let phone = crate::customers::refuse_nul("phone", phone, 40)?;
    let length = ends_at.since(starts_at);
    if length <= 0 || length > 31 * 86_400_000 {
        return Err(Error::invalid("ends", "must be after the start, at most 31 days"));
    }
    let member: Option<String> = on_tx!(&mut *tx, c => sqlx::query_scalar(
        "select staff_id from group_member where group_id = $1 and staff_id = $2").bind(group_id).bind(staff_id).fetch_optional(c).await)?;
    member.ok_or_else(|| Error::invalid("staff", "is no member of this group"))?;
    let id = clock.id();
    on_tx!(tx, c => sqlx::query(
        "insert into duty (id, group_id, staff_id, starts_at, ends_at, phone, created_at) values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(&id).bind(group_id).bind(staff_id).bind(starts_at).bind(ends_at).bind(phone).bind(clock.now())
        .execute(c).await.map(drop))?;
    Ok(id)
}

pub async fn remove_duty(tx: &mut Tx, id: &str) -> Result<Option<String>> {
    Ok(
        on_tx!(tx, c => sqlx::query_scalar("delete from duty where id = $1 returning group_id").bind(id).fetch_optional(c).await)?,
    )
}

/// Turns that touch `[from, to)`, in order.
pub async fn duties(db: &Db, from: Time, to: Time) -> Result<Vec<Duty>> {
    Ok(on!(db, p => sqlx::query_as(
        "select d.id, d.group_id, d.staff_id, s.name as staff_name, d.starts_at, d.ends_at, d.phone from duty d \
         join staff s on s.id = d.staff_id where d.ends_at > $1 and d.starts_at < $2 order by d.starts_at, d.id limit 1000")
        .bind(from).bind(to).fetch_all(p).await)?)
}
