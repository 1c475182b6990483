//! The answer itself: free, parts, parts and labour, by contract, not covered or suspended, with the
//! clause it rests on. The report is taken whatever the answer is.
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Agreed, Cause, Coverage, Period, Words, standing};
use crate::ticket::Kind;

text_enum! {
    Answer ("answer") {
        Free = "free",
        /// The parts are paid for, the work is not.
        Parts = "parts",
        PartsAndLabour = "parts_and_labour",
        /// As the contract says or is agreed for this case.
        ByContract = "by_contract",
        NotCovered = "not_covered",
        /// The service is suspended; reports are still taken.
        Suspended = "suspended",
    }
}

/// The case that is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// In the customer's zone.
    pub on: Date,
    /// `None` while nobody knows.
    pub cause: Option<Cause>,
    pub kind: Kind,
    pub product: Option<&'a str>,
    /// The exclusion staff picked, by id.
    pub exclusion: Option<&'a str>,
}

/// What decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Basis {
    /// Nothing was agreed with this customer.
    NoContract,
    Suspended,
    OtherProduct {
        product: String,
    },
    Exclusion {
        id: String,
    },
    /// Rule `rule` (from 1) of the plan's coverage.
    Rule {
        rule: usize,
    },
    /// The quota of this work is used up.
    QuotaUsedUp {
        id: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entitlement {
    pub answer: Answer,
    pub basis: Basis,
    /// `None` without a contract.
    pub period: Option<Period>,
    /// The last day of the period.
    pub until: Option<Date>,
    /// The clause in plain words; empty where the texts of the product say it.
    #[serde(default)]
    pub clause: Words,
    /// Advice is given even though it is not covered.
    #[serde(default)]
    pub advice: bool,
    /// The cause it was answered for; not known yet where it was only assumed.
    pub cause: Cause,
    pub cause_known: bool,
    /// Who pays journey and lodging of a visit; `None`: nothing was agreed.
    pub travel: Option<super::Payer>,
}

/// The answer for a customer without a contract: charged per case, agreed before (P5-16).
pub fn without_contract(cause: Option<Cause>) -> Entitlement {
    Entitlement {
        answer: Answer::ByContract,
        basis: Basis::NoContract,
        period: None,
        until: None,
        clause: Words::new(),
        advice: true,
        cause: cause.unwrap_or(Cause::Software),
        cause_known: cause.is_some(),
        travel: None,
    }
}

/// The answer from contract, date, cause and exclusion. `terms` is the plan's coverage.
pub fn entitlement(terms: Option<(&Coverage, &Agreed)>, case: Case<'_>) -> Entitlement {
    let Some((coverage, agreed)) = terms else { return without_contract(case.cause) };
    let standing = standing(coverage, agreed, case.on);
    let cause = case.cause.unwrap_or(coverage.assume);
    let (answer, basis, clause, advice) = decide(coverage, agreed, case, standing.period, cause);
    Entitlement {
        answer,
        basis,
        period: Some(standing.period),
        until: standing.until,
        clause,
        advice,
        cause,
        cause_known: case.cause.is_some(),
        travel: coverage.on_site.as_ref().map(|o| o.travel),
    }
}

fn decide(
    coverage: &Coverage,
    agreed: &Agreed,
    case: Case<'_>,
    period: Period,
    cause: Cause,
) -> (Answer, Basis, Words, bool) {
    let words = |w: &Option<Words>| w.clone().unwrap_or_default();
    if agreed.suspended {
        return (Answer::Suspended, Basis::Suspended, words(&coverage.suspended), true);
    }
    if let Some(product) = case.product.filter(|p| !on_contract(agreed, p)) {
        let basis = Basis::OtherProduct { product: product.to_owned() };
        return (Answer::NotCovered, basis, words(&coverage.other_product), true);
    }
    let picked = case.exclusion.filter(|id| !agreed.waived.iter().any(|w| w == id));
    if let Some(e) = picked.and_then(|id| coverage.exclusion(id)) {
        return (e.answer, Basis::Exclusion { id: e.id.clone() }, e.clause.clone(), e.advice);
    }
    match coverage.rules.iter().position(|rule| rule.fits(period, cause, case.kind)) {
        Some(i) => {
            let rule = &coverage.rules[i];
            let advice = rule.answer == Answer::NotCovered;
            (rule.answer, Basis::Rule { rule: i + 1 }, rule.clause.clone(), advice)
        }
        // A checked coverage has a rule for every case.
        None => (Answer::ByContract, Basis::NoContract, Words::new(), true),
    }
}

/// Names are compared without regard to case; a name without a version fits every version.
fn on_contract(agreed: &Agreed, product: &str) -> bool {
    let product = product.trim().to_lowercase();
    agreed.products.is_empty() || agreed.products.iter().any(|p| p.trim().to_lowercase() == product)
}
