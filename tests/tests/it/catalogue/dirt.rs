//! Broken and hostile catalogues: each broken entry is named, the rest goes on.
use std::io::Write;

use firstline_kb::catalogue::import::{Options, import};

use super::{MANIFEST, catalogue, imported, way, written};
use crate::desk::{TestDesk, on_both};

fn named(report: &firstline_kb::catalogue::import::Report) -> String {
    report.bad.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

on_both! {
    async fn every_broken_entry_is_named_and_the_rest_goes_on(t: TestDesk) {
        let c = catalogue(&t);
        let long = "1.".repeat(5120);
        let text = format!(r#"{MANIFEST}
[[release]]
product = "invoice"
version = "latest"
notes = "x"
[[release]]
product = "invoice"
version = ""
notes = "x"
[[release]]
product = "invoice"
version = "{long}"
notes = "x"
[[release]]
product = "invoice"
version = 3.10
notes = "x"
[[release]]
product = "invoice"
version = "4.0"
[[release]]
product = "invoice"
version = "4.1"
notes = "x"
applies_to = ">=4 <3"
[[release]]
product = "invoice"
version = "4.2"
notes = "x"
supersedes = ["4.3"]
[[release]]
product = "invoice"
version = "4.3"
notes = "x"
supersedes = ["4.2"]
[[release]]
product = "nobody"
version = "1.0"
notes = "x"
[[release]]
product = "invoice"
version = "v3.2.2"
notes = "twice"
[[release]]
product = "invoice"
version = "4.4"
notes = "x"
[[release.file]]
name = "../../etc/passwd"
[[release]]
product = "invoice"
version = "5.0"
notes = "good"
"#);
        let report = imported(&c, &written(&t, "catalogue.toml", text)).await;
        let bad = named(&report);
        assert_eq!((report.new, report.bad.len()), (6, 10), "{bad}");
        for part in [
            "names no version", "is empty", "10240 characters", "write it in quotes", "cannot be published without",
            "contradict each other", "a circle", "\"nobody\" is not in the catalogue", "is the same version as", "is no file name",
        ] {
            assert!(bad.contains(part), "no {part:?} in:\n{bad}");
        }
        assert_eq!(way(&c, "invoice", "3.2.2", "newest", "").await, "5.0");
    }
}

on_both! {
    async fn feeds_of_others_are_recognised_by_what_they_are(t: TestDesk) {
        let c = catalogue(&t);
        let appcast = r#"<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:sparkle="http://www.andymatuschak.org/xml-namespaces/sparkle"><channel><title>Pear Notes</title>
<item><title>Version 2.1</title><pubDate>Tue, 14 Jul 2026 10:00:00 +0000</pubDate><sparkle:version>2010</sparkle:version>
<sparkle:shortVersionString>2.1</sparkle:shortVersionString><sparkle:criticalUpdate/>
<description><![CDATA[<p>Fixes &amp; more</p>]]></description>
<enclosure url="https://pear.example.com/Pear%202.1.dmg?x=1" length="1234567" type="application/octet-stream" sparkle:os="macos"/></item>
<item><title>Version 2.0</title><enclosure url="https://pear.example.com/Pear2.dmg" length="9" sparkle:shortVersionString="2.0"/><description>First</description></item>
<item><title>Nightly</title></item></channel></rss>"#;
        let report = imported(&c, &written(&t, "appcast.xml", appcast)).await;
        assert_eq!((report.new, report.bad.len()), (2, 1), "{}", named(&report));
        assert_eq!(way(&c, "Pear Notes", "2.0", "security", "macOS").await, "2.1");

        let github = serde_json::json!([
            {"tag_name": "v1.4.0", "html_url": "https://github.com/acme/widget/releases/tag/v1.4.0", "published_at": "2026-05-01T10:00:00Z",
             "body": "Fixes CVE-2026-12345.", "assets": [{"name": "widget.zip", "size": 10, "browser_download_url": "https://x.example/w.zip",
             "digest": format!("sha256:{}", "b".repeat(64))}]},
            {"tag_name": "widget-1.3.0", "html_url": "https://github.com/acme/widget/releases/tag/1", "body": "older"},
            {"tag_name": "nightly", "html_url": "https://github.com/acme/widget/releases/tag/2", "body": "x"},
            {"tag_name": "v2.0.0-rc.1", "prerelease": true, "body": "soon"},
            {"tag_name": "v9.9.9", "draft": true, "body": "not out"},
        ]);
        let report = imported(&c, &written(&t, "github.json", github.to_string())).await;
        assert_eq!((report.new, report.bad.len()), (4, 1), "{}", named(&report));
        assert_eq!(way(&c, "widget", "1.3.0", "newest", "").await, "v1.4.0");
        assert_eq!(way(&c, "widget", "1.3.0", "fixes:cve-2026-12345", "").await, "v1.4.0");
    }
}

#[tokio::test]
async fn bombs_and_rubbish_are_refused_with_their_reason() {
    let t = TestDesk::sqlite().await;
    let c = catalogue(&t);
    let bomb = r#"<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel><title>&b;</title></channel></rss>"#;
    let report = imported(&c, &written(&t, "bomb.xml", bomb)).await;
    assert!(named(&report).contains("document type"), "{}", named(&report));
    let deep = format!("<rss>{}</rss>", "<a>".repeat(40));
    assert!(named(&imported(&c, &written(&t, "deep.xml", deep)).await).contains("deep"));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..70 {
        packed.write_all(&vec![b' '; 1024 * 1024]).unwrap();
    }
    let report = imported(&c, &written(&t, "bomb.json.gz", packed.finish().unwrap())).await;
    assert!(named(&report).contains("larger than 64 MB"), "{}", named(&report));
    for (name, text, part) in [
        ("cut.json", "{\"release\": [", "is not JSON"),
        ("odd.json", "{\"a\": 1}", "no release data that is known"),
        ("bad.toml", "[[release", "is not TOML"),
    ] {
        assert!(named(&imported(&c, &written(&t, name, text)).await).contains(part), "{name}");
    }
    assert!(named(&imported(&c, &written(&t, "bytes.json", [0xff, 0xfe, 0x00])).await).contains("not UTF-8"));
    let none = import(&c, &written(&t, "notes.txt", "hello"), &Options::default(), &mut |_| {}).await;
    assert!(none.unwrap_err().to_string().contains("is none of"));
    assert!(c.products().await.unwrap().is_empty());
}
