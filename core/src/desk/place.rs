//! Whose ticket it is: from the person who wrote to contact, customer, installation, contract and plan.
use std::borrow::Cow;
use std::sync::Arc;

use sqlx::types::Json;

use super::Desk;
use super::overrides::contract_terms;
use crate::customers::{self, Contact, Contract, Customer, Installation, rows};
use crate::entitlement::{self, Case, Entitlement, Terms, guess_cause, guess_exclusion, terms_of};
use crate::plan::{self, Plan};
use crate::store::Tx;
use crate::ticket::service::{Handling, Placement, Service};
use crate::ticket::{Kind, NewTicket, TimelineEntry};
use crate::{Result, Time};

/// What is known of a ticket's customer before its row exists.
pub(super) struct Placed {
    pub plan: Arc<Plan>,
    pub placement: Placement,
    pub customer: Option<Customer>,
    pub contract: Option<Contract>,
    pub installation: Option<Installation>,
}

impl Placed {
    /// Who and what it was placed under, and what was told; nothing for strangers.
    pub fn entries(&self) -> Vec<TimelineEntry> {
        let mut entries = Vec::new();
        if let Some(customer) = &self.customer {
            entries.push(service(Service::Placed {
                customer: Some(customer.name.clone()),
                contract: self.contract.as_ref().map(|c| c.number.clone()),
                installation: self.installation.as_ref().map(|i| i.name.clone()),
            }));
        }
        if let Some(Json(entitlement)) = &self.placement.entitlement {
            entries.push(service(Service::Entitled { entitlement: entitlement.clone() }));
        }
        entries
    }

    /// What is covered and how it is routed: the contract's plan, else the ticket's.
    pub fn terms(&self) -> Cow<'static, Terms> {
        match &self.contract {
            Some(contract) => contract_terms(contract),
            None => Cow::Borrowed(terms_of(&self.plan.id)),
        }
    }

    pub fn region(&self) -> Option<String> {
        let of_installation = self.installation.as_ref().and_then(|i| i.region.clone());
        of_installation.or_else(|| self.customer.as_ref().and_then(|c| c.region.clone()))
    }
}

pub(super) fn service(entry: Service) -> TimelineEntry {
    TimelineEntry::Service { entry: Box::new(entry) }
}

/// Places a report. `words` is everything they wrote about it.
pub(super) async fn place(desk: &Desk, tx: &mut Tx, new: &NewTicket, words: &str) -> Result<Placed> {
    let contact = rows::contact::of_person(tx, &new.person_id).await?;
    let cause = cause_of(new.kind, words);
    let mut placed = Placed {
        plan: desk.plans.get(plan::DEFAULT)?,
        placement: Placement {
            customer_id: None,
            contact_id: contact.as_ref().map(|c| c.id.clone()),
            contract_id: None,
            installation_id: None,
            group_id: None,
            cause: cause.map(|c| c.to_string()),
            cause_guessed: true,
            exclusion: None,
            entitlement: None,
            fingerprint: fingerprint(new.product.as_deref(), words),
            attention: 0,
            handling: Handling::Chat,
            about_id: None,
            watcher_id: None,
        },
        customer: None,
        contract: None,
        installation: None,
    };
    if let Some(contact) = contact {
        under(desk, tx, &mut placed, &contact, new.product.as_deref(), words).await?;
        let case = (new.kind, new.product.as_deref(), desk.clock.now());
        placed.placement.entitlement = answer(&placed, case).map(Json);
    }
    Ok(placed)
}

/// Finds installation, contract and plan of a contact's customer.
async fn under(
    desk: &Desk,
    tx: &mut Tx,
    placed: &mut Placed,
    contact: &Contact,
    product: Option<&str>,
    words: &str,
) -> Result<()> {
    let customer = rows::customer::by_id_in(tx, &contact.customer_id).await?;
    let installations = rows::installation::of_customer_in(tx, &contact.customer_id).await?;
    let contracts = rows::contract::of_customer_in(tx, &contact.customer_id).await?;
    let installation = best_installation(&installations, product, words).cloned();
    let contract = contract_for(contracts, installation.as_ref(), product);
    settle(desk, tx, placed, customer, contract, installation).await
}

/// The contract of the installation, else one that names the product, else the newest.
fn contract_for(
    contracts: Vec<Contract>,
    installation: Option<&Installation>,
    product: Option<&str>,
) -> Option<Contract> {
    let by_installation = installation.and_then(|i| i.contract_id.as_ref());
    let nth = contracts.iter().position(|c| Some(&c.id) == by_installation);
    let nth = nth.or_else(|| contracts.iter().position(|c| names(c, product))).unwrap_or(0);
    contracts.into_iter().nth(nth)
}

