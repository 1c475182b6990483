//! Measures how well questions with known answers find them.
use firstline_core::Result;
use serde::Deserialize;

use crate::{Library, Question};

/// A question and the external ids of articles that answer it.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    pub id: String,
    pub query: String,
    pub relevant: Vec<String>,
    #[serde(default)]
    pub lang: Option<String>,
}

/// Shares between 0 and 1 over all cases.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    pub cases: usize,
    /// The first hit is right.
    pub hit1: f64,
    /// Of the right articles, those among the first five.
    pub recall5: f64,
    /// Mean of one over the place of the first right hit among ten.
    pub mrr10: f64,
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let percent = |share: f64| share * 100.0;
        write!(
            f,
            "n {} hit@1 {:.1} recall@5 {:.1} MRR@10 {:.1}",
            self.cases,
            percent(self.hit1),
            percent(self.recall5),
            percent(self.mrr10)
        )
    }
}

/// Asks every case and says how it went; `seen` gets each case with what it found.
pub async fn measure(
    library: &Library,
    cases: &[Case],
    seen: &mut (dyn FnMut(&Case, &[String]) + Send),
) -> Result<Figures> {
    let mut sum = Figures { cases: cases.len(), ..Figures::default() };
    for case in cases {
        let question =
            Question { text: case.query.clone(), lang: case.lang.clone(), limit: 10, ..Question::default() };
        let found: Vec<String> =
            library.search(&question).await?.hits.into_iter().map(|hit| hit.external_id).collect();
        add(&mut sum, case, &found);
        seen(case, &found);
    }
    let n = cases.len().max(1) as f64;
    Ok(Figures { hit1: sum.hit1 / n, recall5: sum.recall5 / n, mrr10: sum.mrr10 / n, ..sum })
}

fn add(sum: &mut Figures, case: &Case, found: &[String]) {
    let right = |id: &String| case.relevant.contains(id);
    let among_five = found.iter().take(5).filter(|id| right(id)).count();
    sum.hit1 += f64::from(u8::from(found.first().is_some_and(right)));
    sum.recall5 += among_five as f64 / case.relevant.len().max(1) as f64;
    sum.mrr10 += found.iter().take(10).position(right).map_or(0.0, |place| 1.0 / (place + 1) as f64);
}
