//! The curators' workshop: articles, gaps, outcomes, saved questions, and the trail of who did what.
mod article;
mod changes;
mod files;
mod gaps;
mod list;
mod outcomes;
mod preview;
mod questions;
mod trail;
mod translate;
mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use firstline_core::{Error, staff};

use crate::App;
use crate::pages::error::PageResult;
use crate::pages::{PageError, upload};
use crate::texts::Lang;

pub use files::serve as serve_file;
pub use outcomes::percent;

/// A long article, escaped as a form escapes it.
const LONG_BODY: usize = 4 * 1024 * 1024;

pub fn router() -> Router<App> {
    let long = Router::new()
        .route("/console/kb/new", get(article::begin).post(article::create))
        .route("/console/kb/preview", post(preview::fragment))
        .route("/console/kb/a/{id}/save", post(article::save))
        .route("/console/kb/a/{id}/translate", get(translate::show).post(translate::save))
        .route("/console/kb/questions", get(questions::show).post(questions::save))
        .layer(DefaultBodyLimit::max(LONG_BODY));
    let files = post(files::add).layer(DefaultBodyLimit::max(upload::MAX_BODY));
    Router::new()
        .route("/console/kb", get(list::show))
        .route("/console/kb/from-ticket/{number}", post(article::from_ticket))
        .route("/console/kb/a/{id}", get(article::show))
        .route("/console/kb/a/{id}/state", post(changes::state))
        .route("/console/kb/a/{id}/care", post(changes::care))
        .route("/console/kb/a/{id}/history", get(changes::history))
        .route("/console/kb/a/{id}/restore", post(changes::restore))
        .route("/console/kb/a/{id}/confirm", post(translate::confirm))
        .route("/console/kb/a/{id}/files", files)
        .route("/console/kb/a/{id}/figures", get(outcomes::article))
        .route("/console/kb/gaps", get(gaps::list))
        .route("/console/kb/gaps/{id}", get(gaps::show).post(gaps::act))
        .route("/console/kb/outcomes", get(outcomes::show))
        .route("/console/kb/questions/drop", post(questions::drop))
        .route("/console/kb/questions/keep", post(questions::keep))
        .route("/console/kb/trail", get(trail::show))
        .merge(long)
}

/// What a refusal says on the page, in the reader's language; anything else is an error page.
fn told(lang: Lang, error: Error) -> Result<String, PageError> {
    match error {
        Error::Invalid { field, .. } if field == "reason" => Ok(lang.text("kb-problem-reason")),
        Error::Invalid { field, reason } => {
            let key = format!("kb-problem-field-{}", field.replace('_', "-"));
            Ok(lang.known(&key).unwrap_or_else(|| format!("{field}: {reason}")))
        }
        Error::Conflict(_) => Ok(lang.text("kb-problem-moved")),
        Error::Forbidden(why) if why.contains("not the author") => Ok(lang.text("kb-problem-own")),
        Error::Forbidden(_) => Ok(lang.text("kb-problem-role")),
        other => Err(other.into()),
    }
}

/// A number in a form.
fn number(text: &str) -> PageResult<i64> {
    text.trim().parse().map_err(|_| PageError::BadRequest)
}

/// A field that may be left empty.
fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|t| !t.is_empty())
}

/// The sections of the workshop, for its own navigation.
pub struct Section {
    pub name: &'static str,
    pub path: &'static str,
}

pub const SECTIONS: [Section; 5] = [
    Section { name: "articles", path: "/console/kb" },
    Section { name: "gaps", path: "/console/kb/gaps" },
    Section { name: "outcomes", path: "/console/kb/outcomes" },
    Section { name: "questions", path: "/console/kb/questions" },
    Section { name: "trail", path: "/console/kb/trail" },
];

/// Who did something, by the name people know.
pub async fn names(app: &App, lang: Lang) -> PageResult<Names> {
    let all = staff::all(&app.desk.db).await?;
    let active = all.iter().filter(|s| !s.disabled).map(|s| (s.id.clone(), s.name.clone())).collect();
    Ok(Names { active, all: all.into_iter().map(|s| (s.id, s.name)).collect(), lang })
}

/// Staff by id and name.
pub struct Names {
    /// Those who can be given something.
    pub active: Vec<(String, String)>,
    /// Those who left, too: what they did keeps their name.
    all: Vec<(String, String)>,
    lang: Lang,
}

impl Names {
    /// `staff:ID` becomes a name, and programs are named in the reader's language; `token:x` stays.
    pub fn of(&self, actor: &str) -> String {
        if let "import" | "system" = actor {
            return self.lang.text(&format!("kb-actor-{actor}"));
        }
        let id = actor.strip_prefix("staff:").unwrap_or(actor);
        self.all
            .iter()
            .find(|(known, _)| known == id)
            .map_or_else(|| actor.to_string(), |(_, name)| name.clone())
    }
}
