//! How bad it is, as people say it in their first words: who is hit, what it does, whether there is a way
//! round. Stricter than `choice`, which reads an answer to a question: only what leaves no doubt is taken, and
//! everything taken stands on the card, where a tap confirms it.
use firstline_core::severity::{Effect, Scope, Situation};

use super::{any, english, fold, phrase};

const MOST: &[&str] = &[
    "全院",
    "整个医院",
    "全公司",
    "整个公司",
    "全厂",
    "全校",
    "全单位",
    "整个单位",
    "所有人",
    "所有用户",
    "所有员工",
    "所有同事",
    "每个人",
    "人人都",
    "大家都",
    "谁都",
    "没有人能",
    "没人能",
    "没有一个人能",
    "所有窗口都",
    "所有电脑",
    "每个窗口都",
    "全部窗口都",
    "全体",
];
const MOST_EN: &[&str] = &[
    "everyone",
    "everybody",
    "nobody can",
    "no one can",
    "none of us can",
    "all of us",
    "all users",
    "all our users",
    "all staff",
    "whole hospital",
    "entire hospital",
    "whole company",
    "entire company",
    "whole office",
    "entire office",
    "hospital wide",
    "company wide",
];
const MANY: &[&str] = &[
    "很多人",
    "许多人",
    "好几个人",
    "好些人",
    "不少人",
    "几个同事",
    "很多同事",
    "好几个同事",
    "整个科室",
    "我们科室",
    "整个部门",
    "我们部门",
    "几个窗口都",
    "好几台",
];
const MANY_EN: &[&str] = &[
    "many people",
    "many users",
    "many of us",
    "several people",
    "several users",
    "several of us",
    "some of us",
    "our department",
    "whole department",
    "our team",
    "whole team",
    "a few of us",
];
const SINGLE: &[&str] = &[
    "只有我",
    "就我一个",
    "就我自己",
    "只我一个",
    "仅我",
    "只有一个人",
    "只有一台",
    "就我这台",
    "就我这里",
    "只有我这",
];
const SINGLE_EN: &[&str] =
    &["only me", "just me", "only i", "just one user", "only one user", "only one person"];
const NOT_ONLY: &[&str] = &[
    "不只是我",
    "不只我",
    "不止我",
    "不止一个人",
    "不光是我",
    "不光我",
    "不仅是我",
    "不仅我",
    "不单是我",
    "不是只有我",
    "不是就我",
];
const NOT_ONLY_EN: &[&str] = &[
    "not only me",
    "not just me",
    "isn't just me",
    "isn't only me",
    "not only i",
    "more than one person",
    "more than one user",
];
/// The others are well: whoever is hit, it is not most people.
const OTHERS_WELL: &[&str] = &[
    "别人",
    "其他人",
    "大家都能",
    "大家都正常",
    "大家都好",
    "大家都可以",
    "大家都没问题",
    "所有人都能",
    "所有人都正常",
];
const OTHERS_WELL_EN: &[&str] = &["everyone else", "everybody else"];

const STOPPED: &[&str] = &[
    "瘫痪",
    "停摆",
    "停诊",
    "停工",
    "停产",
    "宕机",
    "业务停",
    "完全停",
    "全停",
    "完全不能用",
    "完全用不了",
    "没法工作",
    "无法工作",
    "不能工作",
    "没法干活",
    "干不了活",
    "什么都做不了",
    "什么都干不了",
];
const STOPPED_EN: &[&str] = &[
    "completely down",
    "is down",
    "are down",
    "at a standstill",
    "completely stopped",
    "cannot work at all",
    "can't work at all",
    "cannot work",
    "can't work",
    "unable to work",
    "nothing works",
    "work has stopped",
];
/// It has not stopped yet, or not all of it.
const NOT_QUITE: &[&str] =
    &["随时可能", "随时会", "可能会", "快要", "差点", "一个功能", "某个功能", "部分功能", "个别功能"];
