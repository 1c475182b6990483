//! What to do with what was found: answer, offer choices, ask one question, or say that there is nothing.
use super::Outcome;
use super::rank::Ranked;
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
    if is_direct(top, near.get(1).map(|&i| &outcome.ranked[i])) {
        let others = near[1..].to_vec();
        return Decision::Direct { best, others };
    }
    Decision::Choices(near)
}

fn is_direct(top: &Ranked, second: Option<&Ranked>) -> bool {
    if top.score < tuning::DIRECT {
        return false;
    }
    // The same code on top is as good as certain; several articles about it are worth showing as others.
    top.code || second.is_none_or(|s| s.score <= top.score * tuning::CLEAR_LEAD)
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
