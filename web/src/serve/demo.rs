//! `--demo`: a fictional company's articles, people and tickets, made once, and what to try with them.
mod articles;
mod catalogue;
mod guide;
mod tickets;

use anyhow::{Context, Result};
use firstline_core::staff::{self, Role};
use firstline_core::store::settings;

use crate::App;

/// What was made so far; a later version of the demo may add to it.
const MARK: &str = "demo";

/// The demo's staff, by address, name and role.
const STAFF: [(&str, &str, Role); 2] = [
    ("agent@example.com", "Chen Jing 陈静", Role::Agent),
    ("manager@example.com", "Wang Lei 王磊", Role::Manager),
];

/// Makes what is missing and gives the words to print. Running it again changes nothing.
pub async fn prepare(app: &App) -> Result<String> {
    articles::import(app).await.context("the demo articles cannot be imported")?;
    catalogue::import(app).await.context("the demo catalogue cannot be imported")?;
    // The same at every start of this installation, and different from every other's.
    let password: String = app.desk.links.ticket_key("demo password").chars().take(12).collect();
    let members = members(app, &password).await.context("the demo staff cannot be added")?;
    if settings::get(&app.desk.db, MARK).await?.is_none() {
        tickets::open(app, &members).await.context("the demo tickets cannot be opened")?;
        let mut tx = app.desk.db.begin().await?;
        settings::put(&mut tx, MARK, "1").await?;
        tx.commit().await?;
    }
    Ok(guide::text(app, STAFF[0].0, STAFF[1].0, &password))
}

/// The ids of the demo's staff, in the order of `STAFF`.
async fn members(app: &App, password: &str) -> Result<Vec<String>> {
    let desk = &app.desk;
    let mut ids = Vec::new();
    for (email, name, role) in STAFF {
        let known = staff::all(&desk.db).await?.into_iter().find(|s| s.email == email);
        let member = match known {
            Some(member) => member,
            None => staff::add(&desk.db, &desk.clock, email, name, role, password).await?,
        };
        ids.push(member.id);
    }
    Ok(ids)
}
