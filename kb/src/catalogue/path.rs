//! "Which patch do I need?": from a product and a version to the shortest safe list in order, or an honest
//! reason why there is none. A pure function over a product's graph; it explains itself in data.
mod advice;
mod goal;
mod heads;
mod search;
mod standing;

use jiff::civil::Date;

use super::graph::Graph;
use super::model::Viewer;
use crate::version::Version;

pub use advice::{Advice, Part, Reason, Remark, Step};
pub use goal::Goal;
pub(crate) use standing::channels;
pub use standing::{ChannelView, Standing};

/// What is asked of a product.
#[derive(Clone, Debug)]
pub struct Request {
    /// Installed now.
    pub version: Version,
    pub platform: Option<String>,
    pub goal: Goal,
    /// The day for "is it still supported".
    pub as_of: Date,
    pub viewer: Viewer,
}

/// Where somebody stands in a graph.
struct Place {
    /// Their release, where it is listed.
    at: Option<usize>,
    /// The first position above their version.
    above: usize,
    channel: Option<u32>,
    preview: bool,
}

/// Answers a request.
pub fn advise(graph: &Graph, request: &Request) -> Advice {
    let place = Place::of(graph, request);
    let mut advice = Advice::new(graph, request, standing::standing(graph, request, &place));
    if let Some((component, release)) = standing::component_of(graph, request) {
        advice.remarks.push(Remark::Component { component, release });
    }
    if let Some(reason) = place.at.and_then(|at| graph.withdrawn_reason(at)) {
        advice.remarks.push(Remark::YoursWithdrawn { reason: reason.clone() });
    }
    let found = if graph.by_supersedence() {
        heads::route(graph, request, &place)
    } else {
        goal::targets(graph, request, &place)
            .and_then(|targets| search::route(graph, request, &place, &targets))
    };
    match found {
        Ok(route) => advice.take_route(graph, &place, &route),
        Err(reason) => advice.reason = Some(reason),
    }
    advice
}

impl Place {
    fn of(graph: &Graph, request: &Request) -> Place {
        let at = standing::node_of(graph, request);
        let version = at.map_or(&request.version, |at| graph.nodes[at].version());
        let above = graph.nodes.partition_point(|n| n.version() <= version);
        let channel = match at {
            Some(at) => Some(graph.nodes[at].channel),
            None => standing::channel_by_name(graph, &request.version),
        };
        Place { at, above, channel, preview: version.is_preview() }
    }
}

#[cfg(test)]
mod tests;
