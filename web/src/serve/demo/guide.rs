//! Where to click and what to type, printed when the demo is ready.
use crate::App;

pub fn text(app: &App, agent: &str, manager: &str, password: &str) -> String {
    let url = &app.desk.links.public_url;
    let data = app.config.data_dir.display();
    let postgres = if app.config.is_sqlite() { "" } else { " --database-url …" };
    format!(
        "
Firstline is ready, with the demo of a small fictional software company.
Firstline 已就绪，带有一家虚构软件公司的演示数据。

  Portal 门户      {url}/
                   search for: E-1042
  Chat 聊天        {url}/chat
                   type: 开票时报错 E-1042，连不上服务器
                   or:   E-1042 when I issue an invoice
                   or:   我们是 3.1.4，Windows 2019，要升级到能修 E-1042 的版本
  Console 工作台   {url}/console
                   log in as {agent} or {manager}, password: {password}
  API              {url}/api/openapi.json
                   try: curl '{url}/api/v1/search?q=E-1042'
  Terminal 终端    firstline chat --lang en --data {data}{postgres}

Telegram and Discord: set FIRSTLINE_TELEGRAM_TOKEN or FIRSTLINE_DISCORD_TOKEN and start again.
Stop with Ctrl-C. 按 Ctrl-C 停止。
"
    )
}
