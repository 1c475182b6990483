//! What products are called in a chat. Articles and tickets hold a product's key (`invoice`); people read and type
//! its names (栗子开票, Chestnut Invoice).
use std::collections::BTreeMap;

use firstline_kb::catalogue::Products;
use firstline_kb::catalogue::model::{Product, Texts};
use serde::{Deserialize, Serialize};

use super::words;
use crate::texts::Lang;

/// The names of some products, by key; a key that has none stands for itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Names(BTreeMap<String, Named>);

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Named {
    title: Texts,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
}

impl From<&Product> for Named {
    fn from(product: &Product) -> Named {
        Named { title: product.title.clone(), aliases: product.aliases.clone() }
    }
}

impl Names {
    pub fn of<'a>(products: &Products, keys: impl IntoIterator<Item = &'a String>) -> Names {
        let named = |key: &'a String| Some((key.clone(), products.get(key)?.into()));
        Names(keys.into_iter().filter_map(named).collect())
    }

    /// In the language of the chat.
    pub fn name(&self, key: &str, lang: Lang) -> String {
        let title = self.0.get(key).map(|named| named.title.of(lang.tag())).unwrap_or_default();
        if title.trim().is_empty() { key.to_string() } else { title.to_string() }
    }

    /// Which of `keys` somebody names, and by what: the longest name that stands in the folded text.
    pub fn find<'a>(&self, keys: &'a [String], folded: &str) -> Option<(&'a String, String)> {
        let names = |key: &'a String| {
            let named = self.0.get(key);
            let titles =
                named.into_iter().flat_map(|n| [&n.title.zh, &n.title.en].into_iter().chain(&n.aliases));
            std::iter::once(key).chain(titles).map(move |name| (key, words::fold(name))).collect::<Vec<_>>()
        };
        let all = keys.iter().flat_map(names);
        let said = all.filter(|(_, name)| !name.trim().is_empty() && folded.contains(name.as_str()));
        said.max_by_key(|(_, name)| name.len())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn names() -> (Vec<String>, Names) {
        let product = |key: &str, zh: &str, en: &str| Product {
            title: Texts::new(zh, en),
            aliases: vec![format!("{zh}客户端")],
            ..Product::new(key)
        };
        let all = [product("invoice", "栗子开票", "Chestnut Invoice"), product("stock", "栗子库存", "")];
        let products: Products = Arc::new(all.into_iter().map(|p| (p.key.clone(), p)).collect());
        let keys = vec!["invoice".to_string(), "stock".into(), "legacy".into()];
        let names = Names::of(&products, &keys);
        (keys, names)
    }

    #[test]
    fn people_read_names_in_their_language_and_keys_where_there_is_none() {
        let (_, names) = names();
        assert_eq!(names.name("invoice", Lang::Zh), "栗子开票");
        assert_eq!(names.name("invoice", Lang::En), "Chestnut Invoice");
        assert_eq!(names.name("stock", Lang::En), "栗子库存", "the other language is better than a key");
        assert_eq!(names.name("legacy", Lang::Zh), "legacy");
    }

    #[test]
    fn whatever_they_call_it_is_the_product() {
        let (keys, names) = names();
        for (text, key, name) in [
            ("栗子开票 3.2.1", "invoice", "栗子开票"),
            ("是栗子开票客户端3.2", "invoice", "栗子开票客户端"),
            ("chestnut INVOICE 3", "invoice", "chestnut invoice"),
            ("invoice", "invoice", "invoice"),
            ("legacy 2", "legacy", "legacy"),
        ] {
            let found = names.find(&keys, &words::fold(text)).map(|(key, name)| (key.as_str(), name));
            assert_eq!(found, Some((key, name.to_string())), "{text}");
        }
        assert_eq!(names.find(&keys, "别的软件"), None);
    }
}
