//! Words that ask for a person. They outrank every other reading, so what they must not be taken for
//! is listed with care: 人工智能 and "user agent" are no wish for a person.
mod chinese;
mod english;
mod why;

use super::{english as words_of, fold};

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
    let words = words_of(&text);
    let complaint = chinese::complains(&text) || english::complains(&words);
    (complaint || chinese::asks_for_person(&text) || english::asks_for_person(&words))
        .then(|| Wish { complaint, says_why: why::says_why(&text) })
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
            "你是不是真人",
            "要不要转人工",
            "开票时报错 E-1042，重启也没用，请转人工",
            "E-1042 again, can I talk to a human please",
            "人工在吗",
            "转人工处理",
            "我要人工",
            "给我接人工座席",
            "请帮我转接一下",
            "想找个人问问",
            "I need to speak with a representative",
            "operator",
            "can you get me a person",
            "please call an operator",
            "escalate this to a person",
            "I want an advisor",
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
            "人工智能客服怎么配置",
            "智能客服不回答",
            "发票要人工复核吗",
            "这里要人工对账吗",
            "需要人工修改吗",
            "有人工干预的记录吗",
            "转人工确认的单据在哪",
            "要人工盘点",
            "电话转接功能不能用",
            "查找个人信息",
            "导出投诉列表",
            "不想转人工",
            "I need to add a person to the contact list",
            "I want to change the operator name on the invoice",
            "the customer service module crashes",
            "export the complaint list",
            "the contact person field is empty",
            "cannot connect to the agent",
            "the contact manager crashes",
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
