//! The catalogue as the other rooms use it: what is stored, and a copy of it in memory per product that
//! is built anew when the product changed, by whichever process.
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use firstline_core::store::{Db, Tx};
use firstline_core::{Clock, Error, Result, Time};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::graph::Graph;
use super::lately::{Lately, Products};
use super::model::{File, Product, Release, Viewer};
use super::path::{self, Advice, ChannelView, Goal, Reason, Request};
use super::store::{files, notices, products, releases};
use super::{Saved, Standing, Wish, check, names};
use crate::published;
use crate::version::Version;

/// Cheap to clone.
#[derive(Clone)]
pub struct Catalogue(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    /// By product id: the change it was built from, and the graph.
    graphs: RwLock<HashMap<String, (i64, Arc<Graph>)>>,
    lately: Lately,
}

/// What somebody asks "which patch do I need" with; names as people write them.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    pub product: String,
    pub version: String,
    pub platform: Option<String>,
    pub goal: Goal,
    /// The day asked about; today when none.
    pub as_of: Option<Date>,
    pub viewer: Viewer,
}

impl Catalogue {
    pub fn new(db: Db, clock: Clock) -> Catalogue {
        Catalogue(Arc::new(Inner { db, clock, graphs: RwLock::default(), lately: Lately::default() }))
    }

