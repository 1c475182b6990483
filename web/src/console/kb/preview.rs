//! How an article will look: on the web, in Telegram and in Discord, with what a curator should look at.
use askama::Template;
use axum::extract::State;
use firstline_bots::preview;
use firstline_kb::workshop::lint::Remark;
use firstline_kb::{Draft, markdown, parts};

use super::words::Words;
use crate::App;
use crate::console::seat::Signed;
use crate::pages::error::PageResult;
use crate::pages::{Page, html};

/// What the preview shows.
pub struct Shown {
    pub title: String,
    pub web: String,
    pub telegram: Vec<String>,
    pub discord: Vec<String>,
    pub remarks: Vec<Told>,
}

/// A remark in the reader's language.
pub struct Told {
    pub text: String,
    pub grave: bool,
}

/// Makes it; `id` is empty for an article that does not exist yet.
pub async fn make(app: &App, p: &Page, id: &str, draft: &Draft) -> PageResult<Shown> {
    let chats = preview::of(&draft.title, &draft.body_md, &draft.lang, &app.desk.links.public_url);
    let mut remarks = app.library.workshop().lint(id, draft).await?;
    if chats.telegram.len() > 1 {
        remarks.push(Remark::grave("lint-long-telegram", chats.telegram.len().to_string()));
    }
    if chats.discord.len() > 1 {
        remarks.push(Remark::grave("lint-long-discord", chats.discord.len().to_string()));
    }
    if chats.cut {
        remarks.push(Remark::hint("lint-cut", preview_limit()));
    }
    Ok(Shown {
        title: draft.title.clone(),
        web: markdown::to_html(&parts::user_first(&draft.body_md, &draft.lang)),
        telegram: chats.telegram.iter().map(|html| markdown::chat_html(html)).collect(),
        discord: chats.discord.iter().map(|md| markdown::chat_to_html(md)).collect(),
        remarks: remarks.into_iter().map(|r| Told { text: p.t1(r.key, &r.detail), grave: r.grave }).collect(),
    })
}

fn preview_limit() -> String {
    firstline_bots::step::answer::STEPS_CHARS.to_string()
}

#[derive(Template)]
#[template(path = "kb/preview.html")]
struct Fragment {
    p: Page,
    shown: Shown,
}

/// The preview alone, for the page's script while somebody types.
pub async fn fragment(State(app): State<App>, p: Page, Signed { seat, form }: Signed<Words>) -> PageResult {
    let p = p.in_lang(seat.lang);
    let shown = make(&app, &p, form.id.trim(), &form.draft()?).await?;
    Ok(html(&Fragment { p, shown }))
}
