//! What the catalogue holds: products with their channels, and releases with all a user must know of them.
mod texts;

use firstline_core::{Time, text_enum};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::version::Version;

pub use texts::Texts;

/// The channel of releases that name none.
pub const STABLE: &str = "stable";

text_enum! {
    /// How the releases of a product follow each other: by their numbers, or only by what replaces what
    /// (numbers that say nothing, several lines side by side).
    Order ("order") { Version = "version", Supersedes = "supersedes" }
}

text_enum! {
    /// Only `published` is ever offered; `withdrawn` keeps its row and its reason.
    State ("state") { Draft = "draft", InReview = "in_review", Published = "published", Withdrawn = "withdrawn" }
}

text_enum! {
    /// Of what a release fixes.
    Severity ("severity") { Critical = "critical", Important = "important", Moderate = "moderate", Low = "low" }
}

text_enum! {
    /// How much an installation changes: a large change is made on site with backup and consent, a small one
    /// guided remotely.
    Size ("size") { Small = "small", Large = "large" }
}

text_enum! {
    /// Who sees a release and may have its files.
    Audience ("audience") { Everyone = "everyone", SignedIn = "signed_in", Chosen = "chosen" }
}

/// Something users install.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Lower-case letters, digits and hyphens: `invoice`.
    pub key: String,
    #[serde(default)]
    pub title: Texts,
    /// Other names users have for it; each names one product only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub editions: Vec<String>,
    #[serde(default = "by_version")]
    pub order: Order,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_of_life: Option<Date>,
    #[serde(default, rename = "channel", alias = "channels", skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
}

fn by_version() -> Order {
    Order::Version
}

impl Product {
    pub fn new(key: &str) -> Product {
        Product {
            key: key.into(),
            title: Texts::default(),
            aliases: vec![],
            editions: vec![],
            order: Order::Version,
            end_of_life: None,
            channels: vec![],
        }
    }

    /// Its name in a language; the key where it has none.
    pub fn name(&self, lang: &str) -> &str {
        match self.title.of(lang) {
            "" => &self.key,
            name => name,
        }
    }

    pub fn channel(&self, name: &str) -> Option<&Channel> {
        self.channels.iter().find(|c| c.name.eq_ignore_ascii_case(name))
    }
}

/// A line of releases that is kept up together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    pub name: String,
    /// `lts`, `sts`, `beta`: in the words of whoever makes the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The phase its source last stated. It goes stale: `end_of_life` decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Date>,
    /// From here on only maintained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maintenance: Option<Date>,
    /// The last day with support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_of_life: Option<Date>,
}

impl Channel {
    pub fn is_preview(&self) -> bool {
        let word = |w: &Option<String>| {
            w.as_deref().is_some_and(|w| {
                ["preview", "beta", "alpha", "rc", "nightly", "canary", "next"]
                    .contains(&w.to_lowercase().as_str())
            })
        };
        word(&self.kind) || word(&self.phase) || word(&Some(self.name.clone()))
    }

    /// Supported on that day: it has begun, or no beginning is known, and its last day is not over.
    pub fn supported(&self, on: Date) -> bool {
        self.start.is_none_or(|start| on >= start) && self.end_of_life.is_none_or(|end| on <= end)
    }
}

/// What somebody wants a release to be. Product and version decide which one it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The product's key.
    pub product: String,
    pub version: Version,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// `windows`, `linux-x64`; none: every platform.
    #[serde(default, alias = "platform", skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub editions: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub security: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cves: Vec<String>,
    /// Error codes it fixes.
    #[serde(default, alias = "fixes", skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<String>,
    /// The versions it can be installed upon, as a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies_to: Option<String>,
    /// Versions it replaces; they need not be in the catalogue.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<String>,
    /// Versions that must be installed before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prerequisites: Vec<String>,
    /// The lowest version it can be installed upon.
    #[serde(default, alias = "minimum_version", skip_serializing_if = "Option::is_none")]
    pub min_from: Option<Version>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_of_life: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// What it changes, in Markdown.
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub notes: Texts,
    /// Where the notes are when they are not here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes_url: Option<String>,
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub known_issues: Texts,
    /// What must be in place first that is no version of this product.
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub requirements: Texts,
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub backup: Texts,
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub install: Texts,
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub rollback: Texts,
    /// The one component it brings when it is no release of the whole (`sdk`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<String>,
    #[serde(default, rename = "component", alias = "components", skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
    #[serde(default, rename = "file", alias = "files", skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<File>,
}

