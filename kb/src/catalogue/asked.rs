//! A question in somebody's own words: "我们是 3.1.4，Windows 2019，要升级到能修 E-1042 的版本". What it names is
//! picked out by the names of the products that are there; what it leaves open is asked back.
use firstline_core::Result;

use super::graph::Node;
use super::model::{Order, Product, Viewer};
use super::path::{Advice, Goal, Reason};
use super::{Ask, Catalogue, names, query};
use crate::version::{Mention, Version, mentions};

/// What was said and what is known of who said it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    pub text: String,
    /// Chosen in answer to our question; outranks the text.
    pub product: Option<String>,
    /// Given in answer to our question.
    pub version: Option<String>,
    /// Chosen in answer to our question, as a goal is written.
    pub goal: Option<String>,
    /// What they reported about last time.
    pub usual_product: Option<String>,
    pub usual_version: Option<String>,
    pub viewer: Viewer,
}

impl Catalogue {
    /// The advice, or none when this is no question for the catalogue.
    pub async fn answer(&self, asked: &Asked) -> Result<Option<Advice>> {
        let products = self.products().await?;
        if products.is_empty() {
            return Ok(None);
        }
        let read = Read::new(asked, &products);
        let product = match &read.product {
            Some(product) => Some(product.clone()),
            None => self.inferred(&read, &products, &asked.viewer).await?,
        };
        let Some(product) = product else {
            if asked.usual_product.is_some() && read.foreign {
                return Ok(None);
            }
            let titles = products.iter().map(|p| p.title.clone()).collect();
            let known = products.into_iter().map(|p| p.key).collect();
            let reason = Reason::NeedProduct { known, titles };
            return Ok(Some(self.without(&read, "", reason)));
        };
        if let Some(version) = &read.version {
            let ask = Ask {
                product,
                version: version.to_string(),
                platform: read.platform,
                goal: read.goal,
                as_of: None,
                viewer: asked.viewer.clone(),
            };
            return self.advise(&ask).await.map(Some);
        }
        self.without_version(&read, &product, asked).await.map(Some)
    }

    /// The only product that has what was named: a release that fixes the code, among several the version, too.
    async fn inferred(&self, read: &Read, products: &[Product], viewer: &Viewer) -> Result<Option<String>> {
        let (mut fixing, mut having) = (Vec::new(), Vec::new());
        for product in products {
            let Some(graph) = self.graph(&product.key).await? else { continue };
            if let Goal::Fixes(code) = &read.goal
                && !query::first_fixes(&graph, code, viewer).is_empty()
            {
                fixing.push(&product.key);
            }
            let shown = |node: &Node| node.release.offered_to(viewer);
            if read.version.as_ref().is_some_and(|v| graph.find(v).is_some_and(|at| shown(&graph.nodes[at])))
            {
                having.push(&product.key);
            }
        }
        let both: Vec<_> = fixing.iter().copied().filter(|key| having.contains(key)).collect();
        let only = match (fixing.as_slice(), both.as_slice(), having.as_slice()) {
            ([only], ..) | (_, [only], _) => Some(only),
            ([], [], [only]) if !matches!(read.goal, Goal::Fixes(_)) => Some(only),
            _ => None,
        };
        Ok(only.map(|key| (*key).clone()))
    }

    /// Nothing is said of what is installed: what can be told without it, else the question for it.
    async fn without_version(&self, read: &Read, product: &str, asked: &Asked) -> Result<Advice> {
        let mut advice = self.without(read, product, Reason::NeedVersion);
        let Some(graph) = self.graph(product).await? else { return Ok(advice) };
        advice.title = graph.product.title.clone();
        let today = self.today();
        advice.standing.newest = super::path::channels(&graph, today, &asked.viewer)
            .into_iter()
            .filter(|view| view.supported)
            .filter_map(|view| Version::parse(&view.newest?).ok())
            .max()
            .map(|v| v.to_string());
        if let Goal::Fixes(fix) = &read.goal {
            let fixed = query::first_fixes(&graph, fix, &asked.viewer);
            let list = fixed.into_iter().map(|(channel, node)| (channel, node.version().to_string()));
            let releases: Vec<(String, String)> = list.collect();
            advice.reason = Some(match releases.is_empty() {
                true => Reason::NoFix { fix: fix.clone() },
                false => Reason::FixedIn { fix: fix.clone(), releases },
            });
        }
        Ok(advice)
    }

