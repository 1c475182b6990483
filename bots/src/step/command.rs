//! Commands, the same on every channel: `/start`, `/start@bot payload`, or a Chinese word for one.
use super::words::fold;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// With the payload of a deep link.
    Start(String),
    Help,
    Search(String),
    Report(String),
    Tickets,
    /// With the number as it was typed.
    Status(String),
    Human(String),
    Lang(String),
    Cancel,
    /// Begins like a command but is none of ours.
    Unknown,
}

/// A deep link's payload: where it goes on, and the group conversation it comes from.
pub fn payload(payload: &str) -> (&str, Option<&str>) {
    match payload.split_once('-') {
        Some((place, group)) => (place, Some(group)),
        None => (payload, None),
    }
}

/// Chinese and English words that stand alone for a command.
const WORDS: &[(&str, &str)] = &[
    ("开始", "start"),
    ("帮助", "help"),
    ("help", "help"),
    ("使用帮助", "help"),
    ("菜单", "help"),
    ("menu", "help"),
    ("报修", "report"),
    ("我要报修", "report"),
    ("报障", "report"),
    ("故障申报", "report"),
    ("提交工单", "report"),
    ("report a fault", "report"),
    ("report a problem", "report"),
    ("我的工单", "tickets"),
    ("查看工单", "tickets"),
    ("工单", "tickets"),
    ("my tickets", "tickets"),
    ("工单状态", "status"),
    ("进度", "status"),
    ("查进度", "status"),
    ("取消", "cancel"),
    ("cancel", "cancel"),
    ("切换语言", "lang"),
    ("语言", "lang"),
    ("language", "lang"),
    ("搜索", "search"),
];

/// The command in a message, if it is one.
pub fn command(text: &str) -> Option<Command> {
    let text = text.trim();
    let Some(line) = text.strip_prefix('/').or_else(|| text.strip_prefix('／')) else {
        let folded = fold(text);
        let (_, name) = WORDS.iter().find(|(word, _)| *word == folded)?;
        return named(name, "");
    };
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let name = fold(name.split('@').next().unwrap_or_default());
    // A path or a lone slash inside a question is no command.
    if name.is_empty() || name.contains(['/', '.']) {
        return None;
    }
    let by_word = WORDS.iter().find(|(word, _)| *word == name).map(|(_, command)| *command);
    Some(named(by_word.unwrap_or(&name), rest.trim()).unwrap_or(Command::Unknown))
}

fn named(name: &str, rest: &str) -> Option<Command> {
    let rest = rest.to_string();
    Some(match name {
        "start" => Command::Start(rest),
        "help" => Command::Help,
        "search" => Command::Search(rest),
        "report" => Command::Report(rest),
        "tickets" => Command::Tickets,
        "status" => Command::Status(rest),
        "human" | "转人工" | "人工" => Command::Human(rest),
        "lang" => Command::Lang(rest),
        "cancel" => Command::Cancel,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_commands_of_every_channel() {
        assert_eq!(command("/start report"), Some(Command::Start("report".into())));
        assert_eq!(command("/start@firstline_bot"), Some(Command::Start(String::new())));
        assert_eq!(command("/SEARCH 打印机 脱机"), Some(Command::Search("打印机 脱机".into())));
        assert_eq!(command("/报修"), Some(Command::Report(String::new())));
        assert_eq!(command("我的工單"), Some(Command::Tickets));
        assert_eq!(command("切换语言"), Some(Command::Lang(String::new())));
        assert_eq!(command("/dance"), Some(Command::Unknown));
        assert_eq!(command("/var/log/app.log 报错"), None);
        assert_eq!(command("怎么取消发票"), None);
    }
}
