//! `[coverage]` of a plan: lengths, what each cause gets in each period, exclusions, quotas. Loading
//! checks that every case has an answer, that every rule can be reached, and that every clause is said
//! in both languages.
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Answer, Cause, Length, Period};
use crate::ticket::Kind;
use crate::{Error, Result};

/// Plain words by language tag: `zh-CN` and `en`.
pub type Words = BTreeMap<String, String>;

/// `[coverage]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// From the acceptance date.
    pub warranty: Length,
    /// After the warranty; `0m` where there is none.
    pub maintenance: Length,
    /// What a case whose cause nobody knows yet is taken for.
    #[serde(default = "software")]
    pub assume: Cause,
    /// The first rule that fits decides.
    pub rules: Vec<CoverRule>,
    #[serde(default)]
    pub exclusions: Vec<Exclusion>,
    #[serde(default)]
    pub quotas: Vec<Quota>,
    pub on_site: Option<OnSite>,
    /// Said while the service is suspended (P3-13); a general sentence where absent.
    pub suspended: Option<Words>,
    /// Said about a product that is not on the contract (P3-15); a general sentence where absent.
    pub other_product: Option<Words>,
}

fn software() -> Cause {
    Cause::Software
}

/// An absent condition fits everything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverRule {
    pub period: Option<Vec<Period>>,
    /// `environment` fits its four parts, too.
    pub cause: Option<Vec<Cause>>,
    pub kind: Option<Vec<Kind>>,
    pub answer: Answer,
    pub clause: Words,
}

/// A reason why something is not covered (P2-08). Staff pick one; words in the report may suggest it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    pub id: String,
    /// Unless told, not covered.
    #[serde(default = "not_covered")]
    pub answer: Answer,
    /// Advice from the knowledge base is given all the same (P3-05).
    #[serde(default)]
    pub advice: bool,
    #[serde(default)]
    pub words: Vec<String>,
    pub clause: Words,
}

fn not_covered() -> Answer {
    Answer::NotCovered
}

/// Work of some kinds up to so many person-days a contract year (P7-02, P7-03).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    pub id: String,
    pub person_days: i64,
    /// Kinds of work logs that use it up.
    pub work: Vec<String>,
    pub title: Words,
    pub clause: Words,
}

/// Who pays the journey of a visit (P3-10).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnSite {
    pub travel: Payer,
    pub clause: Words,
}

text_enum! {
    Payer ("payer") { Customer = "customer", Us = "us" }
}

impl CoverRule {
    pub fn fits(&self, period: Period, cause: Cause, kind: Kind) -> bool {
        self.period.as_ref().is_none_or(|p| p.contains(&period))
            && self.cause.as_ref().is_none_or(|c| c.iter().any(|named| cause.fits(*named)))
            && self.kind.as_ref().is_none_or(|k| k.contains(&kind))
    }
}

impl Coverage {
    /// Reads one `[coverage]` section by itself; `file` is named in errors.
    pub fn parse(file: &str, text: &str) -> Result<Coverage> {
        let coverage: Coverage = toml::from_str(text).map_err(|e| Error::Config(format!("{file}: {e}")))?;
        coverage.check().map_err(|e| Error::Config(format!("{file}: {e}")))?;
        Ok(coverage)
    }

    pub fn exclusion(&self, id: &str) -> Option<&Exclusion> {
        self.exclusions.iter().find(|e| e.id == id)
    }

    /// The quota that work of this kind uses up.
    pub fn quota_of(&self, work: &str) -> Option<&Quota> {
        self.quotas.iter().find(|q| q.work.iter().any(|w| w == work))
    }

