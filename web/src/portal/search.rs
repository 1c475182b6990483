//! `/search?q=&product=`: what was found, or honestly nothing. Without a question: articles to browse.
use askama::Template;
use axum::extract::{Query, State};
use firstline_kb::events::{SearchRecord, Shown, UNSURE, record_search};
use firstline_kb::{Article, Found, Question, markdown};
use serde::Deserialize;

use crate::App;
use crate::pages::error::PageResult;
use crate::pages::{Page, html};

const HITS: usize = 20;
/// The most hits on one page; whoever scrolls further should ask us instead.
const MOST_HITS: usize = 100;
/// How many articles are listed without a question, and how far is looked for those of one product.
const BROWSE: usize = 60;
const BROWSE_PAGE: usize = 500;
const BROWSE_PAGES: usize = 4;
/// Longer questions are cut: a pasted log searches by its beginning.
const MAX_QUESTION: usize = 500;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    product: String,
    /// How many hits to show.
    n: Option<usize>,
}

#[derive(Template)]
#[template(path = "portal/search.html")]
struct Results {
    p: Page,
    q: String,
    product: String,
    products: Vec<String>,
    found: Found,
    /// Only without a question.
    articles: Vec<Article>,
    /// What a curator says to such a question, as HTML; empty when nothing.
    reply: String,
    /// Names this search in the links, so that a verdict on an article counts for it.
    search_id: String,
    /// This page with more hits; empty when there are none.
    more: String,
}

pub async fn show(State(app): State<App>, p: Page, Query(asked): Query<Asked>) -> PageResult {
    let q: String = asked.q.trim().chars().take(MAX_QUESTION).collect();
    let product = Some(asked.product.trim()).filter(|name| !name.is_empty()).map(str::to_owned);
    let products = app.library.products().await?;
    let search_id = app.desk.clock.id();
    let (found, articles) = if q.is_empty() {
        (Found::default(), browse(&app, &p, product.as_deref()).await?)
    } else {
        let limit = asked.n.unwrap_or(HITS).clamp(1, MOST_HITS);
        (search(&app, &p, &q, product.clone(), &search_id, limit).await?, Vec::new())
    };
    let all_shown = found.hits.len() >= found.total.min(MOST_HITS);
    let more = if all_shown { String::new() } else { p.here("n", &(found.hits.len() + HITS).to_string()) };
    let reply = found.reply.as_ref().map(|r| markdown::to_html(&r.text_md)).unwrap_or_default();
    Ok(html(&Results {
        p,
        q,
        product: product.unwrap_or_default(),
        products,
        reply,
        found,
        articles,
        search_id,
        more,
    }))
}

async fn search(
    app: &App,
    p: &Page,
    q: &str,
    product: Option<String>,
    id: &str,
    limit: usize,
) -> PageResult<Found> {
    let question = Question {
        text: q.to_owned(),
        lang: Some(p.lang.tag().to_owned()),
        product: product.clone(),
        limit,
        ..Question::default()
    };
    let (found, answers) = app.library.search_for_page(&question).await?;
    let shown = (1..).zip(&found.hits);
    let record = SearchRecord {
        id: id.to_owned(),
        query: found.query.clone(),
        corrected: found.corrected.clone(),
        lang: question.lang,
        product,
        answer: (!answers && !found.hits.is_empty()).then(|| UNSURE.to_owned()),
        shown: shown
            .map(|(rank, h)| Shown { article_id: h.id.clone(), revision: h.revision, rank })
            .collect(),
        total: found.total as i64,
        unknown_codes: found.unknown_codes.clone(),
        sensitive: found.reply.as_ref().and_then(|reply| reply.word.clone()),
        who: "portal".into(),
    };
    remember(app, &record).await;
    Ok(found)
}

/// A search that cannot be recorded is answered all the same.
async fn remember(app: &App, record: &SearchRecord) {
    let recorded = async {
        let mut tx = app.desk.db.begin().await?;
        record_search(&mut tx, &app.desk.clock, record).await?;
        tx.commit().await
    };
    if let Err(error) = recorded.await {
        tracing::warn!(%error, "a search was not recorded");
    }
}

/// Articles to browse: the first of a language, or of a product in it.
async fn browse(app: &App, p: &Page, product: Option<&str>) -> PageResult<Vec<Article>> {
    let mut found: Vec<Article> = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..BROWSE_PAGES {
        let page = app.library.articles(after.as_deref(), BROWSE_PAGE, Some(p.lang.tag())).await?;
        let last = page.len() < BROWSE_PAGE;
        after = page.last().map(|a| a.id.clone());
        found.extend(
            page.into_iter().filter(|a| product.is_none_or(|name| a.product.as_deref() == Some(name))),
        );
        if last || found.len() >= BROWSE {
            break;
        }
    }
    found.truncate(BROWSE);
    Ok(found)
}
