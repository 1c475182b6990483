//! Releases and advice as JSON.
use firstline_bots::advice::{download_path, release_path};
use firstline_core::desk::Links;
use firstline_kb::catalogue::model::{Draft, File, Release, Texts};
use firstline_kb::catalogue::path::{Part, Step};
use serde::Serialize;
use utoipa::ToSchema;

/// A text in both languages; empty where there is none.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Bilingual)]
pub struct TextsOut {
    zh: String,
    en: String,
}

impl From<Texts> for TextsOut {
    fn from(t: Texts) -> TextsOut {
        TextsOut { zh: t.zh, en: t.en }
    }
}

/// A file with the hash of its content.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReleaseFile)]
pub struct FileOut {
    name: String,
    component: Option<String>,
    platform: Option<String>,
    /// In bytes, where it is known.
    size: Option<i64>,
    /// `sha256` or `sha512`.
    algorithm: Option<String>,
    /// Lower-case hexadecimal.
    hash: Option<String>,
    /// Where to download it.
    url: Option<String>,
}

impl FileOut {
    fn new(links: &Links, file: File) -> FileOut {
        let url = download_path(&file).map(|p| if p.starts_with('/') { links.page(&p) } else { p });
        FileOut {
            url,
            name: file.name,
            component: file.component,
            platform: file.platform,
            size: file.size,
            algorithm: file.algorithm,
            hash: file.hash,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReleaseComponent)]
pub struct ComponentOut {
    name: String,
    version: String,
}

/// One release with all that is known of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Release)]
pub struct ReleaseOut {
    product: String,
    version: String,
    channel: String,
    /// `published` or `withdrawn`.
    state: String,
    /// Why it was withdrawn and what to do.
    reason: TextsOut,
    platforms: Vec<String>,
    date: Option<String>,
    security: bool,
    severity: Option<String>,
    cves: Vec<String>,
    codes: Vec<String>,
    applies_to: Option<String>,
    min_from: Option<String>,
    supersedes: Vec<String>,
    prerequisites: Vec<String>,
    end_of_life: Option<String>,
    /// `small` or `large`.
    size: Option<String>,
    notes: TextsOut,
    notes_url: Option<String>,
    known_issues: TextsOut,
    requirements: TextsOut,
    backup: TextsOut,
    install: TextsOut,
    rollback: TextsOut,
    /// The one component it brings when it is no release of the whole.
    only: Option<String>,
    components: Vec<ComponentOut>,
    /// Empty in lists.
    files: Vec<FileOut>,
    /// Its page.
    url: String,
}

impl ReleaseOut {
    pub fn new(links: &Links, release: Release) -> ReleaseOut {
        let d: Draft = release.draft;
        ReleaseOut {
            url: links.page(&release_path(&d.product, d.version.as_str())),
            channel: d.channel_name().into(),
            version: d.version.to_string(),
            state: release.state.to_string(),
            reason: release.reason.into(),
            platforms: d.platforms,
            date: d.date.map(|d| d.to_string()),
            security: d.security,
            severity: d.severity.map(|s| s.to_string()),
            cves: d.cves,
            codes: d.codes,
            applies_to: d.applies_to,
            min_from: d.min_from.map(|v| v.to_string()),
            supersedes: d.supersedes,
            prerequisites: d.prerequisites,
            end_of_life: d.end_of_life.map(|d| d.to_string()),
            size: d.size.map(|s| s.to_string()),
            notes: d.notes.into(),
            notes_url: d.notes_url,
            known_issues: d.known_issues.into(),
            requirements: d.requirements.into(),
            backup: d.backup.into(),
            install: d.install.into(),
            rollback: d.rollback.into(),
            only: d.only,
            components: d
                .components
                .into_iter()
                .map(|c| ComponentOut { name: c.name, version: c.version })
                .collect(),
            files: d.files.into_iter().map(|f| FileOut::new(links, f)).collect(),
            product: d.product,
        }
    }
}

/// A release that a step contains.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContainedRelease)]
pub struct PartOut {
    version: String,
    date: Option<String>,
    security: bool,
}

impl From<Part> for PartOut {
    fn from(p: Part) -> PartOut {
        PartOut { version: p.version, date: p.date.map(|d| d.to_string()), security: p.security }
    }
}

/// One release to install.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UpgradeStep)]
pub struct StepOut {
    version: String,
    channel: String,
    date: Option<String>,
    /// Of itself or of a release it contains.
    security: bool,
    severity: Option<String>,
    /// `small` or `large`.
    size: Option<String>,
    /// Itself and the releases passed over.
    brings: Vec<PartOut>,
    codes: Vec<String>,
    cves: Vec<String>,
    /// The later step that asks for this one.
    needed_by: Option<String>,
    conditions: Vec<String>,
    notes: TextsOut,
    notes_url: Option<String>,
    known_issues: TextsOut,
    requirements: TextsOut,
    backup: TextsOut,
    install: TextsOut,
    rollback: TextsOut,
    files: Vec<FileOut>,
    url: String,
}

impl StepOut {
    pub fn new(links: &Links, product: &str, s: Step) -> StepOut {
        StepOut {
            url: links.page(&release_path(product, &s.version)),
            version: s.version,
            channel: s.channel,
            date: s.date.map(|d| d.to_string()),
            security: s.security,
            severity: s.severity.map(|s| s.to_string()),
            size: s.size.map(|s| s.to_string()),
            brings: s.brings.into_iter().map(PartOut::from).collect(),
            codes: s.codes,
            cves: s.cves,
            needed_by: s.needed_by,
            conditions: s.conditions,
            notes: s.notes.into(),
            notes_url: s.notes_url,
            known_issues: s.known_issues.into(),
            requirements: s.requirements.into(),
            backup: s.backup.into(),
            install: s.install.into(),
            rollback: s.rollback.into(),
            files: s.files.into_iter().map(|f| FileOut::new(links, f)).collect(),
        }
    }
}
