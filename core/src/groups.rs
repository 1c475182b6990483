//! Support groups (P6-02): members, hours, skills, region, and the duty rota (P9-06).
mod lookup;
pub mod rows;

use serde::Serialize;
use sqlx::FromRow;
use sqlx::types::Json;

use crate::customers::text_of;
use crate::entitlement::Cause;
use crate::routing::{GroupKind, Hours};
use crate::{Error, Result, Time};

pub use lookup::{emergency_people, managers, on_duty_now, open_at, views};

#[derive(Clone, Debug, FromRow, Serialize)]
pub struct Group {
    pub id: String,
    pub name: String,
    #[sqlx(try_from = "String")]
    pub kind: GroupKind,
    pub region: Option<String>,
    /// Causes its people know; empty: all.
    pub skills: Json<Vec<Cause>>,
    pub zone: String,
    /// As `Hours` reads them.
    pub hours: String,
    /// Whether public holidays close it.
    pub holidays: bool,
    pub created_at: Time,
    pub version: i64,
}

#[derive(Clone, Debug, Serialize)]
pub struct NewGroup {
    pub name: String,
    pub kind: GroupKind,
    pub region: Option<String>,
    pub skills: Vec<Cause>,
    pub zone: String,
    pub hours: String,
    pub holidays: bool,
    /// Staff ids.
    pub members: Vec<String>,
}

impl NewGroup {
    pub(crate) fn checked(&self) -> Result<NewGroup> {
        let zone = if self.zone.trim().is_empty() { "Asia/Shanghai" } else { self.zone.trim() };
        jiff::tz::TimeZone::get(zone)
            .map_err(|_| Error::invalid("zone", format!("{zone:?} is no time zone such as Asia/Shanghai")))?;
        let mut members = self.members.clone();
        members.sort();
        members.dedup();
        Ok(NewGroup {
            name: text_of("name", &self.name, 100)?,
            region: crate::customers::region(self.region.as_deref())?,
            zone: zone.to_owned(),
            hours: Hours::parse(&self.hours)?.as_str().to_owned(),
            members,
            ..self.clone()
        })
    }
}

/// One turn of duty.
#[derive(Clone, Debug, FromRow, Serialize)]
pub struct Duty {
    pub id: String,
    pub group_id: String,
    pub staff_id: String,
    pub staff_name: String,
    pub starts_at: Time,
    pub ends_at: Time,
    /// Where they are reached.
    pub phone: String,
}
