//! A release's way: draft, in review, published, withdrawn. Every move is one transaction with what it causes.
use firstline_core::jobs::{self, Job};
use firstline_core::store::Tx;
use firstline_core::{Error, Result, Time};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::model::{Audience, Draft, State, Texts};
use super::store::releases::{self, ReleaseRow};
use super::store::{Saved, files, products};
use super::{Catalogue, Standing, check};
use crate::published;
use crate::version::Version;

/// Publishes a release when its time has come.
pub const PUBLISH_JOB: &str = "release_publish";
/// Tells everybody a release concerns.
pub const NOTICE_JOB: &str = "release_notice";

/// Data of both jobs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Due {
    pub release: String,
    /// `published` or `withdrawn`; of a schedule, its time.
    pub what: String,
}

impl Catalogue {
    /// Writes a new draft; a version that exists is a conflict.
    pub async fn add_draft(&self, draft: Draft, actor: &str) -> Result<String> {
        let mut tx = self.db().begin().await?;
        let stand = Standing::of(State::Draft);
        let (id, saved) =
            super::shelf::put_release_in(&mut tx, self.clock(), draft.clone(), &stand, actor).await?;
        self.acyclic(&id, &draft).await?;
        if saved != Saved::New {
            return Err(Error::Conflict(format!(
                "{} {} is in the catalogue already",
                draft.product, draft.version
            )));
        }
        tx.commit().await?;
        Ok(id)
    }

    /// Replaces what a draft says, where nobody changed it since `revision`.
    pub async fn edit_draft(&self, id: &str, revision: i64, draft: Draft, actor: &str) -> Result<()> {
        let mut draft = check::draft(draft)?;
        let mut tx = self.db().begin().await?;
        files::resolve(&mut tx, &mut draft.files).await?;
        let row = locked(&mut tx, id).await?;
        if row.clone().into_release().revision != revision {
            return Err(Error::Conflict(
                "somebody else changed this release meanwhile; look at it again".into(),
            ));
        }
        if !matches!(row.state, State::Draft | State::InReview) {
            return Err(Error::Conflict(
                "what was published never changes; publish a new version instead".into(),
            ));
        }
        let product = products::by_key(&mut tx, &draft.product).await?;
        if product.is_none_or(|p| p.id != row.product_id) {
            return Err(Error::invalid("product", "of a release cannot be changed"));
        }
        self.acyclic(id, &draft).await?;
        releases::edit(&mut tx, self.clock(), &row, &draft, actor).await?;
        tx.commit().await
    }

    /// Refuses a release that would close a circle of "replaces": nobody could say which of them is newer.
    async fn acyclic(&self, id: &str, draft: &Draft) -> Result<()> {
        let keys = |versions: &[String]| -> Vec<String> {
            versions.iter().filter_map(|v| Version::parse(v).ok()).map(|v| v.key()).collect()
        };
        let others = self.releases(&draft.product).await?;
        let others = others.iter().filter(|r| r.id != id);
        let edges = others.map(|r| (r.draft.version.key(), keys(&r.draft.supersedes))).collect();
        if check::closes_circle(&edges, &draft.version.key(), &keys(&draft.supersedes)) {
            let what = format!("{} would in the end replace itself: a circle", draft.version);
            return Err(Error::invalid("supersedes", what));
        }
        Ok(())
    }

    /// Moves a release between draft and review.
    pub async fn review(&self, id: &str, state: State, actor: &str) -> Result<()> {
        let mut tx = self.db().begin().await?;
        let row = locked(&mut tx, id).await?;
        match (row.state, state) {
            (State::Draft, State::InReview) | (State::InReview, State::Draft) => {}
            (from, to) if from == to => return Ok(()),
            (from, to) => {
                return Err(Error::Conflict(format!("a release that is {from} cannot become {to}")));
            }
        }
        releases::set_state(&mut tx, self.clock(), &row, state, &Texts::default(), actor).await?;
        tx.commit().await
    }

    /// Publishes now, and has everybody concerned told. Publishing what is published changes nothing.
    pub async fn publish(&self, id: &str, actor: &str) -> Result<()> {
        let mut tx = self.db().begin().await?;
        let row = locked(&mut tx, id).await?;
        self.publish_in(&mut tx, &row, actor).await?;
        tx.commit().await
    }

    async fn publish_in(&self, tx: &mut Tx, row: &ReleaseRow, actor: &str) -> Result<()> {
        match row.state {
            State::Published => return Ok(()),
            State::Withdrawn => {
                return Err(Error::Conflict(
                    "a withdrawn release does not come back; publish a new version".into(),
                ));
            }
            State::Draft | State::InReview => {}
        }
        let draft = row.clone().into_release().draft;
        check::publishable(&draft)?;
        self.acyclic(&row.id, &draft).await?;
        for file in files::hosted(tx, &row.id).await? {
            published::publish_in(tx, self.clock(), &file).await?;
        }
        releases::set_state(tx, self.clock(), row, State::Published, &Texts::default(), actor).await?;
        self.tell_later(tx, &row.id, "published", draft.security).await
    }

