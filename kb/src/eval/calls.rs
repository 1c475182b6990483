//! How far an answer's confidence can be believed.
use serde::Serialize;

use super::ask::{Asked, Called};
use super::figures::Share;

/// How often each kind of answer was given, and how often what it offered was right.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Calls {
    pub cases: usize,
    pub direct: usize,
    pub direct_right: Share,
    /// Choices with a right one among them.
    pub choices: usize,
    pub choices_right: Share,
    pub ask: usize,
    pub ask_right: Share,
    pub reply: usize,
    pub nothing: usize,
    /// Questions that were answered directly and rightly, of all.
    pub coverage: Share,
    /// By the score of the best hit, from low to high.
    pub bands: Vec<Band>,
}

/// Questions whose best hit scored from `from` up to `to`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Band {
    pub from: f32,
    pub to: f32,
    pub cases: usize,
    /// The best hit was right.
    pub right: Share,
}

impl Calls {
    pub fn of(asked: &[Asked]) -> Calls {
        let (direct, direct_right) = offered(asked, Called::Direct);
        let (choices, choices_right) = offered(asked, Called::Choices);
        let (ask, ask_right) = offered(asked, Called::Ask);
        let answered = asked.iter().filter(|a| a.called == Called::Direct && a.offered_right).count();
        Calls {
            cases: asked.len(),
            direct,
            direct_right,
            choices,
            choices_right,
            ask,
            ask_right,
            reply: asked.iter().filter(|a| a.called == Called::Reply).count(),
            nothing: asked.iter().filter(|a| a.called == Called::Nothing).count(),
            coverage: Share::of(answered as f64, asked.len()),
            bands: (0..10).filter_map(|tenth| band(asked, tenth)).collect(),
        }
    }
}

fn offered(asked: &[Asked], called: Called) -> (usize, Share) {
    let of = || asked.iter().filter(|a| a.called == called);
    let n = of().count();
    (n, Share::of(of().filter(|a| a.offered_right).count() as f64, n))
}

fn band(asked: &[Asked], tenth: u8) -> Option<Band> {
    let inside = |a: &&Asked| {
        let score = a.scores.first().copied().unwrap_or(0.0);
        ((score * 10.0) as u8).min(9) == tenth && !a.ranked.is_empty()
    };
    let cases = asked.iter().filter(inside).count();
    let right = asked.iter().filter(inside).filter(|a| a.place() == Some(0)).count();
    let from = f32::from(tenth) / 10.0;
    (cases > 0).then(|| Band { from, to: from + 0.1, cases, right: Share::of(right as f64, cases) })
}
