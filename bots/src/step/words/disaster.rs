//! Words of disaster: they shorten the questions of a report, never its confirmation.
use firstline_core::severity::{Effect, Scope};

use super::{any, english, fold, phrase, situation};

/// What words of disaster already say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disaster {
    pub scope: Option<Scope>,
    pub effect: Effect,
}

const ALL_DOWN: &[&str] = &[
    "全部瘫痪",
    "全瘫",
    "系统瘫痪",
    "整个瘫痪",
    "都瘫痪",
    "全部用不了",
    "全都用不了",
    "所有人都用不了",
    "全公司都用不了",
    "大家都用不了",
    "全部宕机",
    "系统宕机",
    "全部停了",
    "生产停",
    "停产",
    "业务中断",
    "业务停了",
    "全线停",
    "全部崩了",
    "系统崩了",
    "系统全挂",
    "全挂了",
    "全部挂了",
    "所有电脑都",
];
const DATA_LOST: &[&str] = &[
    "数据丢失",
    "数据丢了",
    "丢数据",
    "数据没了",
    "数据全没",
    "数据不见",
    "数据被删",
    "勒索",
    "数据库损坏",
    "数据损坏",
    "文件被加密",
];
const ALL_DOWN_EN: &[&str] = &[
    "production down",
    "production is down",
    "everyone is down",
    "everything is down",
    "system is down",
    "all down",
    "outage",
    "nobody can work",
    "no one can work",
    "all users are down",
    "whole company is down",
    "completely down",
    "prod is down",
    "site is down",
    "everyone is blocked",
    "business stopped",
    "production stopped",
    "everybody is down",
];
const DATA_LOST_EN: &[&str] = &[
    "data loss",
    "lost data",
    "lost all data",
    "data is lost",
    "data is gone",
    "data lost",
    "lost our data",
    "ransomware",
    "data corruption",
    "database is corrupt",
    "data was deleted",
];
/// Somebody who asks how to avoid it has none.
const HYPOTHETICAL: &[&str] = &[
    "如何防",
    "怎么防",
    "避免",
    "预防",
    "防止",
    "如何备份",
    "怎么备份",
    "会不会",
    "是否会",
    "会导致",
    "prevent",
    "avoid",
    "protect",
    "how to",
    "how do i",
    "will i",
    "would i",
    "does it",
    "could it",
    "without data loss",
];

/// The disaster a message tells of.
pub fn disaster(text: &str) -> Option<Disaster> {
    let text = fold(text);
    let words = english(&text);
    if any(&text, HYPOTHETICAL) {
        return None;
    }
    if any(&text, ALL_DOWN) || ALL_DOWN_EN.iter().any(|p| phrase(&words, p)) {
        return Some(Disaster { scope: Some(Scope::Most), effect: Effect::Stopped });
    }
    if any(&text, DATA_LOST) || DATA_LOST_EN.iter().any(|p| phrase(&words, p)) {
        return Some(Disaster { scope: None, effect: Effect::Stopped });
    }
    let said = situation(text.as_str());
    let all = said.scope == Some(Scope::Most) && said.effect == Some(Effect::Stopped);
    all.then_some(Disaster { scope: Some(Scope::Most), effect: Effect::Stopped })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disaster_is_heard_in_both_languages() {
        let all = Some(Disaster { scope: Some(Scope::Most), effect: Effect::Stopped });
        for text in [
            "系统全部瘫痪了！",
            "所有人都用不了",
            "Production down!!",
            "everyone is down since 9",
            "全部癱瘓",
            "全院都挂不了号",
            "nobody can register patients",
        ] {
            assert_eq!(disaster(text), all, "{text}");
        }
        for text in ["发票数据丢失", "we have a data loss", "服务器中了勒索病毒"] {
            assert_eq!(disaster(text).map(|d| d.scope), Some(None), "{text}");
        }
        for text in ["如何防止数据丢失", "how to avoid data loss", "打印机无法打印", "download the driver"]
        {
            assert_eq!(disaster(text), None, "{text}");
        }
    }
}