    /// Publishes at a time to come; a time that is past publishes with the next look at the jobs.
    pub async fn schedule(&self, id: &str, at: Time, actor: &str) -> Result<()> {
        let mut tx = self.db().begin().await?;
        let row = locked(&mut tx, id).await?;
        if !matches!(row.state, State::Draft | State::InReview) {
            return Err(Error::Conflict(format!("a release that is {} cannot be scheduled", row.state)));
        }
        check::publishable(&row.clone().into_release().draft)?;
        releases::schedule(&mut tx, self.clock(), &row, Some(at), actor).await?;
        let due = json!(Due { release: id.into(), what: at.millis().to_string() });
        jobs::enqueue(&mut tx, self.clock(), PUBLISH_JOB, &format!("{id}:{}", at.millis()), &due, at).await?;
        tx.commit().await
    }

    /// Takes a schedule back.
    pub async fn unschedule(&self, id: &str, actor: &str) -> Result<()> {
        let mut tx = self.db().begin().await?;
        let row = locked(&mut tx, id).await?;
        releases::schedule(&mut tx, self.clock(), &row, None, actor).await?;
        tx.commit().await
    }

    /// Runs a `release_publish` job and marks it done; a schedule that was changed meanwhile does nothing.
    pub async fn publish_due(&self, job: &Job) -> Result<()> {
        let due = due_of(job)?;
        let mut tx = self.db().begin().await?;
        if let Some(row) = releases::lock(&mut tx, &due.release).await? {
            let planned = row.clone().into_release().publish_at;
            if planned.is_some_and(|at| at.millis().to_string() == due.what) {
                self.publish_in(&mut tx, &row, "schedule").await?;
            }
        }
        jobs::done(&mut tx, self.clock(), &job.id).await?;
        tx.commit().await
    }

    /// Withdraws a published release: it is never offered again, its row and the reason stay, and everybody
    /// who has it is told what to do.
    pub async fn withdraw(&self, id: &str, reason: &Texts, actor: &str) -> Result<()> {
        if reason.is_empty() {
            return Err(Error::invalid("reason", "is missing: say why it is withdrawn and what to do now"));
        }
        let mut tx = self.db().begin().await?;
        let row = locked(&mut tx, id).await?;
        match row.state {
            State::Withdrawn => return Ok(()),
            State::Published => {}
            state => {
                return Err(Error::Conflict(format!(
                    "a release that is {state} was never out; there is nothing to withdraw"
                )));
            }
        }
        for file in files::hosted_alone(&mut tx, id).await? {
            let why: String = reason.of("zh-CN").chars().take(1000).collect();
            published::withdraw_in(&mut tx, self.clock(), &file, &why).await?;
        }
        releases::set_state(&mut tx, self.clock(), &row, State::Withdrawn, reason, actor).await?;
        self.tell_later(&mut tx, id, "withdrawn", true).await?;
        tx.commit().await
    }

    /// Shows a release to more people, or, before it is out, to fewer. Those who see it now for the first
    /// time are told then.
    pub async fn set_audience(
        &self,
        id: &str,
        audience: Audience,
        chosen: &[String],
        actor: &str,
    ) -> Result<()> {
        let chosen: Vec<String> =
            chosen.iter().map(|c| c.trim().to_string()).filter(|c| !c.is_empty()).collect();
        if audience == Audience::Chosen && chosen.is_empty() {
            return Err(Error::invalid("chosen", "is empty: name the customers who see it first"));
        }
        let mut tx = self.db().begin().await?;
        let row = locked(&mut tx, id).await?;
        let draft = row.clone().into_release().draft;
        releases::set_audience(&mut tx, self.clock(), &row, audience, &chosen, actor).await?;
        if row.state == State::Published {
            self.tell_later(&mut tx, id, "published", draft.security).await?;
        }
        tx.commit().await
    }

    /// Has a notice sent to everybody concerned. Security goes first: its job is due before all that waits.
    async fn tell_later(&self, tx: &mut Tx, id: &str, what: &str, urgent: bool) -> Result<()> {
        const AHEAD_MILLIS: i64 = 3_600_000;
        let now = self.clock().now();
        let due = if urgent { now.plus_millis(-AHEAD_MILLIS) } else { now };
        let data = json!(Due { release: id.into(), what: what.into() });
        // A wider audience is a new order; who was told before is not told again.
        let key = format!("{id}:{what}:{}", self.clock().id());
        jobs::enqueue(tx, self.clock(), NOTICE_JOB, &key, &data, due).await
    }
}

pub(super) fn due_of(job: &Job) -> Result<Due> {
    serde_json::from_value(job.data.0.clone())
        .map_err(|e| Error::invalid("job", format!("data of a release: {e}")))
}

async fn locked(tx: &mut Tx, id: &str) -> Result<ReleaseRow> {
    releases::lock(tx, id).await?.ok_or_else(|| Error::not_found("release", id))
}
