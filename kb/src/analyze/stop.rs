//! Words that carry the question, not its subject. They stay in the index; in a question they count little.
use std::collections::HashSet;
use std::sync::LazyLock;

/// How much a stop word of a question weighs beside an ordinary word.
pub const STOP_WEIGHT: f32 = 0.12;

const ENGLISH: &[&str] = &[
    "a", "about", "after", "all", "am", "an", "and", "any", "are", "as", "at", "be", "because", "been",
    "but", "by", "can", "could", "did", "do", "does", "doing", "for", "from", "get", "gets", "had", "has",
    "have", "hello", "help", "hi", "how", "i", "if", "im", "in", "into", "is", "it", "its", "ive", "just",
    "me", "my", "of", "on", "or", "our", "please", "should", "so", "some", "than", "thanks", "that", "the",
    "their", "them", "then", "there", "these", "they", "this", "to", "too", "us", "was", "we", "were",
    "what", "when", "where", "which", "who", "why", "will", "with", "would", "you", "your",
];

const CHINESE: &[&str] = &[
    "的",
    "了",
    "吗",
    "呢",
    "吧",
    "啊",
    "是",
    "我",
    "你",
    "您",
    "他",
    "它",
    "我们",
    "你们",
    "您好",
    "你好",
    "好",
    "早",
    "早上",
    "下午",
    "晚上",
    "在吗",
    "请",
    "请问",
    "怎么",
    "怎么办",
    "怎么样",
    "么办",
    "如何",
    "怎样",
    "什么",
    "为什么",
    "为何",
    "咋办",
    "能",
    "可以",
    "可否",
    "是否",
    "会",
    "要",
    "想",
    "在",
    "和",
    "与",
    "或",
    "就",
    "都",
    "也",
    "还",
    "有",
    "这",
    "那",
    "这个",
    "那个",
    "一个",
    "个",
    "一下",
    "下",
    "时",
    "时候",
    "后",
    "把",
    "被",
    "从",
    "到",
    "对",
    "给",
    "让",
    "用",
    "来",
    "去",
    "上",
    "中",
    "里",
    "之",
    "其",
    "并",
    "且",
    "而",
    "及",
    "等",
    "很",
    "谢谢",
    "麻烦",
    "帮忙",
    "帮",
    "处理",
    "解决",
    "应该",
    "需要",
    "哪些",
    "哪个",
    "哪里",
    "多少",
    "几",
    "有没有",
    "没有",
    "办",
    "样",
];

/// Looked up for every pair of characters of every candidate's title.
static CHINESE_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| CHINESE.iter().copied().collect());

/// True for a folded word that says nothing about the subject.
pub fn is_stop(word: &str) -> bool {
    if word.is_ascii() { ENGLISH.binary_search(&word).is_ok() } else { CHINESE_SET.contains(word) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_english_list_is_sorted_for_its_search() {
        assert!(ENGLISH.is_sorted());
        assert!(is_stop("the") && is_stop("怎么") && !is_stop("printer") && !is_stop("无法"));
    }
}
