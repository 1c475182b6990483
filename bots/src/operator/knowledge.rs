//! The one place where the conversation meets the kb.
use firstline_core::Result;
use firstline_core::desk::{Turn, TurnTx};
use firstline_kb::catalogue::Asked;
use firstline_kb::catalogue::model::Viewer;
use firstline_kb::events::{self, SearchRecord, Verdict};
use firstline_kb::figures::{self, Reason};

use super::Operator;
use crate::step::{Facts, Wants};
use crate::texts::Lang;

impl Operator {
    /// Everything a step wants of the kb.
    pub(super) async fn know(
        &self,
        facts: &mut Facts,
        wants: &Wants,
        lang: Lang,
        product: Option<&str>,
        frequent: usize,
    ) -> Result<()> {
        if let Some(question) = &wants.answer {
            facts.answer = Some(self.library.answer(question).await?);
        }
        if let Some(id) = &wants.article {
            facts.article = self.library.article(id).await?;
        }
        if wants.frequent {
            facts.frequent = self.library.offered(lang.tag(), product, frequent).await?;
        }
        if wants.products {
            facts.products = self.library.products().await?;
        }
        Ok(())
    }

    /// What the catalogue says to somebody: what they reported about last is known and not asked again.
    pub(super) async fn advise(&self, turn: &Turn, facts: &mut Facts, wants: &Wants) -> Result<()> {
        if let Some(asked) = &wants.advice {
            let person = &turn.person;
            let asked = Asked {
                usual_product: person.product.clone(),
                usual_version: person.version.clone(),
                viewer: Viewer::Person { id: person.id.clone(), email: person.email.clone() },
                ..asked.clone()
            };
            facts.advice = self.catalogue.answer(&asked).await?;
        }
        if let Some(key) = &wants.product_title {
            facts.product_title = self.catalogue.product(key).await?.map(|p| p.title);
        }
        Ok(())
    }

    pub(super) async fn record_search(&self, tx: &mut TurnTx, record: &SearchRecord) -> Result<()> {
        events::record_search(tx.tx(), &self.desk.clock, record).await
    }

    pub(super) async fn record_reason(
        &self,
        tx: &mut TurnTx,
        search: Option<&str>,
        (article, revision): (&str, i64),
        reason: Reason,
    ) -> Result<()> {
        figures::record_reason(tx.tx(), &self.desk.clock, article, revision, search, reason, "").await
    }

    pub(super) async fn record_verdict(
        &self,
        tx: &mut TurnTx,
        search: &str,
        article: Option<&str>,
        verdict: Verdict,
    ) -> Result<()> {
        events::record_verdict(tx.tx(), &self.desk.clock, search, article, verdict).await
    }
}
