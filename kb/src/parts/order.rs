//! The user's steps first (P1-01): what needs an administrator or an engineer comes after, and says so.
use super::{Audience, with_code};

/// Brackets a mark stands in.
const BRACKETS: [(char, char); 4] = [('【', '】'), ('[', ']'), ('（', '）'), ('(', ')')];

/// A piece of a passage and whom it is for.
struct Piece {
    audience: Audience,
    lines: Vec<String>,
}

/// The same Markdown with the user's steps before the administrator's and those before the engineer's, each
/// group under its heading. A passage that stands so already, or names nobody, stays as it is.
pub fn user_first(md: &str, lang: &str) -> String {
    let before = sections(md);
    let after: Vec<String> = before.iter().map(|section| ordered(section, lang)).collect();
    if before == after { md.to_string() } else { after.join("\n\n") }
}

/// Cut before each heading of the second level.
fn sections(md: &str) -> Vec<String> {
    let mut found: Vec<Vec<&str>> = vec![Vec::new()];
    for (line, code) in with_code(md) {
        if !code && (line.starts_with("## ") || line.starts_with("# ")) {
            found.push(Vec::new());
        }
        if let Some(last) = found.last_mut() {
            last.push(line);
        }
    }
    found.iter().map(|lines| lines.join("\n").trim().to_string()).filter(|s| !s.is_empty()).collect()
}

fn ordered(section: &str, lang: &str) -> String {
    let pieces = pieces(section);
    let right = pieces.windows(2).all(|pair| pair[0].audience <= pair[1].audience);
    let marked = pieces.iter().any(|p| p.lines.first().is_some_and(|line| mark_of(line).is_some()));
    if (right && !marked) || pieces.iter().all(|p| p.audience == Audience::User && !marked) {
        return section.to_string();
    }
    let mut text = String::new();
    for audience in Audience::ALL {
        let lines: Vec<&String> =
            pieces.iter().filter(|p| p.audience == *audience).flat_map(|p| &p.lines).collect();
        let lines: Vec<&String> = lines.into_iter().filter(|l| !is_audience_heading(l)).collect();
        if lines.iter().all(|l| l.trim().is_empty()) {
            continue;
        }
        if *audience != Audience::User {
            text.push_str(&format!("\n\n### {}\n", audience.heading(lang)));
        }
        let body: Vec<String> = lines.into_iter().map(|line| without_mark(line)).collect();
        text.push_str(numbered(&body).trim());
    }
    text.trim().to_string()
}

fn is_audience_heading(line: &str) -> bool {
    line.starts_with("### ") && Audience::named(&line[4..]).is_some()
}

/// A heading of an audience holds until the next heading; a mark holds for its own step.
fn pieces(section: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = vec![Piece { audience: Audience::User, lines: Vec::new() }];
    let mut under = Audience::User;
    for (line, code) in with_code(section) {
        if !code && line.starts_with('#') {
            under = Audience::named(line.trim_start_matches('#')).unwrap_or(Audience::User);
            found.push(Piece { audience: under, lines: vec![line.to_string()] });
            continue;
        }
        if !code && step_start(line).is_some() {
            let audience = mark_of(line).unwrap_or(under);
            found.push(Piece { audience, lines: vec![line.to_string()] });
        } else if let Some(last) = found.last_mut() {
            last.lines.push(line.to_string());
        }
    }
    found.retain(|p| p.lines.iter().any(|l| !l.trim().is_empty()));
    found
}

/// Where the words of a step of the outermost list begin.
fn step_start(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits) && [". ", ") "].iter().any(|s| line[digits..].starts_with(s)) {
        return Some(digits + 2);
    }
    ["- ", "* "].iter().any(|s| line.starts_with(s)).then_some(2)
}

/// Whom a step names in brackets before its words.
fn mark_of(line: &str) -> Option<Audience> {
    mark_end(line).map(|(audience, _)| audience)
}

fn mark_end(line: &str) -> Option<(Audience, usize)> {
    let start = step_start(line)?;
    let words = line[start..].trim_start();
    let skipped = line.len() - words.len();
    let (open, close) = BRACKETS.iter().find(|(open, _)| words.starts_with(*open))?;
    let end = words.find(*close)?;
    let inner = &words[open.len_utf8()..end];
    // `[text](link)` is a link.
    let after = skipped + end + close.len_utf8();
    if inner.chars().count() > 16 || line[after..].starts_with('(') {
        return None;
    }
    Audience::named(inner).map(|audience| (audience, after))
}

fn without_mark(line: &str) -> String {
    match (mark_end(line), step_start(line)) {
        (Some((_, after)), Some(start)) => {
            format!("{}{}", &line[..start], line[after..].trim_start_matches([' ', ':', '：']))
        }
        _ => line.to_string(),
    }
}

/// Steps counted from 1 again.
fn numbered(lines: &[String]) -> String {
    let mut n = 0;
    let mut code = false;
    let mut text = String::new();
    for line in lines {
        let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        code ^= fence;
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        if !code && !fence && digits > 0 && step_start(line).is_some() {
            n += 1;
            text.push_str(&format!("{n}{}", &line[digits..]));
        } else {
            if !code && line.starts_with('#') {
                n = 0;
            }
            text.push_str(line);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p1_01_the_users_steps_come_first_and_the_rest_is_marked() {
        let md = "### 管理员\n1. 看服务。\n\n### 用户\n1. 看网线。";
        assert_eq!(user_first(md, "zh-CN"), "1. 看网线。\n\n### 管理员\n1. 看服务。");
        let md = "1. [administrator] Restart the service.\n2. Check the cable.\n   It must click.\n3. 【engineer】 Read the log.\n4. Try again.";
        assert_eq!(
            user_first(md, "en"),
            "1. Check the cable.\n   It must click.\n2. Try again.\n\n### Administrator\n1. Restart the service.\n\n### Engineer\n1. Read the log."
        );
        let only = "1. 【管理员】重启服务。\n2. 【管理员】看日志。";
        assert_eq!(user_first(only, "zh-CN"), "### 管理员\n1. 重启服务。\n2. 看日志。");
    }

    #[test]
    fn what_stands_right_stays_as_it_is() {
        for md in [
            "1. 看网线。\n\n### 管理员\n1. 看服务。",
            "Just words.",
            "1. See [the admin page](https://x.example/a).\n2. b",
            "",
        ] {
            assert_eq!(user_first(md, "zh-CN"), md);
        }
        let whole = "## 现象\n坏了\n\n## 解决办法\n1. a\n\n### 管理员\n1. b\n\n## 还是不行？\nc";
        assert_eq!(user_first(whole, "zh-CN"), whole);
    }
}
