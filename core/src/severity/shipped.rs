//! The schemes that ship: the rule tables of the service plans.
use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Scheme;

const FILES: &[&str] = &[
    include_str!("../../plans/schemes/P6-35.toml"),
    include_str!("../../plans/schemes/P6-09.toml"),
    include_str!("../../plans/schemes/P9-05.toml"),
    include_str!("../../plans/schemes/P6-29.toml"),
];

static SCHEMES: LazyLock<BTreeMap<String, Scheme>> = LazyLock::new(|| {
    let parse = |text: &&str| toml::from_str(text).expect("a test parses the built-in schemes");
    FILES.iter().map(parse).map(|s: Scheme| (s.name.clone(), s)).collect()
});

impl Scheme {
    pub fn built_in(name: &str) -> Option<Scheme> {
        SCHEMES.get(name).cloned()
    }

    pub fn built_in_names() -> Vec<&'static str> {
        SCHEMES.keys().map(String::as_str).collect()
    }
}
