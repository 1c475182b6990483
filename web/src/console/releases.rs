//! Releases in the console: the list and its calendar, one release as a form, and its way from draft to
//! published and, if it must be, withdrawn.
pub mod act;
pub mod form;
pub mod list;
pub mod page;

use firstline_core::staff::{self, Role};

use super::seat::Seat;
use crate::App;
use crate::pages::PageError;
use crate::pages::error::PageResult;

/// Curators, managers and administrators look after releases; others may read them.
pub async fn may_publish(app: &App, seat: &Seat) -> PageResult<bool> {
    let member = staff::by_id(&app.desk.db, &seat.id).await?;
    Ok(member.is_some_and(|m| matches!(m.role, Role::Curator | Role::Manager | Role::Admin)))
}

pub async fn publisher(app: &App, seat: &Seat) -> PageResult<()> {
    if may_publish(app, seat).await? { Ok(()) } else { Err(PageError::Forbidden) }
}

pub fn actor(seat: &Seat) -> String {
    format!("staff:{}", seat.id)
}
