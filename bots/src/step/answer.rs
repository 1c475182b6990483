//! Answering: what the kb said, as a message with its buttons, and what a verdict on it leads to.
use firstline_core::ticket::SearchMade;
use firstline_kb::events::Verdict;
use firstline_kb::{Answer, Article, Found, Hit, Reply, ReplyWhy, parts};

use super::dialogue::{Given, Said, Shown};
use super::product::Names;
use super::say::{self, button, link, message, paragraph, person_button, report_button};
use super::{Effect, Step, blocks, report, why};
use crate::action::Action;
use crate::message::{Block, Button, Outgoing, Span};
use crate::texts::{Lang, t, tt};

/// Longer steps are cut; the article's page has the rest.
pub const STEPS_CHARS: usize = 1200;
const CHOICES: usize = 5;
/// How near to the first a further hit must come to be shown after "still broken", and how many are tried.
const NEAR: f32 = 0.85;
const FLOOR: f32 = 0.5;
const TRIES: usize = 2;

/// Answers a question from what the kb said.
pub fn answer(step: &mut Step<'_>, question: &str, product: Option<String>, said: Option<Said>) {
    let Some((answer, found)) = step.facts.answer.clone() else { return super::menu::too_old(step) };
    let given = remember(step, question, product.clone(), said, &answer, &found);
    step.effect(Effect::RecordSearch {
        id: step.ctx.search_id.clone(),
        lang: step.lang,
        product,
        answer: Box::new(answer.clone()),
        found: Box::new(found.clone()),
    });
    let mut out = match &answer {
        Answer::Direct { hit, steps_md, .. } => steps(step, &given, 0, hit, steps_md),
        Answer::Choices { .. } => choices(step.lang, &given, "answer-choices"),
        Answer::Ask { products, .. } => ask(step, &given, products),
        Answer::Reply { reply } => said_instead(step.lang, &given, reply),
        Answer::Nothing => nothing(step, &given),
    };
    if let Some(code) = found.unknown_codes.first() {
        let note = t(step.lang, "dict-unknown-code", &[("code", code.as_str().into())]);
        out.blocks.insert(0, paragraph(note));
    }
    if let Some(corrected) = found.corrected.as_ref().filter(|_| answer != Answer::Nothing) {
        let note = t(step.lang, "answer-corrected", &[("words", corrected.as_str().into())]);
        out.blocks.insert(0, paragraph(note));
    }
    finish(step, out, &given);
}

fn remember(
    step: &mut Step<'_>,
    question: &str,
    product: Option<String>,
    said: Option<Said>,
    answer: &Answer,
    found: &Found,
) -> Given {
    let (hits, products): (Vec<&Hit>, Vec<String>) = match answer {
        Answer::Direct { hit, others, .. } => (std::iter::once(hit).chain(others).collect(), Vec::new()),
        Answer::Choices { hits } => (hits.iter().collect(), Vec::new()),
        Answer::Ask { products, hits } => (hits.iter().collect(), products.clone()),
        Answer::Reply { .. } => (Vec::new(), Vec::new()),
        Answer::Nothing => (Vec::new(), product.into_iter().collect()),
    };
    let mut given = Given {
        token: step.ctx.token.clone(),
        search: Some(step.ctx.search_id.clone()),
        question: question.to_string(),
        said,
        hits: hits.into_iter().take(CHOICES + 1).map(shown).collect(),
        products,
        current: None,
        rejected: None,
        closed: false,
    };
    if matches!(answer, Answer::Direct { .. }) {
        given.current = Some(0);
        given.hits[0].seen = true;
        step.dialogue.remember_article(&given.hits[0], "none");
    }
    step.dialogue.misses =
        if *answer == Answer::Nothing { step.dialogue.misses.saturating_add(1) } else { 0 };
    step.dialogue.remember_search(SearchMade {
        query: question.to_string(),
        found: found.total,
        at: step.ctx.now,
    });
    step.dialogue.remember_answer(given.clone());
    given
}

