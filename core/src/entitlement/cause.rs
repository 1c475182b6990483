//! What caused a case (P1-04): operation, environment with its four parts, software, equipment, other.
//! Guessed from the report's words and corrected by staff; used for routing and for what is covered.
use super::terms::Exclusion;

text_enum! {
    Cause ("cause") {
        Operation = "operation",
        /// Something around our software; the four below are its parts.
        Environment = "environment",
        Database = "database",
        OperatingSystem = "operating_system",
        Hardware = "hardware",
        Network = "network",
        Software = "software",
        /// A fault of the equipment we delivered: material or workmanship.
        Equipment = "equipment",
        Other = "other",
    }
}

impl Cause {
    /// The branch a leaf belongs to.
    pub fn parent(self) -> Option<Cause> {
        match self {
            Cause::Database | Cause::OperatingSystem | Cause::Hardware | Cause::Network => {
                Some(Cause::Environment)
            }
            _ => None,
        }
    }

    /// The cause itself and its branch: what a rule or a skill may name.
    pub fn fits(self, named: Cause) -> bool {
        self == named || self.parent() == Some(named)
    }
}

/// Words and what they point to, the more telling first. Latin words are matched whole.
const SIGNS: &[(Cause, &[&str])] = &[
    (
        Cause::Operation,
        &[
            "误操作",
            "误删",
            "删错",
            "不小心删",
            "点错",
            "输错",
            "录错",
            "操作错误",
            "不会用",
            "怎么操作",
            "by mistake",
            "accidentally",
            "deleted the wrong",
            "how do i",
        ],
    ),
    (
        Cause::Database,
        &[
            "数据库",
            "死锁",
            "表空间",
            "归档日志",
            "sql",
            "database",
            "deadlock",
            "tablespace",
            "oracle",
            "mysql",
            "postgresql",
        ],
    ),
    (
        Cause::OperatingSystem,
        &["操作系统", "蓝屏", "系统更新", "windows update", "blue screen", "windows", "linux", "kernel"],
    ),
    (
        Cause::Hardware,
        &[
            "硬盘",
            "内存条",
            "主板",
            "电源坏",
            "打印机",
            "硬件",
            "hard disk",
            "disk failure",
            "motherboard",
            "printer",
            "hardware",
        ],
    ),
    (
        Cause::Network,
        &[
            "网络",
            "断网",
            "网线",
            "交换机",
            "防火墙",
            "连不上服务器",
            "vpn",
            "dns",
            "network",
            "firewall",
            "wi-fi",
            "wifi",
            "timeout",
        ],
    ),
    (
        Cause::Software,
        &["报错", "闪退", "崩溃", "程序", "软件", "bug", "crash", "error", "exception", "software"],
    ),
];

/// The cause that the words of a report point to; `None` when nothing does. The sign that stands first
/// in the order above wins, not the one most often said.
pub fn guess_cause(words: &str) -> Option<Cause> {
    let text = words.to_lowercase();
    SIGNS.iter().find(|(_, signs)| signs.iter().any(|sign| says(&text, sign))).map(|(cause, _)| *cause)
}

/// The exclusion that the words of a report point to, among those a plan names.
pub fn guess_exclusion<'a>(exclusions: &'a [Exclusion], words: &str) -> Option<&'a Exclusion> {
    let text = words.to_lowercase();
    exclusions.iter().find(|e| e.words.iter().any(|sign| says(&text, &sign.to_lowercase())))
}

/// Whether `text` (lower case) says `sign`: whole words where the sign is Latin, and not right after a
/// negation such as "not a" or 「没有」.
fn says(text: &str, sign: &str) -> bool {
    let latin = sign.is_ascii();
    text.match_indices(sign).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + sign.len()..]);
        let edge = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric());
        let whole = !latin || edge(before.chars().next_back()) && edge(after.chars().next());
        whole && !negated(before)
    })
}

fn negated(before: &str) -> bool {
    const NOT: &[&str] =
        &["没有", "没", "不是", "并非", "无", "no ", "not ", "not a ", "not the ", "isn't ", "without "];
    NOT.iter().any(|word| before.trim_end_matches('"').ends_with(word))
}
