//! The files of a release, in the order they were given.
use std::collections::HashMap;

use firstline_core::store::{Db, Tx};
use firstline_core::{Error, Result, on, on_tx};
use sqlx::FromRow;

use crate::catalogue::model::File;

#[derive(FromRow)]
struct FileRow {
    release_id: String,
    name: String,
    component: Option<String>,
    platform: Option<String>,
    url: Option<String>,
    size: Option<i64>,
    algorithm: Option<String>,
    hash: Option<String>,
    file_id: Option<String>,
}

impl FileRow {
    fn into_file(self) -> File {
        File {
            name: self.name,
            component: self.component,
            platform: self.platform,
            url: self.url,
            size: self.size,
            algorithm: self.algorithm,
            hash: self.hash,
            file_id: self.file_id,
        }
    }
}

/// What a release says of files that are hosted here comes from the files themselves. A withdrawn or unknown one
/// is refused.
pub async fn resolve(tx: &mut Tx, files: &mut [File]) -> Result<()> {
    for file in files {
        let Some(id) = file.file_id.as_deref() else { continue };
        let known: Option<(String, i64, String)> = on_tx!(&mut *tx, c => sqlx::query_as(
            "select sha256, size, state from kb_file where id = $1").bind(id).fetch_optional(c).await)?;
        let refuse = |why: &str| Err(Error::invalid("files", format!("{}: {why}: {id}", file.name)));
        let Some((sha256, size, state)) = known else { return refuse("no file is hosted here with this id") };
        if state == "withdrawn" {
            return refuse("the hosted file was withdrawn");
        }
        if file
            .hash
            .as_ref()
            .is_some_and(|hash| *hash != sha256 && file.algorithm.as_deref() == Some("sha256"))
        {
            return refuse("the hash is not that of the hosted file");
        }
        (file.hash, file.algorithm, file.size) = (Some(sha256), Some("sha256".into()), Some(size));
    }
    Ok(())
}

/// Replaces the files of a release.
pub async fn write(tx: &mut Tx, release: &str, files: &[File]) -> Result<()> {
    on_tx!(tx, c => sqlx::query("delete from kb_release_file where release_id = $1").bind(release).execute(c).await.map(drop))?;
    for (n, f) in (0i64..).zip(files) {
        on_tx!(tx, c => sqlx::query(
            "insert into kb_release_file (release_id, n, name, component, platform, url, size, algorithm, hash, file_id) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
            .bind(release).bind(n).bind(&f.name).bind(&f.component).bind(&f.platform).bind(&f.url).bind(f.size)
            .bind(&f.algorithm).bind(&f.hash).bind(&f.file_id).execute(c).await.map(drop))?;
    }
    Ok(())
}

pub async fn of_release(db: &Db, release: &str) -> Result<Vec<File>> {
    let rows: Vec<FileRow> = on!(db, p => sqlx::query_as("select * from kb_release_file where release_id = $1 order by n")
        .bind(release).fetch_all(p).await)?;
    Ok(rows.into_iter().map(FileRow::into_file).collect())
}

/// The ids of the hosted files of a release.
pub async fn hosted(tx: &mut Tx, release: &str) -> Result<Vec<String>> {
    let ids = on_tx!(tx, c => sqlx::query_scalar(
        "select distinct file_id from kb_release_file where release_id = $1 and file_id is not null order by file_id")
        .bind(release).fetch_all(c).await)?;
    Ok(ids)
}

/// The hosted files of a release that no other published release has.
pub async fn hosted_alone(tx: &mut Tx, release: &str) -> Result<Vec<String>> {
    let ids = on_tx!(tx, c => sqlx::query_scalar(
        "select distinct f.file_id from kb_release_file f where f.release_id = $1 and f.file_id is not null \
         and not exists (select 1 from kb_release_file o join kb_release r on r.id = o.release_id \
         where o.file_id = f.file_id and r.id <> $1 and r.state = 'published') order by f.file_id")
        .bind(release).fetch_all(c).await)?;
    Ok(ids)
}

/// The files of all releases of a product, by release.
pub async fn of_product(db: &Db, product: &str) -> Result<HashMap<String, Vec<File>>> {
    let rows: Vec<FileRow> = on!(db, p => sqlx::query_as(
        "select f.* from kb_release_file f join kb_release r on r.id = f.release_id where r.product_id = $1 order by f.release_id, f.n")
        .bind(product).fetch_all(p).await)?;
    let mut found: HashMap<String, Vec<File>> = HashMap::new();
    for row in rows {
        found.entry(row.release_id.clone()).or_default().push(row.into_file());
    }
    Ok(found)
}