    fn without(&self, read: &Read, product: &str, reason: Reason) -> Advice {
        let version = read.version.as_ref().map(Version::to_string).unwrap_or_default();
        let mut advice = Advice::without(product, &version, read.goal.clone(), self.today(), reason);
        advice.platform = read.platform.clone();
        advice
    }
}

struct Read {
    /// The key.
    product: Option<String>,
    /// What they usually report about is no product of the catalogue.
    foreign: bool,
    version: Option<Version>,
    platform: Option<String>,
    goal: Goal,
}

impl Read {
    fn new(asked: &Asked, products: &[Product]) -> Read {
        let by_name = |name: &str| products.iter().find(|p| super::shelf::is_called(p, &names::fold(name)));
        let chosen = asked.product.as_deref().and_then(by_name);
        let usual = asked.usual_product.as_deref().and_then(by_name);
        let said = named_in(&asked.text, products);
        let only = (products.len() == 1).then(|| &products[0]).filter(|_| asked.usual_product.is_none());
        let product = chosen.or(said).or(usual).or(only);
        let (now, wanted) = versions(&asked.text);
        let given = asked.version.as_deref().and_then(|v| {
            Version::parse(v).ok().or_else(|| mentions(v).into_iter().next().map(|m| m.version))
        });
        let is_usual = product.is_some() && product.map(|p| &p.key) == usual.map(|p| &p.key);
        let remembered =
            asked.usual_version.as_deref().filter(|_| is_usual).and_then(|v| Version::parse(v).ok());
        let goal = asked.goal.as_deref().and_then(|g| g.parse().ok());
        let numbered = product.is_none_or(|p| p.order == Order::Version);
        Read {
            product: product.map(|p| p.key.clone()),
            foreign: usual.is_none(),
            version: given.or(now).or(remembered),
            platform: names::platform_in(&asked.text).filter(|_| numbered || product.is_some()),
            goal: goal.unwrap_or_else(|| goal_in(&asked.text, wanted)),
        }
    }
}

/// The product whose longest name the text holds.
fn named_in<'a>(text: &str, products: &'a [Product]) -> Option<&'a Product> {
    let lower = text.to_lowercase();
    let titles = |p: &'a Product| [&p.key, &p.title.zh, &p.title.en].into_iter().chain(&p.aliases);
    let hits = products.iter().flat_map(|p| titles(p).map(move |name| (name.to_lowercase(), p)));
    hits.filter(|(name, _)| name.chars().count() > 1 && holds(&lower, name))
        .max_by_key(|(name, _)| name.chars().count())
        .map(|(_, product)| product)
}

/// Latin names stand as words, Chinese ones anywhere.
fn holds(text: &str, name: &str) -> bool {
    let latin = |c: char| c.is_ascii_alphanumeric();
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        let starts = !name.starts_with(latin) || !before.is_some_and(latin);
        let ends = !name.ends_with(latin) || !after.is_some_and(latin);
        starts && ends
    })
}

/// What is installed and what is wanted: "from 3.1.4 to 3.2".
fn versions(text: &str) -> (Option<Version>, Option<Version>) {
    let sure: Vec<Mention> = mentions(text).into_iter().filter(|m| m.sure).collect();
    let lower = text.to_lowercase();
    let is_wanted = |m: &Mention| {
        let before = lower[..m.at].trim_end_matches([' ', '到', '至', ':', '：', '“', '「']);
        let joined = lower[..m.at].trim_end();
        let towards = joined.ends_with('到') || joined.ends_with('至') || joined.ends_with(" to");
        towards
            && ["升级", "升", "更新", "换", "upgrade", "update", "go", "move", "to"]
                .iter()
                .any(|w| before.ends_with(w) || joined.ends_with(" to"))
            || towards && sure.len() > 1 && m.at != sure[0].at
    };
    let wanted = sure.iter().find(|m| is_wanted(m)).map(|m| m.version.clone());
    let now = sure.iter().find(|m| !is_wanted(m)).map(|m| m.version.clone());
    (now, wanted)
}

