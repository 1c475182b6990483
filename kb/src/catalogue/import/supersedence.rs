//! The sheet of updates that replace each other: `product,kb,first_posted,last_posted,max_severity,cve_count,
//! supersedes,cves`. The numbers say nothing about order; only "supersedes" does.
use std::collections::HashMap;
use std::path::Path;

use jiff::civil::Date;

use super::entries::Entries;
use crate::catalogue::model::{Draft, Order, Product, Severity, State, Texts};
use crate::catalogue::{Standing, names};
use crate::version::Version;

pub(super) fn is(text: &str) -> bool {
    let head = text.lines().next().unwrap_or_default().to_lowercase();
    let columns: Vec<&str> = head.split(',').map(str::trim).collect();
    ["product", "kb", "supersedes"].iter().all(|name| columns.contains(name))
}

pub(super) fn take(entries: &mut Entries, place: &Path, text: &str) -> Result<(), String> {
    let mut sheet = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let head = sheet.headers().map_err(|e| format!("the first line cannot be read: {e}"))?;
    let columns: HashMap<String, usize> =
        head.iter().enumerate().map(|(n, name)| (name.trim().to_lowercase(), n)).collect();
    for (line, row) in (2u64..).zip(sheet.records()) {
        let taken = row.map_err(|e| format!("cannot be read: {e}")).and_then(|row| {
            let cell = |name: &str| {
                columns.get(name).and_then(|n| row.get(*n)).unwrap_or_default().trim().to_string()
            };
            draft(&cell)
        });
        match taken {
            Ok((product, draft)) => {
                entries.product(place, product, false);
                let name = format!("{} {}", draft.product, draft.version);
                entries.release(place, &name, draft, Standing::of(State::Published));
            }
            Err(what) => entries.problems.push(crate::import::Problem {
                file: place.into(),
                line: Some(line),
                key: None,
                what,
            }),
        }
    }
    Ok(())
}

fn draft(cell: &dyn Fn(&str) -> String) -> Result<(Product, Draft), String> {
    let title = cell("product");
    let key = names::key_of(&title);
    if key.is_empty() {
        return Err("product: is empty".into());
    }
    let version = Version::parse(&kb(&cell("kb"))).map_err(|e| format!("kb: {e}"))?;
    let mut draft = Draft::new(&key, version);
    draft.date = [cell("last_posted"), cell("first_posted")].iter().find_map(|d| day(d));
    draft.severity = cell("max_severity").to_lowercase().parse::<Severity>().ok();
    draft.cves = cell("cves").split([' ', ';', ',']).filter(|c| !c.is_empty()).map(String::from).collect();
    draft.security = !draft.cves.is_empty() || draft.severity.is_some();
    draft.supersedes =
        cell("supersedes").split([' ', ';', ',', '|']).filter(|c| !c.is_empty()).map(kb).collect();
    let (replaces, count) = (draft.supersedes.join(", "), draft.cves.len());
    draft.notes = match (replaces.is_empty(), count) {
        (true, n) => Texts::new(&format!("修复 {n} 个安全漏洞。"), &format!("Fixes {n} vulnerabilities.")),
        (false, n) => Texts::new(
            &format!("取代 {replaces}，修复 {n} 个安全漏洞。"),
            &format!("Replaces {replaces} and fixes {n} vulnerabilities."),
        ),
    };
    let product = Product { title: Texts::new("", &title), order: Order::Supersedes, ..Product::new(&key) };
    Ok((product, draft))
}

fn kb(number: &str) -> String {
    let digits = number.trim().trim_start_matches(['K', 'B', 'k', 'b']);
    format!("KB{digits}")
}

/// `20260609` or `2026-06-09`.
fn day(text: &str) -> Option<Date> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 8 {
        return None;
    }
    Date::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?).ok()
}
