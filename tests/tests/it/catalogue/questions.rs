//! Real release data: the .NET family, the Windows supersedence sheet and the Node.js schedule are imported
//! as they are, and the team's questions are answered by the product's own queries.
use firstline_kb::catalogue::graph::Graph;
use firstline_kb::catalogue::model::Viewer;
use firstline_kb::catalogue::path::{self, Goal};
use firstline_kb::catalogue::query::{self, Filter};
use firstline_kb::catalogue::{Ask, Catalogue, names};
use firstline_kb::version::Version;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::{catalogue, imported, way};
use crate::desk::TestDesk;
use crate::harness::shared_data;

struct Asked<'a> {
    catalogue: &'a Catalogue,
    graph: std::sync::Arc<Graph>,
    args: &'a Value,
    as_of: Date,
}

impl Asked<'_> {
    fn arg(&self, name: &str) -> String {
        self.args[name].as_str().unwrap_or_default().to_string()
    }

    async fn advise(&self, version: &str, goal: Goal) -> path::Advice {
        let platform = Some(self.arg("rid")).filter(|r| !r.is_empty());
        let ask = Ask {
            product: ".NET".into(),
            version: version.into(),
            platform,
            goal,
            as_of: Some(self.as_of),
            ..Ask::default()
        };
        self.catalogue.advise(&ask).await.expect("an answer")
    }

    /// "Newest patch of my channel, what came after mine, what of it is about security?"
    async fn upgrade(&self) -> Value {
        let advice = self.advise(&self.arg("version"), Goal::Channel(None)).await;
        let stands = &advice.standing;
        let mut gold = json!({
            "channel": stands.channel, "known": stands.known, "newest": stands.newest_in_channel,
            "newest_date": stands.newest_in_channel_date.map(|d| d.to_string()), "channel_supported": stands.supported,
        });
        let more = gold.as_object_mut().unwrap();
        if !stands.known {
            more.insert("nearest_below".into(), json!(stands.nearest_below));
            more.insert("nearest_above".into(), json!(stands.nearest_above));
            return gold;
        }
        let step = advice.steps.last().expect("a newer one");
        let of = |security: bool| {
            step.brings
                .iter()
                .filter(|p| !security || p.security)
                .map(|p| p.version.clone())
                .collect::<Vec<_>>()
        };
        more.insert("after_mine".into(), json!(of(false)));
        more.insert("security_among_them".into(), json!(of(true)));
        more.insert("cves_fixed".into(), json!(step.cves));
        let archive =
            step.files.iter().filter(|f| f.component.as_deref() == Some("runtime") && is_archive(&f.name));
        more.insert(
            "runtime_archive".into(),
            archive.map(|f| json!({"url": f.url, "sha512": f.hash})).collect(),
        );
        gold
    }

    async fn supported(&self) -> Value {
        let day: Date = self.arg("date").parse().unwrap();
        let all = self.catalogue.channels("dotnet", Some(day), &Viewer::Anybody).await.unwrap();
        let view = all.into_iter().find(|v| v.channel.name == self.arg("channel")).expect("a channel");
        json!({ "supported": view.supported, "eol_date": view.channel.end_of_life.map(|d| d.to_string()),
            "support_type": view.channel.kind, "phase_in_file": view.channel.phase, "only_previews": view.only_previews })
    }

    fn cve(&self) -> Value {
        let mut first = query::first_fixes(&self.graph, &self.arg("cve"), &Viewer::Anybody);
        let here = first.remove(&self.arg("channel")).map(|n| n.version().to_string());
        let elsewhere: Map<String, Value> =
            first.into_iter().map(|(channel, n)| (channel, n.version().to_string().into())).collect();
        json!({ "first_fixed": here, "elsewhere": elsewhere })
    }

    async fn file(&self) -> Value {
        let newest = query::newest(&self.graph, &self.arg("channel"), &Viewer::Anybody).expect("a release");
        let all = self.catalogue.files(&newest.release.id, None).await.unwrap();
        let (component, rid, ext) = (self.arg("component"), self.arg("rid"), self.arg("ext"));
        let of_component: Vec<_> =
            all.iter().filter(|f| f.component.as_deref() == Some(&component)).collect();
        let wanted = of_component.iter().filter(|f| {
            f.platform.as_deref().is_some_and(|p| names::platform(p) == names::platform(&rid))
                && f.name.ends_with(&ext)
        });
        let files: Vec<Value> =
            wanted.map(|f| json!({"name": f.name, "url": f.url, "sha512": f.hash})).collect();
        let mut rids: Vec<&str> = of_component.iter().filter_map(|f| f.platform.as_deref()).collect();
        rids.sort_unstable();
        rids.dedup();
        let offered = if files.is_empty() { json!(rids) } else { Value::Null };
        json!({ "release": newest.version().to_string(), "files": files, "offered_rids": offered })
    }

    async fn sdk(&self) -> Value {
        let sdk = self.arg("sdk");
        let filter = Filter { component: Some(("sdk".into(), sdk.clone())), ..Filter::default() };
        let found = query::find(&self.graph, &filter);
        let node = found.iter().min_by_key(|n| n.release.draft.only.is_some());
        let runtime = node.and_then(|n| n.release.draft.components.iter().find(|c| c.name == "runtime"));
        let stands = self.advise(&sdk, Goal::Channel(None)).await.standing;
        json!({ "release": node.map(|n| n.version().to_string()), "runtime": runtime.map(|c| c.version.clone()),
            "date": node.and_then(|n| n.release.draft.date).map(|d| d.to_string()), "newest_in_channel": stands.newest_in_channel })
    }

    async fn leave(&self) -> Value {
        let stands = self.advise(&self.arg("version"), Goal::Channel(None)).await.standing;
        let supported = query::supported(&self.graph, self.as_of, &Viewer::Anybody);
        let channels: Map<String, Value> = supported
            .iter()
            .map(|v| {
                let entry = json!({ "newest": v.newest, "eol_date": v.channel.end_of_life.map(|d| d.to_string()), "type": v.channel.kind });
                (v.channel.name.clone(), entry)
            })
            .collect();
        let longest = supported.first();
        json!({ "supported": stands.supported, "eol_date": stands.end_of_life.map(|d| d.to_string()), "supported_channels": channels,
            "longest": longest.map(|v| v.channel.name.clone()), "target": longest.and_then(|v| v.newest.clone()) })
    }

    fn count(&self) -> Value {
        let day = |name: &str| self.arg(name).parse().ok();
        let filter = Filter {
            channel: Some(self.arg("channel")),
            from: day("from"),
            to: day("to"),
            ..Filter::default()
        };
        let mut found = query::find(&self.graph, &filter);
        found.reverse();
        let names = |security: bool| {
            let kept = found.iter().filter(|n| !security || n.release.draft.security);
            kept.map(|n| n.version().to_string()).collect::<Vec<_>>()
        };
        json!({ "releases": names(false), "security": names(true), "distinct_cves": query::sum(&found).cves.len() })
    }
}

