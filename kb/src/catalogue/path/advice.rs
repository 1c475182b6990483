//! The answer as data; the rooms above put it into words.
use firstline_core::Time;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::standing::Standing;
use super::{Goal, Place, Request};
use crate::catalogue::graph::Graph;
use crate::catalogue::model::{File, Severity, Size, State, Texts};

/// Steps in order, or the reason why there are none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    /// The product's key and its name.
    pub product: String,
    pub title: Texts,
    /// As it was asked.
    pub version: String,
    pub platform: Option<String>,
    pub goal: Goal,
    pub as_of: Date,
    pub standing: Standing,
    pub steps: Vec<Step>,
    pub reason: Option<Reason>,
    pub remarks: Vec<Remark>,
}

/// One release to install.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub release: String,
    pub version: String,
    pub channel: String,
    pub date: Option<Date>,
    pub security: bool,
    pub severity: Option<Severity>,
    pub size: Option<Size>,
    /// What it brings: itself and the releases passed over.
    pub brings: Vec<Part>,
    /// Error codes it fixes, those passed over included.
    pub codes: Vec<String>,
    /// CVEs likewise.
    pub cves: Vec<String>,
    /// Why this step is needed, when a later one asks for it: that one's condition.
    pub needed_by: Option<String>,
    pub conditions: Vec<String>,
    pub notes: Texts,
    pub notes_url: Option<String>,
    pub known_issues: Texts,
    pub requirements: Texts,
    pub backup: Texts,
    pub install: Texts,
    pub rollback: Texts,
    /// Filled from the store; those for the asked platform, or all.
    pub files: Vec<File>,
    pub published_at: Option<Time>,
}

/// A release that a step contains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    pub version: String,
    pub date: Option<Date>,
    pub security: bool,
}

/// Why there is no list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Reason {
    AlreadyNewest,
    /// What is installed contains the fix already: it came with `by`.
    AlreadyFixed {
        fix: String,
        by: String,
    },
    /// No security fix came after what is installed.
    AlreadySecure,
    /// Nothing more will come for this channel or product; `alternatives` are supported channels and their newest.
    EndOfLife {
        on: Date,
        alternatives: Vec<(String, String)>,
    },
    UnknownProduct {
        product: String,
        known: Vec<String>,
    },
    /// Not in the catalogue; between these two, where there are such.
    UnknownVersion {
        below: Option<String>,
        above: Option<String>,
    },
    UnknownChannel {
        channel: String,
        known: Vec<String>,
    },
    /// Nobody has fixed it.
    NoFix {
        fix: String,
    },
    /// The fix was withdrawn and nothing replaces it.
    FixWithdrawn {
        fix: String,
        version: String,
        why: Texts,
    },
    /// There is a fix, but not upwards of what is installed or not for this platform.
    FixElsewhere {
        fix: String,
        versions: Vec<String>,
    },
    /// Several lines lead on and one must be chosen.
    Fork {
        heads: Vec<String>,
    },
    /// `target` asks for versions that nothing leads to; `missing` were withdrawn.
    Gap {
        target: String,
        needs: Vec<String>,
        missing: Vec<String>,
    },
    /// Nothing for this platform.
    Platform {
        platform: String,
        offered: Vec<String>,
    },
    /// The product has no releases.
    NothingPublished,
    /// Several products could be meant, or none was named.
    NeedProduct {
        /// Keys.
        known: Vec<String>,
        /// Their names, in the same order.
        titles: Vec<Texts>,
    },
    NeedVersion,
    /// Asked without saying what is installed: where it is first fixed, by channel.
    FixedIn {
        fix: String,
        releases: Vec<(String, String)>,
    },
}

/// Something a reader should know beside the steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Remark {
    /// The asked version is that of a component.
    Component {
        component: String,
        release: String,
    },
    YoursWithdrawn {
        reason: Texts,
    },
    /// Not in the catalogue, but the first step says that it applies to it.
    Unlisted,
    /// The channel of what is installed gets nothing more since that day.
    EndOfLife {
        channel: String,
        on: Date,
    },
    /// The steps lead into another channel.
    ChannelChange {
        from: String,
        to: String,
    },
    /// Withdrawn releases that were left out.
    LeftOut {
        versions: Vec<String>,
    },
}

/// The positions of a list of steps.
pub(super) struct Route(pub(super) Vec<usize>);

