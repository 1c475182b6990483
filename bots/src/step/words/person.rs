//! Words that ask for a person. They outrank every other reading, so what they must not be taken for
//! is listed with care: 人工智能 and "user agent" are no wish for a person.
use super::{bare, english, error_code, fold, phrase};

/// A wish to talk to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// It is a complaint (P5-17).
    pub complaint: bool,
    /// The sentence also says what it is about.
    pub says_why: bool,
}

/// The wish for a person in a message, if there is one.
pub fn wish_for_person(text: &str) -> Option<Wish> {
    let text = fold(text);
    let words = english(&text);
    let complaint = chinese(&text, COMPLAINT) || english_complaint(&words);
    (complaint || chinese(&text, PERSON) || english_person(&words))
        .then(|| Wish { complaint, says_why: says_why(&text) })
}

/// `(word, what may not follow it, what may not precede it)`.
type Rule = (&'static str, &'static [&'static str], &'static [&'static str]);

const REFUSED: &[&str] =
    &["不要", "不用", "不想", "别", "无需", "不需要", "不想转", "不要转", "不用转", "别转", "不是"];
const PERSON: &[Rule] = &[
    (
        "人工",
        &[
            "智能", "智慧", "神经", "费", "成本", "录入", "输入", "审核", "审批", "合成", "降雨", "呼吸",
            "操作", "核对", "填写", "导入", "开票", "打印", "计算", "上传", "方式", "手段", "统计", "做账",
            "记账", "登记", "核算",
        ],
        REFUSED,
    ),
    ("客服", &["系统", "软件", "模块", "端", "工作台", "机器人"], REFUSED),
    ("真人", &["秀"], REFUSED),
    ("活人", &[], REFUSED),
    ("找个人", &[], REFUSED),
    ("找人帮", &[], REFUSED),
    ("找人处理", &[], REFUSED),
    ("转接", &["口", "头", "线", "器", "卡"], REFUSED),
];
const COMPLAINT: &[Rule] = &[
    ("投诉", &["单", "模块", "记录", "功能", "报表", "管理"], &["客户", "用户", "不是", "不想", "顾客"]),
    ("举报", &["功能", "模块"], &["不是"]),
];

fn chinese(text: &str, rules: &[Rule]) -> bool {
    rules.iter().any(|(word, not_after, not_before)| {
        text.match_indices(word).any(|(at, _)| {
            let (before, after) = (&text[..at], text[at + word.len()..].trim_start());
            !not_after.iter().any(|n| after.starts_with(n)) && !not_before.iter().any(|n| before.ends_with(n))
        })
    })
}

const REACH: &[&str] = &[
    "talk", "talking", "speak", "speaking", "chat", "connect", "transfer", "forward", "escalate", "contact",
    "call", "reach", "put", "hand", "get", "need", "want", "give", "see", "message",
];
const TALK: &[&str] = &[
    "talk", "talking", "speak", "speaking", "chat", "connect", "transfer", "forward", "escalate", "contact",
    "call", "reach",
];
const POLITE: &[&str] =
    &["please", "pls", "now", "the", "a", "an", "hi", "hello", "help", "live", "just", "ok"];
const REFUSED_EN: &[&str] = &["no", "not", "don't", "dont", "without", "non"];

fn english_person(words: &[&str]) -> bool {
    const PHRASES: &[&str] = &[
        "customer service",
        "customer support",
        "customer care",
        "live chat",
        "human being",
        "live support",
        "real people",
        "tech support please",
        "support team please",
    ];
    PHRASES.iter().any(|p| phrase(words, p)) || (0..words.len()).any(|i| person_at(words, i))
}

/// True when the word at `i` means a person one wants to reach.
fn person_at(words: &[&str], i: usize) -> bool {
    let before = if i > 0 { words[i - 1] } else { "" };
    let after = words.get(i + 1).copied().unwrap_or_default();
    if REFUSED_EN.contains(&before) || (i > 1 && REFUSED_EN.contains(&words[i - 2])) {
        return false;
    }
    let reached =
        |verbs: &[&str], within: usize| words[i.saturating_sub(within)..i].iter().any(|w| verbs.contains(w));
    let alone = words.len() <= 3 && words.iter().enumerate().all(|(k, w)| k == i || POLITE.contains(w));
    let living = ["real", "live", "actual", "human", "support", "service"].contains(&before);
    match words[i] {
        "human" | "humans" => {
            !["resources", "resource", "readable", "error", "errors", "capital", "task", "workflow"]
                .contains(&after)
        }
        "agent" => {
            let software =
                ["user", "sql", "server", "monitoring", "backup", "mail", "database", "build", "ssh", "the"];
            alone
                || (living && before != "service")
                || reached(TALK, 5)
                || (!software.contains(&before) && reached(REACH, 3))
        }
        "person" | "representative" | "rep" | "operator" | "advisor" => alone || living || reached(REACH, 5),
        "someone" | "somebody" | "manager" | "supervisor" | "engineer" | "technician" | "staff" => {
            reached(TALK, 4)
        }
        _ => false,
    }
}

fn english_complaint(words: &[&str]) -> bool {
    words.iter().enumerate().any(|(i, w)| {
        let others = [
            "users",
            "customers",
            "people",
            "colleagues",
            "they",
            "everyone",
            "staff",
            "clients",
            "user",
            "customer",
        ];
        let before = if i > 0 { words[i - 1] } else { "" };
        matches!(*w, "complain" | "complaint") && !others.contains(&before) && !REFUSED_EN.contains(&before)
    })
}

/// What remains of the sentence without the wish says something of its own.
fn says_why(text: &str) -> bool {
    const CHINESE: &[&str] = &[
        "人工客服",
        "人工服务",
        "转人工",
        "人工",
        "不想",
        "不要",
        "在线客服",
        "客服",
        "真人",
        "活人",
        "投诉",
        "举报",
        "转接",
        "帮我",
        "请",
        "麻烦",
        "我要",
        "我想",
        "我需要",
        "给我",
        "找个",
        "找",
        "接",
        "转",
        "一下",
        "谢谢",
        "你好",
        "您好",
        "你们",
        "可以",
        "能不能",
        "能",
        "吗",
        "呢",
        "啊",
        "吧",
        "的",
        "了",
        "要",
        "个",
        "和",
        "说话",
        "聊",
        "有没有",
        "有",
        "在",
        "哪里",
        "快",
        "马上",
        "立即",
        "直接",
        "叫",
        "服务",
        "人",
        "我",
        "你",
        "来",
        "说",
        "想",
        "机器人",
        "跟",
        "与",
        "电话",
        "联系",
        "这个",
        "问题",
    ];
    const ENGLISH: &[&str] = &[
        "i",
        "i'd",
        "like",
        "want",
        "need",
        "to",
        "a",
        "an",
        "the",
        "talk",
        "speak",
        "chat",
        "connect",
        "transfer",
        "me",
        "with",
        "human",
        "agent",
        "person",
        "real",
        "live",
        "please",
        "can",
        "could",
        "you",
        "someone",
        "somebody",
        "get",
        "give",
        "let",
        "customer",
        "service",
        "support",
        "hello",
        "hi",
        "now",
        "just",
        "is",
        "there",
        "any",
        "representative",
        "make",
        "file",
        "complain",
        "complaint",
        "operator",
        "from",
        "your",
        "team",
        "being",
        "manager",
        "would",
        "may",
        "my",
        "call",
        "contact",
        "of",
        "put",
        "through",
        "rather",
        "not",
        "bot",
        "us",
        "at",
        "all",
        "this",
        "about",
        "have",
        "in",
        "reach",
        "help",
    ];
    let mut rest = bare(text);
    for word in CHINESE {
        rest = rest.replace(word, " ");
    }
    let han = rest.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    let words = english(&rest).iter().filter(|w| !ENGLISH.contains(w)).count();
    han >= 3 || words >= 2 || (han >= 2 && words >= 1) || error_code(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_ask_for_a_person_are_heard_alone_and_inside_a_sentence() {
        for text in [
            "转人工",
            "人工",
            "人工客服",
            "人工服务",
            "客服",
            "投诉",
            "真人",
            "轉人工",
            "人工服務",
            "投訴",
            "真人客服",
            "我不想跟机器人说话，帮我转人工",
            "这个问题太久了我要投诉你们",
            "能不能找个真人来看一下",
            "请问有人工吗",
            "发票打不出来，直接给我接客服吧",
            "不要机器人，要人工",
            "human",
            "agent",
            "Talk to a person",
            "real person please",
            "I want to speak to someone",
            "Human!",
            "AGENT please",
            "can I talk to a real human about my invoice",
            "get me an agent",
            "connect me with customer service",
            "I want to complain",
            "let me speak to an agent now",
            "I need a human",
            "live agent",
            "is there a live person?",
        ] {
            assert!(wish_for_person(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_it_is_not() {
        for text in [
            "人工智能模块怎么用",
            "人工智慧",
            "人工录入发票很慢",
            "先用人工方式顶着",
            "客服系统登录不了",
            "不要转人工",
            "客户投诉单导不出来",
            "真人秀",
            "the user agent string is wrong",
            "User-Agent header",
            "SQL Server Agent does not start",
            "human resources module",
            "how do I restart the agent",
            "users complain that printing is slow",
            "E-1042",
            "打印机无法打印",
            "No human error here",
            "service agent.exe crashes on start",
            "install the monitoring agent",
            "someone changed my password",
        ] {
            assert_eq!(wish_for_person(text), None, "{text}");
        }
    }

    #[test]
    fn knows_whether_the_sentence_says_why() {
        for text in [
            "转人工",
            "我要人工客服",
            "客服在吗",
            "I want to talk to a real person please",
            "human",
            "我要投诉你们",
        ] {
            assert_eq!(wish_for_person(text).map(|w| w.says_why), Some(false), "{text}");
        }
        for text in ["发票打不出来，转人工", "talk to a human about wrong invoice totals", "E-1042 转人工"]
        {
            assert_eq!(wish_for_person(text).map(|w| w.says_why), Some(true), "{text}");
        }
        assert!(wish_for_person("投诉").unwrap().complaint && !wish_for_person("客服").unwrap().complaint);
    }
}
