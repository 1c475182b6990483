//! Chinese words that ask for a person.

/// `(word, what may not follow it, what may not precede it)`.
type Rule = (&'static str, &'static [&'static str], &'static [&'static str]);

const REFUSED: &[&str] =
    &["不要", "不用", "不想", "别", "无需", "不需要", "不想转", "不要转", "不用转", "别转", "不是"];
const PERSON: &[Rule] = &[
    (
        "客服",
        &[
            "系统",
            "软件",
            "模块",
            "端",
            "工作台",
            "机器人",
            "平台",
            "后台",
            "管理",
            "账号",
            "插件",
            "配置",
            "设置",
            "功能",
            "接口",
            "怎么配",
            "如何配",
        ],
        &["智能"],
    ),
    ("真人", &["秀", "认证", "头像", "照片"], &[]),
    ("活人", &[], &[]),
    (
        "找个人",
        &["信息", "资料", "中心", "账", "帐", "设置", "所得", "版", "文件", "主页", "用户", "档案"],
        &[],
    ),
    ("找人帮", &[], &[]),
    ("找人处理", &[], &[]),
    (
        "转接",
        &[
            "口", "头", "线", "器", "卡", "功能", "设置", "服务", "失败", "不", "号", "规则", "分机", "怎么",
            "如何", "模块", "板", "盒", "设备",
        ],
        &["电话", "呼叫", "来电", "自动", "分机", "设备", "无法", "不能"],
    ),
];
const COMPLAINT: &[Rule] = &[
    (
        "投诉",
        &[
            "单", "模块", "记录", "功能", "报表", "管理", "列表", "系统", "数据", "类型", "分类", "台账",
            "页面", "菜单", "率",
        ],
        &["客户", "用户", "顾客", "被", "查看", "导出", "新建", "录入", "查询"],
    ),
    ("举报", &["功能", "模块"], &[]),
];

pub fn asks_for_person(text: &str) -> bool {
    says(text, PERSON)
        || text.match_indices(STAFF).any(|(at, _)| staff(&text[..at], &text[at + STAFF.len()..]))
}

pub fn complains(text: &str) -> bool {
    says(text, COMPLAINT)
}

fn says(text: &str, rules: &[Rule]) -> bool {
    rules.iter().any(|(word, not_after, not_before)| {
        text.match_indices(word).any(|(at, _)| {
            let (before, after) = (&text[..at], text[at + word.len()..].trim_start());
            !begins(after, not_after) && !ends(before, not_before) && !refused(before)
        })
    })
}

const STAFF: &str = "人工";
/// Behind 人工 these make it a desk with people.
const DESK: &[&str] = &["客服", "服务", "坐席", "座席", "支持", "热线", "专员", "咨询", "在线"];
/// And these make it a way of working, or something else altogether.
const WORK: &[&str] = &[
    "智能",
    "智慧",
    "神经",
    "费",
    "成本",
    "录入",
    "输入",
    "审核",
    "审批",
    "合成",
    "操作",
    "核对",
    "填写",
    "导入",
    "开票",
    "打印",
    "计算",
    "上传",
    "方式",
    "手段",
    "统计",
    "做账",
    "记账",
    "登记",
    "核算",
    "复核",
    "对账",
    "修改",
    "干预",
    "确认",
    "盘点",
    "处置",
    "分配",
    "派单",
    "校验",
    "校对",
    "检查",
    "维护",
    "调整",
    "编辑",
    "模式",
    "服务费",
    "服务器",
];
/// Directly before 人工 these ask for one.
const FETCH: &[&str] = &[
    "转",
    "转到",
    "转接",
    "找",
    "找个",
    "接",
    "接到",
    "换",
    "换个",
    "换成",
    "叫",
    "叫个",
    "切到",
    "切换到",
    "联系",
    "呼叫",
    "给我",
    "来个",
];
/// These, too, unless a verb follows.
const WISH: &[&str] = &["要", "有", "是", "需要", "想要", "要个", "有个"];
const CLOSING: &[&str] = &[
    "吗", "呢", "吧", "啊", "呀", "嘛", "了", "么", "谢", "在", "来", "帮", "处理", "解决", "可以", "好",
    "还是", "快", "回", "接", "的",
];
const POLITE: &[&str] = &["请", "直接", "麻烦", "快", "求", "我的", "还是", "你好", "您好"];

/// Whether 人工 between these two means the people.
fn staff(before: &str, after: &str) -> bool {
    if begins(after.trim_start(), WORK) || refused(before) {
        return false;
    }
    let ends_here = after.chars().next().is_none_or(|c| !c.is_alphanumeric());
    let closes = ends_here || begins(after, CLOSING);
    let clause = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let alone = clause.is_empty() || POLITE.contains(&clause);
    begins(after, DESK) || ends(before, FETCH) || (closes && (alone || ends(before, WISH)))
}

/// "No person, please", but not the question 要不要 or 是不是, and not 特别.
fn refused(before: &str) -> bool {
    REFUSED.iter().any(|word| {
        let Some(rest) = before.strip_suffix(word) else { return false };
        let asked = word.strip_prefix('不').and_then(|verb| verb.chars().next());
        let last = rest.chars().next_back();
        !(asked.is_some() && asked == last || word.starts_with('别') && last == Some('特'))
    })
}

fn begins(text: &str, words: &[&str]) -> bool {
    words.iter().any(|w| text.starts_with(w))
}

fn ends(text: &str, words: &[&str]) -> bool {
    words.iter().any(|w| text.ends_with(w))
}
