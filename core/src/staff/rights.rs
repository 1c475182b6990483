//! What each role may do beyond working tickets. The desk asks before it changes anything.
use super::Role;
use crate::store::Tx;
use crate::ticket::Actor;
use crate::{Error, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Customers, contacts, installations: whoever talks to customers.
    KeepCustomers,
    /// Contracts bind the company.
    SignContracts,
    /// Groups, rota.
    RunGroups,
    /// Service plans and holidays.
    EditPlans,
    /// The dictionary, error codes, saved questions.
    Curate,
    /// Releases and files for download.
    PublishReleases,
}

impl Role {
    pub fn may(self, right: Right) -> bool {
        match right {
            Right::KeepCustomers => self != Role::Curator,
            Right::SignContracts | Right::RunGroups | Right::EditPlans => {
                matches!(self, Role::Manager | Role::Admin)
            }
            Right::Curate | Right::PublishReleases => {
                matches!(self, Role::Curator | Role::Manager | Role::Admin)
            }
        }
    }
}

/// Refuses an actor without the right. Programs with a token act for the company; customers and the
/// system never come here.
pub async fn demand(tx: &mut Tx, actor: &Actor, right: Right) -> Result<()> {
    let role = match actor {
        Actor::Token(_) => return Ok(()),
        Actor::Staff(id) => super::by_id_in(tx, id).await?.map(|s| s.role),
        Actor::Customer(_) | Actor::System => None,
    };
    match role {
        Some(role) if role.may(right) => Ok(()),
        _ => Err(Error::Forbidden(match right {
            Right::KeepCustomers => "curators keep no customers' records".into(),
            Right::SignContracts => "contracts are for managers and administrators".into(),
            Right::RunGroups => "groups and the rota are for managers and administrators".into(),
            Right::EditPlans => "plans and holidays are for managers and administrators".into(),
            Right::Curate => "the knowledge base is for curators, managers and administrators".into(),
            Right::PublishReleases => "releases are for curators, managers and administrators".into(),
        })),
    }
}
