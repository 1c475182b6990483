//! Words that mean the same in Taiwan or Hong Kong and on the mainland but are other words, not other
//! characters: `伺服器` is `服务器`. Articles and questions are both brought to the mainland's word.

/// After folding to simplified characters: what is written, and what it is called here. Longer ones first.
const PAIRS: &[(&str, &str)] = &[
    ("资料夹", "文件夹"),
    ("资料库", "数据库"),
    ("伺服器", "服务器"),
    ("印表机", "打印机"),
    ("记忆体", "内存"),
    ("应用程式", "应用程序"),
    ("驱动程式", "驱动程序"),
    ("解析度", "分辨率"),
    ("使用者", "用户"),
    ("防毒软体", "杀毒软件"),
    ("工作列", "任务栏"),
    ("范本", "模板"),
    ("软体", "软件"),
    ("硬体", "硬件"),
    ("韧体", "固件"),
    ("网路", "网络"),
    ("列印", "打印"),
    ("程式", "程序"),
    ("萤幕", "屏幕"),
    ("荧幕", "屏幕"),
    ("滑鼠", "鼠标"),
    ("硬碟", "硬盘"),
    ("磁碟", "磁盘"),
    ("登入", "登录"),
    ("登出", "注销"),
    ("帐号", "账号"),
    ("帐户", "账户"),
    ("连线", "连接"),
    ("设定", "设置"),
    ("预设", "默认"),
    ("凭证", "证书"),
    ("支援", "支持"),
    ("搜寻", "搜索"),
    ("当机", "死机"),
    ("储存", "保存"),
    ("汇入", "导入"),
    ("汇出", "导出"),
    ("线上", "在线"),
    ("简讯", "短信"),
    ("装置", "设备"),
    ("视窗", "窗口"),
    ("复原", "恢复"),
    ("讯息", "消息"),
    ("信箱", "邮箱"),
    ("档案", "文件"),
    ("影片", "视频"),
    ("品质", "质量"),
    ("原始码", "源代码"),
    ("建立", "创建"),
    ("新增", "添加"),
    ("移除", "删除"),
    ("检视", "查看"),
];

/// Folded text with these words replaced; its length may change.
pub fn unify(folded: &str) -> String {
    let mut text = folded.to_string();
    if text.is_ascii() {
        return text;
    }
    for (from, to) in PAIRS {
        if text.contains(from) {
            text = text.replace(from, to);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn brings_words_to_one_form() {
        assert_eq!(unify(&fold("連不上伺服器，無法列印")), "连不上服务器,无法打印");
        assert_eq!(unify("plain text"), "plain text");
    }
}