const NOT_QUITE_EN: &[&str] =
    &["might", "about to", "one function", "one feature", "rest works", "work around", "work out"];
/// What everybody shall or shall not be able to do is a wish, no fault.
const WISH: &[&str] = &["设置", "权限", "限制", "禁止", "如何", "怎么让", "让所有", "让大家", "不让"];
const WISH_EN: &[&str] = &["so that", "make it", "want", "permission", "permissions", "how can"];
/// With everybody hit, not being able to do what the system is for is a stop.
const CANNOT: &[&str] = &["不了", "无法", "不能", "没法", "不上"];
const CANNOT_EN: &[&str] = &["nobody can", "no one can", "none of us can", "cannot", "can't", "unable to"];
const SLOW: &[&str] = &[
    "很慢",
    "太慢",
    "特别慢",
    "非常慢",
    "好慢",
    "变慢",
    "慢得",
    "就是慢",
    "但是慢",
    "但慢",
    "有点慢",
    "很卡",
    "太卡",
    "特别卡",
    "卡得",
    "卡顿",
];
const SLOW_EN: &[&str] = &["slow", "slower", "very slowly", "laggy", "sluggish"];
const MINOR: &[&str] = &["不影响使用", "不影响工作", "不影响业务", "不碍事", "只是不方便", "错别字"];
const MINOR_EN: &[&str] = &[
    "cosmetic",
    "just inconvenient",
    "only inconvenient",
    "does not affect our work",
    "doesn't affect our work",
    "does not affect my work",
    "doesn't affect my work",
];

const NO_WAY: &[&str] = &[
    "没有别的办法",
    "没别的办法",
    "没有其他办法",
    "没其他办法",
    "没有替代",
    "没有变通",
    "没法绕",
    "绕不过去",
    "无法绕过",
    "没有任何办法",
    "没有办法绕",
    "没有备用",
];
const NO_WAY_EN: &[&str] = &[
    "no way round",
    "no way around",
    "no workaround",
    "no other way",
    "no alternative",
    "without a workaround",
    "isn't a way round",
    "isn't any workaround",
    "don't have a workaround",
    "don't have any workaround",
    "can't work around",
    "cannot work around",
    "not a workaround",
];
const WAY: &[&str] = &[
    "可以手工",
    "先手工",
    "能手工",
    "可以绕过",
    "能绕过",
    "有别的办法",
    "有其他办法",
    "有替代",
    "有变通",
    "暂时用纸",
    "手写单",
    "换一台可以",
    "换台电脑可以",
    "换一台就可以",
];
const WAY_EN: &[&str] = &[
    "is a way round",
    "is a way around",
    "is a workaround",
    "have a workaround",
    "by hand for now",
    "can do it by hand",
    "do it on paper",
    "can work around",
    "works on another",
];

/// A clause with these says or asks something else than that there is a way.
const DENIED: &[&str] = &["不能", "没法", "无法", "不可以"];
const DENIED_EN: &[&str] =
    &["can't", "cannot", "couldn't", "don't", "doesn't", "won't", "not", "no", "nobody", "do you", "do we"];

/// Words right before a phrase that turn it round.
const NEGATORS: &[&str] = &[
    "没",
    "没有",
    "还没",
    "还没有",
    "不",
    "不是",
    "并不是",
    "并非",
    "并不",
    "并没有",
    "未",
    "不算",
    "不太",
    "不怎么",
];
const NEGATORS_EN: &[&str] =
    &["not", "isn't", "aren't", "wasn't", "never", "no", "longer", "hardly", "without", "doesn't", "don't"];
/// Between a negator and what it turns round.
const FILLERS_EN: &[&str] = &["really", "very", "that", "at", "all", "quite", "so", "even", "just", "affect"];

/// What the words say without a doubt.
pub fn situation(text: &str) -> Situation {
    let heard = Heard::of(text);
    let scope = scope(&heard);
    Situation { scope, effect: effect(&heard, scope), workaround: workaround(&heard) }
}