    pub fn db(&self) -> &Db {
        &self.0.db
    }

    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Today where the company is.
    pub fn today(&self) -> Date {
        let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC);
        self.0.clock.now().timestamp().to_zoned(zone).date()
    }

    /// Every product, by key.
    pub async fn products(&self) -> Result<Vec<Product>> {
        Ok(products::all(&self.0.db).await?.into_iter().map(|row| row.data.0).collect())
    }

    /// Every product by key, as of at most a few seconds ago. While the store is away there is none, and people read
    /// keys instead of names.
    pub async fn lately(&self) -> Products {
        let now = self.0.clock.now();
        if let Some(kept) = self.0.lately.kept(now) {
            return kept;
        }
        match self.products().await {
            Ok(all) => self.0.lately.keep(now, all),
            Err(_) => Products::default(),
        }
    }

    /// A product by its key or any of its names; none when nobody calls a product that.
    pub async fn product(&self, name: &str) -> Result<Option<Product>> {
        Ok(self.row(name).await?.map(|row| row.data.0))
    }

    async fn row(&self, name: &str) -> Result<Option<products::ProductRow>> {
        let asked = names::fold(name);
        let all = products::all(&self.0.db).await?;
        Ok(all.into_iter().find(|row| !asked.is_empty() && is_called(&row.data.0, &asked)))
    }

    pub(super) async fn product_id(&self, key: &str) -> Result<String> {
        let row = self.row(key).await?.ok_or_else(|| Error::not_found("product", key))?;
        Ok(row.id)
    }

    /// The releases of a product in memory, as they stand now.
    pub async fn graph(&self, name: &str) -> Result<Option<Arc<Graph>>> {
        match self.row(name).await? {
            Some(row) => self.graph_of(row).await.map(Some),
            None => Ok(None),
        }
    }

    async fn graph_of(&self, row: products::ProductRow) -> Result<Arc<Graph>> {
        let known = self.0.graphs.read().unwrap_or_else(PoisonError::into_inner).get(&row.id).cloned();
        if let Some((change, graph)) = known
            && change == row.change_no
        {
            return Ok(graph);
        }
        let all = releases::of_product(&self.0.db, &row.id).await?;
        let (product, change) = (row.data.0, row.change_no);
        let graph = tokio::task::spawn_blocking(move || Arc::new(Graph::new(product, all)))
            .await
            .map_err(|e| Error::Unavailable(format!("the releases could not be ordered: {e}")))?;
        let mut graphs = self.0.graphs.write().unwrap_or_else(PoisonError::into_inner);
        graphs.insert(row.id, (change, Arc::clone(&graph)));
        Ok(graph)
    }

    /// "Which patch do I need?" A version nobody can read is `Invalid`; everything else is an answer.
    pub async fn advise(&self, ask: &Ask) -> Result<Advice> {
        let version = Version::parse(&ask.version).map_err(|e| e.at("version"))?;
        let as_of = ask.as_of.unwrap_or_else(|| self.today());
        let Some(graph) = self.graph(&ask.product).await? else {
            let known = self.products().await?.into_iter().map(|p| p.key).collect();
            let reason = Reason::UnknownProduct { product: ask.product.clone(), known };
            return Ok(Advice::without(&ask.product, version.as_str(), ask.goal.clone(), as_of, reason));
        };
        let platform = ask.platform.clone().filter(|p| !names::platform(p).is_empty());
        let request =
            Request { version, platform, goal: ask.goal.clone(), as_of, viewer: ask.viewer.clone() };
        let mut advice = path::advise(&graph, &request);
        for step in &mut advice.steps {
            step.files = self.files(&step.release, request.platform.as_deref()).await?;
        }
        Ok(advice)
    }

    /// The files of a release, those for a platform where it is named.
    pub async fn files(&self, release: &str, platform: Option<&str>) -> Result<Vec<File>> {
        let all = self.with_bytes(files::of_release(&self.0.db, release).await?).await?;
        let fits = |f: &File| match (platform, f.platform.as_deref()) {
            (Some(asked), Some(own)) => names::fits(own, asked),
            _ => true,
        };
        Ok(all.into_iter().filter(fits).collect())
    }

    /// What we host ourselves has the size and the hash of its bytes.
    async fn with_bytes(&self, mut all: Vec<File>) -> Result<Vec<File>> {
        for file in &mut all {
            let Some(id) = &file.file_id else { continue };
            if let Some(hosted) = published::by_id(&self.0.db, id).await? {
                file.size = Some(hosted.size);
                file.algorithm = Some("sha256".into());
                file.hash = Some(hosted.sha256);
            }
        }
        Ok(all)
    }

    /// The channels of a product as they stand on a day.
    pub async fn channels(&self, name: &str, on: Option<Date>, viewer: &Viewer) -> Result<Vec<ChannelView>> {
        let graph = self.graph(name).await?.ok_or_else(|| Error::not_found("product", name))?;
        Ok(path::channels(&graph, on.unwrap_or_else(|| self.today()), viewer))
    }

    /// A release of any state with its files, by product and version.
    pub async fn release(&self, product: &str, version: &str) -> Result<Option<Release>> {
        let version = Version::parse(version).map_err(|e| e.at("version"))?;
        let Some(row) = self.row(product).await? else { return Ok(None) };
        let all = releases::of_product(&self.0.db, &row.id).await?;
        match all.into_iter().find(|r| r.draft.version.key() == version.key()) {
            Some(release) => self.with_files(release).await.map(Some),
            None => Ok(None),
        }
    }

    pub async fn release_by_id(&self, id: &str) -> Result<Option<Release>> {
        match releases::by_id(&self.0.db, id).await? {
            Some(row) => self.with_files(row.into_release()).await.map(Some),
            None => Ok(None),
        }
    }

    async fn with_files(&self, mut release: Release) -> Result<Release> {
        release.draft.files = files::of_release(&self.0.db, &release.id).await?;
        Ok(release)
    }

    /// Every release of a product without its files, newest first, drafts included.
    pub async fn releases(&self, product: &str) -> Result<Vec<Release>> {
        let Some(row) = self.row(product).await? else { return Ok(vec![]) };
        let mut all = releases::of_product(&self.0.db, &row.id).await?;
        all.sort_by(|a, b| b.draft.version.cmp(&a.draft.version));
        Ok(all)
    }

    /// Every release of a product with its files, in order; for the export.
    pub(super) async fn whole(&self, product: &str) -> Result<Vec<Release>> {
        let id = self.product_id(product).await?;
        let mut all = releases::of_product(&self.0.db, &id).await?;
        let mut of = files::of_product(&self.0.db, &id).await?;
        for release in &mut all {
            release.draft.files = of.remove(&release.id).unwrap_or_default();
        }
        all.sort_by(|a, b| a.draft.version.cmp(&b.draft.version));
        Ok(all)
    }

    /// Writes a product; the same again changes nothing.
    pub async fn put_product(&self, product: Product) -> Result<Saved> {
        let product = check::product(product)?;
        let mut tx = self.0.db.begin().await?;
        let (_, saved) = products::put(&mut tx, &self.0.clock, &product).await?;
        tx.commit().await?;
        Ok(saved)
    }

    /// Writes a release as it is to stand. The product must exist; published content never changes.
    pub async fn put_release(
        &self,
        draft: super::model::Draft,
        stand: &Standing,
        actor: &str,
    ) -> Result<(String, Saved)> {
        let mut tx = self.0.db.begin().await?;
        let done = put_release_in(&mut tx, &self.0.clock, draft, stand, actor).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// What a chat wants to hear of a product's releases from now on.
    pub async fn subscribe(&self, tx: &mut Tx, conversation: &str, product: &str, wish: Wish) -> Result<()> {
        let row = products::by_key(tx, product).await?.ok_or_else(|| Error::not_found("product", product))?;
        notices::wish(tx, &self.0.clock, conversation, &row.id, wish).await
    }

    /// A chat was given a release: should it be withdrawn, that chat is told.
    pub async fn took(&self, tx: &mut Tx, release: &str, conversation: &str) -> Result<()> {
        notices::took(tx, &self.0.clock, release, conversation).await
    }

    pub async fn history(&self, release: &str) -> Result<Vec<releases::ReleaseEvent>> {
        releases::history(&self.0.db, release).await
    }

    pub fn now(&self) -> Time {
        self.0.clock.now()
    }
}

/// Checks and writes one release inside a transaction.
pub(super) async fn put_release_in(
    tx: &mut Tx,
    clock: &Clock,
    draft: super::model::Draft,
    stand: &Standing,
    actor: &str,
) -> Result<(String, Saved)> {
    use super::model::State;
    let mut draft = check::draft(draft)?;
    // What was withdrawn long ago may name files that are gone.
    if stand.state != State::Withdrawn {
        files::resolve(tx, &mut draft.files).await?;
    }
    if matches!(stand.state, State::Published | State::Withdrawn) {
        check::publishable(&draft)?;
    }
    let row = products::by_key(tx, &draft.product).await?;
    let row = row.ok_or_else(|| Error::not_found("product", draft.product.clone()))?;
    releases::put(tx, clock, &row.id, &draft, stand, actor).await
}

pub(super) fn is_called(product: &Product, folded: &str) -> bool {
    let titles = [&product.key, &product.title.zh, &product.title.en];
    titles.into_iter().chain(&product.aliases).any(|name| names::fold(name) == folded)
}
