//! Products whose releases follow each other only by what replaces what: "newest" may be several.
use std::collections::{BTreeSet, VecDeque};

use super::advice::Route;
use super::{Goal, Place, Reason, Request, standing};
use crate::catalogue::graph::Graph;
use crate::catalogue::model::State;

/// The one release that replaces what is installed and is replaced by nothing, preceded by what it asks for.
pub(super) fn route(graph: &Graph, request: &Request, place: &Place) -> Result<Route, Reason> {
    if graph.nodes.is_empty() {
        return Err(Reason::NothingPublished);
    }
    let after = replacing(graph, request, place);
    if place.at.is_none() && after.is_empty() {
        return Err(standing::unknown_version(graph, request, place));
    }
    let wanted = wanted(graph, request, place, &after)?;
    let heads: Vec<usize> =
        wanted.iter().copied().filter(|at| last_offered(graph, request, *at, &wanted)).collect();
    match heads.as_slice() {
        [] => Err(if after.is_empty() {
            ended(graph, request, place)
        } else {
            nothing_here(graph, request, &after)
        }),
        [head] => Ok(Route(with_prerequisites(graph, request, place, *head))),
        several => Err(Reason::Fork {
            heads: several.iter().map(|at| graph.nodes[*at].version().to_string()).collect(),
        }),
    }
}

/// Everything that replaces what is installed, directly or through others.
fn replacing(graph: &Graph, request: &Request, place: &Place) -> BTreeSet<usize> {
    let start: Vec<u32> = match place.at {
        Some(at) => graph.nodes[at].successors.clone(),
        None => graph.successors_of_outside(&request.version).to_vec(),
    };
    closure(start, |at| &graph.nodes[at].successors)
}

/// Everything a release replaces, directly or through others, that is in the catalogue.
pub(super) fn replaced_by(graph: &Graph, at: usize) -> Vec<usize> {
    closure(graph.nodes[at].supersedes.clone(), |at| &graph.nodes[at].supersedes).into_iter().collect()
}

/// A cycle would end here, too: each is met once.
fn closure<'a>(start: Vec<u32>, next: impl Fn(usize) -> &'a Vec<u32>) -> BTreeSet<usize> {
    let mut met = BTreeSet::new();
    let mut queue: VecDeque<u32> = start.into();
    while let Some(at) = queue.pop_front() {
        if met.insert(at as usize) {
            queue.extend(next(at as usize));
        }
    }
    met
}

fn offered(graph: &Graph, request: &Request, at: usize) -> bool {
    graph.nodes[at].offered(&request.viewer, request.platform.as_deref())
}

/// Nothing of `among` that is offered replaces it.
fn last_offered(graph: &Graph, request: &Request, at: usize, among: &[usize]) -> bool {
    let later = closure(graph.nodes[at].successors.clone(), |n| &graph.nodes[n].successors);
    offered(graph, request, at)
        && !later.iter().any(|n| *n != at && among.contains(n) && offered(graph, request, *n))
}

fn wanted(
    graph: &Graph,
    request: &Request,
    place: &Place,
    after: &BTreeSet<usize>,
) -> Result<Vec<usize>, Reason> {
    let all = || after.iter().copied().filter(|at| offered(graph, request, *at));
    match &request.goal {
        Goal::Newest | Goal::Channel(_) => Ok(all().collect()),
        Goal::Security => {
            let any = after.iter().any(|at| graph.nodes[*at].release.draft.security);
            if any { Ok(all().collect()) } else { Err(Reason::AlreadySecure) }
        }
        Goal::Smallest => {
            let direct: Vec<usize> =
                direct(graph, request, place).into_iter().filter(|at| offered(graph, request, *at)).collect();
            Ok(direct)
        }
        Goal::Fixes(code) => fixing(graph, request, place, after, code),
        Goal::To(version) => match graph.find(version) {
            Some(at) if after.contains(&at) && offered(graph, request, at) => Ok(vec![at]),
            Some(at) if Some(at) == place.at => Err(Reason::AlreadyNewest),
            Some(at) => match graph.withdrawn_reason(at) {
                Some(why) => Err(Reason::FixWithdrawn {
                    fix: String::new(),
                    version: version.to_string(),
                    why: why.clone(),
                }),
                None => Err(Reason::Gap {
                    target: version.to_string(),
                    needs: graph.nodes[at].release.draft.supersedes.clone(),
                    missing: vec![],
                }),
            },
            None => Err(Reason::UnknownVersion { below: None, above: None }),
        },
    }
}

