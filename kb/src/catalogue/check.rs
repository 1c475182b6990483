//! What a product and a release must be before they are taken, and before a release is published.
use std::collections::HashMap;

use firstline_core::{Error, Result};

use super::model::{Draft, File, Product, Texts};
use super::names;
use crate::version::{Range, Version};

const MAX_NAME: usize = 100;
const MAX_TEXT: usize = 200_000;
const MAX_LIST: usize = 5000;

/// The product with its blanks and empty entries gone, or what is wrong with it.
pub fn product(mut given: Product) -> Result<Product> {
    given.key = names::key_of(&given.key);
    if given.key.is_empty() || given.key.chars().count() > MAX_NAME {
        return Err(Error::invalid("key", "must be 1 to 100 letters, digits and hyphens"));
    }
    given.title = trimmed(given.title);
    tidy(&mut given.aliases);
    tidy(&mut given.editions);
    for name in given.aliases.iter().chain([&given.title.zh, &given.title.en]) {
        at_most("name", name, MAX_NAME)?;
    }
    let mut seen = HashMap::new();
    for channel in &mut given.channels {
        channel.name = channel.name.trim().to_string();
        if channel.name.is_empty() || channel.name.chars().count() > MAX_NAME {
            return Err(Error::invalid("channel", "must have a name of at most 100 characters"));
        }
        if seen.insert(channel.name.to_lowercase(), ()).is_some() {
            return Err(Error::invalid("channel", format!("{:?} is listed twice", channel.name)));
        }
    }
    Ok(given)
}

/// The release in its normal form, or the first thing that is wrong with it.
pub fn draft(mut given: Draft) -> Result<Draft> {
    given.product = names::key_of(&given.product);
    if given.product.is_empty() {
        return Err(Error::invalid("product", "is missing; name the product's key"));
    }
    given.channel = given.channel.map(|c| c.trim().to_string()).filter(|c| !c.is_empty());
    given.cves = codes(given.cves);
    given.codes = codes(given.codes);
    for list in [&mut given.platforms, &mut given.editions, &mut given.supersedes, &mut given.prerequisites] {
        tidy(list);
        if list.len() > MAX_LIST {
            return Err(Error::invalid(
                "release",
                format!("a list has {} entries; {MAX_LIST} are taken", list.len()),
            ));
        }
    }
    given.applies_to = given.applies_to.map(|r| r.trim().to_string()).filter(|r| !r.is_empty());
    conditions(&given)?;
    for (field, text) in texts(&given) {
        at_most(field, &text.zh, MAX_TEXT)?;
        at_most(field, &text.en, MAX_TEXT)?;
    }
    if let Some(url) = &given.notes_url {
        web_address("notes_url", url)?;
    }
    given.files = given.files.into_iter().map(file).collect::<Result<_>>()?;
    // Writing a NUL into a text fails on one engine and not on the other.
    let all = serde_json::to_string(&given).map_err(|e| Error::invalid("release", e.to_string()))?;
    if all.contains("\\u0000") {
        return Err(Error::invalid("release", "must not contain the character U+0000"));
    }
    Ok(given)
}

/// A release may go out only with notes (P5-11).
pub fn publishable(given: &Draft) -> Result<()> {
    if given.has_notes() {
        return Ok(());
    }
    Err(Error::invalid(
        "notes",
        "are missing: a release cannot be published without a description of what it changes",
    ))
}

fn conditions(given: &Draft) -> Result<()> {
    let range = given.applies_to.as_deref().map(Range::parse).transpose().map_err(|e| e.at("applies_to"))?;
    let own = &given.version;
    if given.min_from.as_ref().is_some_and(|low| low >= own) {
        return Err(Error::invalid("min_from", format!("must be lower than the version {own} itself")));
    }
    if let (Some(range), Some(low)) = (&range, &given.min_from)
        && Range::parse(&format!("{} >={low}", range.as_str())).is_err()
        && !range.as_str().contains("||")
    {
        return Err(Error::invalid("min_from", format!("{low} contradicts applies_to {}", range.as_str())));
    }
    for (field, list) in [("supersedes", &given.supersedes), ("prerequisites", &given.prerequisites)] {
        for text in list {
            let version = Version::parse(text).map_err(|e| e.at(field))?;
            if version == *own {
                return Err(Error::invalid(field, format!("{own} cannot name itself")));
            }
        }
    }
    Ok(())
}