impl Advice {
    pub(super) fn new(graph: &Graph, request: &Request, standing: Standing) -> Advice {
        Advice {
            product: graph.product.key.clone(),
            title: graph.product.title.clone(),
            version: request.version.to_string(),
            platform: request.platform.clone(),
            goal: request.goal.clone(),
            as_of: request.as_of,
            standing,
            steps: vec![],
            reason: None,
            remarks: vec![],
        }
    }

    /// An answer without a product to look into.
    pub fn without(product: &str, version: &str, goal: Goal, as_of: Date, reason: Reason) -> Advice {
        Advice {
            product: product.into(),
            title: Texts::default(),
            version: version.into(),
            platform: None,
            goal,
            as_of,
            standing: Standing::default(),
            steps: vec![],
            reason: Some(reason),
            remarks: vec![],
        }
    }

    pub(super) fn take_route(&mut self, graph: &Graph, place: &Place, route: &Route) {
        let mut from = place.above;
        for (n, at) in route.0.iter().enumerate() {
            let mut step = step(graph, *at, from, place);
            step.needed_by = route.0.get(n + 1).map(|next| graph.nodes[*next].version().to_string());
            self.steps.push(step);
            from = *at + 1;
        }
        self.remark_on(graph, place, route);
    }

    fn remark_on(&mut self, graph: &Graph, place: &Place, route: &Route) {
        if place.at.is_none() && !self.standing.outside {
            self.remarks.push(Remark::Unlisted);
        }
        if let (Some(channel), Some(on), Some(false)) =
            (&self.standing.channel, self.standing.end_of_life, self.standing.supported)
        {
            self.remarks.push(Remark::EndOfLife { channel: channel.clone(), on });
        }
        let Some(last) = route.0.last() else { return };
        if place.channel.is_some_and(|c| c != graph.nodes[*last].channel) {
            let from = self.standing.channel.clone().unwrap_or_default();
            let to = graph.nodes[*last].release.draft.channel_name().to_string();
            self.remarks.push(Remark::ChannelChange { from, to });
        }
        let withdrawn = |at: &usize| graph.nodes[*at].release.state == State::Withdrawn;
        let left: Vec<String> =
            (place.above..=*last).filter(withdrawn).map(|at| graph.nodes[at].version().to_string()).collect();
        if !left.is_empty() {
            self.remarks.push(Remark::LeftOut { versions: left });
        }
    }
}

fn step(graph: &Graph, at: usize, from: usize, place: &Place) -> Step {
    let node = &graph.nodes[at];
    let draft = &node.release.draft;
    let contained = contained(graph, at, from, place);
    let parts = contained.iter().map(|at| &graph.nodes[*at].release.draft);
    let brings =
        parts.clone().map(|d| Part { version: d.version.to_string(), date: d.date, security: d.security });
    let gather = |pick: fn(&crate::catalogue::model::Draft) -> &Vec<String>| {
        let mut all: Vec<String> =
            contained.iter().flat_map(|at| pick(&graph.nodes[*at].release.draft)).cloned().collect();
        all.sort();
        all.dedup();
        all
    };
    Step {
        release: node.release.id.clone(),
        version: draft.version.to_string(),
        channel: draft.channel_name().to_string(),
        date: draft.date,
        security: parts.clone().any(|d| d.security),
        severity: parts.clone().filter_map(|d| d.severity).min(),
        size: draft.size,
        brings: brings.collect(),
        codes: gather(|d| &d.codes),
        cves: gather(|d| &d.cves),
        needed_by: None,
        conditions: node.needs(),
        notes: draft.notes.clone(),
        notes_url: draft.notes_url.clone(),
        known_issues: draft.known_issues.clone(),
        requirements: draft.requirements.clone(),
        backup: draft.backup.clone(),
        install: draft.install.clone(),
        rollback: draft.rollback.clone(),
        files: vec![],
        published_at: node.release.published_at,
    }
}

/// A release contains those of its channel since the step before, or all it replaces.
fn contained(graph: &Graph, at: usize, from: usize, place: &Place) -> Vec<usize> {
    if graph.by_supersedence() {
        let known = place.at.map(|at| super::heads::replaced_by(graph, at)).unwrap_or_default();
        let mut all = super::heads::replaced_by(graph, at);
        all.retain(|n| !known.contains(n) && Some(*n) != place.at);
        all.push(at);
        return all;
    }
    let channel = graph.nodes[at].channel;
    let mine = |n: &usize| *n == at || graph.nodes[*n].channel == channel && graph.nodes[*n].in_line();
    (from.min(at)..=at).filter(mine).filter(|n| graph.nodes[*n].release.state == State::Published).collect()
}
