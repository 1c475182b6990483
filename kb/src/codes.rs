//! The register of error codes: what each code means and what cures it (P9-02). Every entry has an article
//! made from it, so that it is searched, shown and judged as any other.
pub(crate) mod book;
pub mod sheet;
pub(crate) mod store;

use firstline_core::{Error, Result, Time};
use serde::{Deserialize, Serialize};

use crate::analyze::code::{self, Kind};
use crate::analyze::fold::fold;
use crate::article::{ArticleKind, Draft};
use crate::language;

const LONGEST_CODE: usize = 100;
const LONGEST_TEXT: usize = 20_000;
/// A title holds so much of the meaning (characters).
const HEADLINE: usize = 80;

/// What somebody wants an entry to be. Code, product and language decide whether it is new.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CodeDraft {
    /// As the product prints it: `E-1042`.
    pub code: String,
    /// `zh-CN` or `en`; empty: by the script of the meaning.
    pub lang: String,
    /// Empty: any product.
    pub product: String,
    /// The part of the product it comes from.
    pub module: Option<String>,
    pub meaning: String,
    /// What to do, as Markdown.
    pub cure: String,
    /// Such as `>=3.0`.
    pub versions: Option<String>,
}

/// An entry of the register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodeEntry {
    pub id: String,
    pub words: CodeDraft,
    /// The article made from it.
    pub article_id: String,
    /// Counts its changes from 1.
    pub version: i64,
    pub updated_at: Time,
}

/// What became of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    New,
    Changed,
    Same,
}

impl CodeDraft {
    /// Trimmed and checked; `Invalid` names the column at fault.
    pub fn clean(&self) -> Result<CodeDraft> {
        let line = |text: &str| text.replace('\0', "").split_whitespace().collect::<Vec<_>>().join(" ");
        let body = |text: &str| text.replace('\0', "").replace("\r\n", "\n").trim().to_string();
        let optional = |text: &Option<String>| text.as_deref().map(line).filter(|t| !t.is_empty());
        let clean = CodeDraft {
            code: line(&self.code),
            lang: self.language()?,
            product: line(&self.product),
            module: optional(&self.module),
            meaning: body(&self.meaning),
            cure: body(&self.cure),
            versions: optional(&self.versions),
        };
        for (field, text, longest) in [
            ("code", &clean.code, LONGEST_CODE),
            ("meaning", &clean.meaning, LONGEST_TEXT),
            ("cure", &clean.cure, LONGEST_TEXT),
        ] {
            if text.is_empty() {
                return Err(Error::invalid(field, "is empty; every code needs one"));
            }
            if text.chars().count() > longest {
                return Err(Error::invalid(field, format!("is longer than {longest} characters")));
            }
        }
        if clean.key().is_none() {
            let reason =
                format!("{:?} does not look like a code; codes have a digit or an underscore", clean.code);
            return Err(Error::invalid("code", reason));
        }
        Ok(clean)
    }

    fn language(&self) -> Result<String> {
        let named = self.lang.trim();
        let lang = if named.is_empty() { language::guess(&self.meaning) } else { language::canonical(named) };
        lang.map(str::to_string)
            .ok_or_else(|| Error::invalid("lang", format!("{named:?} is none of: zh, zh-CN, en")))
    }

    /// How the code is compared. `None` for a text that holds none.
    pub fn key(&self) -> Option<String> {
        key_of(&self.code)
    }

    /// The external id of its article.
    pub fn external_id(&self) -> String {
        external_id(&self.lang, &self.product, &self.key().unwrap_or_default())
    }