fn texts(d: &Draft) -> [(&'static str, &Texts); 6] {
    [
        ("notes", &d.notes),
        ("known_issues", &d.known_issues),
        ("requirements", &d.requirements),
        ("backup", &d.backup),
        ("install", &d.install),
        ("rollback", &d.rollback),
    ]
}

/// A file with its hash in lower case and the algorithm that its length tells.
pub(super) fn file(mut given: File) -> Result<File> {
    given.name = given.name.trim().to_string();
    let plain = !given.name.is_empty()
        && given.name.len() <= 255
        && !given.name.contains(['/', '\\', '\0'])
        && !given.name.chars().any(char::is_control)
        && !matches!(given.name.as_str(), "." | "..");
    if !plain {
        let shown: String = given.name.chars().take(60).collect();
        return Err(Error::invalid(
            "file",
            format!("{shown:?} is no file name: 1 to 255 bytes without slashes"),
        ));
    }
    given.platform = given.platform.filter(|p| !p.trim().is_empty());
    given.url = given.url.map(|u| u.trim().to_string()).filter(|u| !u.is_empty());
    if let Some(url) = &given.url {
        web_address("file url", url)?;
    }
    given.hash = given.hash.map(|h| h.trim().to_ascii_lowercase()).filter(|h| !h.is_empty());
    given.algorithm = match given.hash.as_deref() {
        None => None,
        Some(hash) if !hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
            return Err(Error::invalid("file hash", format!("of {:?} is not hexadecimal", given.name)));
        }
        Some(hash) => Some(
            match hash.len() {
                64 => "sha256",
                96 => "sha384",
                128 => "sha512",
                n => {
                    return Err(Error::invalid(
                        "file hash",
                        format!("of {:?} has {n} digits; SHA-256 has 64, SHA-512 has 128", given.name),
                    ));
                }
            }
            .to_string(),
        ),
    };
    if given.size.is_some_and(|s| s < 0) {
        return Err(Error::invalid("file size", format!("of {:?} is negative", given.name)));
    }
    Ok(given)
}

fn web_address(field: &str, url: &str) -> Result<()> {
    let fine = (url.starts_with("https://") || url.starts_with("http://"))
        && url.len() <= 2000
        && !url.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>'));
    if fine { Ok(()) } else { Err(Error::invalid(field, "must be an http or https address without blanks")) }
}

fn at_most(field: &str, text: &str, max: usize) -> Result<()> {
    let count = text.chars().count();
    if count > max {
        return Err(Error::invalid(field, format!("has {count} characters; at most {max} are taken")));
    }
    Ok(())
}

fn tidy(list: &mut Vec<String>) {
    let mut seen = std::collections::HashSet::new();
    *list = std::mem::take(list)
        .into_iter()
        .map(|t| t.trim().to_string())
        .filter(|t| !t.is_empty() && seen.insert(t.clone()))
        .collect();
}

/// Codes without blanks around them, each once, in the order given.
fn codes(list: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    list.into_iter()
        .map(|c| {
            if c.trim().to_ascii_uppercase().starts_with("CVE-") {
                c.trim().to_ascii_uppercase()
            } else {
                c.trim().to_string()
            }
        })
        .filter(|c| !c.is_empty() && seen.insert(super::model::fold_code(c)))
        .collect()
}

fn trimmed(text: Texts) -> Texts {
    Texts { zh: text.zh.trim().into(), en: text.en.trim().into() }
}

/// A release that would close a circle of "replaces": its version, when `edges` (version key → keys it
/// replaces) leads from what it replaces back to it.
pub fn closes_circle(edges: &HashMap<String, Vec<String>>, own: &str, replaces: &[String]) -> bool {
    let mut open: Vec<&String> = replaces.iter().collect();
    let mut met = std::collections::HashSet::new();
    while let Some(key) = open.pop() {
        if key == own {
            return true;
        }
        if met.insert(key) {
            open.extend(edges.get(key).into_iter().flatten());
        }
    }
    false
}
