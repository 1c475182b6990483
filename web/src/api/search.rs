//! `GET /api/v1/search`.
use axum::Json;
use axum::extract::State;
use firstline_kb::answer::{Found, Hit};
use firstline_kb::article::ArticleKind;
use firstline_kb::{Points, Question};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::Visitor;
use super::doc::Refusals;
use super::extract::{Params, at_most, lang_tag};
use super::problem::Problem;
use super::{page, schemas};
use crate::App;

/// The longest question taken; more says no more.
pub const MAX_QUESTION: usize = 8000;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchParams {
    /// What is looked for, in words; an error code is found too.
    #[param(max_length = 8000, pattern = r"^[^\u0000]*$", example = "E-1042")]
    q: String,
    /// Language of the articles; by the script of the words when absent.
    #[param(schema_with = schemas::lang)]
    lang: Option<String>,
    /// Only articles about this product.
    #[param(max_length = 200, pattern = r"^[^\u0000]*$")]
    product: Option<String>,
    /// Leave out articles that do not apply to this version.
    #[param(max_length = 200, pattern = r"^[^\u0000]*$")]
    version: Option<String>,
    #[param(schema_with = schemas::article_kind)]
    kind: Option<ArticleKind>,
    /// How many hits, 1 to 50; 10 unless told.
    #[param(minimum = 1, maximum = 50)]
    limit: Option<i64>,
    /// 1 or true: say of every hit what gave it its score.
    #[param(pattern = "^(0|1|true|false)$")]
    explain: Option<String>,
}

/// Something found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Hit)]
#[serde(deny_unknown_fields)]
pub struct HitOut {
    id: String,
    #[schema(example = "en/e-1042-server-unreachable")]
    external_id: String,
    #[schema(schema_with = schemas::article_kind)]
    kind: ArticleKind,
    title: String,
    /// Plain text around the words that fit.
    snippet: String,
    /// 0 to 1, comparable between questions.
    score: f32,
    /// The article's page.
    url: String,
    /// What gave it its score, when that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    explain: Option<Explained>,
}

/// What gave a hit its score, in points whose sum is the score.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Explained {
    /// Words that question and article share.
    words: f32,
    /// Likeness of the whole question to the title or to one of the ways users say it.
    likeness: f32,
    /// The article is about a code the question names.
    code: f32,
    /// Lost for another language than the asker's.
    language: f32,
    /// Lost for another product.
    product: f32,
    /// Lost for other versions.
    version: f32,
    /// Lost by a bare entry of a code where more was asked.
    entry: f32,
    /// Lost where a score is pressed below 1.
    scale: f32,
    /// Synonyms, pins and entries of the register.
    dictionary: f32,
}

impl From<Points> for Explained {
    fn from(p: Points) -> Explained {
        Explained {
            words: p.words,
            likeness: p.likeness,
            code: p.code,
            language: p.language,
            product: p.product,
            version: p.version,
            entry: p.entry,
            scale: p.scale,
            dictionary: p.dictionary,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchResult {
    query: String,
    /// The query with typing errors mended, when that was needed.
    corrected: Option<String>,
    /// Best first.
    hits: Vec<HitOut>,
    /// How many articles fit in all.
    #[schema(minimum = 0)]
    total: usize,
}

impl HitOut {
    pub fn new(app: &App, hit: Hit) -> HitOut {
        HitOut {
            url: app.desk.links.page(&hit.path),
            id: hit.id,
            external_id: hit.external_id,
            kind: hit.kind,
            title: hit.title,
            snippet: hit.snippet,
            score: hit.score,
            explain: None,
        }
    }
}

/// Find articles
///
/// Public unless the installation asks for a token.
#[utoipa::path(get, path = "/search", tag = "knowledge", operation_id = "search",
    params(SearchParams), security((), ("token" = [])),
    responses((status = 200, description = "What was found, best first", body = SearchResult), Refusals))]
pub async fn search(
    State(app): State<App>,
    visitor: Visitor,
    Params(params): Params<SearchParams>,
) -> Result<Json<SearchResult>, Problem> {
    visitor.admit(&app, app.config.search_public)?;
    let explain = params.explained()?;
    let question = params.question()?;
    let (found, points) = if explain {
        app.library.explain(&question).await?
    } else {
        (app.library.search(&question).await?, Vec::new())
    };
    metrics::counter!("firstline_searches_total", "via" => "api").increment(1);
    let mut result = SearchResult::new(&app, found);
    for (hit, points) in result.hits.iter_mut().zip(points) {
        hit.explain = Some(points.into());
    }
    Ok(Json(result))
}

impl SearchParams {
    fn explained(&self) -> Result<bool, Problem> {
        match self.explain.as_deref() {
            None | Some("0" | "false") => Ok(false),
            Some("1" | "true") => Ok(true),
            Some(_) => Err(Problem::invalid("explain", "must be 1 or 0")),
        }
    }

    fn question(self) -> Result<Question, Problem> {
        at_most("q", Some(&self.q), MAX_QUESTION)?;
        at_most("product", self.product.as_deref(), 200)?;
        at_most("version", self.version.as_deref(), 200)?;
        Ok(Question {
            limit: page::limit(self.limit, 50, 10)? as usize,
            text: self.q,
            lang: self.lang.as_deref().map(lang_tag).transpose()?.map(str::to_owned),
            product: filled(self.product),
            version: filled(self.version),
            kind: self.kind,
        })
    }
}

/// `?product=` is no product.
pub fn filled(text: Option<String>) -> Option<String> {
    text.filter(|t| !t.trim().is_empty())
}

impl SearchResult {
    fn new(app: &App, found: Found) -> SearchResult {
        SearchResult {
            query: found.query,
            corrected: found.corrected,
            hits: found.hits.into_iter().map(|hit| HitOut::new(app, hit)).collect(),
            total: found.total,
        }
    }
}
