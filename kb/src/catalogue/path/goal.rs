//! What somebody wants, and which releases would do, best first.
use serde::{Deserialize, Serialize};

use super::{Place, Reason, Request, standing};
use crate::catalogue::graph::Graph;
use crate::catalogue::model::{Size, State, fold_code};
use crate::version::Version;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Goal {
    /// The newest supported release.
    #[default]
    Newest,
    /// All security fixes and as little else as possible.
    Security,
    /// An error code or a CVE.
    Fixes(String),
    /// The smallest step forward.
    Smallest,
    /// The newest of a channel; of one's own when none is named.
    Channel(Option<String>),
    /// This version.
    To(Version),
}

impl std::fmt::Display for Goal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Goal::Newest => f.write_str("newest"),
            Goal::Security => f.write_str("security"),
            Goal::Fixes(code) => write!(f, "fixes:{code}"),
            Goal::Smallest => f.write_str("smallest"),
            Goal::Channel(None) => f.write_str("channel"),
            Goal::Channel(Some(name)) => write!(f, "channel:{name}"),
            Goal::To(version) => write!(f, "to:{version}"),
        }
    }
}

impl From<Goal> for String {
    fn from(goal: Goal) -> String {
        goal.to_string()
    }
}

impl TryFrom<String> for Goal {
    type Error = firstline_core::Error;
    fn try_from(text: String) -> Result<Goal, Self::Error> {
        text.parse()
    }
}

impl std::str::FromStr for Goal {
    type Err = firstline_core::Error;

    /// `newest`, `security`, `smallest`, `channel`, `channel:NAME`, `fixes:CODE`, `to:VERSION`.
    fn from_str(text: &str) -> Result<Goal, Self::Err> {
        let (word, rest) = text.trim().split_once(':').unwrap_or((text.trim(), ""));
        let rest = rest.trim();
        match (word.trim().to_lowercase().as_str(), rest) {
            ("newest" | "latest", "") => Ok(Goal::Newest),
            ("security", "") => Ok(Goal::Security),
            ("smallest", "") => Ok(Goal::Smallest),
            ("channel", "") => Ok(Goal::Channel(None)),
            ("channel", name) => Ok(Goal::Channel(Some(name.to_string()))),
            ("fixes" | "fix", code) if !code.is_empty() && code.len() <= 100 => {
                Ok(Goal::Fixes(fold_code(code)))
            }
            ("to", version) => Version::parse(version).map(Goal::To).map_err(|e| e.at("goal")),
            _ => Err(firstline_core::Error::invalid(
                "goal",
                "must be newest, security, smallest, channel, channel:NAME, fixes:CODE or to:VERSION",
            )),
        }
    }
}

/// The releases that reach the goal, preferred ones first, or why there are none.
pub(super) fn targets(graph: &Graph, request: &Request, place: &Place) -> Result<Vec<usize>, Reason> {
    if graph.nodes.is_empty() {
        return Err(Reason::NothingPublished);
    }
    let look = Look { graph, request, place };
    match &request.goal {
        Goal::Newest => look.newest(),
        Goal::Security => look.security(),
        Goal::Fixes(code) => look.fixes(code),
        Goal::Smallest => look.smallest(),
        Goal::Channel(name) => look.channel(name.as_deref()),
        Goal::To(version) => look.to(version),
    }
}

struct Look<'a> {
    graph: &'a Graph,
    request: &'a Request,
    place: &'a Place,
}

