//! The form of a release: its fields as a browser sends them, and as a draft.
use firstline_core::{Error, Result};
use firstline_kb::catalogue::model::{Draft, File, Texts};
use firstline_kb::version::Version;
use serde::Deserialize;

/// Every field as text; lists by commas, files one a line: `name | address or file id | size | hash`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    pub product: String,
    pub version: String,
    pub channel: String,
    pub platforms: String,
    pub date: String,
    pub security: String,
    pub severity: String,
    pub cves: String,
    pub codes: String,
    pub applies_to: String,
    pub min_from: String,
    pub supersedes: String,
    pub prerequisites: String,
    pub end_of_life: String,
    pub size: String,
    pub notes_zh: String,
    pub notes_en: String,
    pub known_issues_zh: String,
    pub known_issues_en: String,
    pub requirements_zh: String,
    pub requirements_en: String,
    pub backup_zh: String,
    pub backup_en: String,
    pub install_zh: String,
    pub install_en: String,
    pub rollback_zh: String,
    pub rollback_en: String,
    pub notes_url: String,
    pub files: String,
    pub revision: String,
}

impl Form {
    pub fn of(draft: &Draft, revision: i64) -> Form {
        let text = |t: &Option<Version>| t.as_ref().map(ToString::to_string).unwrap_or_default();
        Form {
            product: draft.product.clone(),
            version: draft.version.to_string(),
            channel: draft.channel.clone().unwrap_or_default(),
            platforms: draft.platforms.join(", "),
            date: draft.date.map(|d| d.to_string()).unwrap_or_default(),
            security: if draft.security { "yes".into() } else { String::new() },
            severity: draft.severity.map(|s| s.to_string()).unwrap_or_default(),
            cves: draft.cves.join(", "),
            codes: draft.codes.join(", "),
            applies_to: draft.applies_to.clone().unwrap_or_default(),
            min_from: text(&draft.min_from),
            supersedes: draft.supersedes.join(", "),
            prerequisites: draft.prerequisites.join(", "),
            end_of_life: draft.end_of_life.map(|d| d.to_string()).unwrap_or_default(),
            size: draft.size.map(|s| s.to_string()).unwrap_or_default(),
            notes_zh: draft.notes.zh.clone(),
            notes_en: draft.notes.en.clone(),
            known_issues_zh: draft.known_issues.zh.clone(),
            known_issues_en: draft.known_issues.en.clone(),
            requirements_zh: draft.requirements.zh.clone(),
            requirements_en: draft.requirements.en.clone(),
            backup_zh: draft.backup.zh.clone(),
            backup_en: draft.backup.en.clone(),
            install_zh: draft.install.zh.clone(),
            install_en: draft.install.en.clone(),
            rollback_zh: draft.rollback.zh.clone(),
            rollback_en: draft.rollback.en.clone(),
            notes_url: draft.notes_url.clone().unwrap_or_default(),
            files: draft.files.iter().map(line_of).collect::<Vec<_>>().join("\n"),
            revision: revision.to_string(),
        }
    }

    /// The draft; what the form does not show stays as it was in `before`.
    pub fn draft(&self, before: Option<&Draft>) -> Result<Draft> {
        let version = Version::parse(&self.version).map_err(|e| e.at("version"))?;
        let some = |text: &str| Some(text.trim().to_string()).filter(|t| !t.is_empty());
        let day = |field: &str, text: &str| {
            some(text)
                .map(|t| t.parse().map_err(|_| Error::invalid(field, "must be a day such as 2026-01-31")))
                .transpose()
        };
        let start = before.cloned().unwrap_or_else(|| Draft::new(&self.product, version.clone()));
        Ok(Draft {
            product: self.product.trim().into(),
            version,
            channel: some(&self.channel),
            platforms: list(&self.platforms),
            date: day("date", &self.date)?,
            security: !self.security.is_empty(),
            severity: some(&self.severity).map(|s| s.parse()).transpose()?,
            cves: list(&self.cves),
            codes: list(&self.codes),
            applies_to: some(&self.applies_to),
            min_from: some(&self.min_from)
                .map(|v| Version::parse(&v).map_err(|e| e.at("min_from")))
                .transpose()?,
            supersedes: list(&self.supersedes),
            prerequisites: list(&self.prerequisites),
            end_of_life: day("end_of_life", &self.end_of_life)?,
            size: some(&self.size).map(|s| s.parse()).transpose()?,
            notes: pair(&self.notes_zh, &self.notes_en),
            known_issues: pair(&self.known_issues_zh, &self.known_issues_en),
            requirements: pair(&self.requirements_zh, &self.requirements_en),
            backup: pair(&self.backup_zh, &self.backup_en),
            install: pair(&self.install_zh, &self.install_en),
            rollback: pair(&self.rollback_zh, &self.rollback_en),
            notes_url: some(&self.notes_url),
            files: files(&self.files, &start.files)?,
            ..start
        })
    }
}

fn pair(zh: &str, en: &str) -> Texts {
    // Browsers send CR LF.
    let plain = |text: &str| text.replace("\r\n", "\n").trim().to_string();
    Texts { zh: plain(zh), en: plain(en) }
}

fn list(text: &str) -> Vec<String> {
    text.split([',', '，', '、', ';', '\n']).map(|t| t.trim().to_string()).filter(|t| !t.is_empty()).collect()
}

fn line_of(file: &File) -> String {
    let place = file.url.clone().or_else(|| file.file_id.clone()).unwrap_or_default();
    let size = file.size.map(|s| s.to_string()).unwrap_or_default();
    format!("{} | {place} | {size} | {}", file.name, file.hash.clone().unwrap_or_default())
}

fn files(text: &str, before: &[File]) -> Result<Vec<File>> {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    lines.map(|line| file(line, before)).collect()
}

fn file(line: &str, before: &[File]) -> Result<File> {
    let mut parts = line.split('|').map(str::trim);
    let name = parts.next().unwrap_or_default().to_string();
    let place = parts.next().unwrap_or_default().to_string();
    let size = parts.next().unwrap_or_default();
    let hash = parts.next().map(str::to_owned).filter(|h| !h.is_empty());
    let size = match size {
        "" => None,
        text => {
            Some(text.parse().map_err(|_| Error::invalid("files", format!("{text:?} is no size in bytes")))?)
        }
    };
    let known = before.iter().find(|f| f.name == name).cloned().unwrap_or_default();
    let is_address = place.starts_with("http://") || place.starts_with("https://");
    let (url, file_id) = match (place.is_empty(), is_address) {
        (true, _) => (None, None),
        (_, true) => (Some(place), None),
        (_, false) => (None, Some(place)),
    };
    Ok(File { name, url, file_id, size, hash, algorithm: None, ..known })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_survives_its_form() {
        let mut draft = Draft::new("invoice", "3.2.2".parse().unwrap());
        draft.codes = vec!["E-1042".into(), "E-1205".into()];
        draft.notes = Texts::new("断网后\n自动重连", "Reconnects");
        draft.security = true;
        draft.date = "2026-08-31".parse().ok();
        draft.files = vec![File {
            name: "a b.exe".into(),
            platform: Some("windows".into()),
            url: Some("https://x.example/a.exe".into()),
            size: Some(7),
            hash: Some("c".repeat(64)),
            ..File::default()
        }];
        assert_eq!(Form::of(&draft, 1).draft(Some(&draft)).unwrap(), draft);
        let bad = Form { version: "latest".into(), ..Form::of(&draft, 1) };
        assert!(bad.draft(None).is_err());
    }
}
