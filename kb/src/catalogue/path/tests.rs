//! Versions and their ways up, on small catalogues that read as lists.
use firstline_core::Time;
use jiff::civil::date;

use super::*;
use crate::catalogue::model::{Audience, Channel, Draft, Order, Product, Release, Size, State, Texts};

/// A release from one line: `3.2.2 <3.1.9 fix=E-1042 sec os=windows ch=lts x` (`<` minimum version, `x` withdrawn,
/// `~` what it replaces, `in=` the range it applies to, `+` a prerequisite).
fn release(line: &str) -> Release {
    let mut words = line.split_whitespace();
    let mut draft = Draft::new("app", words.next().unwrap().parse().unwrap());
    let mut state = State::Published;
    for word in words {
        match word.split_once('=') {
            Some(("fix", code)) => draft.codes.push(code.into()),
            Some(("os", name)) => draft.platforms.push(name.into()),
            Some(("ch", name)) => draft.channel = Some(name.into()),
            Some(("in", range)) => draft.applies_to = Some(range.replace('_', " ")),
            _ if word == "sec" => draft.security = true,
            _ if word == "big" => draft.size = Some(Size::Large),
            _ if word == "x" => state = State::Withdrawn,
            _ if word.starts_with('<') => draft.min_from = Some(word[1..].parse().unwrap()),
            _ if word.starts_with('~') => draft.supersedes.push(word[1..].into()),
            _ if word.starts_with('+') => draft.prerequisites.push(word[1..].into()),
            _ => panic!("{word}"),
        }
    }
    draft.notes = Texts::new("改了", "changed");
    Release {
        id: draft.version.to_string(),
        draft,
        state,
        audience: Audience::Everyone,
        chosen: vec![],
        publish_at: None,
        published_at: Some(Time(0)),
        withdrawn_at: None,
        reason: Texts::new("会丢数据", "loses data"),
        revision: 1,
        updated_at: Time(0),
    }
}

fn graph(lines: &[&str]) -> Graph {
    Graph::new(Product::new("app"), lines.iter().map(|l| release(l)).collect())
}

fn ask(graph: &Graph, version: &str, goal: &str, platform: &str) -> Advice {
    let request = Request {
        version: version.parse().unwrap(),
        platform: Some(platform.to_string()).filter(|p| !p.is_empty()),
        goal: goal.parse().unwrap(),
        as_of: date(2026, 11, 22),
        viewer: Viewer::Anybody,
    };
    advise(graph, &request)
}

fn steps(advice: &Advice) -> String {
    assert!(advice.reason.is_some() == advice.steps.is_empty(), "{advice:?}");
    advice.steps.iter().map(|s| s.version.clone()).collect::<Vec<_>>().join(" ")
}

#[test]
fn p9_01_the_shortest_safe_list_in_order() {
    let g = graph(&[
        "3.1.4",
        "3.1.9 fix=E-1205",
        "3.2.0 <3.1.9",
        "3.2.2 <3.1.9 fix=E-1042 sec",
        "3.3.0 <3.2.2 big",
    ]);
    assert_eq!(steps(&ask(&g, "3.1.4", "fixes:e-1042", "")), "3.1.9 3.2.2");
    assert_eq!(steps(&ask(&g, "v3.1.4", "newest", "Windows 2019")), "3.1.9 3.2.2 3.3.0");
    assert_eq!(steps(&ask(&g, "3.1.9", "security", "")), "3.2.2");
    assert_eq!(steps(&ask(&g, "3.1.4", "smallest", "")), "3.1.9");
    assert_eq!(steps(&ask(&g, "3.1.4", "to:3.2.0", "")), "3.1.9 3.2.0");
    let two = ask(&g, "3.1.4", "fixes:E-1042", "");
    assert_eq!(two.steps[0].needed_by.as_deref(), Some("3.2.2"));
    assert_eq!(two.steps[1].conditions, [">=3.1.9"]);
    let brings: Vec<&str> = two.steps[1].brings.iter().map(|p| p.version.as_str()).collect();
    assert_eq!(brings, ["3.2.0", "3.2.2"]);
}

#[test]
fn p6_22_a_withdrawn_release_is_never_offered() {
    let g = graph(&["3.1.4", "3.1.9", "3.2.2 fix=E-1042 x", "3.2.3"]);
    let advice = ask(&g, "3.1.4", "newest", "");
    assert_eq!(steps(&advice), "3.2.3");
    assert!(advice.remarks.contains(&Remark::LeftOut { versions: vec!["3.2.2".into()] }));
    assert_eq!(steps(&ask(&g, "3.1.4", "fixes:E-1042", "")), "3.2.3", "what follows contains the fix");
    let g = graph(&["3.1.4", "3.2.2 fix=E-1042 x"]);
    let none = ask(&g, "3.1.4", "fixes:E-1042", "");
    assert!(matches!(none.reason, Some(Reason::FixWithdrawn { ref version, .. }) if version == "3.2.2"));
    assert_eq!(
        ask(&g, "3.2.2", "newest", "").remarks,
        [Remark::YoursWithdrawn { reason: Texts::new("会丢数据", "loses data") }]
    );
}

