//! `POST /api/v1/answers`: what the chat would say to a question.
use axum::Json;
use axum::extract::State;
use firstline_kb::{Answer, Question};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::Visitor;
use super::doc::Refusals;
use super::extract::{Body, at_most, lang_tag};
use super::problem::Problem;
use super::schemas;
use super::search::{HitOut, MAX_QUESTION, filled};
use crate::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "q": "E-1042 when issuing an invoice, cannot connect", "lang": "en" }))]
pub struct AnswerRequest {
    /// The question in words. `text`, `query` and `question` are accepted as other names.
    #[serde(alias = "text", alias = "query", alias = "question")]
    #[schema(min_length = 1, max_length = 8000, pattern = r"^[^\u0000]*[^\s\u0000][^\u0000]*$")]
    q: String,
    #[schema(schema_with = schemas::lang_or_null)]
    lang: Option<String>,
    #[schema(max_length = 200, pattern = r"^[^\u0000]*$")]
    product: Option<String>,
    #[schema(max_length = 200, pattern = r"^[^\u0000]*$")]
    version: Option<String>,
}

/// How sure the answer is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// `hit` is it, and `steps_md` tells what to do.
    Direct,
    /// One of `hits`, most likely.
    Choices,
    /// Knowing which of `products` it is about would decide.
    Ask,
    /// Not an answer: `reply_md` is to be said (small talk, or a curator's words until there is an article).
    Reply,
    /// Nothing fits; a ticket is the way on.
    Nothing,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Answer)]
#[serde(deny_unknown_fields)]
pub struct AnswerOut {
    query: String,
    answer: AnswerKind,
    /// The answer, when it is direct.
    hit: Option<HitOut>,
    /// The passage of `hit` that tells what to do, in Markdown.
    steps_md: Option<String>,
    /// The candidates, or what else might help beside a direct answer.
    hits: Vec<HitOut>,
    products: Vec<String>,
    /// What to say, in Markdown, when the answer is `reply`.
    reply_md: Option<String>,
    /// Codes in the question that look like ours but are in no register.
    unknown_codes: Vec<String>,
}

/// Answer a question
///
/// Public unless the installation asks for a token.
#[utoipa::path(post, path = "/answers", tag = "knowledge", operation_id = "answer",
    request_body = AnswerRequest, security((), ("token" = [])),
    responses((status = 200, description = "The answer, or an honest nothing", body = AnswerOut), Refusals))]
pub async fn answer(
    State(app): State<App>,
    visitor: Visitor,
    body: Body<AnswerRequest>,
) -> Result<Json<AnswerOut>, Problem> {
    visitor.admit(&app, app.config.answers_public)?;
    let question = body.value.question()?;
    let (answer, found) = app.library.answer(&question).await?;
    metrics::counter!("firstline_searches_total", "via" => "api").increment(1);
    Ok(Json(AnswerOut { unknown_codes: found.unknown_codes, ..AnswerOut::new(&app, question.text, answer) }))
}

impl AnswerRequest {
    fn question(self) -> Result<Question, Problem> {
        if self.q.trim().is_empty() {
            return Err(Problem::invalid("q", "must not be empty"));
        }
        at_most("q", Some(&self.q), MAX_QUESTION)?;
        at_most("product", self.product.as_deref(), 200)?;
        at_most("version", self.version.as_deref(), 200)?;
        Ok(Question {
            text: self.q,
            lang: self.lang.as_deref().map(lang_tag).transpose()?.map(str::to_owned),
            product: filled(self.product),
            version: filled(self.version),
            kind: None,
            limit: 5,
        })
    }
}

impl AnswerOut {
    fn new(app: &App, query: String, answer: Answer) -> AnswerOut {
        let out = |hits: Vec<_>| hits.into_iter().map(|hit| HitOut::new(app, hit)).collect();
        let empty = AnswerOut {
            query,
            answer: AnswerKind::Nothing,
            hit: None,
            steps_md: None,
            hits: vec![],
            products: vec![],
            reply_md: None,
            unknown_codes: vec![],
        };
        match answer {
            Answer::Direct { hit, steps_md, others } => AnswerOut {
                answer: AnswerKind::Direct,
                hit: Some(HitOut::new(app, hit)),
                steps_md: Some(steps_md),
                hits: out(others),
                ..empty
            },
            Answer::Choices { hits } => AnswerOut { answer: AnswerKind::Choices, hits: out(hits), ..empty },
            Answer::Ask { products, hits } => {
                AnswerOut { answer: AnswerKind::Ask, hits: out(hits), products, ..empty }
            }
            Answer::Reply { reply } => {
                AnswerOut { answer: AnswerKind::Reply, reply_md: Some(reply.text_md), ..empty }
            }
            Answer::Nothing => empty,
        }
    }
}
