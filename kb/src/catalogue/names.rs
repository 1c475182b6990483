//! Names of products and platforms, read as people write them.

/// A name for comparing: lower case, without blanks, dots and dashes at its ends and inside.
pub fn fold(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The key of a product that comes from elsewhere under this name.
pub fn key_of(name: &str) -> String {
    let mut key = String::new();
    for c in name.to_lowercase().chars() {
        match c {
            c if c.is_alphanumeric() => key.push(c),
            _ if !key.is_empty() && !key.ends_with('-') => key.push('-'),
            _ => {}
        }
    }
    key.trim_end_matches('-').to_string()
}

/// Words that begin a platform, and what they are called here.
const FAMILIES: &[(&str, &str)] = &[
    ("windows server", "windows"),
    ("windowsserver", "windows"),
    ("windows", "windows"),
    ("win", "windows"),
    ("视窗", "windows"),
    ("mac os x", "macos"),
    ("mac os", "macos"),
    ("macos", "macos"),
    ("osx", "macos"),
    ("mac", "macos"),
    ("苹果电脑", "macos"),
    ("linux", "linux"),
    ("银河麒麟", "kylin"),
    ("麒麟", "kylin"),
    ("kylin", "kylin"),
    ("统信", "uos"),
    ("uos", "uos"),
    ("openeuler", "openeuler"),
    ("欧拉", "openeuler"),
    ("ubuntu", "ubuntu"),
    ("debian", "debian"),
    ("centos", "centos"),
    ("rhel", "rhel"),
    ("red hat", "rhel"),
    ("android", "android"),
    ("安卓", "android"),
    ("ios", "ios"),
];

/// A platform as it compares: `windows-2019`, `linux-x64`, `macos`.
pub fn platform(given: &str) -> String {
    let text = given.trim().to_lowercase();
    let family = FAMILIES.iter().find(|(word, _)| text.starts_with(word));
    let (family, rest) = match family {
        Some((word, name)) => ((*name).to_string(), &text[word.len()..]),
        None => (String::new(), text.as_str()),
    };
    let rest = key_of(&rest.replace("x86_64", "x64").replace("amd64", "x64").replace("aarch64", "arm64"));
    match (family.is_empty(), rest.is_empty()) {
        (true, _) => rest,
        (false, true) => family,
        (false, false) => format!("{family}-{rest}"),
    }
}

/// Whether something made for `made_for` runs on `asked`; the shorter of two names stands for all below it.
pub fn fits(made_for: &str, asked: &str) -> bool {
    let (a, b) = (platform(made_for), platform(asked));
    let begins = |long: &str, short: &str| {
        long == short || long.strip_prefix(short).is_some_and(|r| r.starts_with('-'))
    };
    a.is_empty() || b.is_empty() || begins(&a, &b) || begins(&b, &a) || same_family(&a, &b)
}

/// `windows-2019` and `windows-x64` say different things about one family: neither rules the other out.
fn same_family(a: &str, b: &str) -> bool {
    let split = |text: &str| text.split_once('-').map(|(f, r)| (f.to_string(), r.to_string()));
    let is_cpu = |rest: &str| matches!(rest, "x64" | "x86" | "arm64" | "arm" | "32" | "64");
    // Another flavour (`linux-musl-x64`) is no edition: editions begin with their number.
    let is_edition = |rest: &str| rest.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    let either = |a: &str, b: &str| is_cpu(a) && is_edition(b) && !is_cpu(b);
    match (split(a), split(b)) {
        (Some((fa, ra)), Some((fb, rb))) => fa == fb && (either(&ra, &rb) || either(&rb, &ra)),
        _ => false,
    }
}

/// The first platform a text names.
pub fn platform_in(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let word_before = |at: usize| lower[..at].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
    let hits = FAMILIES.iter().filter_map(|(word, _)| {
        let at = lower.match_indices(word).map(|(at, _)| at).find(|at| !word_before(*at))?;
        let after = &lower[at + word.len()..];
        let glued = word.is_ascii() && after.starts_with(|c: char| c.is_ascii_alphabetic());
        (!glued).then_some((at, usize::MAX - word.len(), word.len()))
    });
    let (at, _, len) = hits.min()?;
    let rest = &lower[at + len..];
    let joined = rest.trim_start_matches(' ');
    let end =
        joined.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(joined.len());
    let word = &joined[..end];
    let is_detail = rest.starts_with('-')
        || word.starts_with(|c: char| c.is_ascii_digit())
        || matches!(word, "x64" | "x86" | "arm64" | "r2" | "server");
    let end_of = if is_detail { at + len + (rest.len() - joined.len()) + end } else { at + len };
    Some(platform(&lower[at..end_of]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_read_as_people_write_them() {
        for (text, expected) in [
            ("Windows Server 2019", "windows-2019"),
            ("win-x64", "windows-x64"),
            ("linux-x64", "linux-x64"),
            ("macOS", "macos"),
            ("Linux amd64", "linux-x64"),
            ("银河麒麟 V10", "kylin-v10"),
        ] {
            assert_eq!(platform(text), expected, "{text}");
        }
        assert_eq!(platform_in("我们是 3.1.4,Windows 2019,要升级"), Some("windows-2019".into()));
        assert_eq!(platform_in("I run it on linux-x64."), Some("linux-x64".into()));
        assert_eq!(platform_in("on Windows, please"), Some("windows".into()));
        assert_eq!(platform_in("the darwin winner"), None);
        for (made_for, asked, fit) in [
            ("windows", "Windows 2019", true),
            ("win-x64", "windows", true),
            ("windows-x64", "windows-2019", true),
            ("linux", "windows-2019", false),
            ("windows-2022", "windows-2019", false),
            ("linux-x64", "linux-arm64", false),
            ("linux-musl-x64", "linux-x64", false),
        ] {
            assert_eq!(fits(made_for, asked), fit, "{made_for} {asked}");
        }
    }
}