#[test]
fn says_honestly_why_there_is_no_list() {
    let g = graph(&["3.1.4", "3.1.9 fix=E-1 os=linux", "3.2.2 <3.2.0 fix=E-2", "3.2.0 <3.1.9 x"]);
    assert_eq!(ask(&g, "3.2.2", "newest", "").reason, Some(Reason::AlreadyNewest));
    assert_eq!(ask(&g, "3.2.2", "security", "").reason, Some(Reason::AlreadySecure));
    assert_eq!(ask(&g, "3.1.4", "fixes:E-9", "").reason, Some(Reason::NoFix { fix: "E-9".into() }));
    assert_eq!(
        ask(&g, "3.1.9", "fixes:e-1", "").reason,
        Some(Reason::AlreadyFixed { fix: "E-1".into(), by: "3.1.9".into() })
    );
    assert_eq!(
        ask(&g, "3.1.4", "fixes:E-2", "").reason,
        Some(Reason::Gap {
            target: "3.2.2".into(),
            needs: vec![">=3.2.0".into()],
            missing: vec!["3.2.0".into()]
        })
    );
    let unknown = |below: Option<&str>, above: Option<&str>| {
        Some(Reason::UnknownVersion { below: below.map(Into::into), above: above.map(Into::into) })
    };
    assert_eq!(ask(&g, "3.1.5", "newest", "").reason, unknown(Some("3.1.4"), Some("3.1.9")));
    assert_eq!(ask(&g, "9.9", "newest", "").reason, unknown(Some("3.2.2"), None));
    let linux = graph(&["1.0", "1.1 os=linux-x64"]);
    let none = ask(&linux, "1.0", "newest", "Windows 2019");
    assert_eq!(
        none.reason,
        Some(Reason::Platform { platform: "Windows 2019".into(), offered: vec!["linux-x64".into()] })
    );
    assert_eq!(ask(&graph(&[]), "1.0", "newest", "").reason, Some(Reason::NothingPublished));
}

#[test]
fn a_version_that_is_not_listed_goes_where_a_release_says_that_it_applies() {
    let g = graph(&["3.1.9 in=>=3.1_<3.1.9", "3.2.2 <3.1.9"]);
    let advice = ask(&g, "3.1.4", "newest", "");
    assert_eq!(steps(&advice), "3.1.9 3.2.2");
    assert_eq!((advice.standing.known, advice.remarks.contains(&Remark::Unlisted)), (false, true));
    assert!(matches!(ask(&g, "2.0", "newest", "").reason, Some(Reason::UnknownVersion { .. })));
}

#[test]
fn ranges_and_prerequisites_are_kept() {
    let g = graph(&["1.0", "1.1", "1.5 in=1.1.x", "2.0 in=1.5_-_1.9", "2.1 +2.0"]);
    assert_eq!(steps(&ask(&g, "1.0", "newest", "")), "1.1 1.5 2.0 2.1");
    assert_eq!(steps(&ask(&g, "1.5", "newest", "")), "2.0 2.1");
}

fn channels() -> Graph {
    let channel = |name: &str, end: Option<jiff::civil::Date>| Channel {
        name: name.into(),
        end_of_life: end,
        ..Channel::default()
    };
    let mut product = Product::new("app");
    product.channels = vec![
        channel("6.0", Some(date(2024, 11, 12))),
        channel("8.0", Some(date(2027, 11, 10))),
        channel("10.0", Some(date(2028, 11, 14))),
        Channel { phase: Some("preview".into()), ..channel("11.0", None) },
    ];
    let lines = [
        "6.0.35 ch=6.0 sec fix=CVE-1",
        "6.0.36 ch=6.0",
        "8.0.8 ch=8.0",
        "8.0.10 ch=8.0 sec fix=CVE-1",
        "8.0.29 ch=8.0",
        "10.0.10 ch=10.0",
        "11.0.0-preview.6 ch=11.0",
    ];
    Graph::new(product, lines.iter().map(|l| release(l)).collect())
}

#[test]
fn channels_stay_apart() {
    let g = channels();
    assert_eq!(steps(&ask(&g, "8.0.8", "channel", "")), "8.0.29");
    assert_eq!(steps(&ask(&g, "8.0.8", "newest", "")), "10.0.10");
    assert_eq!(steps(&ask(&g, "8.0.8", "fixes:CVE-1", "")), "8.0.10");
    assert_eq!(steps(&ask(&g, "8.0.8", "security", "")), "8.0.10");
    assert_eq!(steps(&ask(&g, "6.0.36", "channel:8.0", "")), "8.0.29");
    let gone = ask(&g, "6.0.36", "channel", "");
    let alternatives = vec![("8.0".into(), "8.0.29".into()), ("10.0".into(), "10.0.10".into())];
    assert_eq!(gone.reason, Some(Reason::EndOfLife { on: date(2024, 11, 12), alternatives }));
    assert!(matches!(ask(&g, "10.0.10", "fixes:CVE-1", "").reason, Some(Reason::FixElsewhere { .. })));
    let unlisted = ask(&g, "8.0.9", "channel", "");
    assert_eq!(
        unlisted.reason,
        Some(Reason::UnknownVersion { below: Some("8.0.8".into()), above: Some("8.0.10".into()) })
    );
    assert_eq!(unlisted.standing.newest_in_channel.as_deref(), Some("8.0.29"));
    assert!(matches!(ask(&g, "8.0.8", "channel:9.0", "").reason, Some(Reason::UnknownChannel { .. })));
}

