//! Structured questions about the releases of a product: what came after mine, what fixes this CVE and
//! where, how many security releases that year. Pure functions over the graph.
use std::collections::{BTreeMap, BTreeSet};

use firstline_core::Result;
use jiff::civil::Date;

use super::graph::{Graph, Node};
use super::model::{Viewer, fold_code};
use super::path::{self, ChannelView};
use crate::version::{Range, Version};

/// Which releases; what is not named does not matter. Days are inclusive.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub channel: Option<String>,
    pub platform: Option<String>,
    pub security: Option<bool>,
    /// An error code or a CVE.
    pub fixes: Option<String>,
    /// Above this version.
    pub after: Option<Version>,
    pub range: Option<Range>,
    pub from: Option<Date>,
    pub to: Option<Date>,
    /// `(name, version)`: brings this component; an empty name stands for any.
    pub component: Option<(String, String)>,
    /// Releases of one component only, too.
    pub parts: bool,
    /// Withdrawn ones, too.
    pub withdrawn: bool,
    pub viewer: Viewer,
}

/// What some releases are in sum.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sum {
    pub releases: usize,
    pub security: usize,
    /// Each once, sorted.
    pub cves: Vec<String>,
}

/// The releases a filter lets through, newest version first.
pub fn find<'a>(graph: &'a Graph, filter: &Filter) -> Vec<&'a Node> {
    graph.nodes.iter().rev().filter(|node| passes(node, filter)).collect()
}

fn passes(node: &Node, f: &Filter) -> bool {
    let (release, draft) = (&node.release, &node.release.draft);
    let shown = release.offered_to(&f.viewer)
        || f.withdrawn && release.state == super::model::State::Withdrawn && release.seen_by(&f.viewer);
    shown
        && (f.parts || f.component.is_some() || draft.only.is_none())
        && f.channel.as_ref().is_none_or(|c| draft.channel_name().eq_ignore_ascii_case(c))
        && f.platform.as_ref().is_none_or(|p| node.runs_on(p))
        && f.security.is_none_or(|s| draft.security == s)
        && f.fixes.as_ref().is_none_or(|code| draft.fixes(code))
        && f.after.as_ref().is_none_or(|v| node.version() > v)
        && f.range.as_ref().is_none_or(|r| r.contains(node.version()))
        && f.from.is_none_or(|day| draft.date.is_some_and(|d| d >= day))
        && f.to.is_none_or(|day| draft.date.is_some_and(|d| d <= day))
        && f.component.as_ref().is_none_or(|(name, version)| has(node, name, version))
}

fn has(node: &Node, name: &str, version: &str) -> bool {
    node.release.draft.components.iter().any(|c| {
        (name.is_empty() || c.name.eq_ignore_ascii_case(name))
            && c.version.eq_ignore_ascii_case(version.trim())
    })
}

pub fn sum(nodes: &[&Node]) -> Sum {
    let cves: BTreeSet<String> =
        nodes.iter().flat_map(|n| n.release.draft.cves.iter().map(|c| fold_code(c))).collect();
    Sum {
        releases: nodes.len(),
        security: nodes.iter().filter(|n| n.release.draft.security).count(),
        cves: cves.into_iter().collect(),
    }
}

/// The first release of each channel that fixes a code or a CVE, by channel name.
pub fn first_fixes<'a>(graph: &'a Graph, code: &str, viewer: &Viewer) -> BTreeMap<String, &'a Node> {
    let filter =
        Filter { fixes: Some(code.into()), parts: true, viewer: viewer.clone(), ..Filter::default() };
    let mut first: BTreeMap<String, &Node> = BTreeMap::new();
    for node in find(graph, &filter) {
        let name = node.release.draft.channel_name().to_string();
        // A release of the whole before one of a part; the walk goes downwards, so the last seen is lowest.
        let part = |n: &Node| n.release.draft.only.is_some();
        match first.get(&name) {
            Some(known) if part(node) && !part(known) => {}
            _ => {
                first.insert(name, node);
            }
        }
    }
    first
}

/// The newest release of a channel, versions before a release aside.
pub fn newest<'a>(graph: &'a Graph, channel: &str, viewer: &Viewer) -> Option<&'a Node> {
    let filter = Filter { channel: Some(channel.into()), viewer: viewer.clone(), ..Filter::default() };
    find(graph, &filter).into_iter().find(|n| !n.version().is_preview())
}

/// The supported channels on a day that have releases, the one supported longest first.
pub fn supported(graph: &Graph, on: Date, viewer: &Viewer) -> Vec<ChannelView> {
    let mut all = path::channels(graph, on, viewer);
    all.retain(|view| view.supported && view.newest.is_some() && view.channel.end_of_life.is_some());
    all.sort_by_key(|of| std::cmp::Reverse(of.channel.end_of_life));
    all
}

/// Reads `sdk:8.0.303`, `8.0.303`.
pub fn component(text: &str) -> Result<(String, String)> {
    let (name, version) = text.split_once(':').unwrap_or(("", text));
    if version.trim().is_empty() {
        return Err(firstline_core::Error::invalid("component", "must be NAME:VERSION or VERSION"));
    }
    Ok((name.trim().to_string(), version.trim().to_string()))
}
