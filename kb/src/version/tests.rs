//! Versions and ranges of every shape, and that their order is one.
use std::cmp::Ordering;

use proptest::prelude::*;

use super::*;

fn v(text: &str) -> Version {
    Version::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

#[test]
fn each_line_is_in_ascending_order() {
    for line in [
        "1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-alpha.beta < 1.0.0-beta < 1.0.0-beta.2 < 1.0.0-beta.11 < 1.0.0-rc.1 < 1.0.0",
        "2.9 < v3.2.1 < 3.2.2 < 3.10 < 4",
        "2023.12 < 2024.2 < 2024.10 < 2024.10.1",
        "10.0.17763.1 < 10.0.19041.388 < 10.0.19041.1000 < 10.0.22621",
        "V2R3C1 < V2R3C10 < V2R3C10SP2 < V2R3C10SP10 < V2R10C1 < V3R1",
        "V200R001C00 < V200R001C00SPC100 < V200R001C10",
        "3.1.4-rc1 < 3.1.4 < 3.1.4-p1 < 3.1.4-p2 < 3.1.4-p10 < 3.1.5",
        "3.2 SP1 beta < 3.2 SP1 < 3.2 SP2 < 3.3",
        "1.0.2 < 1.0.2a < 1.0.2k < 1.0.3",
        "9.0.0-preview.7 < 9.0.0-rc.2 < 9.0.0 < 9.0.1",
        "2024-09-30 < 2024-10-01 < 2024-10-31",
        "21H2 < 22H2 < 24H2",
        "KB5041571 < KB5062553",
    ] {
        let versions: Vec<Version> = line.split(" < ").map(v).collect();
        for (i, a) in versions.iter().enumerate() {
            for (j, b) in versions.iter().enumerate() {
                assert_eq!(a.cmp(b), i.cmp(&j), "{a} and {b}");
            }
        }
    }
}

#[test]
fn spellings_of_one_version_are_equal() {
    for (a, b) in [
        ("3", "3.0.0"),
        ("v3.2.1", "3.2.1"),
        (" 3.2.1 ", "V 3.2.1"),
        ("version 3.2.1", "3.2.1"),
        ("版本：3.2.1", "3.2.1"),
        ("3.2.1+build.7", "3.2.1"),
        ("3.2.1 正式版", "3.2.1"),
        ("3.2.1-GA", "3.2.1"),
        ("V2R3C10", "2.3.10"),
        ("3.2.1-SP2", "3.2.1sp2"),
        ("03.02", "3.2"),
    ] {
        assert_eq!(v(a), v(b), "{a} {b}");
    }
    assert_eq!(v("版本 3.2.1").as_str(), "3.2.1");
    assert_eq!(v("v3.2.1").as_str(), "v3.2.1");
}

#[test]
fn what_is_no_version_is_refused_with_its_reason() {
    assert_eq!(Version::parse("  ").unwrap_err(), VersionError::Empty);
    assert!(Version::parse("latest").unwrap_err().to_string().contains("\"latest\" names no version"));
    assert!(matches!(Version::parse("最新"), Err(VersionError::NoNumber(_))));
    let long = Version::parse(&"1.".repeat(5120)).unwrap_err();
    assert!(long.to_string().contains("10240 characters"), "{long}");
    for text in [
        "latest-3",
        "3..1",
        "3.1.",
        "3.1.4/5",
        "<script>1",
        "3.1.4\u{0}",
        "-1",
        "Windows 2019",
        "3.1 for you",
        "1 2",
    ] {
        assert!(matches!(Version::parse(text), Err(VersionError::Unreadable(_))), "{text:?}");
    }
    assert!(matches!(Version::parse("1.99999999999999999999"), Err(VersionError::TooLarge(_))));
}

#[test]
fn finds_the_versions_in_a_sentence() {
    let sure = |text: &str| -> Vec<String> {
        mentions(text).into_iter().filter(|m| m.sure).map(|m| m.version.to_string()).collect()
    };
    assert_eq!(sure("我们是 3.1.4,Windows 2019,要升级到能修 E-1042 的版本"), ["3.1.4"]);
    assert_eq!(sure("从3.1.4升到v3.2，可以吗？"), ["3.1.4", "v3.2"]);
    assert_eq!(sure("We run 3.1.4-p2. CVE-2024-43483, 0x80070005, http://1.2.3.4/x"), ["3.1.4-p2"]);
    assert_eq!(sure("V2R3C10SP2 报错"), ["V2R3C10SP2"]);
    assert!(mentions("Windows 2019").iter().all(|m| !m.sure));
}

#[test]
fn reads_the_usual_ranges() {
    for (range, inside, outside) in [
        (">=3.0", "3.2.1 3 v10", "2.9 v2.9"),
        (">=3.0 <4", "3 3.9", "4.0.0 2"),
        (">= 3.1 < 3.2", "3.1.4", "3.2 3.0"),
        ("3.x", "3.9.9 3", "4.0 2.9"),
        ("3.1.x", "3.1.4 3.1", "3.2 3.10"),
        ("3.1.*", "3.1.4", "3.2"),
        ("2.0, 3.1", "3.1.4 2.0.1", "2.1 3.2"),
        ("3.0-3.4", "3.4.2 3.0", "3.5 2.9"),
        ("3.1.4 - 3.2", "3.1.4 3.1.9 3.2 3.2.5", "3.1.3 3.3"),
        ("3.1.4 至 3.1.9", "3.1.5", "3.2"),
        ("<2 || >=3", "1 3.0", "2.5"),
        ("~3.1.4", "3.1.4 3.1.9", "3.1.3 3.2"),
        ("^3.1", "3.1 3.9", "4 3.0"),
        ("3.1.4 及以上", "3.1.4 4", "3.1.3"),
        ("≤3.1.9", "3.1.9 2", "3.2"),
        ("V2R3C10 - V2R3C20", "V2R3C10SP2 V2R3C15", "V2R3C9 V2R4"),
        ("3.1.4-p2", "3.1.4-p2", "3.1.4 3.1.4-p3"),
        ("=3.2.2", "3.2.2", "3.2.1"),
        ("*", "1 99", ""),
        ("", "1", ""),
    ] {
        let read = Range::parse(range).unwrap_or_else(|e| panic!("{range}: {e}"));
        for version in inside.split_whitespace() {
            assert!(read.contains(&v(version)), "{version} in {range}");
        }
        for version in outside.split_whitespace() {
            assert!(!read.contains(&v(version)), "{version} not in {range}");
        }
    }
    assert!(applies("every version since spring", "1.0") && applies(">=3.0", "unknown"));
    assert!(!applies(">=3.0", "2.9"));
    for contradiction in [">=4 <3", ">3 <3", "5.0 - 4.0"] {
        assert!(
            matches!(Range::parse(contradiction), Err(VersionError::Contradiction(_))),
            "{contradiction}"
        );
    }
    assert!(Range::parse("since spring").is_err() && Range::parse(&"1 ".repeat(5000)).is_err());
}

fn versions() -> impl Strategy<Value = String> {
    let numbers = prop::collection::vec(0u64..30, 1..5);
    let tail = prop::sample::select(vec![
        "", "", "", "-p2", "-p10", "SP1", "-rc.1", "-rc.2", "-beta", "-alpha.1", "+7", "-x", "b2", "k", "-3",
        "-hotfix1",
    ]);
    let head = prop::sample::select(vec!["", "v", "V"]);
    (head, numbers, tail).prop_map(|(head, numbers, tail)| {
        let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
        format!("{head}{}{tail}", numbers.join("."))
    })
}

proptest! {
    #[test]
    fn the_order_is_total(a in versions(), b in versions(), c in versions()) {
        let (a, b, c) = (v(&a), v(&b), v(&c));
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a.cmp(&a.clone()), Ordering::Equal);
        let mut all = [&a, &b, &c];
        all.sort();
        prop_assert!(all[0] <= all[1] && all[1] <= all[2] && all[0] <= all[2]);
        if a == b {
            prop_assert_eq!(a.cmp(&c), b.cmp(&c));
        }
    }

    #[test]
    fn what_is_written_reads_back(text in versions()) {
        let version = v(&text);
        let again = v(&version.to_string());
        prop_assert_eq!(again.as_str(), version.as_str());
        prop_assert_eq!(again, version);
    }

    #[test]
    fn ranges_agree_with_the_order(a in versions(), b in versions()) {
        let (low, asked) = (v(&a), v(&b));
        prop_assert_eq!(Range::parse(&format!(">={a}")).unwrap().contains(&asked), asked >= low);
        prop_assert_eq!(Range::parse(&format!("<{a}")).unwrap().contains(&asked), asked < low);
    }

    #[test]
    fn no_text_breaks_the_readers(text in ".{0,60}") {
        let _ = (Version::parse(&text), Range::parse(&text), mentions(&text));
    }
}
