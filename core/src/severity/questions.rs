//! Which questions a scheme still needs: one whose answer cannot change the level is not asked.
use super::{Effect, Scheme, Scope, Situation};

text_enum! {
    /// What the guided report asks about severity, in this order.
    Question ("question") { Scope = "scope", Effect = "effect", Workaround = "workaround" }
}

impl Scheme {
    /// The questions not answered yet whose answer may still change the level.
    pub fn open_questions(&self, known: Situation) -> Vec<Question> {
        Question::ALL.iter().copied().filter(|q| !answered(*q, known) && self.depends_on(*q, known)).collect()
    }

    /// True when two answers to `question` lead to different levels, everything known being as it is.
    fn depends_on(&self, question: Question, known: Situation) -> bool {
        completions(known).iter().any(|s| {
            let level = self.level_of(*s);
            variations(*s, question).into_iter().any(|other| self.level_of(other) != level)
        })
    }

    fn level_of(&self, situation: Situation) -> Option<u8> {
        self.rules.iter().find(|rule| rule.fits(&situation)).map(|rule| rule.level)
    }
}

fn answered(question: Question, known: Situation) -> bool {
    match question {
        Question::Scope => known.scope.is_some(),
        Question::Effect => known.effect.is_some(),
        Question::Workaround => known.workaround.is_some(),
    }
}

/// Every full situation that agrees with what is known.
fn completions(known: Situation) -> Vec<Situation> {
    let mut all = vec![known];
    for &question in Question::ALL {
        if !answered(question, known) {
            all = all.into_iter().flat_map(|s| variations(s, question)).collect();
        }
    }
    all
}

/// The situation with every answer to a question.
fn variations(s: Situation, question: Question) -> Vec<Situation> {
    match question {
        Question::Scope => Scope::ALL.iter().map(|x| Situation { scope: Some(*x), ..s }).collect(),
        Question::Effect => Effect::ALL.iter().map(|x| Situation { effect: Some(*x), ..s }).collect(),
        Question::Workaround => [true, false].map(|x| Situation { workaround: Some(x), ..s }).to_vec(),
    }
}