fn is_archive(name: &str) -> bool {
    name.starts_with("dotnet-runtime-") && (name.ends_with(".tar.gz") || name.ends_with(".zip"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_teams_questions_are_answered_from_the_dotnet_family() {
    let (Some(family), Some(questions)) = (
        shared_data::file("catalogue/dotnet-releases.tar.gz"),
        shared_data::file("catalogue/questions.dev.jsonl"),
    ) else {
        return;
    };
    let t = TestDesk::sqlite().await;
    let c = catalogue(&t);
    let report = imported(&c, &family).await;
    assert_eq!((report.new, report.bad.len()), (346, 0), "{:?}", report.bad.first());
    let again = imported(&c, &family).await;
    assert_eq!(
        (again.new, again.changed, again.same, again.bad.len()),
        (0, 0, 346, 0),
        "twice changes nothing"
    );
    let graph = c.graph("dotnet").await.unwrap().unwrap();
    let whole = Filter { parts: true, ..Filter::default() };
    let sum = query::sum(&query::find(&graph, &whole));
    assert_eq!((sum.releases, sum.security, sum.cves.len()), (346, 176, 162));

    let asked: Vec<Value> = shared_data::read_lines(&questions);
    let mut missed = Vec::new();
    for question in &asked {
        let as_of = question["as_of"].as_str().unwrap().parse().unwrap();
        let ask = Asked { catalogue: &c, graph: graph.clone(), args: &question["args"], as_of };
        let answer = match question["kind"].as_str().unwrap() {
            "upgrade" => ask.upgrade().await,
            "supported" => ask.supported().await,
            "cve" => ask.cve(),
            "file" => ask.file().await,
            "sdk" => ask.sdk().await,
            "leave" => ask.leave().await,
            "count" => ask.count(),
            other => panic!("nobody answers {other}"),
        };
        if answer != question["gold"] {
            missed.push(format!("{}\n  is   {answer}\n  gold {}", question["id"], question["gold"]));
        }
    }
    assert!(missed.is_empty(), "{} of {} missed:\n{}", missed.len(), asked.len(), missed.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn updates_that_only_replace_each_other_are_followed_to_their_heads() {
    let Some(sheet) = shared_data::file("catalogue/kb-supersedence.csv.gz") else { return };
    let t = TestDesk::sqlite().await;
    let c = catalogue(&t);
    let report = imported(&c, &sheet).await;
    assert!(report.bad.is_empty() && report.new > 270, "{} {:?}", report.new, report.bad.first());
    assert_eq!(imported(&c, &sheet).await.new, 0);
    for product in c.products().await.unwrap() {
        let graph = c.graph(&product.key).await.unwrap().unwrap();
        let (mut led, mut forks, mut heads) = (0, 0, 0);
        for node in &graph.nodes {
            let version = node.version().to_string();
            match way(&c, &product.key, &version, "newest", "").await.as_str() {
                "already_newest" => heads += 1,
                "fork" => forks += 1,
                to => {
                    let to = Version::parse(to).expect("one step");
                    assert_eq!(way(&c, &product.key, to.as_str(), "newest", "").await, "already_newest");
                    led += 1;
                }
            }
        }
        assert!(heads > 0 && led > 0, "{}: {heads} heads, {led} led on, {forks} forks", product.key);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schedule_without_releases_still_tells_what_is_supported() {
    let Some(schedule) = shared_data::file("catalogue/node-schedule.json") else { return };
    let t = TestDesk::sqlite().await;
    let c = catalogue(&t);
    let report = imported(&c, &schedule).await;
    assert!(report.bad.is_empty(), "{:?}", report.bad);
    let on = |day: &str| c.channels("Node.js", Some(day.parse().unwrap()), &Viewer::Anybody);
    let find = |all: Vec<path::ChannelView>, name: &str| {
        all.into_iter().find(|v| v.channel.name == name).unwrap().supported
    };
    assert!(find(on("2017-01-01").await.unwrap(), "4"));
    assert!(!find(on("2019-01-01").await.unwrap(), "4"));
    assert!(!find(on("2015-01-01").await.unwrap(), "4"), "not yet begun");
}
