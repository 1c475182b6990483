//! Where an installed version stands: its channel, whether that is still supported, what is newest.
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Place, Reason, Request};
use crate::catalogue::graph::Graph;
use crate::catalogue::model::{Channel, Viewer};
use crate::version::Version;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The version is in the catalogue.
    pub known: bool,
    /// Not in the catalogue, but something there replaces it.
    #[serde(default)]
    pub outside: bool,
    pub channel: Option<String>,
    /// Whether the channel is supported on the day asked about; none when nothing is known of it.
    pub supported: Option<bool>,
    /// The last day of the channel, the release or the product, whichever is first.
    pub end_of_life: Option<Date>,
    pub newest_in_channel: Option<String>,
    pub newest_in_channel_date: Option<Date>,
    pub newest: Option<String>,
    /// Published neighbours of a version that is not in the catalogue.
    pub nearest_below: Option<String>,
    pub nearest_above: Option<String>,
}

/// A channel as it stands on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelView {
    pub channel: Channel,
    pub supported: bool,
    /// It holds nothing but versions before a release.
    pub only_previews: bool,
    /// The newest release, versions before a release aside.
    pub newest: Option<String>,
    pub newest_date: Option<Date>,
}

/// The release somebody has: by its version, or by the version of a component of it.
pub(super) fn node_of(graph: &Graph, request: &Request) -> Option<usize> {
    let at = graph.find(&request.version);
    match at {
        // A release of one component stands where the release of the whole stands that it came with.
        Some(at) if graph.nodes[at].release.draft.only.is_some() => whole_of(graph, at).or(Some(at)),
        Some(at) => Some(at),
        None => graph.with_any_component(request.version.as_str()).map(|(at, _)| at),
    }
}

fn whole_of(graph: &Graph, at: usize) -> Option<usize> {
    let draft = &graph.nodes[at].release.draft;
    let others = draft.components.iter().filter(|c| Some(&c.name) != draft.only.as_ref());
    others
        .filter_map(|c| Version::parse(&c.version).ok())
        .find_map(|v| graph.find(&v).filter(|found| *found != at))
}

/// The component whose version was asked, with the release it belongs to.
pub(super) fn component_of(graph: &Graph, request: &Request) -> Option<(String, String)> {
    let exact = graph.find(&request.version);
    if let Some(at) = exact {
        let only = graph.nodes[at].release.draft.only.clone()?;
        return Some((only, graph.nodes[whole_of(graph, at)?].version().to_string()));
    }
    let (at, name) = graph.with_any_component(request.version.as_str())?;
    Some((name.to_string(), graph.nodes[at].version().to_string()))
}

pub(super) fn standing(graph: &Graph, request: &Request, place: &Place) -> Standing {
    let name =
        place.channel.and_then(|c| name_of(graph, c)).or_else(|| channel_words(graph, &request.version));
    let channel = name.as_deref().and_then(|n| graph.product.channel(n));
    let own = place.at.and_then(|at| graph.nodes[at].release.draft.end_of_life);
    let end =
        [own, channel.and_then(|c| c.end_of_life), graph.product.end_of_life].into_iter().flatten().min();
    let newest = |of: Option<u32>| {
        let viewer = &request.viewer;
        graph.nodes.iter().rev().find(|n| {
            n.offered(viewer, None) && !n.version().is_preview() && of.is_none_or(|c| n.channel == c)
        })
    };
    let in_channel = place.channel.and_then(|c| newest(Some(c)));
    let known = place.at.is_some();
    let (below, above) = if known { (None, None) } else { nearest(graph, &request.version, place.channel) };
    Standing {
        known,
        outside: !graph.successors_of_outside(&request.version).is_empty(),
        channel: name.clone(),
        supported: (channel.is_some() || end.is_some()).then(|| {
            channel.is_none_or(|c| c.supported(request.as_of)) && end.is_none_or(|e| request.as_of <= e)
        }),
        end_of_life: end,
        newest_in_channel: in_channel.map(|n| n.version().to_string()),
        newest_in_channel_date: in_channel.and_then(|n| n.release.draft.date),
        newest: newest(None).map(|n| n.version().to_string()),
        nearest_below: below,
        nearest_above: above,
    }
}

