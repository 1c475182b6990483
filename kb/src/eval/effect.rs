//! What a change does to questions with known answers: how each stood before it and how it stands after it. The one
//! rule of what is worse, for publications and for the dictionary.
use serde::Serialize;

use super::ask::{Asked, Called};
use super::figures::Figures;

/// A right article below this place is as good as not found.
const SEEN: usize = 5;

/// How a question stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Stand {
    /// The place of the first right article, from 1; `None`: not among the first ten.
    pub place: Option<usize>,
    pub called: Called,
}

impl Stand {
    fn of(asked: &Asked) -> Stand {
        Stand { place: asked.place().map(|at| at + 1), called: asked.called }
    }

    /// The place somebody who asks a chat would see it at.
    fn seen(&self) -> Option<usize> {
        let is_shown = !matches!(self.called, Called::Reply | Called::Nothing);
        self.place.filter(|place| is_shown && *place <= SEEN)
    }
}

/// A question that is answered in another way than before.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moved {
    pub id: String,
    pub query: String,
    /// External ids of what should be found.
    pub expected: Vec<String>,
    pub before: Stand,
    pub after: Stand,
}

impl Moved {
    /// A first place was lost, or a place among those people look at.
    pub fn is_worse(&self) -> bool {
        match (self.before.seen(), self.after.seen()) {
            (Some(_), None) => true,
            (Some(1), Some(after)) => after > 1,
            _ => false,
        }
    }

    pub fn is_better(&self) -> bool {
        let place = |stand: &Stand| stand.seen().unwrap_or(usize::MAX);
        place(&self.after) < place(&self.before)
    }
}

/// The effect of a change on all questions.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Effect {
    pub questions: usize,
    pub before: Figures,
    pub after: Figures,
    pub moved: Vec<Moved>,
}

impl Effect {
    /// `before` and `after` are the same questions in the same order.
    pub fn of(before: &[Asked], after: &[Asked]) -> Effect {
        let pairs = before.iter().zip(after).filter(|(b, a)| Stand::of(b) != Stand::of(a));
        let moved = pairs.map(|(b, a)| Moved {
            id: b.id.clone(),
            query: b.query.clone(),
            expected: b.relevant.clone(),
            before: Stand::of(b),
            after: Stand::of(a),
        });
        Effect {
            questions: before.len(),
            before: Figures::of(before.iter()),
            after: Figures::of(after.iter()),
            moved: moved.collect(),
        }
    }

    pub fn worse(&self) -> Vec<Moved> {
        self.moved.iter().filter(|moved| moved.is_worse()).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(before: (Option<usize>, Called), after: (Option<usize>, Called)) -> Moved {
        let stand = |(place, called)| Stand { place, called };
        Moved {
            id: "q".into(),
            query: "q".into(),
            expected: vec!["right".into()],
            before: stand(before),
            after: stand(after),
        }
    }

    #[test]
    fn worse_is_what_the_asker_would_miss() {
        use Called::{Choices, Direct, Nothing, Reply};
        let cases = [
            ((Some(1), Direct), (Some(2), Direct), true, false),
            ((Some(1), Direct), (Some(1), Reply), true, false),
            ((Some(2), Choices), (None, Nothing), true, false),
            ((Some(2), Choices), (Some(3), Choices), false, false),
            ((Some(7), Choices), (None, Choices), false, false),
            ((Some(1), Direct), (Some(1), Choices), false, false),
            ((None, Nothing), (Some(1), Direct), false, true),
            ((Some(1), Nothing), (Some(1), Direct), false, true),
        ];
        for (before, after, worse, better) in cases {
            let moved = moved(before, after);
            assert_eq!((moved.is_worse(), moved.is_better()), (worse, better), "{before:?} {after:?}");
        }
    }
}
