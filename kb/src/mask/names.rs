//! People's names: those known to take part, and those that a title or "my name is" gives away.
use super::Masked;
use crate::analyze::segment::is_han;

const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";
const TITLES: &[&str] =
    &["先生", "女士", "小姐", "经理", "主任", "老师", "师傅", "工程师", "会计", "总监", "总"];
/// What stands before a name. The first list is sure of it.
const INTRODUCTIONS: &[&str] = &["我叫", "姓名：", "姓名:", "联系人：", "联系人:", "名字是", "名字叫"];
const MAYBE: &[&str] = &["我是"];
const ENGLISH: &[&str] = &["my name is ", "mr. ", "mrs. ", "ms. ", "dr. ", "mr ", "mrs ", "ms "];

/// Hides names that are known; a name of several words also in its words.
pub(super) fn known(text: &str, names: &[&str], lang: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for name in names {
        parts.push(name.trim());
        parts.extend(name.split_whitespace());
    }
    // Two Chinese characters or four letters; less is anybody's word.
    parts.retain(|p| p.chars().count() >= if p.is_ascii() { 4 } else { 2 });
    parts.sort_by_key(|p| std::cmp::Reverse(p.len()));
    parts.dedup();
    parts.iter().fold(text.to_string(), |text, part| text.replace(part, Masked::Name.text(lang)))
}

/// Hides names by what stands beside them.
pub(super) fn titled(text: &str, lang: &str) -> String {
    english(&chinese(text, lang), lang)
}

fn chinese(text: &str, lang: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        if let Some(length) = name_before_title(&chars, at).or_else(|| introduced(&chars, at)) {
            out.push_str(Masked::Name.text(lang));
            at += length;
        } else {
            out.push(chars[at]);
            at += 1;
        }
    }
    out
}

fn is_surname(c: char) -> bool {
    SURNAMES.contains(c)
}

fn follows(chars: &[char], at: usize, word: &str) -> bool {
    word.chars().enumerate().all(|(i, c)| chars.get(at + i) == Some(&c))
}

/// 张经理, 刘女士, 李小红老师: the name and the title.
fn name_before_title(chars: &[char], at: usize) -> Option<usize> {
    if !is_surname(chars[at]) {
        return None;
    }
    // 总是, 总经理 and the like are words.
    let title = |skip: usize| {
        let word = TITLES.iter().find(|t| follows(chars, at + skip, t))?;
        let end = at + skip + word.chars().count();
        let whole = *word != "总" || !chars.get(end).is_some_and(|c| is_han(*c));
        whole.then_some(skip + word.chars().count())
    };
    let inside = |n: usize| chars[at + 1..].iter().take(n).filter(|c| is_han(**c)).count() == n;
    title(1).or_else(|| inside(1).then(|| title(2)).flatten().filter(|_| !starts_word(chars, at)))
}

/// 高级, 方便, 任何, 金额: a surname's character that begins an ordinary word.
fn starts_word(chars: &[char], at: usize) -> bool {
    const WORDS: &[&str] = &[
        "高级", "方便", "任何", "金额", "文件", "常见", "万一", "于是", "许可", "程序", "方法", "万元",
        "时间", "文档", "白屏",
    ];
    WORDS.iter().any(|w| follows(chars, at, w))
}

/// 联系人：李雷, 我是王芳，: two to four characters up to a sign.
fn introduced(chars: &[char], at: usize) -> Option<usize> {
    let behind = |words: &[&str]| {
        words.iter().any(|w| {
            let n = w.chars().count();
            at >= n && follows(chars, at - n, w)
        })
    };
    let length = chars[at..].iter().take_while(|c| is_han(**c)).count();
    let sure = behind(INTRODUCTIONS) && (2..=4).contains(&length);
    let maybe =
        behind(MAYBE) && (2..=3).contains(&length) && is_surname(chars[at]) && !starts_word(chars, at);
    (sure || maybe).then_some(length)
}

fn english(text: &str, lang: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let found = ENGLISH.iter().filter_map(|l| lower[at..].find(l).map(|p| (at + p, l.len()))).min();
        let Some((start, len)) = found else { break };
        let after = start + len;
        let begins = start == 0 || !lower.as_bytes()[start - 1].is_ascii_alphanumeric();
        out.push_str(&text[at..after]);
        let name = if begins { capitals(&text[after..]) } else { 0 };
        if name > 0 {
            out.push_str(Masked::Name.text(lang));
        }
        at = after + name;
    }
    out.push_str(&text[at..]);
    out
}

/// The length of one to three capitalised words.
fn capitals(text: &str) -> usize {
    let mut end = 0;
    for (n, word) in text.split_inclusive(' ').take(3).enumerate() {
        let letters = word.trim_end_matches(|c: char| !c.is_alphabetic());
        if !letters.starts_with(|c: char| c.is_uppercase()) {
            break;
        }
        end += if n > 0 { 1 } else { 0 };
        end += letters.len();
        if letters.len() + 1 != word.len() || !word.ends_with(' ') {
            break;
        }
    }
    end
}
