//! The passage of an article that tells what to do.
use crate::markdown::{Section, sections};

/// A chat message shows no more (characters).
const LONGEST: usize = 1200;

/// Headings of such passages, best first; matched in lower case, anywhere in the heading.
const NAMES: &[&str] = &[
    "解决办法",
    "解决方法",
    "解决方案",
    "处理办法",
    "处理方法",
    "处理步骤",
    "操作步骤",
    "解决步骤",
    "步骤",
    "怎么办",
    "怎么做",
    "解决",
    "处理",
    "答案",
    "回答",
    "resolution",
    "steps",
    "solution",
    "what to do",
    "how to fix",
    "fix",
    "workaround",
    "how to",
    "procedure",
    "answer",
    "more information",
];

/// The steps as Markdown, about 1200 characters at most, cut at the end of a line.
pub(crate) fn of(body_md: &str) -> String {
    shorten(passage(body_md))
}

/// The passage that tells what to do, uncut: the section whose heading says so, else one with a numbered list,
/// else all of it.
pub fn passage(body_md: &str) -> &str {
    let all = sections(body_md);
    let best = NAMES.iter().find_map(|name| {
        all.iter().filter(|s| s.level > 0).find(|s| s.heading.to_lowercase().contains(name))
    });
    best.or_else(|| all.iter().find(numbered)).map_or(body_md, |section| section.body)
}

fn numbered(section: &&Section<'_>) -> bool {
    section.body.lines().any(|line| line.trim_start().starts_with("1. "))
}

fn shorten(md: &str) -> String {
    let md = md.trim();
    if md.chars().count() <= LONGEST {
        return md.to_string();
    }
    let mut kept = String::new();
    let mut length = 0;
    let mut fenced = false;
    for line in md.lines() {
        length += line.chars().count() + 1;
        if length > LONGEST {
            break;
        }
        fenced ^= line.trim_start().starts_with("```");
        kept.push_str(line);
        kept.push('\n');
    }
    if kept.is_empty() {
        // One endless paragraph.
        kept = md.chars().take(LONGEST).collect();
    }
    if fenced {
        kept.push_str("```\n");
    }
    format!("{}\n\n…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_section_that_says_what_to_do() {
        let md = "## 现象\n坏了\n\n## 解决办法\n1. 重启\n2. 再试\n\n### 管理员\n1. 查日志\n\n## 还是不行？\n联系我们";
        assert_eq!(of(md), "1. 重启\n2. 再试\n\n### 管理员\n1. 查日志");
        assert_eq!(of("## Symptoms\nx\n\n## Resolution\nReinstall."), "Reinstall.");
    }

    #[test]
    fn finds_steps_by_their_form_and_bounds_them() {
        assert_eq!(of("intro\n\n## Anything\n1. do this\n2. do that"), "1. do this\n2. do that");
        assert_eq!(of("Just a sentence."), "Just a sentence.");
        let long = of(&format!("## Steps\n{}", "one line of text\n".repeat(200)));
        assert!(long.chars().count() <= LONGEST + 3 && long.ends_with('…'));
    }
}