fn goal_in(text: &str, wanted: Option<Version>) -> Goal {
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if let Some(fix) = cve_in(text).or_else(|| error_code_in(text)) {
        return Goal::Fixes(super::model::fold_code(&fix));
    }
    if let Some(version) = wanted {
        return Goal::To(version);
    }
    if has(&["安全", "security", "vulnerab", "漏洞"]) {
        Goal::Security
    } else if has(&["改动最小", "最小改动", "最小的改动", "smallest", "least change"]) {
        Goal::Smallest
    } else if has(&[
        "本通道",
        "同一通道",
        "这条版本线",
        "同一版本线",
        "大版本不变",
        "my channel",
        "same channel",
        "this channel",
        "same line",
    ]) {
        Goal::Channel(None)
    } else {
        Goal::Newest
    }
}

fn cve_in(text: &str) -> Option<String> {
    let upper = text.to_uppercase();
    let at = upper.find("CVE-")?;
    let number: String = upper[at + 4..].chars().take_while(|c| c.is_ascii_digit() || *c == '-').collect();
    (number.len() >= 9).then(|| format!("CVE-{}", number.trim_end_matches('-')))
}

/// The first error code: letters, a hyphen and digits, or a hexadecimal number.
fn error_code_in(text: &str) -> Option<String> {
    const NONE: [&str; 10] = ["UTF", "SHA", "ISO", "GB", "WIN", "LINUX", "OSX", "MACOS", "KB", "SP"];
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let is_code = |word: &&str| {
        if word.len() > 4 && word[..2].eq_ignore_ascii_case("0x") {
            return word[2..].bytes().all(|b| b.is_ascii_hexdigit());
        }
        word.split_once('-').is_some_and(|(letters, digits)| {
            let letters_fit =
                (1..=12).contains(&letters.len()) && letters.bytes().all(|b| b.is_ascii_alphabetic());
            letters_fit
                && digits.len() >= 2
                && digits.bytes().all(|b| b.is_ascii_digit())
                && !NONE.contains(&letters.to_uppercase().as_str())
        })
    };
    words.into_iter().find(is_code).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::model::Texts;

    fn read(text: &str) -> (Option<String>, Option<String>, Option<String>, String) {
        let titled =
            |key: &str, zh: &str, en: &str| Product { title: Texts::new(zh, en), ..Product::new(key) };
        let products = [
            titled("invoice", "栗子开票", "Chestnut Invoice"),
            titled("stock", "栗子库存", "Chestnut Stock"),
        ];
        let asked = Asked {
            text: text.into(),
            usual_product: Some("invoice".into()),
            usual_version: Some("3.0".into()),
            ..Asked::default()
        };
        let read = Read::new(&asked, &products);
        (read.product, read.version.map(|v| v.to_string()), read.platform, read.goal.to_string())
    }

    fn expect(text: &str, product: &str, version: &str, platform: &str, goal: &str) {
        let some = |t: &str| Some(t.to_string()).filter(|t| !t.is_empty());
        assert_eq!(read(text), (some(product), some(version), some(platform), goal.to_string()), "{text}");
    }

    #[test]
    fn picks_out_what_a_question_names() {
        expect(
            "我们是 3.1.4,Windows 2019,要升级到能修 E-1042 的版本",
            "invoice",
            "3.1.4",
            "windows-2019",
            "fixes:E-1042",
        );
        expect("栗子库存 2.4 升级到 2.5.1 要怎么装？", "stock", "2.4", "", "to:2.5.1");
        expect("从3.1.4升到3.2.2", "invoice", "3.1.4", "", "to:3.2.2");
        expect(
            "Which patch do I need for Chestnut Stock v2.3 on linux-x64?",
            "stock",
            "v2.3",
            "linux-x64",
            "newest",
        );
        expect("which version fixes CVE-2024-43483", "invoice", "3.0", "", "fixes:CVE-2024-43483");
        expect("要升级到最新版", "invoice", "3.0", "", "newest");
        expect("只装安全补丁，改动别太大，3.1.4", "invoice", "3.1.4", "", "security");
    }
}
