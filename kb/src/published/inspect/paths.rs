//! Names inside archives: whoever unpacks them must get files below the folder they chose, and nothing else.
use super::{Flaw, FlawKind, inner};

const MOST_BYTES: usize = 1024;

/// Refuses a name that leaves its folder on any system: `..`, a root, a drive, a device of Windows, a NUL.
pub fn name(at: &str, name: &str) -> Result<(), Flaw> {
    let refuse = |why: &str| Err(Flaw::new(FlawKind::Path, &inner(at, name), why));
    if name.is_empty() || name.len() > MOST_BYTES {
        return refuse("the name is empty or longer than 1024 bytes");
    }
    if name.chars().any(char::is_control) {
        return refuse("the name holds control characters");
    }
    if name.starts_with(['/', '\\']) || has_drive(name) {
        return refuse("the name begins at the root of a disk");
    }
    if name.split(['/', '\\']).any(|part| part.trim_end_matches([' ', '.']).is_empty() && part.contains(".."))
    {
        return refuse("the name climbs out of the folder with ..");
    }
    Ok(())
}

/// Refuses a link out of the archive. `from` is the link's own name; a hard link's target begins at the root.
pub fn link(at: &str, from: &str, target: &str, hard: bool) -> Result<(), Flaw> {
    let refuse = || Err(Flaw::new(FlawKind::Link, &inner(at, from), format!("links to {target}")));
    if target.is_empty() || target.starts_with(['/', '\\']) || has_drive(target) || target.contains('\0') {
        return refuse();
    }
    let mut depth =
        if hard { 0 } else { from.split(['/', '\\']).filter(|p| !matches!(*p, "" | ".")).count() as i64 - 1 };
    for part in target.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => depth -= 1,
            _ => depth += 1,
        }
        if depth < 0 {
            return refuse();
        }
    }
    Ok(())
}

fn has_drive(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':'
}
