//! What every change of a customer's records shares: checks of words and dates, and the audit entry.
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use sqlx::types::Json;

use crate::store::Tx;
use crate::ticket::Actor;
use crate::{Clock, Error, Result, Time};

/// A required text of at most `max` characters, trimmed.
pub(crate) fn text_of(field: &str, text: &str, max: usize) -> Result<String> {
    let text = refuse_nul(field, text, max)?;
    if text.is_empty() { Err(Error::invalid(field, "must not be empty")) } else { Ok(text) }
}

/// A text that may be empty, trimmed.
pub(crate) fn refuse_nul(field: &str, text: &str, max: usize) -> Result<String> {
    if text.contains('\0') {
        return Err(Error::invalid(field, "must not contain U+0000"));
    }
    let text = text.trim();
    match text.chars().count() {
        n if n > max => Err(Error::invalid(field, format!("has {n} characters, at most {max} are taken"))),
        _ => Ok(text.to_owned()),
    }
}

pub(crate) fn date_of(field: &str, text: &str) -> Result<Date> {
    let date: Date = text
        .trim()
        .parse()
        .map_err(|_| Error::invalid(field, format!("{text:?} is not a date such as 2026-09-30")))?;
    // A year with two digits typed where four were meant.
    if (1970..=2200).contains(&date.year()) {
        Ok(date)
    } else {
        Err(Error::invalid(field, format!("{date} is not between 1970 and 2200")))
    }
}

/// The date at `at` in a zone; UTC where the name is unknown.
pub(crate) fn today(zone: &str, at: Time) -> Date {
    at.timestamp().to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC)).date()
}

/// Records who changed what, in the transaction of the change.
pub(crate) async fn audit(
    tx: &mut Tx,
    clock: &Clock,
    actor: &Actor,
    what: &str,
    subject_id: &str,
    data: &impl Serialize,
) -> Result<()> {
    let data = serde_json::to_value(data).map_err(|e| Error::invalid("audit", e.to_string()))?;
    on_tx!(tx, c => sqlx::query(
        "insert into desk_audit (id, at, actor, actor_id, what, subject_id, data) values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(clock.id()).bind(clock.now()).bind(actor.kind()).bind(actor.id()).bind(what).bind(subject_id)
        .bind(Json(data)).execute(c).await.map(drop))?;
    Ok(())
}
