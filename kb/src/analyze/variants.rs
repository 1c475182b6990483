//! Words that mean the same in Taiwan or Hong Kong and on the mainland but are other words, not other
//! characters: `伺服器` is `服务器`; and words that are written wrong so often that nobody sees it: `登陆` for
//! `登录`. Articles and questions are both brought to one word, so that either finds the other.
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// After folding to simplified characters: what is written, and what it is called here. The longest that stands
/// at a place counts.
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

/// What is written for a word that sounds the same or looks alike. Only such as are no word of our trade themselves:
/// `配制` stays what it is.
const SLIPS: &[(&str, &str)] = &[
    ("登陆", "登录"),
    ("帐套", "账套"),
    ("帐单", "账单"),
    ("帐务", "账务"),
    ("帐目", "账目"),
    ("帐本", "账本"),
    ("帐面", "账面"),
    ("对帐", "对账"),
    ("记帐", "记账"),
    ("做帐", "做账"),
    ("报帐", "报账"),
    ("入帐", "入账"),
    ("到帐", "到账"),
    ("结帐", "结账"),
    ("转帐", "转账"),
    ("按装", "安装"),
    ("布署", "部署"),
    ("反回", "返回"),
    ("撤消", "撤销"),
    ("黏贴", "粘贴"),
    ("沾贴", "粘贴"),
    ("图象", "图像"),
    ("阀值", "阈值"),
    ("部份", "部分"),
    ("连结", "链接"),
    ("下裁", "下载"),
    ("帮定", "绑定"),
];

static WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let written = PAIRS.iter().chain(SLIPS).map(|(from, _)| from);
    // Cannot fail for a hundred short words; without it every word stays as it is written.
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(written).ok()
});

/// Folded text with these words replaced; its length may change. One pass, whatever the number of words.
pub fn unify(folded: &str) -> String {
    let Some(words) = WORDS.as_ref().filter(|_| !folded.is_ascii()) else { return folded.to_string() };
    let mut text = String::with_capacity(folded.len());
    let mut copied = 0;
    for found in words.find_iter(folded) {
        let place = found.pattern().as_usize();
        let (_, to) = PAIRS.get(place).unwrap_or_else(|| &SLIPS[place - PAIRS.len()]);
        text.push_str(&folded[copied..found.start()]);
        text.push_str(to);
        copied = found.end();
    }
    text.push_str(&folded[copied..]);
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
        assert_eq!(unify("应用程式登陆不了,帐号对帐"), "应用程序登录不了,账号对账");
    }
}
