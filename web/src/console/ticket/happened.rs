//! What staff record about a case: its kind, difficulty, region, how it is handled, and what was promised
//! or done. One form, one choice: `what` is `word:value`.
use axum::extract::{Path, State};
use firstline_core::desk::Happening;
use firstline_core::plan::{Difficulty, Plan};
use firstline_core::ticket::{Kind, MilestoneStep, Mode, Ticket};
use firstline_core::{Error, Time};
use serde::Deserialize;

use super::page::{draw, number};
use crate::App;
use crate::console::seat::Signed;
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, to};

/// A choice of the form.
pub struct Choice {
    pub value: String,
    pub text: String,
}

/// Choices under a heading.
pub struct Group {
    pub title: String,
    pub choices: Vec<Choice>,
}

/// What may be recorded on a ticket now.
pub fn groups(p: &Page, plan: &Plan, t: &Ticket) -> Vec<Group> {
    let group = |key: &str, prefix: &str, word: &str, values: Vec<&str>| Group {
        title: p.t(key),
        choices: values
            .into_iter()
            .map(|v| Choice { value: format!("{prefix}:{v}"), text: p.word(word, v) })
            .collect(),
    };
    let steps = MilestoneStep::ALL.iter().map(|s| s.as_str()).collect();
    let modes = Mode::ALL.iter().filter(|m| **m != t.mode).map(|m| m.as_str()).collect();
    let kinds = Kind::ALL.iter().filter(|k| **k != t.kind).map(|k| k.as_str()).collect();
    let hard = Difficulty::ALL.iter().filter(|d| **d != t.difficulty).map(|d| d.as_str()).collect();
    let mut groups = vec![
        group("happened-steps", "step", "step", steps),
        group("happened-handling", "handling", "mode", modes),
        group("happened-kind", "kind", "kind", kinds),
        group("happened-difficulty", "difficulty", "difficulty", hard),
    ];
    let regions: Vec<&str> =
        plan.regions.iter().map(String::as_str).filter(|r| t.region.as_deref() != Some(*r)).collect();
    if !regions.is_empty() {
        groups.push(group("happened-region", "region", "region", regions));
    }
    groups[0].choices.push(Choice { value: "plan_confirmed:".into(), text: p.t("happened-plan-confirmed") });
    groups
}

#[derive(Deserialize)]
pub struct Happened {
    what: String,
    #[serde(default)]
    note: String,
    /// The date of a confirmed plan, in the plan's zone.
    #[serde(default)]
    due: String,
}

pub async fn record(
    State(app): State<App>,
    p: Page,
    Path(text): Path<String>,
    Signed { seat, form }: Signed<Happened>,
) -> PageResult {
    let number = number(&text)?;
    let view = app.desk.ticket(number).await?;
    let plan = app.desk.plan_of(&view.ticket).await?;
    let p = p.in_lang(seat.lang);
    let Some(what) = form.read(&plan)? else {
        let problem = p.t("problem-plan-date");
        return draw(&app, p, seat, number, &problem, "").await;
    };
    match app.desk.happened(number, &seat.actor(), &what).await {
        Ok(_) => Ok(to(&format!("/console/tickets/{number}?done=happened"))),
        Err(Error::Invalid { .. }) => {
            let problem = p.t("problem-note");
            draw(&app, p, seat, number, &problem, "").await
        }
        Err(other) => Err(other.into()),
    }
}

impl Happened {
    /// `None`: the date of a confirmed plan is missing.
    fn read(&self, plan: &Plan) -> Result<Option<Happening>, PageError> {
        let (word, value) = self.what.split_once(':').ok_or(PageError::BadRequest)?;
        let note = Some(self.note.trim().to_owned()).filter(|n| !n.is_empty());
        let words = note.clone().unwrap_or_default();
        let wrong = |_| PageError::BadRequest;
        Ok(Some(match word {
            "kind" => Happening::Kind(value.parse().map_err(wrong)?, words),
            "difficulty" => Happening::Difficulty(value.parse().map_err(wrong)?, words),
            "region" => Happening::Region(Some(value.to_owned())),
            "handling" => Happening::Handling(value.parse().map_err(wrong)?, note),
            "step" => Happening::Step(value.parse().map_err(wrong)?, note),
            "taken" => Happening::Taken,
            "plan_confirmed" => match local_time(plan, &self.due) {
                Some(due) => Happening::PlanConfirmed(due, note),
                None => return Ok(None),
            },
            _ => return Err(PageError::BadRequest),
        }))
    }
}

/// `2026-10-09T18:00` as a browser sends it, in the plan's zone.
fn local_time(plan: &Plan, text: &str) -> Option<Time> {
    let local: jiff::civil::DateTime = text.parse().ok()?;
    plan.service.zone().to_timestamp(local).ok().map(Time::from_timestamp)
}
