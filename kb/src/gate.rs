//! What words on the bench would do to the saved questions, and to questions that failed, before they are published.
use firstline_core::{Error, Result};

use crate::eval::{self, Asked, Case, Effect};
use crate::trial::{Field, row};
use crate::workshop::Workshop;

impl Workshop {
    /// What publishing the words on the bench would do to the saved questions.
    pub async fn check(&self, article_id: &str) -> Result<Effect> {
        let cases = self.library().saved_cases().await?;
        if cases.is_empty() {
            return Ok(Effect::default());
        }
        let bench = self.bench(article_id).await?.ok_or_else(|| Error::not_found("article", article_id))?;
        let field = Field::of(self.library(), &cases, article_id).await?;
        let changed = field.with(row(self.library(), article_id).await?, &bench.head.draft.0);
        let before = ask(&field.library(self.library()).await?, &cases).await?;
        let after = ask(&changed.library(self.library()).await?, &cases).await?;
        Ok(Effect::of(&before, &after))
    }

    /// What the words on the bench would do for some questions; right is the article itself.
    pub async fn try_questions(&self, article_id: &str, queries: &[String]) -> Result<Vec<Asked>> {
        let bench = self.bench(article_id).await?.ok_or_else(|| Error::not_found("article", article_id))?;
        let cases: Vec<Case> = queries.iter().map(|q| Case::trying(q, &bench.work.external_id)).collect();
        let field = Field::of(self.library(), &cases, article_id).await?;
        let changed = field.with(row(self.library(), article_id).await?, &bench.head.draft.0);
        ask(&changed.library(self.library()).await?, &cases).await
    }
}

async fn ask(library: &crate::Library, cases: &[Case]) -> Result<Vec<Asked>> {
    eval::ask(library, cases, &mut |_| {}).await
}