fn name_of(graph: &Graph, channel: u32) -> Option<String> {
    let node = graph.nodes.iter().find(|n| n.channel == channel)?;
    Some(node.release.draft.channel_name().to_string())
}

/// The channel whose name the version begins with: 8.0 for 8.0.9.
fn channel_words(graph: &Graph, version: &Version) -> Option<String> {
    let named = graph
        .product
        .channels
        .iter()
        .filter(|c| Version::parse(&c.name).is_ok_and(|line| version.begins_with(&line)));
    named.max_by_key(|c| c.name.len()).map(|c| c.name.clone())
}

pub(super) fn channel_by_name(graph: &Graph, version: &Version) -> Option<u32> {
    if let Some(name) = channel_words(graph, version) {
        let node = graph.nodes.iter().find(|n| n.release.draft.channel_name().eq_ignore_ascii_case(&name));
        return node.map(|n| n.channel);
    }
    // With one channel only there is no doubt.
    let first = graph.nodes.first()?.channel;
    graph.nodes.iter().all(|n| n.channel == first).then_some(first)
}

pub(super) fn channel_names(graph: &Graph) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for node in &graph.nodes {
        let name = node.release.draft.channel_name();
        if !names.iter().any(|n| n.eq_ignore_ascii_case(name)) {
            names.push(name.to_string());
        }
    }
    names
}

/// The published releases just below and just above a version, of one channel where it is known.
pub(super) fn nearest(
    graph: &Graph,
    version: &Version,
    channel: Option<u32>,
) -> (Option<String>, Option<String>) {
    let at = graph.position(version);
    let fits = |n: &&super::super::graph::Node| {
        n.offered(&Viewer::Anybody, None)
            && !n.version().is_preview()
            && channel.is_none_or(|c| n.channel == c)
    };
    let below = graph.nodes[..at].iter().rev().find(fits);
    let above = graph.nodes[at..].iter().find(fits);
    let text = |n: Option<&super::super::graph::Node>| n.map(|n| n.version().to_string());
    (text(below), text(above))
}

pub(super) fn unknown_version(graph: &Graph, request: &Request, place: &Place) -> Reason {
    let (below, above) = nearest(graph, &request.version, place.channel);
    Reason::UnknownVersion { below, above }
}

/// The end of life of what is installed, with the channels that are still supported; none when it is supported.
pub(super) fn end_of_life(graph: &Graph, request: &Request, place: &Place) -> Option<Reason> {
    let stands = standing(graph, request, place);
    let on = stands.end_of_life.filter(|_| stands.supported == Some(false))?;
    let ended = |c: &str| stands.channel.as_deref().is_some_and(|mine| mine.eq_ignore_ascii_case(c));
    let supported = channels(graph, request.as_of, &request.viewer).into_iter();
    let alternatives = supported
        .filter(|view| view.supported && !view.only_previews && !ended(&view.channel.name))
        .filter_map(|view| Some((view.channel.name, view.newest?)));
    Some(Reason::EndOfLife { on, alternatives: alternatives.collect() })
}

/// The channels of a product as they stand on a day, in the order they are listed.
pub(crate) fn channels(graph: &Graph, on: Date, viewer: &Viewer) -> Vec<ChannelView> {
    let stated = graph.product.channels.clone();
    let more = channel_names(graph).into_iter().filter(|n| graph.product.channel(n).is_none());
    let all = stated.into_iter().chain(more.map(|name| Channel { name, ..Channel::default() }));
    all.map(|channel| view(graph, channel, on, viewer)).collect()
}

fn view(graph: &Graph, channel: Channel, on: Date, viewer: &Viewer) -> ChannelView {
    let mine = || {
        graph.nodes.iter().rev().filter(|n| {
            n.offered(viewer, None) && n.release.draft.channel_name().eq_ignore_ascii_case(&channel.name)
        })
    };
    let newest = mine().find(|n| !n.version().is_preview());
    let only_previews = newest.is_none() && mine().next().is_some();
    let product_ended = graph.product.end_of_life.is_some_and(|end| on > end);
    ChannelView {
        supported: channel.supported(on) && !product_ended,
        only_previews,
        newest: newest.map(|n| n.version().to_string()),
        newest_date: newest.and_then(|n| n.release.draft.date),
        channel,
    }
}