struct Heard {
    /// Clauses of folded text.
    clauses: Vec<String>,
}

impl Heard {
    fn of(text: &str) -> Heard {
        let ends = |c: char| {
            matches!(c, ',' | '.' | ';' | '!' | '?' | ':' | '，' | '。' | '；' | '！' | '？' | '、' | '\n')
        };
        // "Is there anybody who can" holds "nobody can" in Chinese, and "can or cannot" holds "cannot".
        let text = fold(text).replace('’', "'").replace("有没有", "?").replace("能不能", "?");
        Heard { clauses: text.split(ends).map(str::to_owned).collect() }
    }

    /// Each clause by itself.
    fn each(&self) -> impl Iterator<Item = Heard> + '_ {
        self.clauses.iter().map(|clause| Heard { clauses: vec![clause.clone()] })
    }

    /// A phrase of either list, not turned round by the word before it.
    fn says(&self, chinese: &[&str], english: &[&str]) -> bool {
        self.clauses.iter().any(|clause| {
            chinese.iter().any(|p| affirmed(clause, p)) || {
                let words = super::english(clause);
                english.iter().any(|p| affirmed_english(&words, p))
            }
        })
    }

    /// A phrase however it stands; the phrase is a negation itself.
    fn has(&self, chinese: &[&str], english: &[&str]) -> bool {
        self.clauses.iter().any(|clause| {
            any(clause, chinese) || {
                let words = super::english(clause);
                english.iter().any(|p| phrase(&words, p))
            }
        })
    }
}

fn affirmed(clause: &str, wanted: &str) -> bool {
    clause.match_indices(wanted).any(|(at, _)| {
        let before = clause[..at].trim_end();
        // "Only us" is not "only me".
        let plural = clause[at + wanted.len()..].starts_with('们');
        !plural && !NEGATORS.iter().any(|n| before.ends_with(n))
    })
}

fn affirmed_english(words: &[&str], wanted: &str) -> bool {
    let wanted: Vec<&str> = wanted.split(' ').collect();
    let places = words.windows(wanted.len()).enumerate().filter(|(_, w)| *w == wanted).map(|(at, _)| at);
    places.into_iter().any(|at| {
        let before = words[..at].iter().rev().find(|w| !FILLERS_EN.contains(w));
        !before.is_some_and(|w| NEGATORS_EN.contains(w))
    })
}

fn scope(heard: &Heard) -> Option<Scope> {
    let more = heard.has(NOT_ONLY, NOT_ONLY_EN);
    let most = heard.says(MOST, MOST_EN);
    let many = heard.says(MANY, MANY_EN);
    let single = heard.says(SINGLE, SINGLE_EN);
    match (most, many || more, single && !more) {
        // "Everyone else is fine, only me": two of these at once leave a doubt.
        (true, false, false) if !heard.has(OTHERS_WELL, OTHERS_WELL_EN) => Some(Scope::Most),
        (false, true, false) => Some(Scope::Many),
        (false, false, true) => Some(Scope::Single),
        _ => None,
    }
}

fn effect(heard: &Heard, scope: Option<Scope>) -> Option<Effect> {
    let slow = heard.says(SLOW, SLOW_EN);
    let cannot = |clause: Heard| {
        clause.says(MOST, MOST_EN) && clause.has(CANNOT, CANNOT_EN) && !clause.has(WISH, WISH_EN)
    };
    let all_cannot = scope == Some(Scope::Most) && heard.each().any(cannot);
    // "Works, but slowly" holds although "cannot work normally" may stand beside it; a stop needs its own words.
    let stops = heard.says(STOPPED, STOPPED_EN) || (all_cannot && !slow);
    let stopped = stops && !heard.has(NOT_QUITE, NOT_QUITE_EN);
    let minor = heard.says(MINOR, MINOR_EN);
    match (stopped, slow, minor) {
        (true, false, false) => Some(Effect::Stopped),
        (false, true, false) => Some(Effect::Degraded),
        (false, false, true) => Some(Effect::Inconvenient),
        _ => None,
    }
}

