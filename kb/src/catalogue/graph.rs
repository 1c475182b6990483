//! The releases of one product in memory, ordered and cross-referenced, so that a question about them
//! needs no database. Built when a product changes; answers are pure functions over it.
use std::collections::HashMap;

use super::model::{Order, Product, Release, State, Texts, Viewer, fold_code};
use super::names;
use crate::version::{Range, Version};

/// One product with its releases.
#[derive(Debug)]
pub struct Graph {
    pub product: Product,
    /// Ascending by version.
    pub nodes: Vec<Node>,
    by_key: HashMap<String, u32>,
    by_fix: HashMap<String, Vec<u32>>,
    by_component: HashMap<(String, String), u32>,
    /// Versions that somebody supersedes but that are not in the catalogue, with who does.
    outside: HashMap<String, Vec<u32>>,
}

/// A release with what was worked out once.
#[derive(Debug)]
pub struct Node {
    pub release: Release,
    /// Positions of the versions it can be installed upon, as far as it says; empty stretches left out.
    pub(super) from: Vec<(u32, u32)>,
    applies: Option<Range>,
    /// The highest of minimum version and prerequisites.
    low: Option<Version>,
    platforms: Vec<String>,
    /// Index into the channels met, in order of appearance.
    pub(super) channel: u32,
    pub(super) preview: bool,
    /// Releases that replace this one.
    pub(super) successors: Vec<u32>,
    pub(super) supersedes: Vec<u32>,
}

impl Node {
    pub fn version(&self) -> &Version {
        &self.release.draft.version
    }

    /// It is a release of the whole, published or once published.
    pub fn in_line(&self) -> bool {
        matches!(self.release.state, State::Published | State::Withdrawn) && self.release.draft.only.is_none()
    }

    pub fn offered(&self, viewer: &Viewer, platform: Option<&str>) -> bool {
        self.release.state == State::Published
            && self.release.draft.only.is_none()
            && self.release.seen_by(viewer)
            && platform.is_none_or(|p| self.runs_on(p))
    }

    pub fn runs_on(&self, platform: &str) -> bool {
        self.platforms.is_empty() || self.platforms.iter().any(|p| names::fits(p, platform))
    }

    /// Whether it can be installed upon a version that is not in the catalogue: only where it says so itself.
    pub(super) fn accepts_unlisted(&self, version: &Version) -> bool {
        let said = self.applies.is_some() || self.release.draft.min_from.is_some();
        said && self.low.as_ref().is_none_or(|low| version >= low)
            && self.applies.as_ref().is_none_or(|range| range.contains(version))
    }

    /// What it asks of the version before it, as it was written.
    pub fn needs(&self) -> Vec<String> {
        let draft = &self.release.draft;
        let range = draft.applies_to.clone().filter(|_| self.applies.is_some());
        let low = self.low.as_ref().map(|low| format!(">={low}"));
        low.into_iter().chain(range).collect()
    }
}

impl Graph {
    /// Orders the releases of a product. Drafts are left out.
    pub fn new(product: Product, releases: Vec<Release>) -> Graph {
        let mut nodes: Vec<Node> = releases
            .into_iter()
            .filter(|r| matches!(r.state, State::Published | State::Withdrawn))
            .map(node)
            .collect();
        nodes.sort_by(|a, b| a.version().cmp(b.version()));
        let mut graph = Graph {
            product,
            nodes,
            by_key: HashMap::new(),
            by_fix: HashMap::new(),
            by_component: HashMap::new(),
            outside: HashMap::new(),
        };
        graph.index();
        graph.place();
        graph
    }

    fn index(&mut self) {
        let mut channels: HashMap<String, u32> = HashMap::new();
        for (at, node) in (0u32..).zip(self.nodes.iter_mut()) {
            let draft = &node.release.draft;
            self.by_key.insert(draft.version.key(), at);
            for code in draft.codes.iter().chain(&draft.cves) {
                let places = self.by_fix.entry(fold_code(code)).or_default();
                if places.last() != Some(&at) {
                    places.push(at);
                }
            }
            for part in &draft.components {
                let key = (part.name.to_lowercase(), part.version.to_lowercase());
                self.by_component.entry(key).or_insert(at);
            }
            let next = channels.len() as u32;
            node.channel = *channels.entry(draft.channel_name().to_lowercase()).or_insert(next);
            let channel = self.product.channel(draft.channel_name());
            node.preview = draft.version.is_preview()
                || channel.is_some_and(|c| c.is_preview() && c.end_of_life.is_none());
        }
    }

