//! The catalogue: import, questions, the way up, publishing and withdrawing, in every surface.
mod contract;
mod dirt;
mod notices;
mod questions;
mod surfaces;

use std::path::{Path, PathBuf};

use firstline_kb::catalogue::import::{Options, Report, import};
use firstline_kb::catalogue::{Ask, Catalogue};

use crate::desk::TestDesk;

pub fn catalogue(t: &TestDesk) -> Catalogue {
    Catalogue::new(t.desk.db.clone(), t.clock.clone())
}

/// Writes a file into the test's folder.
pub fn written(t: &TestDesk, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = t.dir.path().join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
    std::fs::write(&path, text).expect("a file is written");
    path
}

pub async fn imported(catalogue: &Catalogue, path: &Path) -> Report {
    import(catalogue, path, &Options::default(), &mut |_| {}).await.expect("the import runs")
}

/// The versions of the steps, or the code of the reason.
pub async fn way(catalogue: &Catalogue, product: &str, version: &str, goal: &str, platform: &str) -> String {
    let platform = Some(platform.to_string()).filter(|p| !p.is_empty());
    let ask = Ask {
        product: product.into(),
        version: version.into(),
        platform,
        goal: goal.parse().unwrap(),
        ..Ask::default()
    };
    let advice = catalogue.advise(&ask).await.expect("an answer");
    match advice.reason {
        Some(reason) => serde_json::to_value(reason).unwrap()["code"].as_str().unwrap().to_string(),
        None => advice.steps.iter().map(|s| s.version.clone()).collect::<Vec<_>>().join(" "),
    }
}

/// Two products as a curator writes them down.
pub const MANIFEST: &str = r#"
[[product]]
key = "invoice"
title = { zh = "栗子开票", en = "Chestnut Invoice" }
aliases = ["开票客户端"]

[[product]]
key = "stock"
title = { zh = "栗子库存", en = "Chestnut Stock" }

[[release]]
product = "invoice"
version = "3.1.4"
date = 2026-01-15
notes = { zh = "首个 3.1 稳定版。", en = "The first stable 3.1." }

[[release]]
product = "invoice"
version = "3.1.9"
date = 2026-04-20
platforms = ["windows", "linux"]
size = "small"
codes = ["E-1205"]
applies_to = ">=3.1 <3.1.9"
notes = { zh = "批量开票一次只锁一张发票。", en = "Batch invoicing locks one invoice at a time." }
backup = { zh = "点「立即备份」，确认显示成功。", en = "Click Back up now and check that it succeeded." }
rollback = { zh = "装回 3.1.4 即可，不需要恢复备份。", en = "Install 3.1.4 again; no restore is needed." }

[[release.file]]
name = "invoice-3.1.9-setup.exe"
platform = "windows"
url = "https://downloads.example.com/invoice-3.1.9-setup.exe"
size = 52428800
hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

[[release]]
product = "invoice"
version = "3.2.2"
date = 2026-08-31
platforms = ["windows", "linux"]
size = "large"
security = true
severity = "important"
codes = ["E-1042"]
cves = ["CVE-2026-10421"]
min_from = "3.1.9"
notes = { zh = "断网后自动重连，不再报 E-1042。", en = "Reconnects by itself after a network loss: no more E-1042." }
known_issues = { zh = "2022 年以前的打印模板要重新选一次。", en = "Print templates from before 2022 must be chosen again." }
backup = { zh = "升级会改数据库，先做一次完整备份。", en = "The upgrade changes the database: make a full backup first." }
install = { zh = "先升级服务器，再升级客户端。", en = "Upgrade the server first, then the clients." }
rollback = { zh = "恢复备份后装回 3.1.9。", en = "Restore the backup and install 3.1.9." }

[[release]]
product = "stock"
version = "2.5.1"
notes = "Counts differences once."
"#;