fn workaround(heard: &Heard) -> Option<bool> {
    let none = heard.has(NO_WAY, NO_WAY_EN) || only_by_denial(heard);
    let way = heard.each().any(|clause| clause.says(WAY, WAY_EN) && !clause.has(DENIED, DENIED_EN));
    match (none, way) {
        (true, false) => Some(false),
        (false, true) => Some(true),
        _ => None,
    }
}

/// "There is not a way round": the affirming words, turned round.
fn only_by_denial(heard: &Heard) -> bool {
    heard.clauses.iter().any(|clause| {
        let words = english(clause);
        phrase(&words, "way round") && words.iter().any(|w| matches!(*w, "isn't" | "not"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<Scope>, Option<Effect>, Option<bool>) {
        let s = situation(text);
        (s.scope, s.effect, s.workaround)
    }

    #[test]
    fn p6_35_scope_effect_and_way_round_are_heard_in_both_languages() {
        use Effect::*;
        use Scope::*;
        for (text, expected) in [
            ("全院都挂不了号", (Some(Most), Some(Stopped), None)),
            ("全院都挂不了号，没有别的办法", (Some(Most), Some(Stopped), Some(false))),
            ("Nobody can register patients, no way round", (Some(Most), Some(Stopped), Some(false))),
            ("only me", (Some(Single), None, None)),
            ("只有我打不开，别的窗口可以", (Some(Single), None, None)),
            ("can work but slow", (None, Some(Degraded), None)),
            ("能用，就是慢", (None, Some(Degraded), None)),
            ("It is slow for everyone", (Some(Most), Some(Degraded), None)),
            ("全院都能用，但是慢", (Some(Most), Some(Degraded), None)),
            ("我们科室收费系统停摆，先手工开单", (Some(Many), Some(Stopped), Some(true))),
            ("there is a way round: we do it on paper", (None, None, Some(true))),
            ("系統癱瘓了", (None, Some(Stopped), None)),
            // Said of everybody, but a wish: who it is about may be right, that work has stopped is not.
            ("怎么设置让所有用户不能删除发票", (Some(Most), None, None)),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_denied_is_not_heard() {
        for (text, expected) in [
            ("不只是我，隔壁窗口也一样", (Some(Scope::Many), None, None)),
            ("只有我们这边不行", (None, None, None)),
            ("it is not only me", (Some(Scope::Many), None, None)),
            ("并不是全院都这样", (None, None, None)),
            ("not everyone is affected", (None, None, None)),
            ("系统没有瘫痪", (None, None, None)),
            ("the system is not slow", (None, None, None)),
            ("it isn't really slow", (None, None, None)),
            ("速度不慢，也不是很慢", (None, None, None)),
            ("there isn't a way round", (None, None, Some(false))),
            ("没有替代办法", (None, None, Some(false))),
            ("there is no workaround", (None, None, Some(false))),
            ("we don't have a workaround", (None, None, Some(false))),
            ("we can't do it on paper", (None, None, None)),
            ("没法先手工", (None, None, None)),
            ("this is not just cosmetic", (None, None, None)),
            ("it doesn't affect everyone", (None, None, None)),
            ("随时可能瘫痪", (None, None, None)),
            ("only one function is down", (None, None, None)),
            ("这个问题不止一次出现", (None, None, None)),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn ordinary_questions_say_nothing() {
        for text in [
            "所有发票都打印不出来",
            "开票时报错 E-1042，连不上开票服务器",
            "如何把全部数据导出来",
            "the printer does not print",
            "how do I reset my password",
            "一台打印机脱机",
            "大家都正常，就我登录不上",
            "I can't log in but everyone else can",
            "有没有人能帮我看看，发票打印不了",
            "每个同事能不能有自己的账号",
            "关闭所有窗口后登录不上",
            "有没有别的办法？",
            "do you have a workaround?",
        ] {
            assert_eq!(read(text), (None, None, None), "{text}");
        }
    }
}