fn shown(hit: &Hit) -> Shown {
    Shown {
        id: hit.id.clone(),
        revision: hit.revision,
        title: hit.title.clone(),
        product: hit.product.clone(),
        score: hit.score,
        path: hit.path.clone(),
        seen: false,
    }
}

/// Adds "add this to FL-…" where a ticket is open, and says it. Also after a tap an episode is under way
/// now: a verdict typed next is one on this answer.
fn finish(step: &mut Step<'_>, mut out: Outgoing, given: &Given) {
    step.dialogue.since.get_or_insert(step.ctx.now);
    let add = given.said.as_ref().and_then(|s| say::add_button(step.lang, &s.token, &step.facts.open()));
    out.buttons.extend(add.map(|b| vec![b]));
    step.say(out);
}

/// The steps of one hit with source and verdict buttons.
fn steps(step: &Step<'_>, given: &Given, nth: usize, hit: &Hit, steps_md: &str) -> Outgoing {
    show(step, given, nth, &hit.title, steps_md, &hit.path)
}

fn show(step: &Step<'_>, given: &Given, nth: usize, title: &str, steps_md: &str, path: &str) -> Outgoing {
    let mut out = words(step.lang, &step.ctx.site, title, steps_md, path);
    out.buttons = verdict_buttons(step.lang, given, nth);
    out
}

/// An answer's words: title, steps as far as a chat shows them, and the link to the rest.
pub fn words(lang: Lang, site: &str, title: &str, steps_md: &str, path: &str) -> Outgoing {
    // Links to our own pages and pictures need our address in a chat.
    let steps_md = steps_md.replace("](/kb/", &format!("]({site}/kb/"));
    let (mut body, cut) = blocks::first_of(blocks::blocks(&steps_md), STEPS_CHARS);
    let mut out = Outgoing { blocks: vec![Block::Heading(title.to_string())], ..Outgoing::default() };
    out.blocks.append(&mut body);
    let source = if cut { "answer-more" } else { "answer-source" };
    out.blocks.push(Block::Paragraph(vec![link(tt(lang, source), format!("{site}{path}"))]));
    out
}

fn verdict_buttons(lang: Lang, given: &Given, nth: usize) -> Vec<Vec<Button>> {
    let token = || given.token.clone();
    let mut rows = vec![vec![
        button(tt(lang, "button-solved"), &Action::Solved { answer: token() }),
        button(tt(lang, "button-broken"), &Action::Broken { answer: token() }),
    ]];
    let mut last = Vec::new();
    if given.hits.iter().enumerate().any(|(i, h)| i != nth && !h.seen) {
        last.push(button(tt(lang, "button-others"), &Action::Others { answer: token() }));
    }
    last.push(person_button(lang, Some(&given.token)));
    rows.push(last);
    rows
}

/// The hits as buttons, without those already seen.
pub fn choices(lang: Lang, given: &Given, intro: &str) -> Outgoing {
    let mut out = message([tt(lang, intro)]);
    let unseen = given.hits.iter().enumerate().filter(|(_, h)| !h.seen).take(CHOICES);
    for (nth, hit) in unseen {
        let action = Action::Pick { answer: given.token.clone(), nth };
        out.buttons.push(vec![button(say::clip(&hit.title, 60), &action)]);
    }
    out.buttons.push(vec![report_button(lang, Some(&given.token)), person_button(lang, Some(&given.token))]);
    out
}

fn ask(step: &Step<'_>, given: &Given, products: &[String]) -> Outgoing {
    let (lang, names) = (step.lang, Names::of(&step.ctx.products, products));
    let mut out = message([tt(lang, "answer-ask-product")]);
    let buttons: Vec<Button> = products
        .iter()
        .take(8)
        .enumerate()
        .map(|(nth, key)| {
            let action = Action::Product { answer: given.token.clone(), nth };
            button(say::clip(&names.name(key, lang), 40), &action)
        })
        .collect();
    out.buttons = buttons.chunks(2).map(<[Button]>::to_vec).collect();
    let unsure = button(tt(lang, "button-unsure"), &Action::Others { answer: given.token.clone() });
    out.buttons.push(vec![unsure, person_button(lang, Some(&given.token))]);
    out
}