    /// The article that shows it.
    pub(crate) fn article(&self) -> Draft {
        let zh = self.lang == "zh-CN";
        let headline = headline(&self.meaning);
        let (colon, module, meaning, cure) = if zh {
            ("：", "模块：", "含义", "解决办法")
        } else {
            (": ", "Module: ", "Meaning", "Steps")
        };
        let module = self.module.as_ref().map(|name| format!("\n\n{module}{name}")).unwrap_or_default();
        let english = external_id("en", &self.product, &self.key().unwrap_or_default());
        Draft {
            external_id: self.external_id(),
            lang: self.lang.clone(),
            kind: ArticleKind::ErrorCode,
            category: None,
            title: format!("{}{colon}{headline}", self.code),
            body_md: format!("## {meaning}\n{}{module}\n\n## {cure}\n{}", self.meaning, self.cure),
            product: Some(self.product.clone()).filter(|p| !p.is_empty()),
            versions: self.versions.clone(),
            tags: self.module.iter().cloned().collect(),
            codes: vec![self.code.clone()],
            symptoms: Vec::new(),
            questions: Vec::new(),
            frequent: false,
            translates: zh.then_some(english),
        }
    }
}

fn external_id(lang: &str, product: &str, key: &str) -> String {
    if product.is_empty() { format!("code/{lang}/{key}") } else { format!("code/{lang}/{product}/{key}") }
}

/// True for the external id of an article that the register makes: it is edited there.
pub fn is_code_article(external_id: &str) -> bool {
    external_id.starts_with("code/")
}

/// The first sentence of a meaning, for a title.
fn headline(meaning: &str) -> String {
    let line = meaning.lines().next().unwrap_or_default().trim();
    let end = line.find(['。', '；', '！']).or_else(|| line.find(". "));
    let first = end.map_or(line, |at| &line[..at]).trim_end_matches('.');
    if first.chars().count() <= HEADLINE {
        return first.to_string();
    }
    first.chars().take(HEADLINE).chain(['…']).collect()
}

/// The key of a text that is one code: `E-1042`, `e1042` and `E 1042` have the same; zeros after the letters
/// do not count (`ORA-01017`, `ORA-1017`).
pub(crate) fn key_of(text: &str) -> Option<String> {
    let found = code::extract(&fold(text));
    let best = [Kind::Code, Kind::Labelled, Kind::Name, Kind::Number];
    let code = best.iter().find_map(|kind| found.iter().find(|c| c.kind == *kind))?;
    Some(canonical(&code.key))
}

/// A key without padding zeros. The number of `error 1814` stands for itself.
pub(crate) fn canonical(key: &str) -> String {
    let key = key
        .strip_prefix("error")
        .filter(|n| n.bytes().all(|b| b.is_ascii_digit()) && !n.is_empty())
        .unwrap_or(key);
    let Some(cut) = key.find(|c: char| c.is_ascii_digit()).filter(|_| !key.starts_with("0x")) else {
        return key.to_string();
    };
    let (letters, rest) = key.split_at(cut);
    if letters.is_empty() || !rest.bytes().all(|b| b.is_ascii_digit()) {
        return key.to_string();
    }
    let number = rest.trim_start_matches('0');
    format!("{letters}{}", if number.is_empty() { "0" } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_code_has_one_key() {
        for text in ["E-1042", "e1042", "Ｅ－１０４２", "E 1042"] {
            assert_eq!(key_of(text).as_deref(), Some("e1042"), "{text}");
        }
        assert_eq!(key_of("ORA-01017"), key_of("ora-1017"));
        assert_eq!(key_of("0x0000007B").as_deref(), Some("0x7b"));
        assert_eq!(key_of("1814").as_deref(), Some("1814"));
        assert_eq!(key_of("error 1814").as_deref(), Some("1814"));
        assert_eq!(key_of("nothing"), None);
    }

    #[test]
    fn an_entry_becomes_an_article() {
        let draft = CodeDraft {
            code: "E-1042".into(),
            meaning: "无法连接开票服务器。客户端在 30 秒内没有等到回应。".into(),
            cure: "1. 检查网络。".into(),
            product: "invoice".into(),
            module: Some("网络".into()),
            ..CodeDraft::default()
        };
        let article = draft.clean().unwrap().article();
        assert_eq!(article.title, "E-1042：无法连接开票服务器");
        assert_eq!(article.external_id, "code/zh-CN/invoice/e1042");
        assert!(
            article.body_md.contains("模块：网络") && article.body_md.ends_with("## 解决办法\n1. 检查网络。")
        );
        let bad = CodeDraft { code: "hello".into(), ..draft };
        assert!(bad.clean().unwrap_err().to_string().starts_with("code:"));
    }
}