#[test]
fn where_only_replacing_counts_several_lines_may_lead_on() {
    let replaced = |lines: &[&str]| {
        let product = Product { order: Order::Supersedes, ..Product::new("os") };
        Graph::new(product, lines.iter().map(|l| release(l)).collect())
    };
    // KB1 ← KB9 ← KB5 in one line, a hotfix line beside it; KB7 stands alone; KB0 is not listed.
    let g = replaced(&["KB1 ~KB0", "KB9 ~KB1 sec fix=CVE-2", "KB5 ~KB9 sec", "KB7"]);
    assert_eq!(steps(&ask(&g, "KB1", "newest", "")), "KB5");
    assert_eq!(steps(&ask(&g, "1", "newest", "")), "KB5");
    assert_eq!(steps(&ask(&g, "KB0", "newest", "")), "KB5");
    assert_eq!(steps(&ask(&g, "KB1", "fixes:CVE-2", "")), "KB5");
    assert_eq!(ask(&g, "KB5", "newest", "").reason, Some(Reason::AlreadyNewest));
    assert!(matches!(ask(&g, "KB5", "fixes:CVE-2", "").reason, Some(Reason::AlreadyFixed { .. })));
    assert!(matches!(ask(&g, "KB3", "newest", "").reason, Some(Reason::UnknownVersion { .. })));
    let fork = replaced(&["KB1", "KB9 ~KB1", "KB5 ~KB1"]);
    assert_eq!(
        ask(&fork, "KB1", "newest", "").reason,
        Some(Reason::Fork { heads: vec!["KB5".into(), "KB9".into()] })
    );
    assert_eq!(steps(&ask(&fork, "KB1", "to:KB9", "")), "KB9");
    let circle = replaced(&["KB1 ~KB2", "KB2 ~KB1"]);
    assert!(ask(&circle, "KB1", "newest", "").steps.len() < 2);
}

#[test]
fn releases_for_chosen_customers_are_for_them_only() {
    let mut secret = release("1.1 sec");
    secret.audience = Audience::Chosen;
    secret.chosen = vec!["li@example.com".into()];
    let g = Graph::new(Product::new("app"), vec![release("1.0"), secret]);
    assert_eq!(ask(&g, "1.0", "newest", "").reason, Some(Reason::AlreadyNewest));
    let mine = Viewer::Person { id: "p".into(), email: Some("Li@example.com".into()) };
    let request = Request {
        version: "1.0".parse().unwrap(),
        platform: None,
        goal: Goal::Newest,
        as_of: date(2026, 1, 1),
        viewer: mine,
    };
    assert_eq!(steps(&advise(&g, &request)), "1.1");
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        /// Against trying every list: the steps can be installed one upon the other, and no shorter list exists.
        #[test]
        fn no_shorter_list_exists(mins in prop::collection::vec((0u64..12, 0u8..8), 2..12)) {
            let lines: Vec<String> = mins.iter().enumerate().map(|(n, (low, state))| {
                let mut line = format!("1.{n}");
                if *low < n as u64 { line += &format!(" <1.{low}"); }
                if *state == 0 && n > 0 { line += " x"; }
                line
            }).collect();
            let g = graph(&lines.iter().map(String::as_str).collect::<Vec<_>>());
            let offered = |n: usize| !lines[n].ends_with('x');
            let low = |n: usize| if mins[n].0 < n as u64 { mins[n].0 as usize } else { 0 };
            let Some(target) = (1..lines.len()).rev().find(|n| offered(*n)) else { return Ok(()) };
            let mut least = vec![usize::MAX; lines.len()];
            least[0] = 0;
            for n in 1..lines.len() {
                if !offered(n) { continue; }
                let before = (low(n)..n).filter(|m| *m == 0 || offered(*m)).map(|m| least[m]).min().unwrap_or(usize::MAX);
                least[n] = before.saturating_add(1);
            }
            let advice = ask(&g, "1.0", "newest", "");
            if least[target] == usize::MAX {
                let is_gap = matches!(advice.reason, Some(Reason::Gap { .. }));
                prop_assert!(is_gap);
            } else {
                prop_assert_eq!(advice.steps.len(), least[target]);
            }
        }
    }
}
