//! The parts an article is made of, and for whom its steps are (P1-01): a heading such as 管理员 or
//! "Administrator", or a mark such as 【管理员】 or `[engineer]` before a step, says who does it.
mod order;

use firstline_core::text_enum;

pub use order::user_first;

text_enum! {
    /// Who a step is for. What nobody is named for is the user's.
    Audience ("audience") { User = "user", Administrator = "administrator", Engineer = "engineer" }
}

impl Audience {
    /// The heading its steps stand under.
    pub fn heading(self, lang: &str) -> &'static str {
        match (self, lang == "en") {
            (Audience::User, false) => "用户",
            (Audience::User, true) => "User",
            (Audience::Administrator, false) => "管理员",
            (Audience::Administrator, true) => "Administrator",
            (Audience::Engineer, false) => "工程师",
            (Audience::Engineer, true) => "Engineer",
        }
    }

    /// Whom a heading or a mark names.
    pub fn named(text: &str) -> Option<Audience> {
        let text = text.trim().to_lowercase();
        let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
        if text.chars().count() > 40 {
            return None;
        }
        if has(&["工程师", "engineer", "厂商", "vendor", "后台"]) {
            Some(Audience::Engineer)
        } else if has(&["管理员", "administrator", "admin", "运维", "dba"]) {
            Some(Audience::Administrator)
        } else if matches!(text.as_str(), "用户" | "使用者" | "user" | "users" | "for users") {
            Some(Audience::User)
        } else {
            None
        }
    }
}

/// The parts of a body. Each is Markdown without its heading; `rest` keeps its headings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parts {
    pub symptoms: String,
    pub cause: String,
    pub user: String,
    pub administrator: String,
    pub engineer: String,
    pub applies: String,
    pub rest: String,
}

const SYMPTOMS: &[&str] = &["现象", "症状", "问题现象", "symptoms", "symptom"];
const CAUSE: &[&str] = &["原因", "cause", "causes"];
const STEPS: &[&str] =
    &["解决办法", "解决方法", "解决方案", "处理办法", "步骤", "steps", "resolution", "solution"];
const APPLIES: &[&str] = &["适用范围", "applies to"];

impl Parts {
    /// The parts of a body, when it is made of such parts: writing them gives the same body again.
    pub fn of(body_md: &str) -> Option<Parts> {
        let parts = Parts::read(body_md);
        ["zh-CN", "en"].iter().any(|lang| squeezed(&parts.write(lang)) == squeezed(body_md)).then_some(parts)
    }

    fn read(body_md: &str) -> Parts {
        let mut parts = Parts::default();
        let squeezed = squeezed(body_md);
        let mut place = Place::Rest;
        for (line, code) in with_code(&squeezed) {
            let top = (!code).then(|| line.strip_prefix("## ")).flatten();
            let sub = (!code).then(|| line.strip_prefix("### ")).flatten();
            if let Some(heading) = top {
                place = Place::of(heading);
                if place != Place::Rest {
                    continue;
                }
            } else if let (Some(heading), true) = (sub, place.is_steps())
                && let Some(audience) = Audience::named(heading)
            {
                place = Place::Steps(audience);
                continue;
            }
            let part = parts.at(place);
            part.push_str(line);
            part.push('\n');
        }
        parts.trimmed()
    }

    fn at(&mut self, place: Place) -> &mut String {
        match place {
            Place::Symptoms => &mut self.symptoms,
            Place::Cause => &mut self.cause,
            Place::Steps(Audience::User) => &mut self.user,
            Place::Steps(Audience::Administrator) => &mut self.administrator,
            Place::Steps(Audience::Engineer) => &mut self.engineer,
            Place::Applies => &mut self.applies,
            Place::Rest => &mut self.rest,
        }
    }

    fn trimmed(self) -> Parts {
        let trim = |text: String| text.trim().to_string();
        Parts {
            symptoms: trim(self.symptoms),
            cause: trim(self.cause),
            user: trim(self.user),
            administrator: trim(self.administrator),
            engineer: trim(self.engineer),
            applies: trim(self.applies),
            rest: trim(self.rest),
        }
    }

