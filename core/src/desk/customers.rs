//! Keeping customers, contacts and installations. Each change is audited in its own transaction.
use super::Desk;
use crate::customers::{
    self, Contact, Customer, EntryKind, Installation, NewContact, NewCustomer, NewInstallation, rows,
};
use crate::staff::rights::{Right, demand};
use crate::ticket::Actor;
use crate::{Error, Result};

impl Desk {
    pub async fn add_customer(&self, actor: &Actor, new: &NewCustomer) -> Result<Customer> {
        let mut tx = self.db.begin().await?;
        demand(&mut tx, actor, Right::KeepCustomers).await?;
        let made = rows::customer::insert(&mut tx, &self.clock, new).await?;
        customers::audit(&mut tx, &self.clock, actor, "customer_added", &made.id, &made).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// `version` is the one the writer saw; `Conflict` when somebody changed it since.
    pub async fn change_customer(
        &self,
        actor: &Actor,
        id: &str,
        version: i64,
        new: &NewCustomer,
    ) -> Result<Customer> {
        let mut tx = self.db.begin().await?;
        demand(&mut tx, actor, Right::KeepCustomers).await?;
        rows::customer::by_id_in(&mut tx, id).await?.ok_or_else(|| Error::not_found("customer", id))?;
        let made = rows::customer::update(&mut tx, id, version, new).await?;
        customers::audit(&mut tx, &self.clock, actor, "customer_changed", &made.id, &made).await?;
        tx.commit().await?;
        Ok(made)
    }

    pub async fn customer(&self, id: &str) -> Result<Customer> {
        rows::customer::by_id(&self.db, id).await?.ok_or_else(|| Error::not_found("customer", id))
    }

    /// Adds a contact. Whoever wrote from their address before is linked at once.
    pub async fn add_contact(&self, actor: &Actor, customer_id: &str, new: &NewContact) -> Result<Contact> {
        let mut tx = self.db.begin().await?;
        demand(&mut tx, actor, Right::KeepCustomers).await?;
        let customer = rows::customer::by_id_in(&mut tx, customer_id).await?;
        customer.ok_or_else(|| Error::not_found("customer", customer_id))?;
        let made = rows::contact::insert(&mut tx, &self.clock, customer_id, new).await?;
        customers::audit(&mut tx, &self.clock, actor, "contact_added", customer_id, &made).await?;
        tx.commit().await?;
        Ok(made)
    }

    pub async fn change_contact(&self, actor: &Actor, id: &str, new: &NewContact) -> Result<Contact> {
        let mut tx = self.db.begin().await?;
        demand(&mut tx, actor, Right::KeepCustomers).await?;
        let made = rows::contact::update(&mut tx, &self.clock, id, new).await?;
        customers::audit(&mut tx, &self.clock, actor, "contact_changed", &made.customer_id, &made).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// P10-05: a contact left; their open tickets pass to the successor. Gives how many.
    pub async fn contact_leaves(&self, actor: &Actor, id: &str, successor: Option<&str>) -> Result<u64> {
        let mut tx = self.db.begin().await?;
        demand(&mut tx, actor, Right::KeepCustomers).await?;
        let contact = rows::contact::by_id_in(&mut tx, id).await?;
        let contact = contact.ok_or_else(|| Error::not_found("contact", id))?;
        let passed = rows::contact::leave(&mut tx, &self.clock, id, successor).await?;
        let data = serde_json::json!({ "contact": contact.name, "successor": successor, "tickets": passed });
        customers::audit(&mut tx, &self.clock, actor, "contact_left", &contact.customer_id, &data).await?;
        tx.commit().await?;
        Ok(passed)
    }

    pub async fn add_installation(
        &self,
        actor: &Actor,
        customer_id: &str,
        new: &NewInstallation,
    ) -> Result<Installation> {
        let mut tx = self.db.begin().await?;
        demand(&mut tx, actor, Right::KeepCustomers).await?;
        let customer = rows::customer::by_id_in(&mut tx, customer_id).await?;
        customer.ok_or_else(|| Error::not_found("customer", customer_id))?;
        let made = rows::installation::insert(&mut tx, &self.clock, customer_id, new).await?;
        customers::audit(&mut tx, &self.clock, actor, "installation_added", customer_id, &made).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// `before` is what the writer saw. A changed version is written into the operation archive.
    pub async fn change_installation(
        &self,
        actor: &Actor,
        before: &Installation,
        new: &NewInstallation,
    ) -> Result<Installation> {
        let mut tx = self.db.begin().await?;
        demand(&mut tx, actor, Right::KeepCustomers).await?;
        let made = rows::installation::update(&mut tx, before, new).await?;
        if made.product_version != before.product_version {
            let customer = rows::customer::by_id_in(&mut tx, &made.customer_id).await?;
            let on = customers::today(customer.as_ref().map_or("", |c| &c.zone), self.clock.now());
            let version = |v: &Option<String>| v.clone().unwrap_or_else(|| "?".into());
            let text = format!("{} → {}", version(&before.product_version), version(&made.product_version));
            let clock = &self.clock;
            let on = on.to_string();
            rows::installation::note(&mut tx, clock, &made.id, &on, EntryKind::Version, &text, actor.id())
                .await?;
        }
        customers::audit(&mut tx, &self.clock, actor, "installation_changed", &made.customer_id, &made)
            .await?;
        tx.commit().await?;
        Ok(made)
    }

    pub async fn installation(&self, id: &str) -> Result<Installation> {
        rows::installation::by_id(&self.db, id).await?.ok_or_else(|| Error::not_found("installation", id))
    }

    /// P2-04: a dated entry of the operation archive.
    pub async fn note_installation(
        &self,
        actor: &Actor,
        id: &str,
        on: &str,
        kind: EntryKind,
        text: &str,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        demand(&mut tx, actor, Right::KeepCustomers).await?;
        rows::installation::note(&mut tx, &self.clock, id, on, kind, text, actor.id()).await?;
        tx.commit().await
    }
}