fn direct(graph: &Graph, request: &Request, place: &Place) -> Vec<usize> {
    let list = match place.at {
        Some(at) => &graph.nodes[at].successors[..],
        None => graph.successors_of_outside(&request.version),
    };
    list.iter().map(|at| *at as usize).collect()
}

fn fixing(
    graph: &Graph,
    request: &Request,
    place: &Place,
    after: &BTreeSet<usize>,
    code: &str,
) -> Result<Vec<usize>, Reason> {
    let fixing: Vec<usize> = graph.fixing(code).iter().map(|at| *at as usize).collect();
    if fixing.is_empty() {
        return Err(Reason::NoFix { fix: code.into() });
    }
    if let Some(mine) = place.at {
        let had = replaced_by(graph, mine);
        if let Some(by) = fixing.iter().find(|f| **f == mine || had.contains(f)) {
            return Err(Reason::AlreadyFixed {
                fix: code.into(),
                by: graph.nodes[*by].version().to_string(),
            });
        }
    }
    let found: Vec<usize> = after
        .iter()
        .copied()
        .filter(|at| offered(graph, request, *at))
        .filter(|at| fixing.contains(at) || replaced_by(graph, *at).iter().any(|n| fixing.contains(n)))
        .collect();
    if found.is_empty() {
        let versions = fixing.iter().map(|at| graph.nodes[*at].version().to_string()).collect();
        return Err(Reason::FixElsewhere { fix: code.into(), versions });
    }
    Ok(found)
}

fn ended(graph: &Graph, request: &Request, place: &Place) -> Reason {
    standing::end_of_life(graph, request, place).unwrap_or(Reason::AlreadyNewest)
}

/// There would be something, but not here: withdrawn, for others, or for another platform.
fn nothing_here(graph: &Graph, request: &Request, after: &BTreeSet<usize>) -> Reason {
    let last = after.iter().rev().find(|at| graph.nodes[**at].release.state == State::Withdrawn);
    if let Some(at) = last {
        let node = &graph.nodes[*at];
        return Reason::FixWithdrawn {
            fix: String::new(),
            version: node.version().to_string(),
            why: node.release.reason.clone(),
        };
    }
    match &request.platform {
        Some(platform) => {
            let all = after.iter().flat_map(|at| graph.nodes[*at].release.draft.platforms.clone());
            let offered: BTreeSet<String> = all.collect();
            Reason::Platform { platform: platform.clone(), offered: offered.into_iter().collect() }
        }
        None => Reason::AlreadyNewest,
    }
}

/// What a release asks for and is not there yet comes first, each once.
fn with_prerequisites(graph: &Graph, request: &Request, place: &Place, head: usize) -> Vec<usize> {
    let had: BTreeSet<usize> =
        place.at.map(|at| replaced_by(graph, at).into_iter().chain([at]).collect()).unwrap_or_default();
    let mut steps = Vec::new();
    let mut open = vec![(head, false)];
    let mut met = BTreeSet::new();
    while let Some((at, asked)) = open.pop() {
        if asked {
            steps.push(at);
            continue;
        }
        if had.contains(&at) || !met.insert(at) || !(at == head || offered(graph, request, at)) {
            continue;
        }
        open.push((at, true));
        let before = graph.nodes[at].release.draft.prerequisites.iter();
        let known = before.filter_map(|v| graph.find(&crate::version::Version::parse(v).ok()?));
        open.extend(known.map(|n| (n, false)));
    }
    steps
}
