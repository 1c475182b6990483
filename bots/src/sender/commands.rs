//! The commands both platforms list in their menus.

/// A command's name and what it does, at most 100 characters (Discord's limit; Telegram takes 256).
pub struct Command {
    pub name: &'static str,
    pub zh_cn: &'static str,
    pub zh_tw: &'static str,
    pub en: &'static str,
}

pub const COMMANDS: [Command; 9] = [
    Command {
        name: "start",
        zh_cn: "开始,查看常见问题",
        zh_tw: "開始,查看常見問題",
        en: "Start here: frequent questions",
    },
    Command {
        name: "help", zh_cn: "我能帮您做什么", zh_tw: "我能幫您做什麼", en: "What I can do for you"
    },
    Command {
        name: "search", zh_cn: "搜索解决办法", zh_tw: "搜尋解決辦法", en: "Search for a solution"
    },
    Command { name: "report", zh_cn: "报告故障", zh_tw: "回報故障", en: "Report a fault" },
    Command { name: "tickets", zh_cn: "我的工单", zh_tw: "我的工單", en: "Your tickets" },
    Command {
        name: "status",
        zh_cn: "查看一张工单的进展",
        zh_tw: "查看一張工單的進展",
        en: "How a ticket stands",
    },
    Command { name: "human", zh_cn: "转人工", zh_tw: "轉人工", en: "Talk to a person" },
    Command { name: "lang", zh_cn: "切换语言", zh_tw: "切換語言", en: "Change the language" },
    Command {
        name: "cancel",
        zh_cn: "取消正在进行的操作",
        zh_tw: "取消進行中的操作",
        en: "Cancel what is under way",
    },
];
