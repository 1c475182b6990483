//! Addresses, tokens and what stands behind a word such as "password".
use std::net::Ipv6Addr;

use super::Masked;

/// What a secret is called. Chinese words take no space.
const LABELS: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "secret",
    "token",
    "api key",
    "apikey",
    "api_key",
    "access_key",
    "密码",
    "口令",
    "密钥",
    "令牌",
    "验证码",
];

/// Hides what follows `password:`, `密码是` and the like.
pub(super) fn labelled(text: &str, lang: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let found = LABELS.iter().filter_map(|l| lower[at..].find(l).map(|p| (at + p, l.len()))).min();
        let Some((start, len)) = found else { break };
        let after = start + len;
        out.push_str(&text[at..after]);
        at = after;
        let Some(gap) = separator(&text[after..]) else { continue };
        let value = &text[after + gap..];
        let end =
            value.find(|c: char| c.is_whitespace() || "，。；、,;\"'）)".contains(c)).unwrap_or(value.len());
        // "the password is wrong" says nothing secret.
        if value[..end].chars().any(|c| c.is_ascii_digit() || "@#$%^&*!_".contains(c)) {
            out.push_str(&text[after..after + gap]);
            out.push_str(Masked::Secret.text(lang));
            at = after + gap + end;
        }
    }
    out.push_str(&text[at..]);
    out
}

/// The length of `: `, ` = `, `是` and the like.
fn separator(rest: &str) -> Option<usize> {
    let trimmed = rest.trim_start_matches([' ', '"']);
    let sign = [":", "：", "=", "是", "为", "is "].iter().find(|s| trimmed.starts_with(**s))?;
    let value = trimmed[sign.len()..].trim_start_matches([' ', '"']);
    Some(rest.len() - value.len())
}

/// Hides runs of Latin letters, digits and signs that are an address, a token or an e-mail.
pub(super) fn runs(text: &str, lang: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    let mut before = String::new();
    for c in text.chars().chain(std::iter::once('\0')) {
        if c.is_ascii_graphic() && !"\"'<>()[]{},;".contains(c) {
            run.push(c);
            continue;
        }
        if !run.is_empty() {
            out.push_str(&read(&run, &before, lang));
            before = std::mem::take(&mut run);
        }
        if c != '\0' {
            if !c.is_whitespace() {
                before.push(c);
            }
            out.push(c);
        }
    }
    out
}

fn read(run: &str, before: &str, lang: &str) -> String {
    let core = run.trim_end_matches(['.', ':', '!', '?']);
    let tail = &run[core.len()..];
    let hidden = |kind: Masked| format!("{}{tail}", kind.text(lang));
    if is_email(core) {
        return hidden(Masked::Email);
    }
    if let Some(url) = without_credentials(core, lang) {
        return format!("{url}{tail}");
    }
    if is_network_address(core, before) {
        return hidden(Masked::Address);
    }
    if is_token(core, before) {
        return hidden(Masked::Secret);
    }
    run.to_string()
}

fn is_email(run: &str) -> bool {
    let Some((local, domain)) = run.rsplit_once('@') else { return false };
    let fine = |c: char| c.is_ascii_alphanumeric() || "._%+-:".contains(c);
    !local.is_empty()
        && local.chars().all(fine)
        && domain.contains('.')
        && domain.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c))
}

/// An address of the web loses its user, its password and its query.
fn without_credentials(run: &str, lang: &str) -> Option<String> {
    let at = run.find("://")? + 3;
    let rest = &run[at..];
    let path = rest.find(['/', '?']).unwrap_or(rest.len());
    let host = rest[..path].rsplit('@').next().unwrap_or_default();
    let host = if is_network_address(host, "") { Masked::Address.text(lang) } else { host };
    let tail = &rest[path..];
    let end = tail.find(['?', '#']).unwrap_or(tail.len());
    let query = if end < tail.len() { "?…" } else { "" };
    Some(format!("{}{host}{}{query}", &run[..at], &tail[..end]))
}

fn is_network_address(run: &str, before: &str) -> bool {
    let host = run.split(['/']).next().unwrap_or(run);
    if host.matches(':').count() >= 2 {
        return host
            .trim_matches(['[', ']'])
            .split('%')
            .next()
            .is_some_and(|h| h.parse::<Ipv6Addr>().is_ok());
    }
    let (host, port) = host.split_once(':').unwrap_or((host, "0"));
    let octets: Vec<&str> = host.split('.').collect();
    let is_four = octets.len() == 4 && octets.iter().all(|o| o.len() <= 3 && o.parse::<u8>().is_ok());
    // `version 10.0.0.1` is a version.
    let before = before.to_lowercase();
    let version = ["v", "version", "版本", "版"].iter().any(|w| before.ends_with(w));
    is_four && port.parse::<u16>().is_ok() && !version
}

fn is_token(run: &str, before: &str) -> bool {
    let fine = run.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.=+/~".contains(&b));
    let digits = run.bytes().filter(u8::is_ascii_digit).count();
    let letters = run.bytes().filter(u8::is_ascii_alphabetic).count();
    let mixed = digits >= 3 && letters >= 3;
    if !fine || !mixed || run.contains("..") {
        return false;
    }
    if before.eq_ignore_ascii_case("bearer") || run.starts_with("eyJ") || run.starts_with("sk-") {
        return run.len() >= 16;
    }
    // Words joined by signs are paths and names; a token is one long run.
    run.len() >= 20
        && run.split(['-', '_', '.', '/', '=', '+', '~']).any(|part| {
            let digits = part.bytes().filter(u8::is_ascii_digit).count();
            part.len() >= 16 && digits >= 3 && part.len() - digits >= 3
        })
}
