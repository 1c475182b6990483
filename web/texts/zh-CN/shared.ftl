# 所有页面共用的文字。
brand = Firstline
skip-to-content = 跳到正文
main-navigation = 主导航
breadcrumbs = 当前位置
pages = 翻页
page-newer = 较新
page-older = 较早
switch-theme = 切换深浅色
save = 保存
cancel = 取消
me = 我
nobody = 暂无
severity = 级别
severity-short = { $n } 级
severity-option = { $n } 级{ $n ->
    [1] ：大部分人无法工作
    [2] ：紧急
    [3] ：一般
   *[other] ：轻微
}
timeline = 处理经过
internal-note = 内部备注
edited = 已修改
earlier-wordings = 查看之前的 { $n } 个版本

time-today = 今天
time-yesterday = 昨天
time-tomorrow = 明天
span-moment = 不到 1 分钟
span-minutes = { $n } 分钟
span-hours = { $n } 小时
span-days = { $n } 天

chip-due-in = 还剩 { $span }
chip-overdue = 超时 { $span }
chip-missed = 晚了 { $span }
chip-paused = 已暂停
chip-kept = 已按时完成
chip-none = 无时限

status-new = 新建
status-open = 处理中
status-waiting_for_customer = 等客户回复
status-waiting_for_third_party = 等第三方
status-resolved = 已解决
status-closed = 已关闭

milestone-first_response = 首次回复
milestone-resolve = 解决

channel-telegram = Telegram
channel-discord = Discord
channel-web = 网页聊天
channel-terminal = 终端
channel-api = API

author-customer = 客户
author-you = 您
author-staff = 客服
author-bot = 智能助手
author-system = 系统
author-program = 外部系统

file-waiting = 正在接收
file-too_large = 文件太大，无法从这里接收
file-failed = 未能取回
file-stored = 已保存

event-opened = { $who }提交了工单。{ $what }
event-status = { $who }将状态改为“{ $what }”
event-severity = { $who }调整了级别。{ $what }
event-assigned = { $who }将工单分配给 { $what }
event-routed = 工单已分配给 { $what }
event-assigned-outside = { $what } 正在为您处理
event-unassigned = { $who }取消了分配
event-edited = { $who }修改了一条消息
event-rated = { $who }评价 { $what }
event-breached = 超过承诺时间：{ $value }

flash-sent = 已发送。
flash-noted = 备注已保存，仅同事可见。
flash-confirmed = 太好了！工单已关闭。
flash-reopened = 工单已重新打开，我们马上处理。
flash-rated = 谢谢您的评价。
flash-severity = 级别已修改。
flash-assigned = 已分配。
flash-status = 状态已修改。

problem-empty = 请先写点内容。

error-home = 回到首页
error-title-400 = 没看懂这个请求
error-text-400 = 内容可能不完整或太长，请返回上一页再试一次。
error-title-403 = 您暂时不能打开这里
error-text-403 = 登录可能已过期，或者表单来自别的页面。请重新打开页面再试。
error-title-404 = 这里什么也没有
error-text-404 = 地址可能输错了，或链接没有复制完整。请检查一下，或从首页重新开始。
error-title-409 = 有人抢先一步
error-text-409 = 您查看期间，内容已被别人修改。请重新打开，确认后再操作。
error-title-413 = 内容太大
error-text-413 = 一次最多 5 个文件，每个不超过 20 MB，合计不超过 40 MB。
error-title-429 = 请稍等片刻
error-text-429 = 短时间内请求太多，请过一会儿再试。
error-title-500 = 是我们出错了
error-text-500 = 问题已经记录下来。请再试一次；如果一直这样，请联系我们。
error-title-503 = 暂时无法使用
error-text-503 = 刚才的内容没有保存，请几秒后再试。
times-in = 时间按 { $value } 时区显示
