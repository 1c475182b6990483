//! Running the groups and the rota.
use super::Desk;
use crate::customers;
use crate::groups::{Group, NewGroup, rows};
use crate::staff::rights::{Right, demand};
use crate::ticket::Actor;
use crate::{Error, Result, Time};

impl Desk {
    pub async fn add_group(&self, actor: &Actor, new: &NewGroup) -> Result<Group> {
        let mut tx = self.db.begin().await?;
        demand(&mut tx, actor, Right::RunGroups).await?;
        let made = rows::insert(&mut tx, &self.clock, new).await?;
        customers::audit(&mut tx, &self.clock, actor, "group_added", &made.id, new).await?;
        tx.commit().await?;
        Ok(made)
    }

    pub async fn change_group(&self, actor: &Actor, id: &str, version: i64, new: &NewGroup) -> Result<Group> {
        let mut tx = self.db.begin().await?;
        demand(&mut tx, actor, Right::RunGroups).await?;
        let made = rows::update(&mut tx, id, version, new).await?;
        customers::audit(&mut tx, &self.clock, actor, "group_changed", id, new).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// A turn of duty from `starts_at` to `ends_at`.
    pub async fn add_duty(
        &self,
        actor: &Actor,
        group_id: &str,
        staff_id: &str,
        span: (Time, Time),
        phone: &str,
    ) -> Result<String> {
        let mut tx = self.db.begin().await?;
        demand(&mut tx, actor, Right::RunGroups).await?;
        let id = rows::add_duty(&mut tx, &self.clock, group_id, staff_id, span, phone).await?;
        let data = serde_json::json!({ "staff": staff_id, "starts_at": span.0, "ends_at": span.1 });
        customers::audit(&mut tx, &self.clock, actor, "duty_added", group_id, &data).await?;
        tx.commit().await?;
        Ok(id)
    }

    pub async fn remove_duty(&self, actor: &Actor, id: &str) -> Result<()> {
        let mut tx = self.db.begin().await?;
        demand(&mut tx, actor, Right::RunGroups).await?;
        let group = rows::remove_duty(&mut tx, id).await?.ok_or_else(|| Error::not_found("turn", id))?;
        customers::audit(&mut tx, &self.clock, actor, "duty_removed", &group, &id).await?;
        tx.commit().await
    }
}