    /// The body made of these parts, with headings in `lang`.
    pub fn write(&self, lang: &str) -> String {
        let en = lang == "en";
        let mut body: Vec<String> = Vec::new();
        let mut add = |heading: &str, text: &str| {
            let text = squeezed(text);
            if !text.is_empty() {
                body.push(format!("{heading}\n{text}"));
            }
        };
        add(if en { "## Symptoms" } else { "## 现象" }, &self.symptoms);
        add(if en { "## Cause" } else { "## 原因" }, &self.cause);
        let steps = if en { "## Steps" } else { "## 解决办法" };
        if self.user.trim().is_empty()
            && !(self.administrator.trim().is_empty() && self.engineer.trim().is_empty())
        {
            body.push(steps.to_string());
        } else if !self.user.trim().is_empty() {
            body.push(format!("{steps}\n{}", squeezed(&self.user)));
        }
        for (audience, text) in
            [(Audience::Administrator, &self.administrator), (Audience::Engineer, &self.engineer)]
        {
            if !text.trim().is_empty() {
                body.push(format!("### {}\n{}", audience.heading(lang), squeezed(text)));
            }
        }
        let applies = squeezed(&self.applies);
        if !applies.is_empty() {
            body.push(format!("{}\n{applies}", if en { "## Applies to" } else { "## 适用范围" }));
        }
        if !self.rest.trim().is_empty() {
            body.push(squeezed(&self.rest));
        }
        body.join("\n\n")
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Symptoms,
    Cause,
    Steps(Audience),
    Applies,
    Rest,
}

impl Place {
    fn of(heading: &str) -> Place {
        let heading = heading.trim().to_lowercase();
        let is = |names: &[&str]| names.contains(&heading.as_str());
        if is(SYMPTOMS) {
            Place::Symptoms
        } else if is(CAUSE) {
            Place::Cause
        } else if is(STEPS) {
            Place::Steps(Audience::User)
        } else if is(APPLIES) {
            Place::Applies
        } else {
            Place::Rest
        }
    }

    fn is_steps(self) -> bool {
        matches!(self, Place::Steps(_))
    }
}

/// Without trailing spaces, and with one empty line where there were several; code stays as it is.
fn squeezed(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut empty = true;
    for (line, code) in with_code(text) {
        let line = if code { line } else { line.trim_end() };
        if line.is_empty() && empty && !code {
            continue;
        }
        empty = line.is_empty();
        kept.push_str(line);
        kept.push('\n');
        // A heading and what follows stand together, whether or not an empty line was between.
        empty |= !code && line.starts_with("##");
    }
    kept.trim().to_string()
}

/// The passage of an article that tells what to do, the user's own steps first.
pub fn passage(body_md: &str, lang: &str) -> String {
    user_first(&crate::search::steps::of(body_md), lang)
}

/// Lines, and whether each lies inside a fence (the fence's own lines included).
pub(crate) fn with_code(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut fence: Option<&str> = None;
    text.lines().map(move |line| {
        let start = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|m| start.starts_with(m));
        match (fence, mark) {
            (None, Some(mark)) => {
                fence = Some(mark);
                (line, true)
            }
            (Some(open), Some(mark)) if open == mark => {
                fence = None;
                (line, true)
            }
            (open, _) => (line, open.is_some()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "## 现象\n转圈。\n\n## 原因\n端口不通。\n\n## 解决办法\n1. 看网线。\n\n```\n## 不是标题\n```\n\n### 管理员\n1. 看服务。\n\n### 工程师\n1. 看日志。\n\n## 还是不行？\n请联系我们。";

    #[test]
    fn a_body_comes_apart_and_together_again() {
        let parts = Parts::of(BODY).expect("parts");
        assert_eq!(parts.symptoms, "转圈。");
        assert!(parts.user.contains("## 不是标题"));
        assert_eq!((parts.administrator.as_str(), parts.engineer.as_str()), ("1. 看服务。", "1. 看日志。"));
        assert_eq!(parts.rest, "## 还是不行？\n请联系我们。");
        assert_eq!(parts.write("zh-CN"), BODY);
        assert_eq!(Parts::of("Just one paragraph.").unwrap().rest, "Just one paragraph.");
    }

    #[test]
    fn what_would_change_is_left_as_it_is() {
        assert_eq!(Parts::of("## 还是不行？\nx\n\n## 现象\ny"), None, "another order");
        assert_eq!(Parts::of("## Symptoms\nx\n\n## 原因\ny"), None, "mixed headings");
    }
}