    /// Every case has an answer, every rule can be reached, every clause is in both languages.
    pub fn check(&self) -> Result<()> {
        self.check_rules()?;
        self.check_words()?;
        let mut ids = BTreeSet::new();
        for (i, e) in self.exclusions.iter().enumerate() {
            if !is_id(&e.id) || !ids.insert(e.id.as_str()) {
                return Err(wrong(&format!("exclusions[{}].id", i + 1), &e.id));
            }
        }
        let mut work = BTreeSet::new();
        for (i, q) in self.quotas.iter().enumerate() {
            let key = format!("coverage.quotas[{}]", i + 1);
            if !is_id(&q.id) || self.quotas[..i].iter().any(|other| other.id == q.id) {
                return Err(wrong(&format!("quotas[{}].id", i + 1), &q.id));
            }
            if !(1..=10_000).contains(&q.person_days) {
                return Err(Error::invalid(format!("{key}.person_days"), "must be 1 to 10000"));
            }
            if q.work.is_empty() || q.work.iter().any(|w| !work.insert(w.as_str())) {
                return Err(Error::invalid(format!("{key}.work"), "names no work, or work of another quota"));
            }
        }
        Ok(())
    }

    /// Leaves away rules after the first `own` that no case reaches.
    pub(super) fn drop_unreached(&mut self, own: usize) {
        let mut used = vec![false; self.rules.len()];
        for &period in Period::ALL {
            for &cause in Cause::ALL {
                for &kind in Kind::ALL {
                    if let Some(i) = self.rules.iter().position(|rule| rule.fits(period, cause, kind)) {
                        used[i] = true;
                    }
                }
            }
        }
        let mut used = used.into_iter().enumerate();
        self.rules.retain(|_| used.next().is_none_or(|(nth, used)| used || nth < own));
    }

    fn check_rules(&self) -> Result<()> {
        let mut used = vec![false; self.rules.len()];
        for &period in Period::ALL {
            for &cause in Cause::ALL {
                for &kind in Kind::ALL {
                    match self.rules.iter().position(|rule| rule.fits(period, cause, kind)) {
                        Some(i) => used[i] = true,
                        None => {
                            let case = format!("no rule for period {period}, cause {cause}, kind {kind}");
                            return Err(Error::invalid("coverage.rules", case));
                        }
                    }
                }
            }
        }
        match used.iter().position(|used| !used) {
            Some(i) => Err(Error::invalid(format!("coverage.rules[{}]", i + 1), "can never be reached")),
            None => Ok(()),
        }
    }

    fn check_words(&self) -> Result<()> {
        let rules =
            self.rules.iter().enumerate().map(|(i, r)| (format!("rules[{}].clause", i + 1), &r.clause));
        let exclusions = self.exclusions.iter().map(|e| (format!("exclusions.{}.clause", e.id), &e.clause));
        let quotas = self.quotas.iter().flat_map(|q| {
            [(format!("quotas.{}.title", q.id), &q.title), (format!("quotas.{}.clause", q.id), &q.clause)]
        });
        let others = [
            ("on_site.clause", self.on_site.as_ref().map(|o| &o.clause)),
            ("suspended", self.suspended.as_ref()),
            ("other_product", self.other_product.as_ref()),
        ];
        let others = others.into_iter().filter_map(|(key, words)| Some((key.to_owned(), words?)));
        for (key, words) in rules.chain(exclusions).chain(quotas).chain(others) {
            for lang in ["zh-CN", "en"] {
                if words.get(lang).is_none_or(|w| w.trim().is_empty()) {
                    return Err(Error::invalid(format!("coverage.{key}.{lang}"), "is missing"));
                }
            }
            if let Some(lang) = words.keys().find(|l| !["zh-CN", "en"].contains(&l.as_str())) {
                return Err(Error::invalid(format!("coverage.{key}.{lang}"), "is neither zh-CN nor en"));
            }
        }
        Ok(())
    }
}

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn wrong(key: &str, id: &str) -> Error {
    Error::invalid(
        format!("coverage.{key}"),
        format!("{id:?} is used twice or has other letters than a-z, 0-9 and _"),
    )
}
