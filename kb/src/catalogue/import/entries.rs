//! What was read, before any of it is written.
use std::path::{Path, PathBuf};

use crate::catalogue::Standing;
use crate::catalogue::check;
use crate::catalogue::model::{Draft, File, Product};
use crate::import::Problem;

#[derive(Default)]
pub(super) struct Entries {
    pub products: Vec<ProductEntry>,
    pub releases: Vec<ReleaseEntry>,
    pub problems: Vec<Problem>,
    /// Known files that hold no releases.
    pub passed_over: usize,
}

pub(super) struct ProductEntry {
    pub place: PathBuf,
    pub product: Product,
    /// Everything it says holds; else it adds to what is known.
    pub whole: bool,
}

pub(super) struct ReleaseEntry {
    pub place: PathBuf,
    /// Which one of its file, for a message.
    pub name: String,
    pub draft: Draft,
    pub stand: Standing,
}

impl Entries {
    pub fn is_empty(&self) -> bool {
        self.products.is_empty()
            && self.releases.is_empty()
            && self.problems.is_empty()
            && self.passed_over == 0
    }

    pub fn problem(&mut self, place: &Path, what: String) {
        self.problems.push(Problem { file: place.to_owned(), line: None, key: None, what });
    }

    /// A problem with one named entry of a file.
    pub fn problem_of(&mut self, place: &Path, name: &str, what: impl Into<String>) {
        let key = Some(name.chars().take(120).collect());
        self.problems.push(Problem { file: place.to_owned(), line: None, key, what: what.into() });
    }

    pub fn product(&mut self, place: &Path, product: Product, whole: bool) {
        let same = self.products.iter_mut().find(|p| p.product.key == product.key && !p.whole && !whole);
        match same {
            Some(known) => known.product = merged(known.product.clone(), product),
            None => self.products.push(ProductEntry { place: place.to_owned(), product, whole }),
        }
    }

    pub fn release(&mut self, place: &Path, name: &str, draft: Draft, stand: Standing) {
        self.releases.push(ReleaseEntry { place: place.to_owned(), name: name.into(), draft, stand });
    }

    /// Keeps a file of a release unless something is wrong with it, which is named.
    pub fn file(&mut self, place: &Path, release: &str, file: File, into: &mut Vec<File>) {
        let name = format!("{release} {}", file.name);
        match check::file(file) {
            Ok(file) => into.push(file),
            Err(e) => self.problem_of(place, &name, e.to_string()),
        }
    }
}

/// What is known of a product with what a source adds: its channels replace those of their name.
pub(super) fn merged(known: Product, more: Product) -> Product {
    let mut all = known;
    if all.title.is_empty() {
        all.title = more.title;
    }
    for (list, new) in [(&mut all.aliases, more.aliases), (&mut all.editions, more.editions)] {
        for name in new {
            if !list.contains(&name) {
                list.push(name);
            }
        }
    }
    for channel in more.channels {
        match all.channels.iter_mut().find(|c| c.name.eq_ignore_ascii_case(&channel.name)) {
            Some(known) => *known = channel,
            None => all.channels.push(channel),
        }
    }
    all.end_of_life = more.end_of_life.or(all.end_of_life);
    all.order = more.order;
    all
}
