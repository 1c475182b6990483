# 下载与手册
downloads-title = 下载中心
download-ask = 联系我们
download-reason = 原因：{ $value }
download-title-withdrawn = 该文件已撤回
download-text-withdrawn = 如果您之前下载过，请不要继续使用。
download-title-sign-in = 该文件仅供客户下载
download-text-sign-in = 请在本浏览器中打开您任意一张工单的链接，或在聊天中向机器人索取该文件，我们便能确认您的身份。
download-title-link-ended = 该链接已失效
download-text-link-ended = 此类链接有时间限制，且只对应一个文件。请向机器人重新索取。
download-title-not-chosen = 您的账号不能下载该文件
download-text-not-chosen = 如果您认为应当可以下载，请告诉我们，我们会核实。
