//! Answers to the questions of the guided report, typed instead of tapped.
#[cfg(test)]
mod tests;

use firstline_core::severity::{Effect, Scope};

use super::{any, bare, english, fold, phrase, situation};

/// The number somebody typed for a button, from 0.
pub fn nth_of(text: &str, count: usize) -> Option<usize> {
    let text = bare(text);
    let n: usize = text.parse().ok()?;
    (1..=count).contains(&n).then(|| n - 1)
}

pub fn is_unknown(text: &str) -> bool {
    let text = bare(text);
    let said = [
        "不清楚",
        "不知道",
        "不确定",
        "不太清楚",
        "说不清",
        "不晓得",
        "not sure",
        "dunno",
        "no idea",
        "unknown",
        "don t know",
    ];
    said.contains(&text.as_str())
        || any(&text, &["不清楚", "不知道", "不确定", "not sure", "don t know", "no idea"])
}

pub fn is_skip(text: &str) -> bool {
    let said = [
        "跳过",
        "没有",
        "没",
        "无",
        "不用",
        "不用了",
        "不发",
        "不发了",
        "没了",
        "没有了",
        "下一步",
        "完成",
        "好了",
        "发完了",
        "就这些",
        "skip",
        "no",
        "none",
        "nope",
        "done",
        "next",
        "that s all",
        "nothing",
        "no thanks",
        "ok",
        "好",
        "好的",
    ];
    said.contains(&bare(text).as_str())
}

/// How many are affected. "Not just me" is more than one, and "the others are fine" leaves one: many are
/// looked for before one, since "just us few" begins like "just me".
pub fn scope_of(text: &str) -> Option<Scope> {
    if let Some(scope) = situation(text).scope {
        return Some(scope);
    }
    let text = fold(text);
    let spaced = bare(&text);
    let words = english(&spaced);
    let says = |list: &[&str]| list.iter().any(|p| phrase(&words, p));
    let more_than_one = any(&text, NOT_ONLY) || says(NOT_ONLY_EN);
    let single = !more_than_one && (any(&text, SINGLE) || says(SINGLE_EN));
    let others_fine = any(&text, OTHERS_FINE) || says(OTHERS_FINE_EN);
    if single && others_fine {
        Some(Scope::Single)
    } else if any(&text, MOST) || says(MOST_EN) || all(&words) {
        Some(Scope::Most)
    } else if any(&text.replace("不是很多", ""), MANY)
        || says(MANY_EN)
        || matches!(words[..], ["some" | "few"])
    {
        Some(Scope::Many)
    } else if single || (others_fine && !more_than_one) {
        Some(Scope::Single)
    } else {
        more_than_one.then_some(Scope::Many)
    }
}

const NOT_ONLY: &[&str] =
    &["不只", "不止", "不光", "不仅", "不单", "不是只有", "不是就", "不是我一个", "不是一个人", "并非只"];
const NOT_ONLY_EN: &[&str] =
    &["not just", "not only", "isn t just", "isn t only", "more than one", "more than me"];
const SINGLE: &[&str] =
    &["只有我", "就我", "我自己", "我一个", "一个人", "单个", "仅我", "单人", "只我", "一台", "我这"];
const SINGLE_EN: &[&str] =
    &["only me", "just me", "just one", "only one", "myself", "single", "one user", "one person", "only i"];
const OTHERS_FINE: &[&str] = &[
    "别人都好",
    "别人正常",
    "别人都正常",
    "别人没",
    "别人能",
    "别人都能",
    "其他人正常",
    "其他人都正常",
    "其他人没",
    "其他人都没",
    "其他人能",
    "其他人都能",
    "其他人全都正常",
    "其他都正常",
    "大家都正常",
    "大家都好",
    "大家都能",
    "大家都没问题",
    "同事都正常",
    "同事都能",
    "同事没",
    "别人可以",
    "其他人可以",
    "同事可以",
];
const OTHERS_FINE_EN: &[&str] = &[
    "others are fine",
    "everyone else is fine",
    "everyone else works",
    "works for everyone else",
    "works for others",
    "works for the others",
    "fine for everyone else",
    "fine for others",
    "everybody else is fine",
    "others can",
    "everyone else can",
];
const MOST: &[&str] = &[
    "大家",
    "所有",
    "全部",
    "全公司",
    "每个人",
    "都用不了",
    "都不行",
    "大多数",
    "大部分",
    "多数",
    "整个公司",
    "全体",
    "全都",
    "几乎都",
    "人人",
];
const MOST_EN: &[&str] =
    &["everyone", "everybody", "most", "whole company", "entire", "all of us", "nobody can", "no one can"];
const MANY: &[&str] = &[
    "很多",
    "许多",
    "好几",
    "几个",
    "部分",
    "多人",
    "同事也",
    "别人也",
    "其他人也",
    "一些",
    "有些",
    "几台",
    "一个部门",
    "我们部门",
    "我们组",
    "一批",
];
const MANY_EN: &[&str] = &[
    "some of",
    "some people",
    "some users",
    "some others",
    "many",
    "several",
    "a few",
    "our team",
    "department",
    "others too",
    "others as well",
    "colleagues",
];

