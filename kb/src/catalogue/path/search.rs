//! The shortest list: a search backwards from the targets. Each release is met once and what it can be
//! installed upon is a stretch of positions, so a graph of n releases costs about n steps at most.
use std::collections::VecDeque;

use super::advice::Route;
use super::{Place, Reason, Request};
use crate::catalogue::graph::Graph;
use crate::catalogue::model::State;

/// Targets in the order they are preferred; fewer steps come first, then the order.
pub(super) fn route(
    graph: &Graph,
    request: &Request,
    place: &Place,
    targets: &[usize],
) -> Result<Route, Reason> {
    let offered = |at: usize| graph.nodes[at].offered(&request.viewer, request.platform.as_deref());
    if let Some(route) = shortest(graph, request, place, targets, offered) {
        return Ok(route);
    }
    Err(gap(graph, request, place, targets))
}

fn shortest(
    graph: &Graph,
    request: &Request,
    place: &Place,
    targets: &[usize],
    usable: impl Fn(usize) -> bool,
) -> Option<Route> {
    const NONE: u32 = u32::MAX;
    // Only positions above the installed version matter; `base` is the first.
    let base = place.above;
    let count = graph.nodes.len() - base;
    let mut next: Vec<u32> = vec![NONE; count];
    let mut unmet = Unmet::new(count);
    let mut queue: VecDeque<usize> = VecDeque::new();
    for target in targets {
        if unmet.meet(target - base) {
            queue.push_back(*target);
        }
    }
    while let Some(at) = queue.pop_front() {
        if starts_here(graph, request, place, at) {
            return Some(Route(follow(&next, base, at)));
        }
        for (low, high) in graph.nodes[at].from.iter().rev() {
            let (low, high) = ((*low as usize).max(base), (*high as usize).max(base));
            let mut seen = high;
            while let Some(found) = unmet.below(seen - base).filter(|f| f + base >= low) {
                unmet.meet(found);
                seen = found + base;
                if usable(seen) && !leaves_line(graph, place, seen) {
                    next[found] = at as u32;
                    queue.push_back(seen);
                }
            }
        }
    }
    None
}

/// Versions before a release are no steps for somebody who runs releases.
fn leaves_line(graph: &Graph, place: &Place, at: usize) -> bool {
    graph.nodes[at].preview && !place.preview
}

/// Whether a release can be installed upon what is installed now.
fn starts_here(graph: &Graph, request: &Request, place: &Place, at: usize) -> bool {
    match place.at {
        Some(mine) => {
            graph.nodes[at].from.iter().any(|(low, high)| (*low as usize..*high as usize).contains(&mine))
        }
        None => graph.nodes[at].accepts_unlisted(&request.version),
    }
}

fn follow(next: &[u32], base: usize, first: usize) -> Vec<usize> {
    let mut steps = vec![first];
    let mut at = first;
    while let Some(then) = next.get(at - base).filter(|n| **n != u32::MAX) {
        at = *then as usize;
        steps.push(at);
    }
    steps
}

/// Why nothing leads to the best target: the versions it asks for, and withdrawn releases that would have led on.
fn gap(graph: &Graph, request: &Request, place: &Place, targets: &[usize]) -> Reason {
    if place.at.is_none() {
        return super::standing::unknown_version(graph, request, place);
    }
    let Some(target) = targets.first() else { return Reason::AlreadyNewest };
    let fits = |at: usize| {
        let node = &graph.nodes[at];
        node.in_line() && request.platform.as_deref().is_none_or(|p| node.runs_on(p))
    };
    let missing =
        shortest(graph, request, place, targets, fits).map(|Route(steps)| steps).unwrap_or_default();
    let withdrawn = |at: &usize| graph.nodes[*at].release.state == State::Withdrawn;
    Reason::Gap {
        target: graph.nodes[*target].version().to_string(),
        needs: graph.nodes[*target].needs(),
        missing: missing
            .into_iter()
            .filter(withdrawn)
            .map(|at| graph.nodes[at].version().to_string())
            .collect(),
    }
}

/// The positions not met yet, to walk down through; each walk over met ones is shortened for the next.
struct Unmet(Vec<u32>);

impl Unmet {
    /// Slot `i` holds 1 + the highest unmet position below or at `i - 1`, or less; 0 when there is none.
    fn new(count: usize) -> Unmet {
        Unmet((0..=count as u32).collect())
    }

    /// Marks a position; false when it was met before.
    fn meet(&mut self, at: usize) -> bool {
        let slot = at + 1;
        if self.0[slot] as usize != slot {
            return false;
        }
        self.0[slot] = at as u32;
        true
    }

    /// The highest unmet position below `end`.
    fn below(&mut self, end: usize) -> Option<usize> {
        let mut root = end;
        while self.0[root] as usize != root {
            root = self.0[root] as usize;
        }
        let mut slot = end;
        while self.0[slot] as usize != slot {
            slot = std::mem::replace(&mut self.0[slot], root as u32) as usize;
        }
        root.checked_sub(1)
    }
}
