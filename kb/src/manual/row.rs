//! Manuals and their pages as rows.
use firstline_core::store::Db;
use firstline_core::{Result, Time, on, text_enum};
use sqlx::FromRow;

text_enum! {
    /// The kinds of the service plans: technical documents (P5-13), the library (P6-16), course material and
    /// recordings (P6-13, P7-07).
    ManualKind ("kind") {
        SystemDescription = "system_description",
        Requirements = "requirements",
        Design = "design",
        Operation = "operation",
        Maintenance = "maintenance",
        UserGuide = "user_guide",
        Installation = "installation",
        Management = "management",
        Business = "business",
        Technical = "technical",
        Course = "course",
        Recording = "recording",
        Demonstration = "demonstration",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Manual {
    pub id: String,
    pub file_id: String,
    #[sqlx(try_from = "String")]
    pub kind: ManualKind,
    pub title: String,
    pub product: String,
    /// Empty: for every version.
    pub version: String,
    /// `zh-CN` or `en`
    pub lang: String,
    /// 0 for media.
    pub pages: i64,
    pub created_at: Time,
}

pub async fn by_id(db: &Db, id: &str) -> Result<Option<Manual>> {
    let row = on!(db, p => sqlx::query_as("select * from kb_manual where id = $1").bind(id).fetch_optional(p).await)?;
    Ok(row)
}

/// Where a page of a manual is read, by the id of its article, also after it left the search. `None` when that was no
/// page of a manual.
pub async fn path_of_article(db: &Db, article_id: &str) -> Result<Option<String>> {
    let external: Option<String> = on!(db, p => sqlx::query_scalar("select external_id from kb_article where id = $1")
        .bind(article_id).fetch_optional(p).await)?;
    Ok(external.as_deref().and_then(page_of_article))
}

/// The manual a hosted file is.
pub async fn by_file(db: &Db, file_id: &str) -> Result<Option<Manual>> {
    let row = on!(db, p => sqlx::query_as("select * from kb_manual where file_id = $1").bind(file_id).fetch_optional(p).await)?;
    Ok(row)
}

/// Manuals whose file is published, by product, kind and title.
pub async fn list(db: &Db) -> Result<Vec<Manual>> {
    let rows = on!(db, p => sqlx::query_as(
        "select m.* from kb_manual m join kb_file f on f.id = m.file_id where f.state = 'published' \
         order by m.product, m.kind, m.title, m.id").fetch_all(p).await)?;
    Ok(rows)
}

/// The text of a page; pages count from 1.
pub async fn page(db: &Db, manual_id: &str, page: i64) -> Result<Option<String>> {
    let text = on!(db, p => sqlx::query_scalar("select text from kb_manual_page where manual_id = $1 and page = $2")
        .bind(manual_id).bind(page).fetch_optional(p).await)?;
    Ok(text)
}

/// The external id of the article that stands for a page in the search.
pub(super) fn article_of_page(manual_id: &str, page: usize) -> String {
    format!("manual:{manual_id}:{page}")
}

/// The address of the page an article stands for; `None` for every other article.
pub fn page_of_article(external_id: &str) -> Option<String> {
    let (manual_id, page) = external_id.strip_prefix("manual:")?.split_once(':')?;
    let fits = manual_id.len() == 32 && manual_id.bytes().all(|b| b.is_ascii_hexdigit());
    let page: u32 = page.parse().ok()?;
    fits.then(|| format!("/manuals/{manual_id}?page={page}"))
}