impl Desk {
    /// The plan a report of this person would run under, as far as is known: what the guided report asks and
    /// promises follows it.
    pub async fn plan_for(&self, person_id: &str, product: Option<&str>, words: &str) -> Result<Arc<Plan>> {
        let mut tx = self.db.begin().await?;
        let mut plan = self.plans.get(plan::DEFAULT)?;
        if let Some(contact) = rows::contact::of_person(&mut tx, person_id).await? {
            let installations = rows::installation::of_customer_in(&mut tx, &contact.customer_id).await?;
            let contracts = rows::contract::of_customer_in(&mut tx, &contact.customer_id).await?;
            let installation = best_installation(&installations, product, words);
            if let Some(contract) = contract_for(contracts, installation, product) {
                plan = self.contract_plan_in(&mut tx, &contract).await?;
            }
        }
        tx.rollback().await?;
        Ok(plan)
    }
}

/// Puts a ticket under these; the contract's plan applies.
pub(super) async fn settle(
    desk: &Desk,
    tx: &mut Tx,
    placed: &mut Placed,
    customer: Option<Customer>,
    contract: Option<Contract>,
    installation: Option<Installation>,
) -> Result<()> {
    placed.placement.customer_id = customer.as_ref().map(|c| c.id.clone());
    placed.placement.contract_id = contract.as_ref().map(|c| c.id.clone());
    placed.placement.installation_id = installation.as_ref().map(|i| i.id.clone());
    if let Some(contract) = &contract {
        placed.plan = desk.contract_plan_in(tx, contract).await?;
    }
    (placed.customer, placed.contract, placed.installation) = (customer, contract, installation);
    Ok(())
}

/// The installation a report is about: of the product named, the one whose name they wrote, else the first.
fn best_installation<'a>(
    all: &'a [Installation],
    product: Option<&str>,
    words: &str,
) -> Option<&'a Installation> {
    let same = |i: &&Installation| product.is_none_or(|p| i.product.eq_ignore_ascii_case(p.trim()));
    let words = words.to_lowercase();
    let said = |i: &&Installation| words.contains(&i.name.to_lowercase());
    all.iter().filter(same).find(said).or_else(|| match product {
        Some(_) => all.iter().find(same),
        // Without a product one installation is no guess, several are.
        None => all.first().filter(|_| all.len() == 1),
    })
}

fn names(contract: &Contract, product: Option<&str>) -> bool {
    let on = |p: &str| contract.products.0.iter().any(|on| on.eq_ignore_ascii_case(p.trim()));
    product.is_some_and(on)
}

/// The cause words point to. What is no fault has none.
fn cause_of(kind: Kind, words: &str) -> Option<entitlement::Cause> {
    let fault = !matches!(kind, Kind::Question | Kind::Inquiry | Kind::Suggestion | Kind::Complaint);
    guess_cause(words).filter(|_| fault)
}

/// The answer for a placed ticket; `None` for somebody whose customer is not known.
pub(super) fn answer(
    placed: &Placed,
    (kind, product, at): (Kind, Option<&str>, Time),
) -> Option<Entitlement> {
    let customer = placed.customer.as_ref()?;
    let agreed = placed.contract.as_ref().map(Contract::agreed);
    let terms = placed.terms();
    let terms = terms.coverage.as_ref().zip(agreed.as_ref());
    let case = Case {
        on: customers::today(&customer.zone, at),
        cause: placed.placement.known_cause(),
        kind,
        product,
        exclusion: placed.placement.exclusion.as_deref(),
    };
    Some(entitlement::entitlement(terms, case))
}

/// An exclusion that the words suggest; staff decide whether it applies.
pub fn suggested_exclusion(terms: &Terms, words: &str) -> Option<String> {
    let coverage = terms.coverage.as_ref()?;
    guess_exclusion(&coverage.exclusions, words).map(|e| e.id.clone())
}

/// What makes two reports the same fault: product and error code. `None` without a code.
fn fingerprint(product: Option<&str>, words: &str) -> Option<String> {
    let code = words.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).find(|w| is_code(w))?;
    let product = product.unwrap_or_default().trim().to_lowercase();
    Some(format!("{product}|{}", code.to_lowercase().chars().take(40).collect::<String>()))
}

/// `E-1042`, `0x80070005`, `ORA-00060`: letters and at least three digits; no version, no date.
fn is_code(word: &str) -> bool {
    let word = word.trim_matches('-');
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let starts =
        word.starts_with(|c: char| c.is_ascii_alphabetic()) || word.to_ascii_lowercase().starts_with("0x");
    starts && digits >= 3 && word.len() >= 4 && word.len() <= 40
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn the_same_fault_has_the_same_fingerprint() {
        let of = |words| fingerprint(Some("Invoice"), words);
        assert_eq!(of("开票时报错 E-1042，连不上服务器"), Some("invoice|e-1042".into()));
        assert_eq!(of("error e-1042 again"), of("报错E-1042"));
        assert_eq!(of("code 0x80070005"), Some("invoice|0x80070005".into()));
        assert_eq!(of("version 3.2.1 of 2026-11-22 on port 8443"), None);
    }
}
