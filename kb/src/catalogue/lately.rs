//! What products are called, from memory: tickets, articles and installations hold a product's key, people read and
//! type its names, and neither a page nor a chat turn may ask the store for them each time.
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use firstline_core::Time;

use super::model::Product;

/// A renamed product shows its new name this much later.
const KEPT_MILLIS: i64 = 10_000;

/// Products by key, as they were lately. Cheap to clone.
pub type Products = Arc<HashMap<String, Product>>;

#[derive(Default)]
pub(super) struct Lately(RwLock<Option<(Time, Products)>>);

impl Lately {
    /// What was kept, unless it is too old at `now`.
    pub(super) fn kept(&self, now: Time) -> Option<Products> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (at, products) = kept.as_ref()?;
        ((now.0 - at.0).abs() < KEPT_MILLIS).then(|| Arc::clone(products))
    }

    pub(super) fn keep(&self, now: Time, all: Vec<Product>) -> Products {
        let fresh: Products = Arc::new(all.into_iter().map(|p| (p.key.clone(), p)).collect());
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&fresh)));
        fresh
    }
}
