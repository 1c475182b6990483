//! Messages that are no question: greetings, thanks, and a verdict typed instead of tapped.
use super::bare;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Talk {
    Hello,
    Thanks,
    /// It works now.
    Solved,
    /// It still does not work.
    Broken,
}

const HELLO: &[&str] = &[
    "你好",
    "您好",
    "hi",
    "hello",
    "hey",
    "嗨",
    "哈喽",
    "在吗",
    "在不在",
    "你好啊",
    "您好 在吗",
    "你好 在吗",
    "早上好",
    "上午好",
    "下午好",
    "晚上好",
    "早",
    "good morning",
    "good afternoon",
    "good evening",
    "hi there",
    "hello there",
    "有人吗",
    "anyone there",
];
const THANKS: &[&str] = &[
    "谢谢",
    "多谢",
    "谢了",
    "谢谢您",
    "谢谢你",
    "感谢",
    "非常感谢",
    "谢谢啦",
    "辛苦了",
    "thanks",
    "thank you",
    "thx",
    "ty",
    "thanks a lot",
    "thank you very much",
    "many thanks",
    "thank you so much",
    "好的谢谢",
    "好的 谢谢",
    "ok thanks",
    "thanks bye",
    "再见",
    "拜拜",
    "bye",
    "好的",
    "好",
    "ok",
    "okay",
    "嗯",
    "知道了",
    "明白了",
    "收到",
    "got it",
    "great thanks",
    "嗯嗯",
    "了解",
];
const SOLVED: &[&str] = &[
    "好了",
    "解决了",
    "可以了",
    "已解决",
    "搞定了",
    "没问题了",
    "正常了",
    "能用了",
    "好了谢谢",
    "好了 谢谢",
    "解决了谢谢",
    "解决了 谢谢",
    "可以了谢谢",
    "可以了 谢谢",
    "solved",
    "fixed",
    "it works",
    "it works now",
    "works now",
    "works",
    "that worked",
    "solved thanks",
    "works thanks",
    "it's working",
    "it s working",
    "working now",
    "resolved",
    "it works thanks",
    "fixed thanks",
    "that worked thanks",
];
const BROKEN: &[&str] = &[
    "还是不行",
    "不行",
    "没用",
    "没解决",
    "没有解决",
    "未解决",
    "还是不好",
    "还不行",
    "还是报错",
    "没好",
    "还是一样",
    "仍然不行",
    "不好使",
    "不管用",
    "没有用",
    "依然不行",
    "还是用不了",
    "still broken",
    "not working",
    "still not working",
    "doesn't work",
    "doesn t work",
    "didn't work",
    "didn t work",
    "does not work",
    "no luck",
    "not solved",
    "did not work",
    "didn't help",
    "didn t help",
    "still doesn t work",
    "still the same",
    "not fixed",
    "it still doesn t work",
    "still fails",
];

/// What the whole message says, when it is small talk.
pub fn small_talk(text: &str) -> Option<Talk> {
    let text = bare(text);
    [(HELLO, Talk::Hello), (SOLVED, Talk::Solved), (BROKEN, Talk::Broken), (THANKS, Talk::Thanks)]
        .into_iter()
        .find(|(words, _)| words.contains(&text.as_str()))
        .map(|(_, talk)| talk)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_message_is_small_talk() {
        assert_eq!(small_talk("你好！"), Some(Talk::Hello));
        assert_eq!(small_talk("Thank you!"), Some(Talk::Thanks));
        assert_eq!(small_talk("謝謝"), Some(Talk::Thanks));
        assert_eq!(small_talk("好了，谢谢"), Some(Talk::Solved));
        assert_eq!(small_talk("It still doesn't work."), Some(Talk::Broken));
        assert_eq!(small_talk("你好，发票打不出来"), None);
        assert_eq!(small_talk("works on my machine but not on hers"), None);
    }
}