impl Look<'_> {
    fn offered(&self, at: usize) -> bool {
        let node = &self.graph.nodes[at];
        node.offered(&self.request.viewer, self.request.platform.as_deref())
            && (!node.preview || self.place.preview)
    }

    /// Positions above the installed version that are offered, newest first.
    fn above(&self) -> impl Iterator<Item = usize> + '_ {
        (self.place.above..self.graph.nodes.len()).rev().filter(|at| self.offered(*at))
    }

    fn mine(&self, at: usize) -> bool {
        self.place.channel.is_none_or(|c| self.graph.nodes[at].channel == c)
    }

    fn supported(&self, at: usize) -> bool {
        let draft = &self.graph.nodes[at].release.draft;
        let channel = self.graph.product.channel(draft.channel_name());
        let day = self.request.as_of;
        channel.is_none_or(|c| c.supported(day)) && draft.end_of_life.is_none_or(|end| day <= end)
    }

    fn newest(&self) -> Result<Vec<usize>, Reason> {
        // What is still supported, else what one's own channel has.
        let best =
            self.above().find(|at| self.supported(*at)).or_else(|| self.above().find(|at| self.mine(*at)));
        best.map(|at| vec![at]).ok_or_else(|| self.nothing_newer())
    }

    fn channel(&self, name: Option<&str>) -> Result<Vec<usize>, Reason> {
        let Some(name) = name else {
            let best = self.above().find(|at| self.mine(*at));
            return best.map(|at| vec![at]).ok_or_else(|| self.nothing_newer());
        };
        let of_name =
            |at: &usize| self.graph.nodes[*at].release.draft.channel_name().eq_ignore_ascii_case(name);
        let all = 0..self.graph.nodes.len();
        if !all.clone().any(|at| of_name(&at)) {
            return Err(Reason::UnknownChannel {
                channel: name.into(),
                known: standing::channel_names(self.graph),
            });
        }
        // Who asks for a preview channel by name may have previews.
        let wanted = |at: &usize| {
            let node = &self.graph.nodes[*at];
            of_name(at) && node.offered(&self.request.viewer, self.request.platform.as_deref())
        };
        let stable = |at: &usize| !self.graph.nodes[*at].version().is_preview();
        let above = || (self.place.above..all.end).rev().filter(wanted);
        let best = above().find(stable).or_else(|| above().next());
        best.map(|at| vec![at]).ok_or_else(|| self.nothing_newer())
    }

    fn security(&self) -> Result<Vec<usize>, Reason> {
        let needed = self.above().find(|at| self.mine(*at) && self.graph.nodes[*at].release.draft.security);
        match needed {
            Some(at) => Ok(vec![at]),
            None if self.place.at.is_none() => {
                Err(standing::unknown_version(self.graph, self.request, self.place))
            }
            None => match self.nothing_newer() {
                end @ Reason::EndOfLife { .. } => Err(end),
                platform @ Reason::Platform { .. } => Err(platform),
                _ => Err(Reason::AlreadySecure),
            },
        }
    }

    /// The least that moves forward: a small change before a large one, the nearest version first.
    fn smallest(&self) -> Result<Vec<usize>, Reason> {
        let mut all: Vec<usize> = self.above().filter(|at| self.mine(*at)).collect();
        if all.is_empty() {
            return self.newest();
        }
        all.reverse();
        all.sort_by_key(|at| self.graph.nodes[*at].release.draft.size == Some(Size::Large));
        Ok(all)
    }

    fn to(&self, version: &Version) -> Result<Vec<usize>, Reason> {
        let at = self.graph.find(version);
        match at {
            Some(at) if at < self.place.above => Err(Reason::AlreadyNewest),
            Some(at)
                if self.graph.nodes[at].offered(&self.request.viewer, self.request.platform.as_deref()) =>
            {
                Ok(vec![at])
            }
            Some(at) => Err(match self.graph.withdrawn_reason(at) {
                Some(why) => Reason::FixWithdrawn {
                    fix: String::new(),
                    version: version.to_string(),
                    why: why.clone(),
                },
                None => self.no_platform().unwrap_or(Reason::UnknownVersion { below: None, above: None }),
            }),
            None => {
                let (below, above) = standing::nearest(self.graph, version, None);
                Err(Reason::UnknownVersion { below, above })
            }
        }
    }

    /// The first release with the fix and those behind it in its channel; one's own channel before others.
    fn fixes(&self, code: &str) -> Result<Vec<usize>, Reason> {
        let fixing = self.graph.fixing(code);
        if fixing.is_empty() {
            return Err(Reason::NoFix { fix: code.into() });
        }
        let nodes = &self.graph.nodes;
        let contains = |at: usize| {
            fixing.iter().find(|f| nodes[**f as usize].channel == nodes[at].channel && **f as usize <= at)
        };
        if let Some(by) = self
            .place
            .at
            .and_then(contains)
            .filter(|by| nodes[**by as usize].release.state == State::Published)
        {
            return Err(Reason::AlreadyFixed {
                fix: code.into(),
                by: nodes[*by as usize].version().to_string(),
            });
        }
        let mut all: Vec<usize> = self.above().filter(|at| contains(*at).is_some()).collect();
        all.reverse();
        all.sort_by_key(|at| (!self.mine(*at), self.replaced(*at)));
        let own: Vec<usize> = all.iter().copied().filter(|at| self.mine(*at)).collect();
        if !own.is_empty() && super::search::route(self.graph, self.request, self.place, &own).is_ok() {
            return Ok(own);
        }
        if all.is_empty() { Err(self.no_fix_for_us(code, fixing)) } else { Ok(all) }
    }

    /// A release that another offered one replaces is no place to stop at.
    fn replaced(&self, at: usize) -> bool {
        self.graph.nodes[at].successors.iter().any(|s| self.offered(*s as usize))
    }

    fn no_fix_for_us(&self, code: &str, fixing: &[u32]) -> Reason {
        let nodes = &self.graph.nodes;
        let withdrawn = fixing.iter().rev().find(|f| nodes[**f as usize].release.state == State::Withdrawn);
        let open = |f: &&u32| nodes[**f as usize].release.offered_to(&self.request.viewer);
        let elsewhere: Vec<String> =
            fixing.iter().filter(open).map(|f| nodes[*f as usize].version().to_string()).collect();
        match withdrawn {
            Some(f) if elsewhere.is_empty() => Reason::FixWithdrawn {
                fix: code.into(),
                version: nodes[*f as usize].version().to_string(),
                why: nodes[*f as usize].release.reason.clone(),
            },
            _ if elsewhere.is_empty() => Reason::NoFix { fix: code.into() },
            _ => Reason::FixElsewhere { fix: code.into(), versions: elsewhere },
        }
    }

    /// Nothing above: the end of life, the platform, or simply the newest.
    fn nothing_newer(&self) -> Reason {
        if let Some(platform) = self.no_platform() {
            return platform;
        }
        if self.place.at.is_none() {
            return standing::unknown_version(self.graph, self.request, self.place);
        }
        standing::end_of_life(self.graph, self.request, self.place).unwrap_or(Reason::AlreadyNewest)
    }

    fn no_platform(&self) -> Option<Reason> {
        let platform = self.request.platform.as_ref()?;
        let any = |at: usize| self.graph.nodes[at].offered(&self.request.viewer, None);
        let here = |at: usize| self.graph.nodes[at].runs_on(platform);
        let range = self.place.above..self.graph.nodes.len();
        let elsewhere: Vec<usize> = range.filter(|at| any(*at)).collect();
        if elsewhere.is_empty() || elsewhere.iter().any(|at| here(*at)) {
            return None;
        }
        let mut offered: Vec<String> =
            elsewhere.iter().flat_map(|at| self.graph.nodes[*at].release.draft.platforms.clone()).collect();
        offered.sort();
        offered.dedup();
        Some(Reason::Platform { platform: platform.clone(), offered })
    }
}