/// "all", but not "not at all" and "not all".
fn all(words: &[&str]) -> bool {
    words.iter().enumerate().any(|(i, w)| *w == "all" && (i == 0 || !matches!(words[i - 1], "at" | "not")))
}

/// What the fault does to the work.
pub fn effect_of(text: &str) -> Option<Effect> {
    if let Some(effect) = situation(text).effect {
        return Some(effect);
    }
    let text = fold(text);
    let words = english(&text);
    let says = |list: &[&str]| list.iter().any(|p| phrase(&words, p));
    let minor =
        ["不方便", "小问题", "界面", "不影响", "不太影响", "影响不大", "错别字", "麻烦一点", "不碍事"];
    let risk =
        ["随时", "可能会停", "有风险", "快要", "快不行", "可能停", "时好时坏", "有时", "偶尔", "不稳定"];
    let stopped = [
        "完全停",
        "停了",
        "停止",
        "完全不能",
        "不能用",
        "用不了",
        "无法使用",
        "瘫痪",
        "打不开",
        "登不上",
        "开不了",
        "没法工作",
        "干不了",
        "不能工作",
        "做不了",
        "不能干活",
        "都不行",
        "停工",
        "业务停",
        "全停",
    ];
    let slow = ["慢", "卡", "延迟", "性能", "转圈"];
    let partial = [
        "一个功能",
        "某个功能",
        "部分功能",
        "个别功能",
        "单个功能",
        "只是",
        "其他正常",
        "别的正常",
        "某一项",
    ];
    if any(&text, &minor)
        || says(&["inconvenient", "inconvenience", "annoying", "minor", "cosmetic", "not urgent"])
    {
        Some(Effect::Inconvenient)
    } else if any(&text, &partial)
        || says(&[
            "one function",
            "one feature",
            "one thing",
            "only one",
            "part of",
            "partly",
            "a single function",
            "rest works",
        ])
    {
        Some(Effect::Partial)
    } else if any(&text, &risk)
        || says(&["at risk", "might stop", "may stop", "unstable", "about to", "sometimes", "could stop"])
    {
        Some(Effect::AtRisk)
    } else if any(&text.replace("不慢", "").replace("不卡", ""), &slow)
        || says(&["slow", "slowly", "lag", "laggy", "slower", "degraded", "takes long"])
    {
        Some(Effect::Degraded)
    } else if any(&text, &stopped)
        || says(&[
            "stopped",
            "down",
            "cannot work",
            "can't work",
            "can't use",
            "cannot use",
            "blocked",
            "not working",
            "doesn't work",
            "stuck",
            "nothing works",
            "can't",
            "cannot",
            "stops",
        ])
    {
        Some(Effect::Stopped)
    } else {
        None
    }
}

/// Whether there is a way round. The short words 有, 能, 是, 行 stand in half of all sentences: they count
/// only as an answer of their own or at its beginning.
pub fn workaround_of(text: &str) -> Option<bool> {
    if let Some(workaround) = situation(text).workaround {
        return Some(workaround);
    }
    let text = bare(text);
    let words = english(&text);
    let says = |list: &[&str]| list.iter().any(|p| phrase(&words, p));
    let first = text.split(' ').next().unwrap_or_default();
    if YES_FIRST.contains(&first) {
        Some(true)
    } else if any(&text, NO) || says(NO_EN) {
        Some(false)
    } else if any(&text, &["可以"]) || begins_with_yes(&text) || says(YES_EN) {
        Some(true)
    } else {
        None
    }
}

const YES_FIRST: &[&str] = &[
    "有",
    "有的",
    "有啊",
    "可以",
    "可以的",
    "能",
    "能的",
    "是",
    "是的",
    "行",
    "行的",
    "没问题",
    "yes",
    "yeah",
    "yep",
    "y",
    "sure",
];
const NO: &[&str] = &["没", "无", "不能", "不行", "不可", "不存在", "只能"];
const NO_EN: &[&str] = &[
    "no",
    "none",
    "nope",
    "not",
    "nothing",
    "cannot",
    "can t",
    "couldn t",
    "don t",
    "n",
    "isn t",
    "impossible",
];
const YES_EN: &[&str] = &["there is", "can", "yes", "by hand"];

fn begins_with_yes(text: &str) -> bool {
    const OTHER: &[&str] = &["有时", "有人", "有点", "有问题", "有影响", "有错", "有报错", "能否", "能用吗"];
    (text.starts_with('有') || text.starts_with('能')) && !OTHER.iter().any(|o| text.starts_with(o))
}

/// A version number in a text: `3.2.1`, `v3.2`, `3.2.1-beta`, or a bare number when it is all there is.
pub fn version_in(text: &str) -> Option<String> {
    let word = |w: &str| w.trim_start_matches(['v', 'V']).trim_end_matches(['.', '-']).to_string();
    let split = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let dotted = text.split(split).map(word).find(|w| {
        w.len() <= 30
            && w.contains('.')
            && w.starts_with(|c: char| c.is_ascii_digit())
            && w.split('.').take(2).all(starts_numeric)
    });
    dotted.or_else(|| {
        let whole = word(text.trim());
        (!whole.is_empty() && whole.len() <= 10 && whole.bytes().all(|b| b.is_ascii_digit())).then_some(whole)
    })
}

fn starts_numeric(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_digit())
}
