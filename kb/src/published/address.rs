//! Where a hosted file is found, and links that expire.
use firstline_core::Time;
use firstline_core::desk::Links;

use super::HostedFile;

/// `/downloads/{sha256}/{name}`: the address names the bytes, so what it gives never changes.
pub fn path(file: &HostedFile) -> String {
    format!("/downloads/{}/{}", file.sha256, encoded(&file.name))
}

/// Percent-encoded as RFC 8187 wants it: everything but `attr-char`. Fits a path segment, too.
pub fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$+^`|".contains(&b);
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if plain(byte) {
            out.push(byte.into());
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// What an expiring link proves: its holder may have one file until `expires`, in `who`'s name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The second in which it ends, seconds since 1970.
    pub expires: i64,
    /// The person it was made for; empty for nobody in particular.
    pub who: String,
}

impl Link {
    pub fn until(at: Time, who: &str) -> Link {
        Link { expires: at.millis() / 1000, who: who.to_owned() }
    }

    /// The path with its proof.
    pub fn path(&self, links: &Links, file: &HostedFile) -> String {
        let key = links.download_key(&file.id, self.expires, &self.who);
        let who = if self.who.is_empty() { String::new() } else { format!("&for={}", encoded(&self.who)) };
        format!("{}?until={}{who}&key={key}", path(file), self.expires)
    }

    /// Whether `key` proves this link for this file, and it has not ended.
    pub fn holds(&self, links: &Links, file: &HostedFile, key: &str, now: Time) -> bool {
        let right = links.download_key(&file.id, self.expires, &self.who);
        firstline_core::secret::same(&right, key) && now.millis() / 1000 < self.expires
    }
}
