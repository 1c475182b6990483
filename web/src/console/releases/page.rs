//! `/console/releases/new` and `/console/releases/{id}`: the form while it may change, then what was published.
use askama::Template;
use axum::extract::{Path, Query, State};
use firstline_bots::notice;
use firstline_bots::preview::shown;
use firstline_bots::step::say;
use firstline_core::desk::Notice;
use firstline_core::staff::Right;
use firstline_kb::catalogue::ReleaseEvent;
use firstline_kb::catalogue::model::{Release, State as Stand, Texts};
use serde::Deserialize;

use super::form::Form;
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html};

/// Where notices go, in the names conversations have.
const CHANNELS: [&str; 4] = ["telegram", "discord", "web", "terminal"];

/// A passage of the form: the name of its field and its two texts.
struct Passage {
    name: &'static str,
    key: &'static str,
    zh: String,
    en: String,
}

/// A notice as one channel shows it, in one language.
struct Said {
    channel: &'static str,
    lang: &'static str,
    name: &'static str,
    text: String,
    /// Who would read it there, whatever their language.
    readers: usize,
}

/// What would be said to whom.
struct Preview {
    zh: String,
    en: String,
    said: Vec<Said>,
    readers: usize,
    reporters: usize,
}

#[derive(Template)]
#[template(path = "console/releases/release.html")]
struct ReleasePage {
    p: Page,
    seat: Seat,
    may: bool,
    /// None for a new one.
    release: Option<Release>,
    products: Vec<(String, String)>,
    form: Form,
    passages: Vec<Passage>,
    history: Vec<ReleaseEvent>,
    preview: Option<Preview>,
    /// Of a withdrawal that is only looked at so far.
    reason: Texts,
    problem: String,
    severities: [&'static str; 4],
    sizes: [&'static str; 2],
    audiences: [&'static str; 3],
}

impl ReleasePage {
    fn state(&self) -> &'static str {
        self.release.as_ref().map_or("draft", |r| r.state.as_str())
    }

    fn editable(&self) -> bool {
        self.may && matches!(self.state(), "draft" | "in_review")
    }

    fn id(&self) -> &str {
        self.release.as_ref().map_or("new", |r| &r.id)
    }
}

#[derive(Deserialize)]
pub struct New {
    #[serde(default)]
    product: String,
}

pub async fn new(
    State(app): State<App>,
    Console { seat, page }: Console,
    Query(new): Query<New>,
) -> PageResult {
    seat.must(Right::PublishReleases)?;
    let form = Form { product: new.product, ..Form::default() };
    draw(&app, page, seat, None, Some(form), &Texts::default(), "").await
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page }: Console,
    Path(id): Path<String>,
) -> PageResult {
    draw(&app, page, seat, Some(&id), None, &Texts::default(), "").await
}

/// The page, also with a form that was not taken and why.
pub async fn draw(
    app: &App,
    mut p: Page,
    seat: Seat,
    id: Option<&str>,
    form: Option<Form>,
    reason: &Texts,
    problem: &str,
) -> PageResult {
    let release = match id {
        Some(id) => Some(app.catalogue.release_by_id(id).await?.ok_or(PageError::NotFound)?),
        None => None,
    };
    p.path = format!("/console/releases/{}", id.unwrap_or("new"));
    p.query.clear();
    let form = form.unwrap_or_else(|| match &release {
        Some(r) => Form::of(&r.draft, r.revision),
        None => Form::default(),
    });
    let all = app.catalogue.products().await?;
    let (history, preview) = match &release {
        Some(r) => (app.catalogue.history(&r.id).await?, preview(app, r, reason).await?),
        None => (vec![], None),
    };
    let may = seat.may(Right::PublishReleases);
    Ok(html(&ReleasePage {
        products: all.into_iter().map(|x| (x.key.clone(), x.name(p.lang.tag()).to_string())).collect(),
        passages: passages(&form),
        p,
        seat,
        may,
        release,
        form,
        history,
        preview,
        reason: reason.clone(),
        problem: problem.into(),
        severities: ["critical", "important", "moderate", "low"],
        sizes: ["small", "large"],
        audiences: ["everyone", "signed_in", "chosen"],
    }))
}

/// What publishing would say, or withdrawing what is out.
async fn preview(app: &App, release: &Release, reason: &Texts) -> PageResult<Option<Preview>> {
    let next = match release.state {
        Stand::Draft | Stand::InReview => Stand::Published,
        Stand::Published => Stand::Withdrawn,
        Stand::Withdrawn => return Ok(None),
    };
    let found = app.catalogue.preview(&app.desk, &release.id, next, reason).await?;
    let reporters = found.readers.iter().filter(|r| r.ticket.is_some()).count();
    let notice = Notice::Release(Box::new(found.notice));
    let render = |lang: &str| notice::render(&notice, lang, &app.desk.links, app.desk.clock.now());
    let at = |channel: &str| found.readers.iter().filter(|r| r.conversation.channel == channel).count();
    let mut said = Vec::new();
    for channel in CHANNELS {
        for (lang, name) in [("zh-CN", "中文"), ("en", "English")] {
            let text = shown(&render(lang), channel);
            said.push(Said { channel, lang, name, text, readers: at(channel) });
        }
    }
    let words = |lang: &str| say::plain(&render(lang));
    Ok(Some(Preview { zh: words("zh-CN"), en: words("en"), said, readers: found.readers.len(), reporters }))
}

fn passages(f: &Form) -> Vec<Passage> {
    let one = |name, key, zh: &str, en: &str| Passage { name, key, zh: zh.into(), en: en.into() };
    vec![
        one("notes", "release-notes", &f.notes_zh, &f.notes_en),
        one("known_issues", "release-known-issues", &f.known_issues_zh, &f.known_issues_en),
        one("requirements", "release-requirements", &f.requirements_zh, &f.requirements_en),
        one("backup", "release-backup", &f.backup_zh, &f.backup_en),
        one("install", "release-install", &f.install_zh, &f.install_en),
        one("rollback", "release-rollback", &f.rollback_zh, &f.rollback_en),
    ]
}
