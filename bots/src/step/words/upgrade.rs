//! Wishes for a newer version, told from trouble after an upgrade.
use super::fold;

/// Any of these makes a message a question for the catalogue.
const WISHES: &[&str] = &[
    "升级到",
    "升到",
    "要升级",
    "想升级",
    "能升级",
    "该升级",
    "升级路径",
    "升级方案",
    "升级包",
    "哪个补丁",
    "什么补丁",
    "哪些补丁",
    "装哪个",
    "打哪个",
    "要打补丁",
    "安全补丁",
    "最新补丁",
    "最新版",
    "最新的版本",
    "新版本吗",
    "哪个版本能",
    "哪个版本可以",
    "哪个版本修",
    "哪个版本里修",
    "由哪个版本修复",
    "能修",
    "修复版本",
    "which patch",
    "what patch",
    "which update",
    "which release",
    "which version fix",
    "version fixes",
    "that fixes",
    "upgrade from",
    "upgrade to",
    "upgrade path",
    "want to upgrade",
    "need to upgrade",
    "should i upgrade",
    "should we upgrade",
    "how do i upgrade",
    "how to upgrade",
    "latest version",
    "newest version",
    "latest patch",
    "newest patch",
    "latest release",
    "newest release",
    "security patch",
];
/// These say that something went wrong with one.
const TROUBLE: &[&str] = &[
    "升级后",
    "升级之后",
    "升级完",
    "升级失败",
    "升级时",
    "升级报错",
    "升级不了",
    "升级卡",
    "无法升级",
    "不能升级",
    "更新后",
    "更新之后",
    "更新失败",
    "升级到一半",
    "打补丁后",
    "补丁失败",
    "之后就",
    "后打不开",
    "后不能",
    "后无法",
    "报错怎么",
    "after upgrad",
    "after updat",
    "after the up",
    "upgrade fail",
    "update fail",
    "upgrading fail",
    "can't upgrade",
    "cannot upgrade",
    "unable to upgrade",
    "since the up",
    "since we up",
    "error when upgrading",
    "while upgrading",
    "broke after",
    "stopped working",
];

/// True for "which patch do I need?" in its many wordings.
pub fn wants_upgrade(text: &str) -> bool {
    let text = fold(text);
    text.chars().count() <= 400
        && WISHES.iter().any(|w| text.contains(w))
        && !TROUBLE.iter().any(|w| text.contains(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_not_the_trouble_after_it() {
        for text in [
            "我们是 3.1.4,Windows 2019,要升级到能修 E-1042 的版本",
            "3.1.4 升到 3.2.2 怎么装",
            "现在最新版是多少",
            "Which patch do I need for 3.1.4?",
            "We run 3.1.4 and want to upgrade to a version that fixes E-1042",
        ] {
            assert!(wants_upgrade(text), "{text}");
        }
        for text in [
            "升级到 3.2.2 后打不开",
            "升级客户端失败，提示没有权限",
            "After upgrading to 3.2.2 the client does not start",
            "开票时报错 E-1042,连不上服务器",
            "怎么导出发票",
        ] {
            assert!(!wants_upgrade(text), "{text}");
        }
    }
}
