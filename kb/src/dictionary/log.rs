//! What is noted of a change of the dictionary, and the number every process follows.
use firstline_core::store::{Db, Tx};
use firstline_core::{Clock, Result, on, on_tx, text_enum};
use serde::Serialize;
use serde_json::json;

use crate::audit::{self, Deed};

text_enum! {
    Action ("action") { Added = "added", Changed = "changed", Removed = "removed" }
}

/// What is noted besides the words before and after.
pub(crate) struct Line<'a> {
    pub actor: &'a str,
    pub action: Action,
    /// `code`, or the kind of an entry.
    pub kind: &'a str,
    pub id: &'a str,
    /// What people know it by.
    pub name: &'a str,
}

/// Notes a change on the trail, in its transaction.
pub(crate) async fn write<T: Serialize>(
    tx: &mut Tx,
    clock: &Clock,
    line: &Line<'_>,
    before: Option<&T>,
    after: Option<&T>,
) -> Result<()> {
    let detail = json!({ "before": before, "after": after });
    let deed = Deed {
        subject_id: Some(line.id),
        detail,
        ..Deed::of(line.actor, line.action.as_str(), line.kind, line.name)
    };
    audit::note(tx, clock, &deed).await
}

/// Tells every process that the dictionary is another one now.
pub(crate) async fn count_change(tx: &mut Tx) -> Result<()> {
    on_tx!(tx, c => sqlx::query("update kb_change set value = value + 1 where name = 'dictionary'").execute(c).await.map(drop))?;
    Ok(())
}

/// How often the dictionary was changed so far.
pub(crate) async fn changes(db: &Db) -> Result<i64> {
    let value: Option<i64> = on!(db, p => sqlx::query_scalar("select value from kb_change where name = 'dictionary'")
        .fetch_optional(p).await)?;
    Ok(value.unwrap_or(0))
}
