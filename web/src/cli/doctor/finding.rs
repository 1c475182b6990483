//! What a check found.
use std::fmt;

#[derive(Clone, Debug, PartialEq)]
enum Grade {
    Ok,
    Warn,
    Fail,
}

/// One line of the report, with the remedy below it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    grade: Grade,
    what: &'static str,
    text: String,
    remedy: Option<String>,
}

impl Finding {
    pub fn ok(what: &'static str, text: impl Into<String>) -> Finding {
        Finding { grade: Grade::Ok, what, text: text.into(), remedy: None }
    }

    pub fn warn(what: &'static str, text: impl Into<String>, remedy: impl Into<String>) -> Finding {
        Finding { grade: Grade::Warn, what, text: text.into(), remedy: Some(remedy.into()) }
    }

    pub fn fail(what: &'static str, text: impl Into<String>, remedy: impl Into<String>) -> Finding {
        Finding { grade: Grade::Fail, what, text: text.into(), remedy: Some(remedy.into()) }
    }

    pub fn is_failure(&self) -> bool {
        self.grade == Grade::Fail
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grade = match self.grade {
            Grade::Ok => "ok",
            Grade::Warn => "warn",
            Grade::Fail => "fail",
        };
        write!(f, "{grade:<5} {:<15} {}", self.what, self.text)?;
        match &self.remedy {
            Some(remedy) => write!(f, "\n{:22}-> {remedy}", ""),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_shows_grade_subject_and_remedy() {
        let text = Finding::fail("database", "cannot be opened", "start it").to_string();
        assert_eq!(text, "fail  database        cannot be opened\n                      -> start it");
    }
}
