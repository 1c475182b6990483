//! Whose a ticket is and in whose hands, by name: one read for lists, the API and the portal.
use sqlx::FromRow;
use sqlx::types::Json;

use crate::Result;
use crate::entitlement::Entitlement;
use crate::store::{Db, Tx};

#[derive(Clone, Debug, Default, FromRow)]
pub struct Belonging {
    pub customer_id: Option<String>,
    pub customer_name: Option<String>,
    pub contact_name: Option<String>,
    pub contract_id: Option<String>,
    pub contract_number: Option<String>,
    pub contract_plan: Option<String>,
    pub suspended: Option<bool>,
    pub installation_id: Option<String>,
    pub installation_name: Option<String>,
    pub group_name: Option<String>,
    pub cause: Option<String>,
    pub entitlement: Option<Json<Entitlement>>,
}

const READ: &str = "select t.customer_id, u.name as customer_name, n.name as contact_name, t.contract_id, \
    k.number as contract_number, k.plan as contract_plan, (k.suspended_at is not null) as suspended, t.installation_id, \
    i.name as installation_name, g.name as group_name, t.cause, t.entitlement from ticket t \
    left join customer u on u.id = t.customer_id left join contact n on n.id = t.contact_id \
    left join contract k on k.id = t.contract_id left join installation i on i.id = t.installation_id \
    left join support_group g on g.id = t.group_id where t.id = $1";

pub async fn of(db: &Db, ticket_id: &str) -> Result<Belonging> {
    Ok(on!(db, p => sqlx::query_as(READ).bind(ticket_id).fetch_optional(p).await)?.unwrap_or_default())
}

/// As `of`, inside a transaction that opened the ticket.
pub async fn of_in(tx: &mut Tx, ticket_id: &str) -> Result<Belonging> {
    Ok(on_tx!(tx, c => sqlx::query_as(READ).bind(ticket_id).fetch_optional(c).await)?.unwrap_or_default())
}
