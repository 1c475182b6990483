//! What products are called. Tickets, articles and installations hold a product's key; people read its name.
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use firstline_core::Time;
use firstline_kb::catalogue::Catalogue;
use firstline_kb::catalogue::model::Product;

/// A renamed product shows its new name this much later, so that pages need not ask each time.
const KEPT_MILLIS: i64 = 10_000;

/// Products by key, as they were lately. Cheap to clone.
pub type Products = Arc<HashMap<String, Product>>;

/// The names all pages share.
#[derive(Clone, Default)]
pub struct ProductNames(Arc<RwLock<Option<(Time, Products)>>>);

impl ProductNames {
    /// The products as of at most a few seconds before `now`. While the store is away, pages show keys.
    pub async fn lately(&self, catalogue: &Catalogue, now: Time) -> Products {
        if let Some(kept) = self.kept(now) {
            return kept;
        }
        let Ok(all) = catalogue.products().await else { return Products::default() };
        let fresh: Products = Arc::new(all.into_iter().map(|p| (p.key.clone(), p)).collect());
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&fresh)));
        fresh
    }

    fn kept(&self, now: Time) -> Option<Products> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (at, products) = kept.as_ref()?;
        ((now.0 - at.0).abs() < KEPT_MILLIS).then(|| Arc::clone(products))
    }
}