    /// Works out the edges: what each can be installed upon, and what replaces what.
    fn place(&mut self) {
        for at in 0..self.nodes.len() {
            let from = self.predecessors(at);
            self.nodes[at].from = from;
            for old in self.nodes[at].release.draft.supersedes.clone() {
                let Ok(version) = Version::parse(&old) else { continue };
                match self.by_key.get(&version.key()).copied() {
                    Some(other) if other as usize != at => {
                        self.nodes[other as usize].successors.push(at as u32);
                        self.nodes[at].supersedes.push(other);
                    }
                    Some(_) => {}
                    None => self.outside.entry(version.key()).or_default().push(at as u32),
                }
            }
        }
    }

    /// The positions below `at` that its conditions allow.
    fn predecessors(&self, at: usize) -> Vec<(u32, u32)> {
        let node = &self.nodes[at];
        let low = node.low.as_ref().map_or(0, |low| self.nodes[..at].partition_point(|n| n.version() < low));
        let stretches = match &node.applies {
            None => vec![(low, at)],
            Some(range) => range.stretches(&self.nodes[..at], Node::version),
        };
        let clipped = stretches.into_iter().map(|(a, b)| (a.max(low) as u32, b.min(at) as u32));
        clipped.filter(|(a, b)| a < b).collect()
    }

    pub fn find(&self, version: &Version) -> Option<usize> {
        self.by_key.get(&version.key()).map(|at| *at as usize)
    }

    /// The release that brings a component in this version.
    pub fn with_component(&self, name: &str, version: &str) -> Option<usize> {
        let key = (name.to_lowercase(), version.trim().trim_start_matches(['v', 'V']).to_lowercase());
        self.by_component.get(&key).map(|at| *at as usize)
    }

    /// The release that brings any component in this version, with that component's name.
    pub fn with_any_component(&self, version: &str) -> Option<(usize, &str)> {
        let wanted = version.trim().trim_start_matches(['v', 'V']).to_lowercase();
        self.nodes.iter().enumerate().find_map(|(at, node)| {
            let part =
                node.release.draft.components.iter().find(|c| c.version.eq_ignore_ascii_case(&wanted))?;
            Some((at, part.name.as_str()))
        })
    }

    /// Where an error code or a CVE is fixed, ascending.
    pub fn fixing(&self, code: &str) -> &[u32] {
        self.by_fix.get(&fold_code(code)).map_or(&[], Vec::as_slice)
    }

    /// Who replaces a version that is not in the catalogue.
    pub(super) fn successors_of_outside(&self, version: &Version) -> &[u32] {
        self.outside.get(&version.key()).map_or(&[], Vec::as_slice)
    }

    pub fn by_supersedence(&self) -> bool {
        self.product.order == Order::Supersedes
    }

    /// The first position whose version is not below `version`.
    pub fn position(&self, version: &Version) -> usize {
        self.nodes.partition_point(|n| n.version() < version)
    }

    /// Why the newest fix is missing: its reason, when it was withdrawn.
    pub fn withdrawn_reason(&self, at: usize) -> Option<&Texts> {
        let release = &self.nodes[at].release;
        (release.state == State::Withdrawn).then_some(&release.reason)
    }
}

fn node(release: Release) -> Node {
    let draft = &release.draft;
    let applies = draft.applies_to.as_deref().and_then(|r| Range::parse(r).ok()).filter(|r| !r.is_any());
    let before = draft.prerequisites.iter().filter_map(|p| Version::parse(p).ok());
    let low = draft.min_from.clone().into_iter().chain(before).max();
    let platforms = draft.platforms.iter().map(|p| names::platform(p)).filter(|p| !p.is_empty()).collect();
    Node {
        applies,
        low,
        platforms,
        channel: 0,
        preview: false,
        from: vec![],
        successors: vec![],
        supersedes: vec![],
        release,
    }
}
