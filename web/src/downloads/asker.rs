//! Who asks for a file: staff by their session, a customer by a link made for them or by their cookie.
use axum::http::HeaderMap;
use axum_extra::extract::CookieJar;
use firstline_core::{people, staff};
use firstline_kb::published::Asker;

use super::guest;
use crate::App;
use crate::console::seat::cookie_name;
use crate::pages::PageError;

pub async fn asker(app: &App, headers: &HeaderMap) -> Result<Asker, PageError> {
    let jar = CookieJar::from_headers(headers);
    if let Some(cookie) = jar.get(cookie_name(app))
        && let Some(session) = staff::session_of(&app.desk.db, &app.desk.clock, cookie.value()).await?
    {
        return Ok(Asker::Staff(session.staff.id));
    }
    if let Some(id) = guest::person_id(app, headers)
        && let Some(person) = people::by_id(&app.desk.db, &id).await?
    {
        return Ok(Asker::Person(person));
    }
    Ok(Asker::Anybody)
}
