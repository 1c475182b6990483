//! Sparkle appcasts: RSS with `sparkle:` elements. The reader expands no entities of a document's own, so
//! there is nothing to blow up; depth and sizes are bounded all the same.
use std::collections::HashMap;
use std::path::Path;

use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::entries::Entries;
use super::{Options, product_of};
use crate::catalogue::Standing;
use crate::catalogue::model::{Draft, File, Product, State, Texts};
use crate::catalogue::names;
use crate::version::Version;

const MAX_DEPTH: usize = 32;
const MAX_ITEMS: usize = 20_000;
const MAX_FIELD: usize = 200_000;

#[derive(Default)]
struct Item {
    /// By element name without its prefix; of `description` by language: `description@zh`.
    fields: HashMap<String, String>,
    enclosures: Vec<HashMap<String, String>>,
    critical: bool,
}

pub(super) fn take(entries: &mut Entries, place: &Path, xml: &str, options: &Options) -> Result<(), String> {
    let (title, items) = read(xml)?;
    let title = title.trim();
    let name = match &options.product {
        Some(key) => key.clone(),
        None if !title.is_empty() => {
            title.trim_end_matches("Changelog").trim_end_matches("Appcast").trim().to_string()
        }
        None => return Err("its channel has no title; say which product it is with --product".into()),
    };
    let product = product_of(
        options,
        Product { title: Texts::of_script(&name), ..Product::new(&names::key_of(&name)) },
    );
    let key = product.key.clone();
    entries.product(place, product, false);
    for (n, item) in items.into_iter().enumerate() {
        let name = item.fields.get("title").cloned().unwrap_or_else(|| format!("item {}", n + 1));
        match draft(entries, place, item, &key) {
            Ok(draft) => entries.release(place, &name, draft, Standing::of(State::Published)),
            Err(what) => entries.problem_of(place, &name, what),
        }
    }
    Ok(())
}

fn draft(entries: &mut Entries, place: &Path, item: Item, product: &str) -> Result<Draft, String> {
    let of_file = |name: &str| item.enclosures.iter().find_map(|e| e.get(name).cloned());
    let field = |name: &str| item.fields.get(name).cloned().filter(|t| !t.trim().is_empty());
    let shown = field("shortVersionString").or_else(|| of_file("shortVersionString"));
    let internal = field("version").or_else(|| of_file("version"));
    let version = shown.or(internal).or_else(|| {
        let title = field("title")?;
        crate::version::mentions(&title).into_iter().find(|m| m.sure).map(|m| m.version.to_string())
    });
    let version = Version::parse(&version.ok_or("names no version")?).map_err(|e| format!("version: {e}"))?;
    let mut draft = Draft::new(product, version);
    draft.channel = field("channel");
    draft.date = field("pubDate").and_then(|d| date(&d));
    draft.security = item.critical;
    draft.min_from = field("minimumAutoupdateVersion")
        .and_then(|v| Version::parse(&v).ok())
        .filter(|low| *low < draft.version);
    draft.notes = Texts {
        zh: field("description@zh").unwrap_or_default(),
        en: field("description@en").or_else(|| field("description")).unwrap_or_default(),
    };
    draft.notes_url = field("releaseNotesLink").or_else(|| field("link")).map(|u| u.trim().to_string());
    if let Some(system) = field("minimumSystemVersion") {
        draft.requirements =
            Texts::new(&format!("系统版本不低于 {system}"), &format!("System version {system} or later"));
    }
    let name = draft.version.to_string();
    for enclosure in &item.enclosures {
        let url = enclosure.get("url").cloned().unwrap_or_default();
        let file = File {
            name: url
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .split(['?', '#'])
                .next()
                .unwrap_or_default()
                .into(),
            platform: enclosure.get("os").cloned(),
            size: enclosure.get("length").and_then(|n| n.parse().ok()).filter(|n| *n > 0),
            url: Some(url),
            ..File::default()
        };
        entries.file(place, &name, file, &mut draft.files);
    }
    let systems = draft.files.iter().filter_map(|f| f.platform.clone());
    draft.platforms = systems.collect();
    Ok(draft)
}

