//! A script of faults: which calls fail, how, and how often. Both fakes read it before they serve a call.
use std::sync::Mutex;

/// One line of the script. Without `method` or `place` it fits every call.
#[derive(Clone, Debug)]
pub struct Rule<F> {
    fault: F,
    method: Option<String>,
    place: Option<String>,
    left: usize,
}

impl<F> Rule<F> {
    /// Fits every call once; narrow and repeat it with the methods below.
    pub fn new(fault: F) -> Self {
        Self { fault, method: None, place: None, left: 1 }
    }

    /// Telegram: a method name such as `sendMessage`. Discord: a route such as `POST channels/messages`.
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_lowercase());
        self
    }

    /// A chat (Telegram) or a channel (Discord).
    pub fn place(mut self, place: impl ToString) -> Self {
        self.place = Some(place.to_string());
        self
    }

    pub fn times(mut self, times: usize) -> Self {
        self.left = times;
        self
    }

    /// Until `heal` is called.
    pub fn always(self) -> Self {
        self.times(usize::MAX)
    }

    fn fits(&self, method: &str, place: Option<&str>) -> bool {
        self.left > 0
            && self.method.as_deref().is_none_or(|wanted| wanted == method.to_lowercase())
            && self.place.as_deref().is_none_or(|wanted| Some(wanted) == place)
    }
}

#[derive(Debug)]
pub struct Script<F>(Mutex<Vec<Rule<F>>>);

impl<F> Default for Script<F> {
    fn default() -> Self {
        Self(Mutex::new(Vec::new()))
    }
}

impl<F: Clone> Script<F> {
    pub fn add(&self, rule: Rule<F>) {
        self.0.lock().expect("the script").push(rule);
    }

    pub fn heal(&self) {
        self.0.lock().expect("the script").clear();
    }

    /// The fault for this call, used up by one.
    pub fn take(&self, method: &str, place: Option<&str>) -> Option<F> {
        let mut rules = self.0.lock().expect("the script");
        let rule = rules.iter_mut().find(|rule| rule.fits(method, place))?;
        rule.left = if rule.left == usize::MAX { usize::MAX } else { rule.left - 1 };
        Some(rule.fault.clone())
    }
}