impl Draft {
    /// A draft with nothing but its names.
    pub fn new(product: &str, version: Version) -> Draft {
        Draft {
            product: product.into(),
            version,
            channel: None,
            platforms: vec![],
            editions: vec![],
            date: None,
            security: false,
            severity: None,
            cves: vec![],
            codes: vec![],
            applies_to: None,
            supersedes: vec![],
            prerequisites: vec![],
            min_from: None,
            end_of_life: None,
            size: None,
            notes: Texts::default(),
            notes_url: None,
            known_issues: Texts::default(),
            requirements: Texts::default(),
            backup: Texts::default(),
            install: Texts::default(),
            rollback: Texts::default(),
            only: None,
            components: vec![],
            files: vec![],
        }
    }

    pub fn channel_name(&self) -> &str {
        self.channel.as_deref().unwrap_or(STABLE)
    }

    pub fn has_notes(&self) -> bool {
        !self.notes.is_empty() || self.notes_url.as_deref().is_some_and(|url| !url.is_empty())
    }

    /// True when it fixes this error code or CVE.
    pub fn fixes(&self, what: &str) -> bool {
        let asked = fold_code(what);
        self.cves.iter().chain(&self.codes).any(|code| fold_code(code) == asked)
    }
}

/// Error codes and CVE numbers compare without case and without blanks around them.
pub fn fold_code(code: &str) -> String {
    code.trim().to_ascii_uppercase().replace(['‐', '‑', '–', '—', '－'], "-")
}

/// A part of a release with a version of its own: `sdk` 8.0.303.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    pub name: String,
    pub version: String,
}

/// A file of a release: hosted here (`file_id`) or elsewhere (`url`), with the hash of its content.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// In bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    /// `sha256` or `sha512`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// Lower-case hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// The id of the hosted file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_id: Option<String>,
}

/// A release as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    pub id: String,
    pub draft: Draft,
    pub state: State,
    pub audience: Audience,
    /// Addresses of the customers who see it first, with `Audience::Chosen`.
    pub chosen: Vec<String>,
    /// When it is published by itself.
    pub publish_at: Option<Time>,
    pub published_at: Option<Time>,
    pub withdrawn_at: Option<Time>,
    /// Why it was withdrawn and what to do now.
    pub reason: Texts,
    /// Guards changes: counts from 1.
    pub revision: i64,
    pub updated_at: Time,
}

impl Release {
    /// May this one be offered to somebody?
    pub fn offered_to(&self, viewer: &Viewer) -> bool {
        self.state == State::Published && self.seen_by(viewer)
    }

    pub fn seen_by(&self, viewer: &Viewer) -> bool {
        match (self.audience, viewer) {
            (Audience::Everyone, _) | (_, Viewer::Staff) => true,
            (_, Viewer::Anybody) => false,
            (Audience::SignedIn, Viewer::Person { .. }) => true,
            (Audience::Chosen, Viewer::Person { id, email }) => {
                let named = |name: &String| {
                    name == id || email.as_ref().is_some_and(|e| e.eq_ignore_ascii_case(name))
                };
                self.chosen.iter().any(named)
            }
        }
    }
}

/// Who looks.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Viewer {
    #[default]
    Anybody,
    /// Somebody known by their chat, link or account.
    Person {
        id: String,
        email: Option<String>,
    },
    Staff,
}
