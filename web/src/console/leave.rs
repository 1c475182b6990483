//! Logging out, and the language of one's own console.
use axum::extract::State;
use axum::response::Response;
use firstline_core::staff;
use serde::Deserialize;

use super::login::{inside, with_cookie};
use super::seat::Signed;
use crate::App;
use crate::pages::error::PageResult;
use crate::pages::{PageError, to};
use crate::texts::Lang;

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn log_out(State(app): State<App>, signed: Signed<Nothing>) -> PageResult<Response> {
    staff::close_session(&app.desk.db, &signed.seat.token).await?;
    Ok(with_cookie(&app, to("/console/login"), "", 0))
}

#[derive(Deserialize)]
pub struct Choice {
    lang: String,
    #[serde(default)]
    back: String,
}

pub async fn set_lang(State(app): State<App>, signed: Signed<Choice>) -> PageResult<Response> {
    let lang = Lang::parse(&signed.form.lang).ok_or(PageError::BadRequest)?;
    staff::set_lang(&app.desk.db, &signed.seat.id, lang.tag()).await?;
    Ok(to(inside(&signed.form.back)))
}
