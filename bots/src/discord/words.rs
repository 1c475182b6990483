//! The few words the adapter itself says, where no conversation can.

fn is_chinese(locale: Option<&str>) -> bool {
    locale.is_some_and(|locale| locale.starts_with("zh"))
}

pub(super) fn try_again(locale: Option<&str>) -> &'static str {
    if is_chinese(locale) {
        "抱歉，刚才没能记下您的操作，请稍后再试一次。"
    } else {
        "Sorry, I could not take that in just now. Please try again in a moment."
    }
}

pub(super) fn in_private(locale: Option<&str>) -> &'static str {
    if is_chinese(locale) {
        "我已给您发了私信，我们在那里继续。没有收到的话，请允许来自本服务器成员的私信后再试。"
    } else {
        "I have written to you in private; let us go on there. If nothing arrives, please allow direct messages \
         from members of this server and try again."
    }
}