/// A curator's words instead of an answer. Until there is an article the way on is offered with them.
fn said_instead(lang: Lang, given: &Given, reply: &Reply) -> Outgoing {
    let mut out = Outgoing { blocks: blocks::blocks(&reply.text_md), ..Outgoing::default() };
    if reply.why != ReplyWhy::SmallTalk {
        out.buttons =
            vec![vec![report_button(lang, Some(&given.token)), person_button(lang, Some(&given.token))]];
    }
    out
}

/// Honest, and different the second time: then a person comes first.
fn nothing(step: &Step<'_>, given: &Given) -> Outgoing {
    let lang = step.lang;
    let (person, report) = (person_button(lang, Some(&given.token)), report_button(lang, Some(&given.token)));
    if step.dialogue.misses >= 2 {
        let mut out = message([tt(lang, "answer-nothing-again")]);
        out.buttons = vec![vec![person, report]];
        return out;
    }
    let mut out = message([tt(lang, "answer-nothing")]);
    out.buttons = vec![vec![report, person]];
    out
}

/// A choice was tapped: its steps.
pub fn pick(step: &mut Step<'_>, token: &str, nth: usize) {
    let Some(article) = step.facts.article.clone() else { return super::menu::too_old(step) };
    let Some(given) = step.dialogue.given_mut(token) else { return super::menu::too_old(step) };
    let Some(hit) = given.hits.get_mut(nth) else { return super::menu::too_old(step) };
    hit.seen = true;
    hit.revision = article.revision;
    let shown = hit.clone();
    given.current = Some(nth);
    given.closed = false;
    let given = given.clone();
    step.dialogue.remember_article(&shown, "none");
    verdict_on(step, &given, Some(&shown), Verdict::Chosen);
    let out =
        show(step, &given, nth, &shown.title, &parts::passage(&article.body_md, &article.lang), &shown.path);
    finish(step, out, &given);
}

/// A frequent question was tapped: it was asked, and this article is the answer.
pub fn frequent(step: &mut Step<'_>) {
    let Some(article) = step.facts.article.clone() else { return super::menu::too_old(step) };
    record_asked(step, &article);
    let shown = Shown {
        path: format!("/kb/{}", article.id),
        id: article.id,
        revision: article.revision,
        title: article.title.clone(),
        product: article.product,
        score: 1.0,
        seen: true,
    };
    let given = Given {
        token: step.ctx.token.clone(),
        search: Some(step.ctx.search_id.clone()),
        question: article.title,
        hits: vec![shown.clone()],
        current: Some(0),
        ..Given::default()
    };
    step.dialogue.remember_article(&shown, "none");
    step.dialogue.remember_answer(given.clone());
    let out =
        show(step, &given, 0, &shown.title, &parts::passage(&article.body_md, &article.lang), &shown.path);
    finish(step, out, &given);
}

/// So that figures and gaps know what was offered, read and rejected.
fn record_asked(step: &mut Step<'_>, article: &Article) {
    let hit = Hit {
        id: article.id.clone(),
        external_id: article.external_id.clone(),
        kind: article.kind,
        lang: article.lang.clone(),
        title: article.title.clone(),
        product: article.product.clone(),
        revision: article.revision,
        snippet: String::new(),
        snippet_html: String::new(),
        score: 1.0,
        path: format!("/kb/{}", article.id),
    };
    let found = Found { query: article.title.clone(), total: 1, hits: vec![hit.clone()], ..Found::default() };
    let answer = Answer::Direct { hit, steps_md: String::new(), others: Vec::new() };
    step.effect(Effect::RecordSearch {
        id: step.ctx.search_id.clone(),
        lang: step.lang,
        product: article.product.clone(),
        answer: Box::new(answer),
        found: Box::new(found),
    });
}

