//! What to do with what was found: answer, offer choices, ask one question, or say that there is nothing.
use super::Outcome;
use super::rank::{Placed, Ranked};
use super::tuning;
use crate::answer::{Hit, Question};

/// A decision; `library` turns it into an `Answer` with the steps read from the database.
#[derive(Debug, PartialEq)]
pub(crate) enum Decision {
    /// Index of the answer among the hits, and of what else is worth a look.
    Direct {
        best: usize,
        others: Vec<usize>,
    },
    Choices(Vec<usize>),
    Ask {
        products: Vec<String>,
        hits: Vec<usize>,
    },
    Nothing,
}

pub(crate) fn decide(question: &Question, outcome: &Outcome) -> Decision {
    let fitting: Vec<usize> = (0..outcome.ranked.len())
        .filter(|&i| !outcome.ranked[i].misfit && outcome.ranked[i].score >= tuning::CHOICE)
        .collect();
    if let Some(decision) = placed(question, outcome, &fitting) {
        return decision;
    }
    if outcome.asked.says_nothing() {
        return Decision::Nothing;
    }
    let Some(&best) = fitting.first() else { return Decision::Nothing };
    let top = &outcome.ranked[best];
    let near: Vec<usize> = fitting
        .iter()
        .copied()
        .filter(|&i| outcome.ranked[i].score >= top.score * tuning::NEAR)
        .take(tuning::CHOICES)
        .collect();
    if let Some(products) = deciding_products(question, outcome, &near) {
        return Decision::Ask { products, hits: near };
    }
    let second = fitting.get(1).map_or(0.0, |&i| outcome.ranked[i].score);
    if is_direct(outcome, top, second) {
        let others = near[1..].to_vec();
        return Decision::Direct { best, others };
    }
    Decision::Choices(near)
}

/// What was put in front is the answer; between entries of one code for several products the product decides.
fn placed(question: &Question, outcome: &Outcome, fitting: &[usize]) -> Option<Decision> {
    let front: Vec<usize> = fitting
        .iter()
        .copied()
        .filter(|&i| outcome.ranked[i].placed.is_some())
        .take(tuning::CHOICES)
        .collect();
    let &best = front.first()?;
    if outcome.ranked[best].placed == Some(Placed::Code)
        && let Some(products) = deciding_products(question, outcome, &front)
    {
        return Some(Decision::Ask { products, hits: front });
    }
    let top = outcome.ranked[best].score;
    let others = fitting.iter().copied().filter(|&i| i != best);
    let near = others.filter(|&i| outcome.ranked[i].score >= top * tuning::NEAR).take(tuning::CHOICES - 1);
    Some(Decision::Direct { best, others: near.collect() })
}

fn is_direct(outcome: &Outcome, top: &Ranked, second: f32) -> bool {
    // The same code is as good as certain; other articles about it are worth showing beside it.
    if top.code && top.score >= tuning::DIRECT {
        return true;
    }
    let alone = top.score >= tuning::DIRECT_ALONE && second <= top.score * tuning::ALONE;
    // One word, such as "slow", names a subject, not a problem.
    let clear = top.score >= tuning::DIRECT
        && second <= top.score * tuning::CLEAR_LEAD
        && !outcome.asked.is_one_word();
    alone || clear
}

/// The products between which the best candidates differ, when knowing the asker's would decide.
fn deciding_products(question: &Question, outcome: &Outcome, near: &[usize]) -> Option<Vec<String>> {
    if question.product.is_some() || near.len() < 2 {
        return None;
    }
    let hit = |i: usize| -> &Hit { &outcome.found.hits[i] };
    let top = outcome.ranked[near[0]].score;
    let rivals: Vec<usize> =
        near.iter().copied().filter(|&i| outcome.ranked[i].score >= top * tuning::CLEAR_LEAD).collect();
    let mut products: Vec<String> = Vec::new();
    for &i in &rivals {
        // An article about every product is a rival no answer would rule out.
        let product = hit(i).product.clone()?;
        if !products.contains(&product) {
            products.push(product);
        }
    }
    let named = products.iter().any(|p| outcome.asked.text.contains(&crate::index::document::product_key(p)));
    (products.len() >= 2 && !named).then_some(products)
}
