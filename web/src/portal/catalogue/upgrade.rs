//! `/upgrade`: which patch do I need? A form that works by itself, and the answer under it.
use askama::Template;
use axum::extract::{Path, Query, State};
use firstline_bots::advice;
use firstline_bots::texts::Lang;
use firstline_core::Error;
use firstline_kb::catalogue::Ask;
use firstline_kb::catalogue::model::Viewer;
use firstline_kb::catalogue::path::{Advice, Goal, Step};
use serde::Deserialize;

use super::{FileRow, Passage, passages};
use crate::App;
use crate::pages::error::PageResult;
use crate::pages::{Page, html};

const FILES: usize = 6;

#[derive(Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    product: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    platform: String,
    #[serde(default)]
    goal: String,
    /// The error code or CVE, with the goal `fixes`.
    #[serde(default)]
    code: String,
}

struct StepView {
    version: String,
    path: String,
    date: String,
    security: bool,
    severity: String,
    size: String,
    needed_by: String,
    fixes: Vec<String>,
    brings: Vec<String>,
    passages: Vec<Passage>,
    notes_url: Option<String>,
    files: Vec<FileRow>,
    more_files: bool,
}

struct Answer {
    heading: String,
    reasons: Vec<String>,
    remarks: Vec<String>,
    steps: Vec<StepView>,
}

#[derive(Template)]
#[template(path = "portal/catalogue/upgrade.html")]
struct UpgradePage {
    p: Page,
    asked: Asked,
    /// `(key, name)`.
    products: Vec<(String, String)>,
    goals: [&'static str; 5],
    problem: String,
    answer: Option<Answer>,
}

pub async fn of_product(
    state: State<App>,
    p: Page,
    Path(product): Path<String>,
    Query(asked): Query<Asked>,
) -> PageResult {
    let asked = Asked { product: if asked.product.is_empty() { product } else { asked.product }, ..asked };
    show(state, p, Query(asked)).await
}

pub async fn show(State(app): State<App>, p: Page, Query(mut asked): Query<Asked>) -> PageResult {
    let all = app.catalogue.products().await?;
    let products = all.into_iter().map(|x| (x.key.clone(), x.name(p.lang.tag()).to_string())).collect();
    for text in
        [&mut asked.product, &mut asked.version, &mut asked.platform, &mut asked.goal, &mut asked.code]
    {
        *text = text.trim().chars().take(200).collect();
    }
    let (mut problem, mut answer) = (String::new(), None);
    if !asked.version.is_empty() {
        match advise(&app, &asked).await {
            Ok(found) => answer = Some(Answer::of(&p, found)),
            Err(Error::Invalid { field, .. }) => {
                problem =
                    p.t(if field == "goal" { "upgrade-problem-code" } else { "upgrade-problem-version" });
            }
            Err(other) => return Err(other.into()),
        }
    }
    let goals = ["newest", "security", "fixes", "smallest", "channel"];
    Ok(html(&UpgradePage { p, asked, products, goals, problem, answer }))
}

async fn advise(app: &App, asked: &Asked) -> Result<Advice, Error> {
    let goal: Goal = match asked.goal.as_str() {
        "fixes" => format!("fixes:{}", asked.code).parse()?,
        "" if !asked.code.is_empty() => format!("fixes:{}", asked.code).parse()?,
        "" => Goal::Newest,
        word => word.parse()?,
    };
    let ask = Ask {
        product: asked.product.clone(),
        version: asked.version.clone(),
        platform: Some(asked.platform.clone()).filter(|t| !t.is_empty()),
        goal,
        as_of: None,
        viewer: Viewer::Anybody,
    };
    app.catalogue.advise(&ask).await
}

impl Answer {
    fn of(p: &Page, found: Advice) -> Answer {
        let lang = Lang::from(p.lang.tag());
        Answer {
            heading: if found.reason.is_none() { advice::heading(&found, lang) } else { String::new() },
            reasons: advice::reason(&found, lang),
            remarks: advice::remarks(&found, lang),
            steps: found.steps.iter().map(|s| StepView::of(p, &found.product, s)).collect(),
        }
    }
}

impl StepView {
    fn of(p: &Page, product: &str, step: &Step) -> StepView {
        let texts = [
            ("release-notes", &step.notes),
            ("release-known-issues", &step.known_issues),
            ("release-requirements", &step.requirements),
            ("release-backup", &step.backup),
            ("release-install", &step.install),
            ("release-rollback", &step.rollback),
        ];
        StepView {
            version: step.version.clone(),
            path: advice::release_path(product, &step.version),
            date: step.date.map(|d| d.to_string()).unwrap_or_default(),
            security: step.security,
            severity: step.severity.map(|s| p.word("release-severity", s.as_str())).unwrap_or_default(),
            size: step.size.map(|s| p.word("release-size", s.as_str())).unwrap_or_default(),
            needed_by: step.needed_by.clone().unwrap_or_default(),
            fixes: step.codes.iter().chain(&step.cves).take(12).cloned().collect(),
            brings: step
                .brings
                .iter()
                .filter(|b| b.version != step.version)
                .map(|b| b.version.clone())
                .collect(),
            passages: passages(p, texts),
            notes_url: step.notes_url.clone(),
            files: step.files.iter().take(FILES).cloned().map(FileRow::of).collect(),
            more_files: step.files.len() > FILES,
        }
    }
}