/// `Tue, 14 Jul 2026 10:00:00 +0000` or an ISO date.
fn date(text: &str) -> Option<jiff::civil::Date> {
    let parsed = jiff::fmt::rfc2822::parse(text.trim()).map(|z| z.date());
    parsed.ok().or_else(|| text.trim().get(..10)?.parse().ok())
}

/// The channel's title and its items.
fn read(xml: &str) -> Result<(String, Vec<Item>), String> {
    let mut reader = Reader::from_str(xml);
    let mut state = Feed::default();
    loop {
        match reader.read_event() {
            Err(e) => {
                return Err(format!("is not readable as XML after {} bytes: {e}", reader.error_position()));
            }
            Ok(Event::Eof) => break,
            Ok(Event::DocType(_)) => {
                return Err(
                    "has a document type of its own, which an appcast does not need; it is not read".into()
                );
            }
            Ok(Event::Start(tag)) => state.open(&tag)?,
            Ok(Event::Empty(tag)) => {
                state.open(&tag)?;
                state.close();
            }
            Ok(Event::End(_)) => state.close(),
            Ok(Event::Text(text)) => state.text(&text.xml10_content()),
            Ok(Event::CData(text)) => state.text(&text.xml10_content()),
            Ok(Event::GeneralRef(name)) => {
                let name = name.to_string();
                match resolve_predefined_entity(&name) {
                    Some(text) => state.text(text),
                    None => state.text(
                        &unescape(&format!("&{name};"))
                            .map_err(|e| format!("unknown entity &{name};: {e}"))?,
                    ),
                }
            }
            Ok(_) => {}
        }
    }
    if !state.is_feed {
        return Err("is no appcast: it has no rss element".into());
    }
    Ok((state.title, state.items))
}

#[derive(Default)]
struct Feed {
    path: Vec<String>,
    title: String,
    items: Vec<Item>,
    is_feed: bool,
}

impl Feed {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        let mut name = local(tag.name().as_ref());
        if self.path.len() >= MAX_DEPTH {
            return Err(format!("has elements within elements more than {MAX_DEPTH} deep"));
        }
        self.is_feed |= self.path.is_empty() && name == "rss";
        if name == "item" {
            if self.items.len() >= MAX_ITEMS {
                return Err(format!("has more than {MAX_ITEMS} items"));
            }
            self.items.push(Item::default());
        }
        if name == "description"
            && let Some(lang) = attributes(tag).remove("lang")
        {
            name = format!("description@{}", if lang.starts_with("zh") { "zh" } else { "en" });
        }
        if self.in_item()
            && let Some(item) = self.items.last_mut()
        {
            item.critical |= name == "criticalUpdate";
            if name == "enclosure" {
                item.enclosures.push(attributes(tag));
            }
        }
        self.path.push(name);
        Ok(())
    }

    fn close(&mut self) {
        self.path.pop();
    }

    fn in_item(&self) -> bool {
        self.path.iter().any(|name| name == "item")
    }

    fn text(&mut self, text: &str) {
        let depth = self.path.len();
        let Some(name) = self.path.last() else { return };
        if depth >= 2 && self.path[depth - 2] == "item" {
            let Some(item) = self.items.last_mut() else { return };
            let field = item.fields.entry(name.clone()).or_default();
            if field.len() + text.len() <= MAX_FIELD {
                field.push_str(text);
            }
        } else if name == "title" && depth >= 2 && self.path[depth - 2] == "channel" && self.title.len() < 200
        {
            self.title.push_str(text);
        }
    }
}

fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or_default().to_string()
}

fn attributes(tag: &BytesStart<'_>) -> HashMap<String, String> {
    let all = tag.attributes().flatten();
    all.filter_map(|a| {
        Some((local(a.key.as_ref()), a.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned()))
    })
    .collect()
}
