//! Articles to measure with: made up, so that the benchmark runs anywhere, with a vocabulary whose word
//! frequencies fall off as those of real texts do.
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::harness::process::Recipe;

const WORDS: [&str; 40] = [
    "server",
    "invoice",
    "printer",
    "client",
    "error",
    "network",
    "database",
    "update",
    "driver",
    "password",
    "连接",
    "打印",
    "发票",
    "服务器",
    "数据库",
    "报错",
    "更新",
    "登录",
    "端口",
    "防火墙",
    "certificate",
    "license",
    "backup",
    "restore",
    "service",
    "proxy",
    "timeout",
    "memory",
    "disk",
    "scanner",
    "证书",
    "备份",
    "恢复",
    "超时",
    "内存",
    "磁盘",
    "权限",
    "驱动",
    "客户端",
    "扫描枪",
];

/// A small generator with a fixed seed: the same corpus every time.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Low ranks far more often than high ones.
    pub fn word(&mut self) -> String {
        let rank = (self.next() % 1000 * (self.next() % 1000)) / 25_000;
        let word = WORDS[rank as usize % WORDS.len()];
        if self.next().is_multiple_of(4) {
            format!("{word}{}", self.next() % 2_000)
        } else {
            word.to_string()
        }
    }
}

/// Writes `n` articles of about 120 words as `.jsonl`.
pub fn write(folder: &Path, n: usize) -> PathBuf {
    let path = folder.join("corpus.jsonl");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).expect("a file"));
    let mut random = Random(42);
    for i in 0..n {
        let mut text = |count: usize| (0..count).map(|_| random.word()).collect::<Vec<_>>().join(" ");
        let (title, body) = (text(6), text(120));
        let line = serde_json::json!({
            "id": format!("bench-{i}"), "lang": if i % 2 == 0 { "en" } else { "zh" }, "title": title,
            "body_md": body, "product": "invoice", "tags": [],
        });
        writeln!(file, "{line}").expect("a written line");
    }
    path
}

/// Imports `n` articles into a data folder through the product's own command.
pub async fn import(data: &Path, n: usize) {
    let corpus = write(data, n).display().to_string();
    let data = data.display().to_string();
    Recipe::command(&["kb", "import", &corpus, "--data", &data]).run("").await.success();
}

/// Three words, as a short question has.
pub fn questions(n: usize) -> Vec<String> {
    let mut random = Random(7);
    (0..n).map(|_| (0..3).map(|_| random.word()).collect::<Vec<_>>().join(" ")).collect()
}