/// It works: recorded, thanked for, the episode ends.
pub fn solved(step: &mut Step<'_>, token: &str) {
    let Some(given) = step.dialogue.given(token).cloned() else { return super::menu::too_old(step) };
    if given.closed {
        return step.say(message([tt(step.lang, "answer-already-closed")]));
    }
    let shown = given.current.and_then(|i| given.hits.get(i));
    verdict_on(step, &given, shown, Verdict::Solved);
    step.dialogue.end_episode();
    step.say(message([tt(step.lang, "answer-solved")]));
}

/// It does not: the next answer when it is nearly as good, else the guided report.
pub fn broken(step: &mut Step<'_>, token: &str) {
    let Some(given) = step.dialogue.given(token).cloned() else { return super::menu::too_old(step) };
    if given.closed {
        let mut out = message([tt(step.lang, "answer-already-closed")]);
        out.buttons =
            vec![vec![report_button(step.lang, Some(token)), person_button(step.lang, Some(token))]];
        return step.say(out);
    }
    if let Some(shown) = given.current.and_then(|i| given.hits.get(i)) {
        step.dialogue.remember_article(shown, Verdict::StillBroken.as_str());
        verdict_on(step, &given, Some(shown), Verdict::StillBroken);
        if let Some(given) = step.dialogue.given_mut(token) {
            given.rejected = given.current;
        }
    }
    match (next_good(&given), step.facts.article.clone()) {
        (Some(nth), Some(article)) => next(step, token, nth, &article),
        _ => report::from_answer(step, &given),
    }
    // In a group the way on is a private chat, and reasons are nobody else's.
    if given.current.is_some() && step.ctx.private {
        why::offer(step, token);
    }
}

fn next(step: &mut Step<'_>, token: &str, nth: usize, article: &firstline_kb::Article) {
    let Some(given) = step.dialogue.given_mut(token) else { return };
    given.current = Some(nth);
    given.hits[nth].seen = true;
    let given = given.clone();
    let shown = given.hits[nth].clone();
    step.dialogue.remember_article(&shown, "none");
    let mut out =
        show(step, &given, nth, &shown.title, &parts::passage(&article.body_md, &article.lang), &shown.path);
    out.blocks.insert(0, Block::Paragraph(vec![Span::Text(tt(step.lang, "answer-next"))]));
    finish(step, out, &given);
}

/// The best unseen hit, when it is nearly as good as the first. An error code has one right entry:
/// after that the report is the shorter way.
pub fn next_good(given: &Given) -> Option<usize> {
    let seen = given.hits.iter().filter(|h| h.seen).count();
    if seen >= TRIES || super::words::error_code(&given.question).is_some() {
        return None;
    }
    let best = given.hits.first()?.score;
    given.hits.iter().position(|h| !h.seen && h.score >= FLOOR && h.score >= best * NEAR)
}

/// What else was found.
pub fn others(step: &mut Step<'_>, token: &str) {
    let Some(given) = step.dialogue.given(token).cloned() else { return super::menu::too_old(step) };
    if let Some(shown) = given.current.and_then(|i| given.hits.get(i)) {
        step.dialogue.remember_article(shown, Verdict::Next.as_str());
        verdict_on(step, &given, Some(shown), Verdict::Next);
    }
    let none_left = given.hits.iter().all(|h| h.seen);
    let out = choices(step.lang, &given, if none_left { "answer-no-others" } else { "answer-others" });
    step.say(out);
}

/// Records a verdict where there was a search.
pub fn verdict_on(step: &mut Step<'_>, given: &Given, shown: Option<&Shown>, verdict: Verdict) {
    if let Some(search) = given.search.clone() {
        step.effect(Effect::RecordVerdict { search, article: shown.map(|s| s.id.clone()), verdict });
    }
}
